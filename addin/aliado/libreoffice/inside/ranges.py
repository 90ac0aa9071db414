"""What is asked of the cells of an open document, for whole ranges at a time."""

from __future__ import annotations

from typing import Any

from aliado.libreoffice.inside.cells import copy_formats, make_range, read_cells
from aliado.libreoffice.inside.formulas import Grammar, is_formula, unlink, write_formulas
from aliado.libreoffice.inside.opened import Area, Opened, read_area


class Ranges(Opened):
    """Operations on cells."""

    def values(self, sheet: int, area: Area) -> list[list[Any]]:
        """Return what cells hold."""
        model, known = self._sheet(sheet)
        return read_cells(model, make_range(known, area))

    def set_values(self, sheet: int, area: Area, rows: list[list[Any]]) -> None:
        """Fill cells with numbers, texts and blanks."""
        filled = tuple(tuple("" if cell is None else cell for cell in row) for row in rows)
        make_range(self._sheet(sheet)[1], area).setDataArray(filled)

    def formulas(self, sheet: int, area: Area) -> list[list[str]]:
        """Return the formulas of cells; of those without, what they hold, as text."""
        model, known = self._sheet(sheet)
        grammar, cells = Grammar(model), make_range(known, area)
        return [
            [
                grammar.formula(text, cells, row, column) if is_formula(text) else text
                for column, text in enumerate(line)
            ]
            for row, line in enumerate(cells.getFormulaArray())
        ]

    def set_formula(self, sheet: int, area: Area, formula: str, array: bool) -> None:
        """Write a formula into a cell; array: one that fills all of the area."""
        model, known = self._sheet(sheet)
        cells = make_range(known, area)
        tokens = Grammar(model).tokens(formula.removeprefix("="), cells.getCellByPosition(0, 0).CellAddress)
        if array:
            cells.setArrayTokens(tokens)
        else:
            cells.getCellByPosition(0, 0).setTokens(tokens)

    def set_formulas(self, sheet: int, area: Area, rows: list[list[str]]) -> None:
        """Write a formula into each cell; "" empties it."""
        model, known = self._sheet(sheet)
        write_formulas(Grammar(model), make_range(known, area), rows)

    def number_format(self, sheet: int, row: int, column: int) -> str:
        """Return the code by which a cell shows what it holds."""
        model, known = self._sheet(sheet)
        key = known.getCellByPosition(column - 1, row - 1).NumberFormat
        return str(model.NumberFormats.getByKey(key).FormatString)

    def fill_formats(self, sheet: int, source: Area, target: Area) -> None:
        """Give the cells of each column of an area the formats of its cell in another."""
        _, known = self._sheet(sheet)
        copy_formats(make_range(known, source), make_range(known, target))

    def array_around(self, sheet: int, row: int, column: int) -> Area | None:
        """Return the cells that one array formula fills, of which this is one; None where it is another formula."""
        _, known = self._sheet(sheet)
        cell = known.getCellByPosition(column - 1, row - 1)
        if not make_range(known, [row, column, row, column]).getArrayFormula():
            return None
        cursor = known.createCursorByRange(cell)
        cursor.collapseToCurrentArray()
        return read_area(cursor.RangeAddress)

    def unlink(self, sheet: int, area: Area, book: str) -> None:
        """Let formulas that speak of another document's sheets speak of the sheets of that name in this one."""
        _, known = self._sheet(sheet)
        cells = make_range(known, area)
        for row, line in enumerate(cells.getFormulaArray()):
            for column, text in enumerate(line):
                local = unlink(text, book)
                if local != text:
                    cells.getCellByPosition(column, row).setFormula(local)
