"""Cells of an open LibreOffice document, as xlwings asks for them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from aliado.workbook.cells import column_letters

_DAY_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001 -- spreadsheets know no time zones


class CellError(str):
    """The text of an error cell, told apart from a text that a person typed."""

    __slots__ = ()


class Range:
    """Some cells of a sheet, in one block; rows and columns count from 1."""

    max_cells_per_read = None
    max_cells_per_write = None

    def __init__(self, sheet: Any, top: int, left: int, bottom: int, right: int) -> None:
        self.sheet, self.ask = sheet, sheet.ask
        self.row, self.column = top, left
        self.area = [top, left, bottom, right]
        self.shape = (bottom - top + 1, right - left + 1)

    coords = property(lambda self: (self.row, self.column, *self.shape))
    address = property(lambda self: f"${column_letters(self.column)}${self.row}")
    columns = property(lambda self: [None] * self.shape[1])

    def __len__(self) -> int:
        return self.shape[0] * self.shape[1]

    def __call__(self, row: int, column: int = 1) -> Range:
        """Return one of the cells, counted from the first."""
        place = (self.row + row - 1, self.column + column - 1)
        return Range(self.sheet, *place, *place)

    @property
    def api(self) -> SimpleNamespace:
        """What is asked of Excel's own object: the array formula that the cell belongs to."""
        around = self._array
        found = SimpleNamespace(HasSpill=False, Address=self.address)
        if around is not None:
            found.CurrentArray = _Array(Range(self.sheet, *around))
        return found

    @property
    def has_array(self) -> bool:
        """Whether an array formula fills the first cell."""
        return self._array is not None

    @property
    def _array(self) -> list[int] | None:
        found: list[int] | None = self.ask("array_around", self.sheet.number, self.row, self.column)
        return found

    @property
    def raw_value(self) -> Any:
        """What the cells hold: rows, or one value."""
        rows = [[decode(cell) for cell in row] for row in self.ask("values", self.sheet.number, self.area)]
        return rows[0][0] if self.shape == (1, 1) else rows

    @raw_value.setter
    def raw_value(self, rows: Any) -> None:
        whole = rows if isinstance(rows, list) else [[rows] * self.shape[1]] * self.shape[0]
        self.ask("set_values", self.sheet.number, self.area, whole)

    @property
    def formula(self) -> Any:
        """The formulas in Excel's grammar: rows, or one."""
        rows = self.ask("formulas", self.sheet.number, self.area)
        return rows[0][0] if self.shape == (1, 1) else rows

    @formula.setter
    def formula(self, rows: Any) -> None:
        """Write formulas in Excel's grammar, one for each cell; "" empties it."""
        self.ask("set_formulas", self.sheet.number, self.area, rows)

    @property
    def number_format(self) -> str:
        """The code by which the first cell shows numbers and dates."""
        return str(self.ask("number_format", self.sheet.number, self.row, self.column))

    def autofill(self, destination: Any, type_: str) -> None:
        """Give cells below (an xlwings range that begins with these) the formats of these; nothing else is filled."""
        if type_ != "fill_formats":
            raise NotImplementedError(f"filling with {type_!r}")
        self.ask("fill_formats", self.sheet.number, self.area, destination.impl.area)

    @property
    def formula2(self) -> Any:
        """The same: LibreOffice has no other kind."""
        return self.formula

    @formula2.setter
    def formula2(self, text: Any) -> None:
        self.ask("set_formula", self.sheet.number, self.area, text[0][0] if isinstance(text, list) else text, False)

    def select(self) -> None:
        """Go there."""
        self.ask("select", self.sheet.number, self.area)

    def replace_all(self, old: str, new: str, whole: bool, match_case: bool) -> None:
        """Take the link to another document out of the formulas; nothing else is replaced."""
        del whole, match_case
        if new or not (old.startswith("[") and old.endswith("]")):
            raise NotImplementedError(f"replacing {old!r} with {new!r}")
        self.ask("unlink", self.sheet.number, self.area, old[1:-1])


class _Array:
    """The cells that one array formula fills, under Excel's own names."""

    def __init__(self, cells: Range) -> None:
        self._cells = cells

    def Cells(self, row: int, column: int) -> SimpleNamespace:  # noqa: N802 -- Excel's name
        """Return one of its cells."""
        return SimpleNamespace(Address=self._cells(row, column).address)

    @property
    def FormulaArray(self) -> str:  # noqa: N802 -- Excel's name
        """Its formula."""
        found = self._cells.ask("formulas", self._cells.sheet.number, self._cells.area)
        return str(found[0][0])

    @FormulaArray.setter
    def FormulaArray(self, text: str) -> None:  # noqa: N802
        self._cells.ask("set_formula", self._cells.sheet.number, self._cells.area, text, True)


def decode(cell: Any) -> Any:
    """Return a cell that the host gives as Excel would hand it over: dates with a clock, errors marked."""
    if isinstance(cell, dict):
        return CellError(cell["error"]) if "error" in cell else from_day(cell["day"])
    return cell


def from_day(serial: float) -> datetime:
    """Return the moment that a serial number means, to the microsecond."""
    return _DAY_ZERO + timedelta(days=int(serial), microseconds=round((serial - int(serial)) * 86_400_000_000))


def encode(value: Any) -> Any:
    """Return a Python value as the host takes it: dates as serial numbers, texts without the sign that marks them so."""
    if isinstance(value, str):
        return value.removeprefix("'")
    if isinstance(value, datetime):
        return (value.replace(tzinfo=None) - _DAY_ZERO) / timedelta(days=1)
    if isinstance(value, date):
        return float((value - _DAY_ZERO.date()).days)
    if isinstance(value, time):
        return encode(datetime.combine(_DAY_ZERO, value))
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        return float(value)
    return value
