"""Sheets of a donor workbook, rewritten so that they can live in a client's package.

Cells keep their text inline (the client's shared strings stay as they are), style numbers become the client's,
and everything a sheet leads to (drawings, charts, images, tables, comments) comes along under new part names.
"""

from __future__ import annotations

import posixpath
import re
from functools import lru_cache

from aliado.errors import WorkbookRefused
from aliado.language import Text
from aliado.workbook.book import CARRIED, Book, read_book
from aliado.workbook.formulas import Rename
from aliado.workbook.loose import LooseWorkbook
from aliado.workbook.markup import quote, unescape
from aliado.workbook.namespaces import OFFICE, PACKAGE_RELATIONSHIPS, STRICT_OFFICE
from aliado.workbook.package import Package, target_from
from aliado.workbook.strings import read_string_items

UNSUPPORTED = Text(
    "La hoja «{sheet}» que se quiere añadir lleva {found}, que no se puede trasladar. Quítelo de esa hoja y repita.",
    "Sheet “{sheet}” to be added holds {found}, which cannot be carried over. Remove it from that sheet and repeat.",
)
_UNSUPPORTED_KINDS = {
    "pivotTable": Text("una tabla dinámica", "a pivot table"),
    "slicer": Text("una segmentación de datos", "a slicer"),
    "timeline": Text("una escala de tiempo", "a timeline"),
    "queryTable": Text("una consulta externa", "an external query"),
}
IN_CELL = Text("una imagen o un dato enlazado dentro de una celda", "a picture or linked data inside a cell")
_LEFT_OUT = frozenset({"threadedComment"})
"""Threaded comments hang on a list of persons in the workbook; their plain twin, the note, comes along."""

DAYS_BETWEEN_SYSTEMS = 1462
_DISPLAY_NAME = re.compile(rb' displayName="([^"]*)"')
_PHONETIC_FONT = re.compile(rb"(<(?:[\w.-]+:)?phoneticPr\b[^>]*?\bfontId=)[\"'][0-9]+[\"']")


