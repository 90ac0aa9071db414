"""What each subcommand of `aliado` does: read its options, run the engine, say what came out."""
