"""The board over all clients of a run: what each comes to, worst first, as a workbook and as a page."""
