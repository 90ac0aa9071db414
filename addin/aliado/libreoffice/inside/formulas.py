"""Formulas between LibreOffice's own grammar (`=$Panel.B8;2`) and Excel's (`=Panel!B8,2`)."""

from __future__ import annotations

import re
from typing import Any

_OWN, _EXCEL = 0, 3
"""com.sun.star.sheet.AddressConvention: OOO, and XL_OOX, the grammar of files, in English and with commas."""

_ELSEWHERE = re.compile(r"[\[\]{}~!#']|\$?[^\W\d]\w*\.")
"""What a formula holds that the two grammars write differently, apart from semicolons."""


class Grammar:
    """LibreOffice's own parser, for the formulas of one document."""

    def __init__(self, model: Any) -> None:
        self._parser = model.createInstance("com.sun.star.sheet.FormulaParser")
        self._parser.CompileEnglish = True

    def tokens(self, text: str, place: Any) -> Any:
        """Return a formula of Excel's as tokens. text: without its equals sign; place: where its cell is."""
        self._parser.FormulaConvention = _EXCEL
        return self._parser.parseFormula(text, place)

    def native(self, text: str, place: Any) -> str:
        """Return a formula of Excel's in LibreOffice's grammar, neither with an equals sign."""
        tokens = self.tokens(text, place)
        self._parser.FormulaConvention = _OWN
        return str(self._parser.printFormula(tokens, place))

    def excel(self, text: str, place: Any) -> str:
        """Return a formula of LibreOffice's in Excel's grammar, neither with an equals sign."""
        self._parser.FormulaConvention = _OWN
        return self._print(self._parser.parseFormula(text, place), place)

    def formula(self, text: str, cells: Any, row: int, column: int) -> str:
        """Return the formula at a place of some cells; `text` is what LibreOffice gave for it.

        One that is alike in both grammars but for its semicolons needs no parser, which is slow for thousands.
        """
        array = text.startswith("{=")
        bare = text[1:-1] if array else text
        if not _ELSEWHERE.search(bare) and '"' not in bare:
            return bare.replace(";", ",")
        cell = cells.getCellByPosition(column, row)
        if array:  # only the first of its cells has the tokens
            return "=" + self.excel(bare[1:], cell.CellAddress)
        return "=" + self._print(cell.getTokens(), cell.CellAddress)

    def _print(self, tokens: Any, place: Any) -> str:
        self._parser.FormulaConvention = _EXCEL
        return str(self._parser.printFormula(tokens, place))


def write_formulas(grammar: Grammar, cells: Any, rows: list[list[str]]) -> None:
    """Write a formula of Excel's into each cell; "" empties it."""
    for row, line in enumerate(rows):
        for column, text in enumerate(line):
            cell = cells.getCellByPosition(column, row)
            if text:
                cell.setTokens(grammar.tokens(text.removeprefix("="), cell.CellAddress))
            else:
                cell.setFormula("")


def is_formula(text: str) -> bool:
    """Return whether what LibreOffice gives for a cell's formula is one."""
    return len(text) > 1 and text.startswith(("=", "{="))


def unlink(formula: str, book: str) -> str:
    """Return a formula without its links to a document, by file name: its sheets are looked for in the own document."""
    return re.sub(r"'file:(?:[^']|'')*/" + re.escape(book) + r"'#", "", formula) if is_formula(formula) else formula
