"""The donor's styles in the client's stylesheet: equal records are reused, others appended, none renumbered."""

from __future__ import annotations

import re

from msgspec import Struct, field

from aliado.errors import WorkbookRefused
from aliado.language import Text
from aliado.workbook.markup import Edits, Node, quote, read_markup, write_node
from aliado.workbook.namespaces import MAIN, STRICT_MAIN
from aliado.workbook.style_lists import (
    BUILT_IN,
    FACETS,
    Canon,
    CellFormat,
    DonorStyles,
    Record,
    StyleLists,
    canon,
    mark_of,
)

ORDER = (
    "numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs", "tableStyles", "colors",
    "extLst",
)  # fmt: skip
GROWING = ("numFmts", "fonts", "fills", "borders", "cellXfs", "dxfs")
"""The lists that we append to."""

_RESERVED = {
    "fonts": (b'<%bfont><%bsz val="11"/><%bname val="Calibri"/><%bfamily val="2"/></%bfont>',),
    "fills": (
        b'<%bfill><%bpatternFill patternType="none"/></%bfill>',
        b'<%bfill><%bpatternFill patternType="gray125"/></%bfill>',
    ),
    "borders": (b"<%bborder><%bleft/><%bright/><%btop/><%bbottom/><%bdiagonal/></%bborder>",),
    "cellXfs": (b'<%bxf numFmtId="0" fontId="0" fillId="0" borderId="0"/>',),
}
"""The first records of a list have a fixed meaning: a list that lacks them is given them before ours."""

_FACET_LISTS = (("fontId", "fonts"), ("fillId", "fills"), ("borderId", "borders"))
_SWITCHES = (("numFmtId", "applyNumberFormat"), *FACETS)
_APPLIED = ("applyNumberFormat", *(switch for _, switch in FACETS), "applyAlignment", "applyProtection")
_DATES = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
_FIRST_CUSTOM = 164
_NO_PLACE = -1
"""Where a font, fill or border stands that a cell format names and its stylesheet lacks."""

NO_FORMAT = Text(
    "El libro de origen pide el formato condicional {found} y solo tiene {count}. Ábralo en Excel y guárdelo de nuevo.",
    "The source workbook asks for conditional format {found} and has only {count}. Open it in Excel and save it again.",
)

EMPTY_STYLES = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<styleSheet xmlns="%b">'
    b'<fonts count="1"><font><sz val="11"/><name val="Calibri"/><family val="2"/></font></fonts>'
    b'<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>'
    b'<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    b'<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    b'<cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs>'
    b'<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)


class Records(Struct):
    """One list of the client's stylesheet: what it holds, by content, and what we append.

    places: of each record of the client's, the first that is equal to it, where such are looked for.
    """

    node: Node | None
    size: int
    known: dict[Canon, int] = field(default_factory=dict)
    places: list[int] = field(default_factory=list)
    added: list[bytes] = field(default_factory=list)

    def add(self, key: Canon, text: bytes) -> int:
        """Return the index of an equal record, appending `text` when there is none."""
        index = self.known.setdefault(key, self.size)
        if index == self.size:
            self.added.append(text)
            self.size += 1
        return index


