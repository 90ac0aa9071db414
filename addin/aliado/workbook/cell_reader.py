"""The cell reader: python-calamine, which gets a package with only what it needs, under the names that it expects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace

from aliado.errors import WorkbookRefused
from aliado.language import Text
from aliado.workbook.archive import Member, store_member, write_members
from aliado.workbook.book import Book, BookSheet
from aliado.workbook.markup import quote
from aliado.workbook.namespaces import CONTENT_TYPES, MAIN, OFFICE, PACKAGE_RELATIONSHIPS, WORKBOOK_TYPES
from aliado.workbook.package import Package
from aliado.workbook.scan import SheetScan
from aliado.workbook.sheet import CellValue
from aliado.workbook.sparse import Compacted

if TYPE_CHECKING:
    from aliado.workbook.bulk import Cells
    from aliado.workbook.questions import Puzzle

UNREADABLE = Text(
    "No se pueden leer las celdas de la hoja «{sheet}» ({detail}). Ábralo en Excel, acepte la reparación y guárdelo.",
    "The cells of sheet “{sheet}” cannot be read ({detail}). Open it in Excel, accept the repair and save it.",
)


class Source(Struct, frozen=True):
    """One sheet on its way to the cell reader. compacted: its XML closed up, when it is nearly all blank.

    calls: as in `Sheet`. cells: those of a sheet read by columns, when the cell reader has only the rest to tell.
    """

    sheet: BookSheet
    part: str
    scan: SheetScan
    compacted: Compacted | None
    calls: bool
    cells: Cells | None


_LISTS = ("sharedStrings", "styles")
"""What the sheets speak of by number."""


def read_ranges(
    package: Package, book: Book, inputs: list[Source]
) -> list[tuple[int, int, Sequence[Sequence[CellValue]]]]:
    """Return (first row, first column, rows) of each sheet."""
    from python_calamine import CalamineWorkbook  # late: a refused file need not pay for it

    found: list[tuple[int, int, Sequence[Sequence[CellValue]]]] = []
    current = inputs[0].sheet.name if inputs else ""
    lists = {kind: package.member(part) for kind in _LISTS if (part := package.related(book.part, kind))}
    try:
        puzzles = _make_puzzles(package, book, inputs, lists)
        sheets = [
            puzzle[1] if puzzle else _sheet_member(package, source)
            for source, puzzle in zip(inputs, puzzles, strict=True)
        ]
        with CalamineWorkbook.from_filelike(BytesIO(_plain_package(book, sheets, lists))) as workbook:
            for number, (source, puzzle) in enumerate(zip(inputs, puzzles, strict=True)):
                current = source.sheet.name
                cells = workbook.get_sheet_by_index(number)
                top, left = cells.start or (0, 0)
                rows: Any = cells.to_python(skip_empty_area=puzzle is None)
                if puzzle:
                    found.append(puzzle[0].solve(rows, source.scan.errors))
                elif source.compacted:
                    found.append(source.compacted.spread(top + 1, left + 1, rows))
                else:
                    found.append((top + 1, left + 1, rows))
    except WorkbookRefused:
        raise
    except Exception as error:
        raise WorkbookRefused(UNREADABLE.format(sheet=current, detail=error)) from error
    return found


def _make_puzzles(
    package: Package, book: Book, inputs: Sequence[Source], lists: dict[str, Member]
) -> list[tuple[Puzzle, Member] | None]:
    """Return for each sheet read by columns its puzzle and the sheet of its questions.

    lists: of the workbook; where every sheet is read by columns, they are cut down to what is asked for.
    """
    if not any(source.cells for source in inputs):
        return [None] * len(inputs)
    from python_calamine import CalamineWorkbook

    from aliado.workbook.questions import Puzzle, Strings, ask_styles, read_date_styles

    part = package.related(book.part, "sharedStrings")
    strings = Strings(package.read(part) if part else b"")
    strings.shorten &= all(source.cells for source in inputs)
    puzzles = [Puzzle(source.cells, strings) if source.cells else None for source in inputs]
    styles = sorted({style for puzzle in puzzles if puzzle for style in puzzle.styles})
    asked = _plain_package(book, [store_member("sheet", ask_styles(styles))], {**lists, "sharedStrings": None})
    with CalamineWorkbook.from_filelike(BytesIO(asked)) as workbook:
        dates = read_date_styles(styles, workbook.get_sheet_by_index(0).to_python(skip_empty_area=False))
    asking = [(puzzle, store_member("sheet", puzzle.ask(dates))) if puzzle else None for puzzle in puzzles]
    if strings.shorten:
        lists["sharedStrings"] = store_member("sharedStrings", strings.write())
    return asking


def _sheet_member(package: Package, source: Source) -> Member:
    """Return a sheet as the cell reader gets it: the client's own bytes, unless nearly all of it is blank."""
    return store_member("sheet", source.compacted.xml) if source.compacted else package.member(source.part)


def _plain_package(book: Book, sheets: Sequence[Member], lists: Mapping[str, Member | None]) -> bytes:
    """Return a package holding only what the cell reader needs, under the names that it expects.

    The compressed bytes are the client's own; odd part names, macro sheets and the like stay outside.
    """
    members: list[Member] = []
    links: list[bytes] = []

    def add(name: str, kind: str, member: Member) -> None:
        members.append(member)
        link = b'<Relationship Id="r%d" Type="%b/%b" Target=%b/>'
        links.append(link % (len(links), OFFICE.encode(), kind.encode(), quote(name)))

    for number, sheet in enumerate(sheets):
        name = f"worksheets/sheet{number}.xml"
        add(name, "worksheet", _renamed(sheet, f"xl/{name}"))
    for kind, member in lists.items():
        if member:
            add(f"{kind}.xml", kind, _renamed(member, f"xl/{kind}.xml"))
    tabs = b"".join(b'<sheet name="%d" sheetId="%d" r:id="r%d"/>' % (n, n + 1, n) for n in range(len(sheets)))
    head = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    workbook = head + b'<workbook xmlns="%b" xmlns:r="%b"><workbookPr date1904="%d"/><sheets>%b</sheets></workbook>' % (
        MAIN.encode(),
        OFFICE.encode(),
        book.from_1904,
        tabs,
    )
    types = head + b'<Types xmlns="%b"><Override PartName="/xl/workbook.xml" ContentType="%b"/></Types>' % (
        CONTENT_TYPES.encode(),
        WORKBOOK_TYPES[0].encode(),
    )
    root = b'<Relationship Id="r1" Type="%b/officeDocument" Target="xl/workbook.xml"/>' % OFFICE.encode()
    frame = head + b'<Relationships xmlns="' + PACKAGE_RELATIONSHIPS.encode() + b'">%b</Relationships>'
    members += [
        store_member("[Content_Types].xml", types),
        store_member("_rels/.rels", frame % root),
        store_member("xl/workbook.xml", workbook),
        store_member("xl/_rels/workbook.xml.rels", frame % b"".join(links)),
    ]
    return write_members(members)


def _renamed(member: Member, name: str) -> Member:
    return replace(member, name=name, raw_name=name.encode(), flags=0, extra=b"", comment=b"")
