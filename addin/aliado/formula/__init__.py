"""The formula language: Excel syntax over columns. Knows nothing of workbooks or packs."""