class StyleMerge:
    """Maps a donor's cell and differential formats to indices of the client's stylesheet, growing it as needed.

    client: the client's stylesheet; root: its root element, where it has been read already.
    """

    def __init__(self, client: bytes, donor: DonorStyles, root: Node | None = None) -> None:
        self.xml = client
        self.root = read_markup(client) if root is None else root
        self.prefix = self.root.prefix
        self.donor = donor
        self.client = StyleLists(self.root)
        self.sizes = list_sizes(self.root)
        self.lists = {name: self._records(name) for name in GROWING}
        self.formats = {code: number for number, code in self.client.formats.items()}
        self.next_format = max([_FIRST_CUSTOM - 1, *self.client.formats]) + 1
        self._cells: dict[int, int] = {}
        self._facets: dict[int, int] = {}
        """id of a font, fill or border of the donor's -> its place in the client's list."""
        self._differential: dict[int, int] = {}
        base = self.client.bases[0].attributes if self.client.bases else {}
        self._base = {key: base.get(key, "0") for key, _ in _SWITCHES}
        self._index_cells()

    def cell(self, index: int) -> int:
        """Return the client's index of the donor's cell format."""
        if index not in self._cells:
            self._cells[index] = self._merge_cell(index)
        return self._cells[index]

    def differential(self, index: int) -> int:
        """Return the client's index of the donor's differential format (conditional formats, tables)."""
        if index not in self._differential:
            if not 0 <= index < len(self.donor.dxfs):
                raise WorkbookRefused(NO_FORMAT.format(found=index, count=len(self.donor.dxfs)))
            node = self.donor.dxfs[index]
            renumber = {id(child): self._free_format(child) for child in node.walk() if child.name == "numFmt"}
            text = write_node(node, self.prefix, lambda n: renumber.get(id(n), n.attributes))
            self._differential[index] = self.lists["dxfs"].add(canon(node), text)
        return self._differential[index]

    def is_date(self, index: int) -> bool:
        """Return whether the donor's cell format shows a date or time."""
        if index >= len(self.donor.cells):
            return False
        form = self.donor.cells[index]
        return is_date_code(form.code) if form.code is not None else form.number in _DATES

    def to_bytes(self) -> bytes:
        """Return the client's stylesheet with what was appended."""
        edits = Edits(self.xml)
        for name, records in self.lists.items():
            if not records.added:
                continue
            content = b"".join(records.added)
            if records.node is None:
                self._insert_list(edits, name, content, records.size)
                continue
            edits.append(records.node, content)
            if "count" in records.node.attributes:
                edits.set(records.node, "count", str(records.size))
        return edits.apply()

    def _records(self, name: str) -> Records:
        node = self.root.find(name)
        children = list(node.children) if node else []
        records = Records(node, len(children))
        if name in ("fonts", "fills", "borders", "dxfs"):
            known = records.known
            records.places = [known.setdefault(canon(child), index) for index, child in enumerate(children)]
        prefix = self.prefix.encode()
        for text in _RESERVED.get(name, ())[len(children) :]:
            text = text.replace(b"%b", prefix)  # noqa: PLW2901
            child = read_markup(text.replace(prefix, b"")) if prefix else read_markup(text)
            records.known.setdefault(canon(child), records.size)
            records.added.append(text)
            records.size += 1
        return records

    def _index_cells(self) -> None:
        lists = [(key, self.lists[name].places) for key, name in _FACET_LISTS]
        for index, xf in enumerate(self.client.cells):
            if any(xf.attributes.get(switch) in ("0", "false") for switch in _APPLIED):
                continue
            numbers = ((xf.number(key), places) for key, places in lists)
            facets = tuple(places[number] if 0 <= number < len(places) else _NO_PLACE for number, places in numbers)
            number = xf.number("numFmtId")
            leaves = [canon(child) for child in xf.children if child.name in ("alignment", "protection", "extLst")]
            mark = mark_of(number, self.client.formats.get(number), xf.attributes, leaves)
            # Without a parent style Excel uses the first one, so a missing xfId means the same as 0.
            self.lists["cellXfs"].known.setdefault((mark, facets, xf.attributes.get("xfId", "0")), index)

    def _merge_cell(self, index: int) -> int:
        if index >= len(self.donor.cells):
            return 0
        form = self.donor.cells[index]
        numbers = {"numFmtId": str(self._merge_format(form))}
        facets = []
        for (key, name), record in zip(_FACET_LISTS, form.facets, strict=True):
            place = _NO_PLACE if record is None else self._merge_facet(record, name)
            numbers[key] = str(max(place, 0))
            facets.append(place)
        attributes = {**form.attributes, **numbers}
        for key, switch in _SWITCHES:
            if numbers[key] != self._base[key]:
                attributes[switch] = "1"
        if self.client.bases:
            attributes["xfId"] = "0"
        else:
            attributes.pop("xfId", None)
        tag = f"{self.prefix}xf"
        head = f"<{tag}{_write_attributes(attributes)}".encode()
        text = b"%b>%b</%b>" % (head, self._text(form.leaves), tag.encode()) if form.leaves else head + b"/>"
        return self.lists["cellXfs"].add((form.mark, tuple(facets), "0"), text)

    def _text(self, records: bytes) -> bytes:
        """Return the text of a donor's records under the client's prefix."""
        if not self.prefix:
            return records
        return b"".join(write_node(node, self.prefix) for node in read_markup(b"<a>%b</a>" % records).children)

    def _merge_facet(self, record: Record, name: str) -> int:
        """Return the place in the client's list of a font, fill or border of the donor's."""
        found = self._facets.get(id(record))
        if found is None:
            found = self._facets[id(record)] = self.lists[name].add(record.form, self._text(record.text))
        return found

    def _merge_format(self, form: CellFormat) -> int:
        number, code = form.number, form.code
        if code is None:
            code = BUILT_IN.get(number, "")
            theirs = self.client.formats.get(number)
            if theirs is None or not code or theirs == code:
                return number
        found = self.formats.get(code)
        if found is not None:
            return found
        self.formats[code] = number = self._next_format()
        prefix = self.prefix.encode()
        text = b'<%bnumFmt numFmtId="%d" formatCode=%b/>' % (prefix, number, quote(code))
        self.lists["numFmts"].add(("numFmt", code), text)
        return number

    def _free_format(self, node: Node) -> dict[str, str]:
        """Return the attributes of a number format inside a differential format, under an unused number."""
        number = node.number("numFmtId")
        code = node.attributes.get("formatCode", "")
        if number >= _FIRST_CUSTOM:
            number = self.formats.get(code) or self._next_format()
            self.formats.setdefault(code, number)
        return {"numFmtId": str(number), "formatCode": code}

    def _next_format(self) -> int:
        self.next_format += 1
        return self.next_format - 1

    def _insert_list(self, edits: Edits, name: str, content: bytes, size: int) -> None:
        tag = (self.prefix + name).encode()
        text = b'<%b count="%d">%b</%b>' % (tag, size, content, tag)
        later = ORDER[ORDER.index(name) + 1 :]
        following = next((child for child in self.root.children if child.name in later), None)
        if following is None:
            edits.append(self.root, text)
        else:
            edits.replace(following.start, following.start, text)


