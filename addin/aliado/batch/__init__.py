"""One workbook end to end, then many on a local pool."""
