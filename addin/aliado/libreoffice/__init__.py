"""Aliado in LibreOffice: the same ribbon actions and custom functions, through UNO in place of COM."""
