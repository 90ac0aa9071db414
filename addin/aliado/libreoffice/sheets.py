"""Sheets and tables of an open LibreOffice document, as xlwings asks for them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from aliado.libreoffice.cells import Range
from aliado.workbook.cells import read_range

_NO_COLOUR = -4142
"""What Excel says of a tab without a colour."""


class Sheets:
    """The sheets of a document, in tab order."""

    api = None

    def __init__(self, book: Any) -> None:
        self.book = book

    def __len__(self) -> int:
        return len(self._list())

    def __iter__(self) -> Iterator[Sheet]:
        return (Sheet(self.book, number) for number, _ in self._list())

    def __call__(self, key: int | str) -> Sheet:
        """Return one by its place or its name."""
        found = self._list()
        if isinstance(key, int):
            return Sheet(self.book, found[key - 1][0])
        for number, name in found:
            if name.casefold() == key.casefold():
                return Sheet(self.book, number)
        raise KeyError(key)

    @property
    def active(self) -> Sheet:
        """The one that shows."""
        return Sheet(self.book, self.book.ask("active_sheet", self.book.number))

    def _list(self) -> list[list[Any]]:
        found: list[list[Any]] = self.book.ask("sheets", self.book.number)
        return found


class Sheet:
    """A sheet, known by its number whatever it is called."""

    charts: tuple[Any, ...] = ()
    """Not looked at: LibreOffice keeps the ranges of the client's charts itself."""

    def __init__(self, book: Any, number: int) -> None:
        self.book, self.ask, self.number = book, book.ask, number

    @property
    def name(self) -> str:
        """Its name; formulas follow when it changes."""
        return str(self.ask("about", self.number)[0])

    @name.setter
    def name(self, value: str) -> None:
        self.ask("rename", self.number, value)

    @property
    def index(self) -> int:
        """Its place among the tabs, from 1."""
        return int(self.ask("about", self.number)[1]) + 1

    @property
    def visible(self) -> bool:
        """Whether its tab shows."""
        return bool(self.ask("about", self.number)[2])

    @visible.setter
    def visible(self, value: Any) -> None:
        self.ask("show", self.number, value in {True, -1})

    @property
    def api(self) -> _SheetApi:
        """What is asked of Excel's own object: the tab's colour, and whether cells are protected."""
        return _SheetApi(self)

    @property
    def tables(self) -> Tables:
        """Its tables."""
        return Tables(self)

    @property
    def used_range(self) -> Range:
        """The area that holds anything."""
        return Range(self, *self.ask("used", self.number))

    @property
    def cells(self) -> Range:
        """All of it."""
        return Range(self, 1, 1, 1048576, 16384)

    def range(self, first: Any, last: Any = None) -> Range:
        """Return cells by address, by places (row, column), or between two ranges."""
        if isinstance(first, str):
            top, left, bottom, right = read_range(first.replace("$", ""))
            return Range(self, top, left, bottom, right)
        corners = [(item.row, item.column) if isinstance(item, Range) else item for item in (first, last or first)]
        return Range(self, *corners[0], *corners[1])

    def select(self) -> None:
        """Go there."""
        self.ask("select", self.number)

    def delete(self) -> None:
        """Delete it."""
        self.ask("delete", self.number)

    def copy(self, before: Sheet | None, after: Sheet | None) -> None:
        """Copy it beside another sheet, of this document or another."""
        beside = before or after
        if beside is None:
            raise ValueError("copy needs a sheet to stand beside")
        _, index, _ = self.ask("about", beside.number)
        self.ask("copy", self.number, beside.book.number, index + (after is not None))


class _SheetApi:
    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self.Tab = _Tab(sheet)

    @property
    def ProtectContents(self) -> bool:  # noqa: N802 -- Excel's name
        """Whether its cells are protected."""
        return bool(self._sheet.ask("is_sheet_protected", self._sheet.number))


class _Tab:
    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet

    @property
    def ColorIndex(self) -> int:  # noqa: N802 -- Excel's name
        """Excel's mark for no colour, else anything."""
        return _NO_COLOUR if self.Color is None else 0

    @ColorIndex.setter
    def ColorIndex(self, value: int) -> None:  # noqa: N802
        if value == _NO_COLOUR:
            self.Color = None

    @property
    def Color(self) -> int | None:  # noqa: N802 -- Excel's name
        """The colour as the program writes it, None for none."""
        found: int | None = self._sheet.ask("colour", self._sheet.number)
        return found

    @Color.setter
    def Color(self, value: int | None) -> None:  # noqa: N802
        self._sheet.ask("set_colour", self._sheet.number, value)


class Tables:
    """The tables of a sheet: in LibreOffice, named database ranges."""

    api = None

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self._found = sheet.ask("tables", sheet.number)

    def __len__(self) -> int:
        return len(self._found)

    def __iter__(self) -> Iterator[Table]:
        return (Table(self._sheet, *found) for found in self._found)


class Table:
    """A table as it was found."""

    def __init__(self, sheet: Sheet, name: str, area: list[int], headings: bool, totals: bool) -> None:
        self._sheet, self._name = sheet, name
        self.range = Range(sheet, *area)
        self.show_headers, self.show_totals = headings, totals

    @property
    def name(self) -> str:
        """Its name; formulas follow when it changes."""
        return self._name

    @name.setter
    def name(self, value: str) -> None:
        self._sheet.ask("rename_table", self._sheet.number, self._name, value)
        self._name = value

    def resize(self, area: Any) -> None:
        """Have it reach over other cells (an xlwings range)."""
        self._sheet.ask("resize_table", self._sheet.number, self._name, area.impl.area)
        self.range = area.impl
