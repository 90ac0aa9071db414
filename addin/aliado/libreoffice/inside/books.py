"""What is asked of an open document: its sheets, its names, what is selected in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from aliado.libreoffice.inside.formulas import Grammar
from aliado.libreoffice.inside.opened import Opened, corner, read_area

_HIDDEN = 16
"""The flag of a name that lists leave out."""


class Books(Opened):
    """Operations on a document."""

    def sheets(self, book: int) -> list[list[Any]]:
        """Return [number, name] of the sheets, in tab order."""
        model = self._books[book]
        known = self._numbers_of_sheets(model)
        names = model.Sheets.ElementNames
        return [
            [self._new_sheet(model, index) if (number := known.get(index)) is None else number, name]
            for index, name in enumerate(names)
        ]

    def is_protected(self, book: int) -> bool:
        """Return whether sheets can be neither added nor removed."""
        return bool(self._books[book].isProtected())

    def names(self, book: int) -> list[list[Any]]:
        """Return [name, what it refers to, scope] of the defined names; scope: a sheet's name, "" for the document."""
        model = self._books[book]
        found = [[item.Name, self._excel(model, item), ""] for item in self._named(model)]
        for sheet in self._in(book):
            found += [[item.Name, self._excel(model, item), sheet.Name] for item in self._named(sheet)]
        return found

    def set_name(self, book: int, name: str, refers_to: str, scope: str = "") -> None:
        """Define a name, or let it refer to something else."""
        model = self._books[book]
        names = self._scope(book, scope)
        content = Grammar(model).native(refers_to.removeprefix("="), corner(0))
        if names.hasByName(name):
            names.getByName(name).Content = content
        else:
            # LibreOffice refuses to add a name with a dot in it, which it takes from Excel's files, and renames to.
            made = name.replace(".", "_")
            names.addNewByName(made, content, corner(0), 0)
            names.getByName(made).Name = name

    def hide_name(self, book: int, name: str, hidden: bool) -> None:
        """Leave a name out of the lists that people see, or bring it back; LibreOffice 25.2 and later can."""
        item = self._books[book].NamedRanges.getByName(name)
        item.Type = item.Type | _HIDDEN if hidden else item.Type & ~_HIDDEN

    def delete_name(self, book: int, name: str, scope: str = "") -> None:
        """Remove a defined name."""
        self._scope(book, scope).removeByName(name)

    def selection(self, book: int) -> list[Any] | None:
        """Return [sheet, area] of the selection, None where it is no cell."""
        controller = self._books[book].CurrentController
        chosen: Any = None if controller is None else controller.getSelection()
        if hasattr(chosen, "RangeAddresses"):
            chosen = chosen.getByIndex(0)
        if not hasattr(chosen, "RangeAddress"):
            return None
        return [self._sheet_number(self._books[book], chosen.Spreadsheet), read_area(chosen.RangeAddress)]

    def active_sheet(self, book: int) -> int:
        """Return the sheet that shows; in a document without a window, the first."""
        model = self._books[book]
        controller = model.CurrentController
        return self._sheet_number(model, model.Sheets.getByIndex(0) if controller is None else controller.ActiveSheet)

    def _in(self, book: int) -> Iterator[Any]:
        sheets = self._books[book].Sheets
        for index in range(sheets.Count):
            yield sheets.getByIndex(index)

    def _scope(self, book: int, scope: str) -> Any:
        model = self._books[book]
        return model.Sheets.getByName(scope).NamedRanges if scope else model.NamedRanges

    @staticmethod
    def _named(holder: Any) -> list[Any]:
        return [holder.NamedRanges.getByName(name) for name in holder.NamedRanges.ElementNames]

    @staticmethod
    def _excel(model: Any, item: Any) -> str:
        return "=" + Grammar(model).excel(item.Content, item.ReferencePosition)
