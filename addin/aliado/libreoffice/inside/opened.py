"""The open documents and sheets of one LibreOffice, known by numbers that stay while they are open."""

from __future__ import annotations

from typing import Any

Area = list[int]
"""Top, left, bottom, right, from 1."""


class Opened:
    """What is open. A document's number is its place in `_books`, a sheet's its place in `_sheets` (None: deleted)."""

    def __init__(self, context: Any) -> None:
        self._context = context
        self._desktop = self._service("com.sun.star.frame.Desktop")
        self._books: list[Any] = []
        self._sheets: list[tuple[Any, Any] | None] = []

    def _service(self, name: str) -> Any:
        return self._context.ServiceManager.createInstanceWithContext(name, self._context)

    def _numbers(self) -> list[int]:
        found = []
        components = self._desktop.Components.createEnumeration()
        while components.hasMoreElements():
            model = components.nextElement()
            if hasattr(model, "supportsService") and model.supportsService("com.sun.star.sheet.SpreadsheetDocument"):
                found.append(self._number_of(model))
        return sorted(found)

    def _number_of(self, model: Any) -> int:
        for number, known in enumerate(self._books):
            if known == model:
                return number
        self._books.append(model)
        return len(self._books) - 1

    def _sheet(self, number: int) -> tuple[Any, Any]:
        known = self._sheets[number]
        if known is None:
            raise ValueError("the sheet was deleted")
        return known

    def _sheet_number(self, model: Any, sheet: Any) -> int:
        index = sheet.RangeAddress.Sheet
        number = self._numbers_of_sheets(model).get(index)
        return self._new_sheet(model, index) if number is None else number

    def _numbers_of_sheets(self, model: Any) -> dict[int, int]:
        """Return place -> number of the known sheets; LibreOffice makes a new object for a sheet each time it is asked."""
        known = enumerate(self._sheets)
        return {item[1].RangeAddress.Sheet: number for number, item in known if item is not None and item[0] is model}

    def _new_sheet(self, model: Any, index: int) -> int:
        self._sheets.append((model, model.Sheets.getByIndex(index)))
        return len(self._sheets) - 1


def corner(index: int) -> Any:
    """Return the address of the first cell of a sheet, by its place (0 = first)."""
    from com.sun.star.table import CellAddress

    address = CellAddress()
    address.Sheet = index
    return address


def read_area(address: Any) -> Area:
    """Return a range address of UNO's as an area."""
    return [address.StartRow + 1, address.StartColumn + 1, address.EndRow + 1, address.EndColumn + 1]
