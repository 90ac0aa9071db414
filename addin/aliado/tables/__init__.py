"""A client's headings and cells become canonical fields and typed columns; nothing is dropped."""
