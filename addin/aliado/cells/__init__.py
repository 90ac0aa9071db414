"""The custom functions of cells, whatever program shows them: declared once, computed by the one engine."""