def _write_attributes(attributes: dict[str, str]) -> str:
    plain = "".join(attributes.values())
    if plain.isascii() and plain.isalnum():  # as all of them are but for odd programs
        return "".join([f' {key}="{value}"' for key, value in attributes.items()])
    return "".join(f" {key}={quote(value).decode()}" for key, value in attributes.items())


def list_sizes(root: Node) -> dict[str, int]:
    """Return how many records each list that we append to holds, -1 where there is no such list."""
    found = {name: root.find(name) for name in GROWING}
    return {name: len(node.children) if node else -1 for name, node in found.items()}


def cut_lists(xml: bytes, sizes: dict[str, int], root: Node | None = None) -> bytes:
    """Return a stylesheet with its lists cut back to `sizes` (-1 = no list): what `StyleMerge` appended is gone.

    root: its root element, where it has been read already.
    """
    root = read_markup(xml) if root is None else root
    edits = Edits(xml)
    for name, size in sizes.items():
        node = root.find(name)
        if node is None or len(node.children) <= max(size, 0):
            continue
        if size < 0:
            edits.remove(node)
            continue
        if size:
            edits.replace(node.children[size].start, node.close, b"")
        else:
            edits.empty(node)
        if "count" in node.attributes:
            edits.set(node, "count", str(size))
    return edits.apply()


_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)


def is_date_code(code: str) -> bool:
    """Return whether a number format shows a date or time."""
    plain = _LITERAL.sub("", code)
    return plain.lower() != "general" and re.search("[dmyhs]", plain, re.IGNORECASE) is not None


def date_styles(root: Node) -> frozenset[int]:
    """Return the numbers of a stylesheet's cell formats that show a date or time."""
    sheet = StyleLists(root)
    shown = set()
    for index, xf in enumerate(sheet.cells):
        number = xf.number("numFmtId")
        code = sheet.formats.get(number)
        if is_date_code(code) if code is not None else number in _DATES:
            shown.add(index)
    return frozenset(shown)


def is_stylesheet(root: Node) -> bool:
    """Return whether a part is a stylesheet in a vocabulary that we know."""
    return root.name == "styleSheet" and root.space in (MAIN, STRICT_MAIN)
