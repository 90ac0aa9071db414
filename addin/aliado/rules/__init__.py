"""Rule packs and what follows from them. Pure: no file access beyond loading packs, no Excel."""
