"""The client's own cells that call our functions: their stored results are set to today's, by the one engine.

So a workbook that the batch refreshed shows today's figures in a preview or on a phone. What cannot be computed here
keeps the value that it has, and is told. Formulas stay as they are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aliado.errors import AliadoError
from aliado.language import Text
from aliado.workbook.book import Book, BookSheet, read_book
from aliado.workbook.cells import write_cell
from aliado.workbook.package import Package
from aliado.workbook.patch import patch_cells
from aliado.workbook.results import OwnFormula, find_formulas, find_own_formulas
from aliado.workbook.rewrite import read_frame
from aliado.workbook.sheet import Sheet

if TYPE_CHECKING:
    from aliado.cells.formulas import Formulas

LARGEST_RESULT = 200_000
"""Cells that one result may fill; more is not an accountant's formula."""
_NAMED = 5
"""Cells that a remark names one by one."""


def set_own_cells(
    package: Package, sheets: Sequence[Sheet], as_of: date, path: Path | None = None, pack: Path | str | None = None
) -> tuple[Package, tuple[Text, ...]]:
    """Return the package with the results of our functions' cells set, and remarks on those left as they are.

    sheets: the package's, as read. TODAY() means as_of. path, pack: as in `choose_pack`. The package itself comes back
    when nothing changes. Raises nothing of its own: what cannot be computed keeps its value.
    """
    if not any(sheet.calls and sheet.role is None for sheet in sheets):
        return package, ()
    book = read_book(package)
    client = {sheet.name for sheet in sheets if sheet.role is None}
    parts = [item for item in book.sheets if item.name in client and item.part and item.kind == "worksheet"]
    found = {item.name: _find(package, item) for item in parts}
    if not any(found.values()):
        return package, ()
    formulas = _make_formulas(package, book, sheets, found, parts, as_of)
    formulas.workbook, formulas.pack = path, pack
    left: dict[tuple[str, Text], list[str]] = {}
    for sheet, items in found.items():
        values: dict[str, Any] = {}
        for item in items:
            try:
                values |= _compute(formulas, sheet, item)
            except AliadoError as error:
                left.setdefault((sheet, error.text), []).append(item.cell)
        package = _patch(package, sheet, values, left)
    return package, tuple(_remark(sheet, cells, reason) for (sheet, reason), cells in left.items())


def _find(package: Package, sheet: BookSheet) -> list[OwnFormula]:
    xml = package.read(sheet.part or "")
    return find_own_formulas(xml, read_frame(xml).prefix.encode())


def _make_formulas(
    package: Package,
    book: Book,
    sheets: Sequence[Sheet],
    found: Mapping[str, Sequence[OwnFormula]],
    parts: Sequence[BookSheet],
    as_of: date,
) -> Formulas:
    from aliado.cells.formulas import Formulas  # late: most workbooks have no such cell, and need not wait for it
    from aliado.cells.references import Book as References
    from aliado.cells.references import Place

    own, filled, dated = {}, {}, {}
    for sheet, items in found.items():
        for item in items:
            place = Place(sheet, item.row, item.column)
            own[place] = item.text
            top, left, bottom, right = item.area
            if (bottom - top + 1) * (right - left + 1) <= LARGEST_RESULT:
                filled.update(
                    {Place(sheet, r, c): place for r in range(top, bottom + 1) for c in range(left, right + 1)}
                )
    for part in parts:
        xml = package.read(part.part or "")
        if b"TODAY()" in xml or b"NOW()" in xml:
            prefix = read_frame(xml).prefix.encode()
            for word in (b"TODAY()", b"NOW()"):
                dated.update(
                    {Place(part.name, row, column): text for row, column, text in find_formulas(xml, prefix, word)}
                )
    names = {
        node.attributes.get("name", "").casefold(): node.text
        for node in book.names()
        if "localSheetId" not in node.attributes
    }
    return Formulas(References(sheets, names), as_of, own, filled, dated)


def _compute(formulas: Formulas, sheet: str, item: OwnFormula) -> dict[str, Any]:
    """Return the value of every cell that a formula's result fills; raises AliadoError where it cannot be known."""
    from aliado.cells.references import Place, Unresolved

    result = formulas.result(Place(sheet, item.row, item.column))
    if not item.array:  # a formula of one cell shows the first of many results
        while isinstance(result, list):
            result = result[0]
        return {item.cell: result}
    rows = result if isinstance(result, list) else [[result]]
    top, left, bottom, right = item.area
    height, width = bottom - top + 1, right - left + 1
    if len(rows) > height or len(rows[0]) > width or height * width > LARGEST_RESULT:
        found, there = f"{len(rows)} × {len(rows[0])}", f"{height} × {width}"
        raise Unresolved(_NO_ROOM.format(found=found, there=there))
    return {
        write_cell(top + i, left + j): rows[i][j] if i < len(rows) and j < len(rows[i]) else None
        for i in range(height)
        for j in range(width)
    }


def _patch(package: Package, sheet: str, values: Mapping[str, Any], left: dict[tuple[str, Text], list[str]]) -> Package:
    """Return the package with the cells set; where one of them is refused, the others are set all the same."""
    if not values:
        return package
    try:
        return patch_cells(package, sheet, values)
    except AliadoError:
        for cell, value in values.items():
            try:
                package = patch_cells(package, sheet, {cell: value})
            except AliadoError as error:
                left.setdefault((sheet, error.text), []).append(cell)
        return package


def _remark(sheet: str, cells: Sequence[str], reason: Text) -> Text:
    shown = ", ".join(cells[:_NAMED])
    more = len(cells) - _NAMED
    es, en = (f" y {more} más", f" and {more} more") if more > 0 else ("", "")
    return Text(
        f"{sheet}!{shown}{es}: conserva el valor que tenía; {reason.es}",
        f"{sheet}!{shown}{en}: keeps the value that it had; {reason.en}",
    )


_NO_ROOM = Text(
    "el resultado es de {found} y la fórmula ocupa {there}: ábralo en Excel, que la extiende.",
    "the result is {found} and the formula fills {there}: open it in Excel, which extends it.",
)
