"""The client's own cells that call our functions, computed without Excel: their stored values are set anew.

So a workbook that the batch refreshed shows today's figures in a preview or on a phone. A formula is computed when all
of it is one call of ours whose arguments are values, references, tables or names; any other keeps the value it has,
and is told. Array formulas are told too: Excel computes them when it opens the workbook.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from msgspec import Struct

from aliado.cells.block import Block
from aliado.cells.references import Book, Unresolved, read_arguments, split_call
from aliado.errors import AliadoError
from aliado.language import Text
from aliado.workbook.book import read_book
from aliado.workbook.package import Package
from aliado.workbook.patch import patch_cells
from aliado.workbook.sheet import Sheet

_MARK = b"ALIADO_"
_CELL = re.compile(
    rb"<(?:[\w.-]+:)?c\s[^>]*?r=[\"']([A-Z]+[0-9]+)[\"'][^>]*>\s*<(?:[\w.-]+:)?f([^>]*)>([^<]*ALIADO_[^<]*)</"
)


class OwnCell(Struct, frozen=True):
    """A cell with a formula of ours. array: its formula fills several cells."""

    sheet: str
    cell: str
    formula: str
    array: bool


def compute_own_cells(
    package: Package, sheets: Sequence[Sheet], as_of: date, path: Path | None = None, pack: Path | str | None = None
) -> tuple[Package, tuple[Text, ...]]:
    """Return the package with the values of our functions' cells set, and remarks on those left as they are.

    sheets: the package's, as read. TODAY() means as_of. path, pack: as in `choose_pack`. Raises nothing of its own:
    what cannot be computed keeps its value.
    """
    found = list(find_own_cells(package))
    if not found:
        return package, ()
    book = Book(sheets, _names(package), as_of)
    remarks: list[Text] = []
    values: dict[str, dict[str, Any]] = {}
    for item in found:
        try:
            values.setdefault(item.sheet, {})[item.cell] = _compute(item, book, path, pack)
        except (Unresolved, AliadoError) as error:
            text = error.text
            remarks.append(_LEFT.format(sheet=item.sheet, cell=item.cell, es=text.es, en=text.en))
    for sheet, cells in values.items():
        package, refused = _patch(package, sheet, cells)
        remarks += refused
    return package, tuple(remarks)


def find_own_cells(package: Package) -> Iterator[OwnCell]:
    """Yield the cells outside our own sheets whose formula calls a function of ours."""
    book = read_book(package)
    own = {sheet.name for sheet in book.own.values()}
    for sheet in book.sheets:
        if sheet.part is None or sheet.kind != "worksheet" or sheet.name in own:
            continue
        xml = package.read(sheet.part)
        if _MARK not in xml.upper():
            continue
        for cell, attributes, text in _CELL.findall(xml):
            formula = _unescape(text.decode("utf-8"))
            yield OwnCell(sheet.name, cell.decode(), formula, b"array" in attributes)


def _compute(item: OwnCell, book: Book, path: Path | None, pack: Path | str | None) -> Any:
    from aliado.cells.registry import find_function  # late: most workbooks have no such cell, and need not wait for it

    call = split_call(item.formula)
    spec = find_function(call.name)
    if item.array or (spec is not None and spec.result == "array"):
        raise Unresolved(_ARRAY)
    if spec is None:
        raise Unresolved(_NO_FUNCTION.format(name=call.name))
    names = [parameter.name for parameter in spec.parameters]
    if len(call.arguments) > len(names):
        raise Unresolved(_TOO_MANY.format(name=call.name, limit=len(names)))
    given = dict(zip(names, read_arguments(call, item.sheet, book), strict=False))
    if pack is not None and "pack" in names and given.get("pack") is None:
        given["pack"] = str(pack)
    caller = (
        SimpleNamespace(sheet=SimpleNamespace(book=SimpleNamespace(fullname=str(path.resolve())))) if path else None
    )
    for parameter in spec.parameters:
        if not parameter.optional and parameter.name not in given:
            raise Unresolved(_MISSING.format(name=parameter.name))
        if parameter.type != "range" and isinstance(given.get(parameter.name), Block):
            rows = given[parameter.name].rows
            if len(rows) == 1 and len(rows[0]) == 1:
                given[parameter.name] = rows[0][0]
    value = spec.compute(**given, caller=caller)
    if isinstance(value, list):
        raise Unresolved(_ARRAY)
    return value


def _patch(package: Package, sheet: str, cells: Mapping[str, Any]) -> tuple[Package, list[Text]]:
    """Return the package with the cells set; where one of them is refused, the others are set all the same."""
    try:
        return patch_cells(package, sheet, cells), []
    except AliadoError:
        remarks = []
        for cell, value in cells.items():
            try:
                package = patch_cells(package, sheet, {cell: value})
            except AliadoError as error:
                remarks.append(_LEFT.format(sheet=sheet, cell=cell, es=error.text.es, en=error.text.en))
        return package, remarks


def _names(package: Package) -> dict[str, str]:
    book = read_book(package)
    return {
        node.attributes.get("name", "").casefold(): node.text
        for node in book.names()
        if "localSheetId" not in node.attributes
    }


def _unescape(text: str) -> str:
    for entity, sign in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&")):
        text = text.replace(entity, sign)
    return text


_LEFT = Text(
    "{sheet}!{cell} conserva el valor que tenía: {es}",
    "{sheet}!{cell} keeps the value that it had: {en}",
)
_ARRAY = Text(
    "la fórmula llena varias celdas; Excel la calcula al abrir el libro.",
    "the formula fills several cells; Excel computes it on opening the workbook.",
)
_NO_FUNCTION = Text("no hay una función {name}.", "there is no function {name}.")
_TOO_MANY = Text("{name} toma {limit} argumentos como mucho.", "{name} takes {limit} arguments at most.")
_MISSING = Text("falta el argumento {name}.", "the argument {name} is missing.")
