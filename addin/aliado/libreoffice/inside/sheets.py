"""What is asked of a sheet of an open document: its tab, its place, its used area and its tables."""

from __future__ import annotations

from typing import Any

from aliado.libreoffice.inside.cells import make_range
from aliado.libreoffice.inside.opened import Area, Opened, read_area

_NO_COLOUR = -1
_READ_ONLY = 16
"""com.sun.star.beans.PropertyAttribute.READONLY."""


class Sheets(Opened):
    """Operations on a sheet."""

    def rename(self, sheet: int, name: str) -> None:
        """Rename a sheet; formulas follow."""
        _, known = self._sheet(sheet)
        known.Name = name
        if known.Name != name:
            raise ValueError(f"LibreOffice did not accept the sheet name {name!r}")

    def delete(self, sheet: int) -> None:
        """Delete a sheet and its tables."""
        model, known = self._sheet(sheet)
        for name, _ in self._tables(sheet):
            model.DatabaseRanges.removeByName(name)
        model.Sheets.removeByName(known.Name)
        self._sheets[sheet] = None

    def copy(self, sheet: int, book: int, index: int) -> None:
        """Copy a sheet with its tables into a document, to a place (0 = first); its names stay behind, as in Excel."""
        (origin, source), target = self._sheet(sheet), self._books[book]
        before = set(target.NamedRanges.ElementNames)
        place = target.Sheets.importSheet(origin, source.Name, index)
        _copy_page_style(origin, source, target, target.Sheets.getByIndex(place))
        for name in set(target.NamedRanges.ElementNames) - before:
            target.NamedRanges.removeByName(name)
        for name, table in self._tables(sheet):
            ranges = target.DatabaseRanges
            free = name
            while ranges.hasByName(free):
                free += "_"
            address = table.DataArea
            address.Sheet = place
            ranges.addNewByName(free, address)
            made = ranges.getByName(free)
            made.ContainsHeader, made.TotalsRow = table.ContainsHeader, table.TotalsRow
            made.AutoFilter = table.AutoFilter

    def about(self, sheet: int) -> list[Any]:
        """Return [name, place (0 = first), whether its tab shows] of a sheet."""
        _, known = self._sheet(sheet)
        return [known.Name, known.RangeAddress.Sheet, bool(known.IsVisible)]

    def show(self, sheet: int, shows: bool) -> None:
        """Show or hide a sheet's tab."""
        self._sheet(sheet)[1].IsVisible = shows

    def colour(self, sheet: int) -> int | None:
        """Return the colour of a tab, None for none."""
        value = self._sheet(sheet)[1].TabColor
        return None if value == _NO_COLOUR else int(value)

    def set_colour(self, sheet: int, colour: int | None) -> None:
        """Colour a tab."""
        self._sheet(sheet)[1].TabColor = _NO_COLOUR if colour is None else colour

    def select(self, sheet: int, area: Area | None = None) -> None:
        """Go to a sheet, or to cells on it; in a document without a window nothing happens."""
        model, known = self._sheet(sheet)
        controller = model.CurrentController
        if controller is not None:
            controller.setActiveSheet(known)
            if area is not None:
                controller.select(make_range(known, area))

    def is_sheet_protected(self, sheet: int) -> bool:
        """Return whether the cells of a sheet are protected."""
        return bool(self._sheet(sheet)[1].isProtected())

    def used(self, sheet: int) -> Area:
        """Return the used area of a sheet, its first cell where it is blank."""
        cursor = self._sheet(sheet)[1].createCursor()
        cursor.gotoStartOfUsedArea(False)
        cursor.gotoEndOfUsedArea(True)
        return read_area(cursor.RangeAddress)

    def tables(self, sheet: int) -> list[list[Any]]:
        """Return [name, area, has headings, has totals] of the tables (named database ranges) of a sheet."""
        return [
            [name, read_area(table.DataArea), bool(table.ContainsHeader), bool(table.TotalsRow)]
            for name, table in self._tables(sheet)
        ]

    def rename_table(self, sheet: int, old: str, new: str) -> None:
        """Rename a table; formulas follow."""
        ranges = self._sheet(sheet)[0].DatabaseRanges
        if ranges.hasByName(new):
            raise ValueError(f"there is a table {new!r} already")
        ranges.getByName(old).Name = new

    def resize_table(self, sheet: int, name: str, area: Area) -> None:
        """Have a table reach over other cells."""
        model, known = self._sheet(sheet)
        model.DatabaseRanges.getByName(name).setDataArea(make_range(known, area).RangeAddress)

    def _tables(self, number: int) -> list[tuple[str, Any]]:
        model, sheet = self._sheet(number)
        ranges, index = model.DatabaseRanges, sheet.RangeAddress.Sheet
        found = [(name, ranges.getByName(name)) for name in ranges.ElementNames]
        return [(name, table) for name, table in found if table.DataArea.Sheet == index and table.IsUserDefined]


def _copy_page_style(origin: Any, source: Any, target: Any, copied: Any) -> None:
    """Give a copied sheet the paper, margins, scale and headers of its source, which importSheet leaves behind."""
    style = origin.StyleFamilies.getByName("PageStyles").getByName(source.PageStyle)
    family = target.StyleFamilies.getByName("PageStyles")
    name = f"Aliado {source.Name}"
    if not family.hasByName(name):
        family.insertByName(name, target.createInstance("com.sun.star.style.PageStyle"))
    made = family.getByName(name)
    for item in style.PropertySetInfo.Properties:
        if not item.Attributes & _READ_ONLY:
            made.setPropertyValue(item.Name, style.getPropertyValue(item.Name))
    copied.PageStyle = name
