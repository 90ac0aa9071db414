"""Values of single cells in the client's own sheets, changed in place: every other byte of the sheet stays."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from msgspec import Struct

from aliado.errors import WorkbookRefused
from aliado.language import Text
from aliado.workbook import refusals
from aliado.workbook.book import Book, BookSheet, read_book
from aliado.workbook.cells import read_cell, read_range, read_range_or_nothing, write_cell
from aliado.workbook.cellxml import read_value, same_value, write_formula, write_value
from aliado.workbook.column import set_column, without_spans
from aliado.workbook.dependents import reads_cells
from aliado.workbook.index import ask_to_calculate
from aliado.workbook.locate import Spot, find_arrays, find_spots
from aliado.workbook.markup import BadMarkup, Edits, Node
from aliado.workbook.package import Package, part_key
from aliado.workbook.results import OwnFormula, find_own_formulas
from aliado.workbook.rewrite import read_frame
from aliado.workbook.scan import is_regular
from aliado.workbook.sheet import Written
from aliado.workbook.strings import read_strings

NO_SHEET = Text(
    "El libro no tiene la hoja «{sheet}». Compruebe el nombre.",
    "The workbook has no sheet “{sheet}”. Check the name.",
)
BAD_CELL = Text(
    "{sheet}!{cell}: no es una celda. Use una referencia como B7.",
    "{sheet}!{cell}: not a cell. Use a reference such as B7.",
)
HAS_FORMULA = Text(
    "{sheet}!{cell}: tiene una fórmula y no se escribe encima. Borre la fórmula o elija otra columna.",
    "{sheet}!{cell}: it holds a formula, which is not overwritten. Delete the formula or choose another column.",
)
RICH = Text(
    "{sheet}!{cell}: tiene un tipo de dato enlazado o una imagen en la celda y no se escribe encima. Elija otra celda.",
    "{sheet}!{cell}: it holds a linked data type or an in-cell picture, which is not overwritten. Choose another cell.",
)
SPILLED = Text(
    "{sheet}!{cell}: es parte del resultado de una fórmula matricial ({range}). Elija otra celda.",
    "{sheet}!{cell}: it is part of the result of an array formula ({range}). Choose another cell.",
)
MERGED = Text(
    "{sheet}!{cell}: está dentro de las celdas combinadas {range}. Use su primera celda o sepárelas.",
    "{sheet}!{cell}: it lies inside the merged cells {range}. Use their first cell or unmerge them.",
)
HEADER = Text(
    "{sheet}!{cell}: es un encabezado de la tabla {range}; cambiarlo dañaría la tabla. Cámbielo en Excel.",
    "{sheet}!{cell}: it is a heading of table {range}; changing it would damage the table. Change it in Excel.",
)


class Styled(Struct, frozen=True):
    """A value together with the cell of the same sheet whose format it takes over ("" = its own place's).

    formula: one to be written instead of the value, in file form without "="; its result is left to Excel.
    """

    value: Written
    like: str
    formula: str = ""


def patch_cells(package: Package, sheet: str, values: Mapping[str, Written | Styled]) -> Package:
    """Return the package with cells of one sheet set; `package` itself when they all hold those values already.

    values: reference ("B7") -> value; None empties the cell. A cell keeps its format; a new one takes that of its row
    or column, or of the cell named in `Styled`. Text is written as text, whatever it begins with. Of a formula that
    calls an ALIADO_ function the stored result is set, in all the cells that it fills. Raises WorkbookRefused, naming
    the cell, for any other formula, headings of tables, cells inside merges or other formulas' array results, and
    in-cell pictures or linked data.
    """
    book = read_book(package)
    found = next((s for s in book.sheets if s.name.casefold() == sheet.casefold() and s.kind == "worksheet"), None)
    if found is None or found.part is None:
        raise WorkbookRefused(NO_SHEET.format(sheet=sheet))
    wanted = _read_places(sheet, values)
    if not wanted:
        return package
    return _Patch(package, book, found, found.part).run(wanted)


def patch_column(package: Package, sheet: str, column: int, values: Mapping[int, str | None]) -> Package:
    """Return the package with texts set down one column; `package` itself when the cells all hold them already.

    values: row -> text, None empties the cell. All else is as in `patch_cells`, which this is a fast case of.
    """
    book = read_book(package)
    found = next((s for s in book.sheets if s.name == sheet and s.kind == "worksheet"), None)
    if found is None or found.part is None:
        raise WorkbookRefused(NO_SHEET.format(sheet=sheet))
    return _Patch(package, book, found, found.part).run_column(column, values) if values else package


def _read_places(sheet: str, values: Mapping[str, Written | Styled]) -> dict[tuple[int, int], Styled]:
    wanted = {}
    for reference, value in values.items():
        try:
            place = read_cell(reference)
            like = read_cell(value.like) if isinstance(value, Styled) and value.like else place
        except ValueError as error:
            raise WorkbookRefused(BAD_CELL.format(sheet=sheet, cell=reference)) from error
        plain = value.value if isinstance(value, Styled) else value
        plain = None if plain == "" else plain  # an empty text is an empty cell
        formula = value.formula if isinstance(value, Styled) else ""
        wanted[place] = Styled(plain, "" if like == place else write_cell(*like), formula)
    return wanted


class _Patch:
    """One patch of one sheet."""

    def __init__(self, package: Package, book: Book, sheet: BookSheet, part: str) -> None:
        self.package = package
        self.book = book
        self.sheet = sheet
        self.part = part
        self.xml = package.read(part)
        self.layout = package.layouts.get(part_key(part))
        try:
            self.frame = read_frame(self.xml)
        except (BadMarkup, ValueError) as error:
            raise WorkbookRefused(refusals.BAD_XML.format(part=part, detail=error)) from error
        self.prefix = self.frame.prefix.encode()
        self.strings: list[str] | None = None
        self.column_styles: dict[int, str | None] = {}

    @cached_property
    def formulas(self) -> bytes:
        """XML that has the formulas of all cells in it, and nothing else where the sheet's layout is known."""
        return self.layout.read_formulas(self.xml) if self.layout else self.xml

    @cached_property
    def own(self) -> tuple[OwnFormula, ...]:
        """The sheet's formulas that call a function of ours."""
        return tuple(find_own_formulas(self.xml, self.prefix))

    @cached_property
    def own_places(self) -> frozenset[tuple[int, int]]:
        """Where they stand."""
        return frozenset((item.row, item.column) for item in self.own)

    def run(self, wanted: Mapping[tuple[int, int], Styled]) -> Package:
        likes = {read_cell(value.like) for value in wanted.values() if value.like}
        spots, arrays = find_spots(self.xml, self.prefix, set(wanted) | likes)
        ours = {item.area for item in self.own if item.array} if arrays else set()
        self.check_ranges(wanted, [found for found in arrays if read_range_or_nothing(found) not in ours])
        edits = Edits(self.xml)
        changed: set[tuple[int, int]] = set()
        added: dict[int, list[tuple[int, bytes]]] = {}
        for place, value in sorted(wanted.items()):
            spot = spots[place]
            style = self.style_of(spots[read_cell(value.like)]) if value.like else None
            if not value.formula and self.is_same(spot, value.value, style):
                continue
            changed.add(place)
            text = self.cell_text(place, spot, value, style)
            if spot.cell:
                edits.replace(*spot.cell, text)
            else:
                added.setdefault(place[0], []).append((place[1], text))
        if not changed:
            return self.package
        self.add_cells(edits, spots, added)
        if added:
            self.grow_dimension(edits, {place for place in changed if not spots[place].cell})
        return self.finish(edits.apply(), changed, asked=any(value.formula for value in wanted.values()))

    def run_column(self, column: int, values: Mapping[int, str | None]) -> Package:
        values = {row: value or None for row, value in values.items()}
        wanted = {(row, column): Styled(value, "") for row, value in values.items()}
        known = self.package.regular.get(part_key(self.part))
        if not (is_regular(self.xml) if known is None else known):
            return self.run(wanted)
        self.check_ranges(wanted, find_arrays(self.formulas, self.prefix))
        style = self.column_style(column)
        edit = set_column(self.xml, self.prefix, column, values, self.read_strings, style, self.layout)
        if edit is None:
            return self.run(wanted)
        if not edit.changed:
            return self.package
        xml = edit.xml
        if edit.added:
            edits = Edits(xml)  # the dimension stands before the cells, where nothing has moved
            self.grow_dimension(edits, {(row, column) for row in (edit.added[0], edit.added[-1])})
            xml = edits.apply()
        return self.finish(xml, {(row, column) for row in edit.changed})

    def finish(self, xml: bytes, changed: set[tuple[int, int]], *, asked: bool = False) -> Package:
        """Return the package with the sheet's new XML; Excel is asked to calculate when formulas read what changed.

        asked: new formulas came, so that it is asked anyway.
        """
        changes: dict[str, bytes | None] = {self.part: xml}
        if asked or reads_cells(self.package, self.book, self.sheet, self.formulas, self.prefix, changed):
            book_edits = Edits(self.package.read(self.book.part))
            ask_to_calculate(book_edits, self.book)
            changes[self.book.part] = book_edits.apply()
        package = self.package.with_parts(changes)
        package.mentions.update(self.package.mentions)  # formulas are what they were
        return package

    def check_ranges(self, wanted: Mapping[tuple[int, int], Styled], arrays: list[str]) -> None:
        """Raise for cells that belong to a merge, an array result or a table's headings."""
        blocked: list[tuple[Text, str, tuple[int, int, int, int]]] = []
        merges = self.frame.find("mergeCells")
        for node in merges.children if merges else ():
            reference = node.attributes.get("ref", "A1")
            blocked.append((MERGED, reference, read_range_or_nothing(reference)))
        blocked += [(SPILLED, reference, read_range_or_nothing(reference)) for reference in arrays]
        for table in self.tables():
            top, left, _, right = read_range_or_nothing(table.attributes.get("ref", ""))
            if table.attributes.get("headerRowCount", "1") != "0":
                blocked.append((HEADER, table.attributes.get("displayName", ""), (top, left, top, right)))
        for text, reference, (top, left, bottom, right) in blocked:
            hit = wanted if len(wanted) < 64 else [p for p in wanted if top <= p[0] <= bottom]
            for row, column in hit:
                inside = top <= row <= bottom and left <= column <= right
                if inside and not (text is MERGED and (row, column) == (top, left)):
                    raise self.refusal(text, (row, column), range=reference)

    def tables(self) -> list[Node]:
        parts = [r.target for r in self.package.relationships(self.part) if r.kind == "table" and not r.external]
        return [self.package.markup(part) for part in parts if part in self.package]

    def refusal(self, text: Text, place: tuple[int, int], **more: object) -> WorkbookRefused:
        return WorkbookRefused(text.format(sheet=self.sheet.name, cell=write_cell(*place), **more))

    def is_same(self, spot: Spot, value: Written, style: str | None) -> bool:
        if style is not None and style != spot.attributes.get("s", "0"):
            return False
        if not spot.cell:
            return value is None and style is None
        kind = spot.attributes.get("t", "n")
        strings = self.read_strings() if kind == "s" else []
        present = read_value(self.xml[slice(*spot.cell)], self.prefix, kind, strings)
        return same_value(present, value, from_1904=self.book.from_1904)

    def read_strings(self) -> list[str]:
        """Return the shared strings, read once."""
        if self.strings is None:
            part = self.package.related(self.book.part, "sharedStrings")
            self.strings = read_strings(self.package.read(part)) if part else []
        return self.strings

    def cell_text(self, place: tuple[int, int], spot: Spot, value: Styled, style: str | None) -> bytes:
        formula = b""
        if spot.formula is not None:
            if place not in self.own_places:
                raise self.refusal(HAS_FORMULA, place)
            formula = spot.formula
        if "vm" in spot.attributes or ("cm" in spot.attributes and not formula):
            raise self.refusal(RICH, place)
        attributes = {k: v for k, v in spot.attributes.items() if k not in ("r", "t")}
        chosen = (
            style
            if style is not None
            else attributes.get("s") or (None if spot.cell else self.default_style(place, spot))
        )
        if chosen and chosen != "0":
            attributes["s"] = chosen
        else:
            attributes.pop("s", None)
        if value.formula:
            return write_formula(write_cell(*place), attributes, value.formula, self.prefix)
        return write_value(
            write_cell(*place), attributes, value.value, formula, self.prefix, from_1904=self.book.from_1904
        )  # fmt: skip

    def style_of(self, spot: Spot) -> str:
        return spot.attributes.get("s", "0")

    def default_style(self, place: tuple[int, int], spot: Spot) -> str | None:
        """Return the format that a new cell takes from its row or column, as in Excel."""
        if spot.row_attributes.get("customFormat") in ("1", "true"):
            return spot.row_attributes.get("s")
        if place[1] not in self.column_styles:
            self.column_styles[place[1]] = self.column_style(place[1])
        return self.column_styles[place[1]]

    def column_style(self, column: int) -> str | None:
        columns = self.frame.find("cols")
        for node in columns.children if columns else ():
            if node.number("min") <= column <= node.number("max"):
                return node.attributes.get("style")
        return None

    def add_cells(
        self, edits: Edits, spots: Mapping[tuple[int, int], Spot], added: Mapping[int, list[tuple[int, bytes]]]
    ) -> None:
        """Put new cells into their rows, making rows where there are none."""
        name = self.prefix + b"row"
        first_rows = b""
        for row, cells in added.items():
            spot = spots[row, cells[0][0]]
            if spot.row is None:
                text = b'<%b r="%d">%b</%b>' % (name, row, b"".join(cell for _, cell in cells), name)
                if spot.opens:
                    first_rows += text
                else:
                    edits.replace(spot.place, spot.place, text)
                continue
            start, inner, end = spot.row
            head = self.xml[start:inner]
            for column, _ in cells:
                head = without_spans(head, column)
            if inner == end:
                text = head[:-2].rstrip() + b">" + b"".join(cell for _, cell in cells) + b"</" + name + b">"
                edits.replace(start, end, text)
                continue
            if head != self.xml[start:inner]:
                edits.replace(start, inner, head)
            for column, cell in cells:
                edits.replace(spots[row, column].place, spots[row, column].place, cell)
        if first_rows:
            tag = self.prefix + b"sheetData"
            spot = next(spot for spot in spots.values() if spot.opens)
            edits.replace(spot.place, spot.place_end, b"<" + tag + b">" + first_rows + b"</" + tag + b">")

    def grow_dimension(self, edits: Edits, places: set[tuple[int, int]]) -> None:
        node = self.frame.find("dimension")
        if node is None or node.attributes.get("ref") is None:
            return
        try:
            top, left, bottom, right = read_range(node.attributes["ref"])
        except ValueError:
            return
        rows, columns = [row for row, _ in places], [column for _, column in places]
        corners = (
            (min(top, *rows), min(left, *columns)),
            (max(bottom, *rows), max(right, *columns)),
        )
        reference = ":".join(write_cell(*corner) for corner in corners)
        if corners != ((top, left), (bottom, right)):
            edits.set(node, "ref", reference)  # it stands before the cells, where frame and sheet agree byte for byte
