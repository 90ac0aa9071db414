"""What comes in: the input sheets of a client's workbook, made empty, and CSV files that fill them."""