class Donor:
    """A donor workbook, ready to give sheets to one client package.

    loose: the workbook as we wrote it, where it is our own: the package then lacks cells and styles.
    """

    def __init__(self, package: Package, client_book: Book, loose: LooseWorkbook | None = None) -> None:
        self.package = package
        self.loose = loose
        self.book = read_book(package)
        self.client_book = client_book
        strings = package.related(self.book.part, "sharedStrings")
        items = read_string_items(package.read(strings)) if strings else []
        self.strings = [_PHONETIC_FONT.sub(rb'\g<1>"0"', item) if b"phoneticPr" in item else item for item in items]
        self.day_shift = (self.book.from_1904 - client_book.from_1904) * DAYS_BETWEEN_SYSTEMS
        self.moved: dict[str, str] = {}
        """Part of the donor -> its name in the client's package."""

    def read_sheet(self, part: str) -> bytes:
        """Return the content of a sheet of the donor's, with its cells."""
        return self.package.read(part) if self.loose is None else self.loose.whole(part)

    def sheet_part(self, name: str) -> str | None:
        """Return the part of a donor's sheet, None when it has none of that name that can be carried over."""
        for sheet in self.book.sheets:
            if sheet.name == name and sheet.kind in CARRIED and sheet.part:
                return sheet.part
        return None

    def kind(self, name: str) -> str:
        """Return what kind of sheet one of the donor's is: "worksheet" or "chartsheet"."""
        return next((sheet.kind for sheet in self.book.sheets if sheet.name == name), "")

    def states(self) -> dict[str, str]:
        """Return sheet name -> state of those that are not visible."""
        return {s.name: s.node.attributes.get("state", "hidden") for s in self.book.sheets if s.hidden}

    def sheet_name(self, part: str) -> str:
        """Return the name of the worksheet that a part holds."""
        return next((sheet.name for sheet in self.book.sheets if sheet.part == part), part)

    def is_sheet(self, part: str) -> bool:
        """Return whether a part is one of the donor's worksheets."""
        return any(sheet.part == part for sheet in self.book.sheets)

    def is_table(self, part: str) -> bool:
        """Return whether a part is an Excel table."""
        return self.package.content_type(part).endswith(".table+xml")

    def table_name(self, part: str) -> str:
        """Return the name of the table that a part holds, "" when it has none."""
        if self.loose is not None:
            found = _DISPLAY_NAME.search(self.package.read(part))
            return unescape(found[1].decode()) if found else ""
        attributes = self.package.markup(part).attributes
        return attributes.get("displayName") or attributes.get("name") or ""

    def reach(self, part: str, sheet: str) -> list[str]:
        """Return `part` and all parts that it leads to, nearest first; refuses what cannot be carried over."""
        found, queue = [part], [part]
        while queue:
            for relationship in self.package.relationships(queue.pop(0)):
                if relationship.kind in _UNSUPPORTED_KINDS:
                    raise unsupported(sheet, _UNSUPPORTED_KINDS[relationship.kind])
                inside = not relationship.external and relationship.target in self.package
                if inside and relationship.kind not in _LEFT_OUT and relationship.target not in found:
                    found.append(relationship.target)
                    queue.append(relationship.target)
        return found

    def rels_of(self, part: str, rename: Rename) -> bytes | None:
        """Return the relationships part of a carried part under its new name, None when it has no relationships.

        rename: gives a reference ("Sheet1!A1", where a picture's link leads) its new text.
        """
        lines = []
        for relationship in self.package.relationships(part):
            if relationship.kind in _LEFT_OUT:
                continue
            target = relationship.target
            if target.startswith("#"):
                target = "#" + rename(target[1:])
            elif not relationship.external:
                if target not in self.moved:
                    continue
                target = target_from(self.moved[part], self.moved[target])
            kind = relationship.type
            if self.client_book.strict:
                kind = kind.replace(OFFICE, STRICT_OFFICE)
            mode = b' TargetMode="External"' if relationship.mode == "External" else b""
            lines.append(
                b"<Relationship Id=%b Type=%b Target=%b%b/>"
                % (quote(relationship.id), quote(kind), quote(target), mode)
            )
        if not lines:
            return None
        head = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Relationships xmlns="%b">'
        return head % PACKAGE_RELATIONSHIPS.encode() + b"".join(lines) + b"</Relationships>"


def unsupported(sheet: str, found: Text) -> WorkbookRefused:
    """Return the refusal of a donor's sheet that holds what cannot be carried over."""
    return WorkbookRefused(
        Text(
            UNSUPPORTED.es.format(sheet=sheet, found=found.es),
            UNSUPPORTED.en.format(sheet=sheet, found=found.en),
        )
    )


class PartNames:
    """Hands out part names that are free in the client's package, counting on as the client's own do."""

    def __init__(self, taken: list[str], base: str) -> None:
        self.base = base
        self.last: dict[str, int] = {}
        for name in taken:
            stem, number, _ = _numbered(name)
            self.last[stem.lower()] = max(self.last.get(stem.lower(), 0), number)

    def take(self, donor_part: str) -> str:
        """Return the new name of a donor's part."""
        path = donor_part.removeprefix("xl/")
        stem, _, extension = _numbered(posixpath.join(self.base, path))
        number = self.last[stem.lower()] = self.last.get(stem.lower(), 0) + 1
        return f"{stem}{number}{extension}"

    def take_plain(self, donor_part: str) -> str:
        """Return the new name of a part that usually stands alone and has no number."""
        name = posixpath.join(self.base, donor_part.removeprefix("xl/"))
        return self.take(donor_part) if _numbered(name)[0].lower() in self.last else name


@lru_cache(maxsize=4096)
def _numbered(name: str) -> tuple[str, int, str]:
    """Return a part name as stem, number and extension ("xl/media/image", 3, ".png")."""
    root, extension = posixpath.splitext(name)
    found = re.search(r"[0-9]{0,9}$", root)
    digits = found[0] if found else ""
    return root[: len(root) - len(digits)], int(digits or 0), extension
