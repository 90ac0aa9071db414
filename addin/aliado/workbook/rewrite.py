"""The XML of a donor's sheets, tables and drawings, rewritten for the client's package."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from aliado.workbook.book import Book
from aliado.workbook.donor import IN_CELL, Donor, unsupported
from aliado.workbook.formulas import Rename, rename_references
from aliado.workbook.markup import BadMarkup, Edits, Node, escape, quote, read_markup, unescape, write_node
from aliado.workbook.namespaces import STRICT
from aliado.workbook.styles import StyleMerge


def read_frame(xml: bytes) -> Node:
    """Return the root of a sheet, as if it had no cells."""
    start, stop, empty = _cells_of(xml)
    return read_markup(xml[:start] + empty + xml[stop:])


def cut_cells(xml: bytes) -> tuple[bytes, bytes]:
    """Return a sheet with its cells taken out (<sheetData/> stays), and the cells with their tags."""
    start, stop, empty = _cells_of(xml)
    return xml[:start] + empty + xml[stop:], xml[start:stop]


def _cells_of(xml: bytes) -> tuple[int, int, bytes]:
    """Return where <sheetData> begins and ends, and the empty element that may stand for it; 0, 0 and nothing without one."""
    opening = _CELLS.search(xml)
    if opening is None:
        return 0, 0, b""
    start, stop = opening.span()
    if not opening[2]:
        closing = re.compile(b"</" + opening[1] + rb"sheetData\s*>").search(
            xml, xml.rfind(b"</" + opening[1] + b"sheetData")
        )
        if closing is None or closing.start() < stop:
            raise BadMarkup("sheetData has no end")
        stop = closing.end()
    return start, stop, b"<" + opening[1] + b"sheetData/>"


_CELLS = re.compile(rb"<((?:[\w.-]+:)?)sheetData\b[^>]*?(/?)>")
_ROOT = re.compile(rb"<([^\s<>/?!][^\s<>/]*)[^>]*>")

_FLAT = re.compile(rb"(?s)<(mergeCells|hyperlinks|x14:sparklineGroups)((?:\s[^>]*[^/>])?)>.*?</\1>")
"""Long lists of a sheet that hold nothing to be mapped."""


def _set_aside(frame: bytes) -> tuple[bytes, dict[bytes, bytes]]:
    """Return a sheet's frame with its flat lists emptied, and each by what stands for it: thousands of nodes need not be read."""
    if b"<!" in frame:  # a comment or a CDATA section could hold what looks like one
        return frame, {}
    lists: dict[bytes, bytes] = {}

    def empty(found: re.Match[bytes]) -> bytes:
        short = b"<%b%b/>" % found.groups()
        if short in frame or short in lists:  # it could not be told from the other
            return found[0]
        lists[short] = found[0]
        return short

    return _FLAT.sub(empty, frame), lists


def read_head(xml: bytes) -> Node:
    """Return the root of a sheet with what stands before its cells."""
    cells = _CELLS.search(xml)
    root = cells and _ROOT.search(xml)
    if cells and root:
        try:
            return read_markup(xml[: cells.start()] + b"</%b>" % root[1])
        except BadMarkup:  # what looks like the cells or the root stands in a comment
            pass
    return read_frame(xml)


def write_sheet(donor: Donor, part: str, styles: StyleMerge, present: Node | None, rename: Rename | None) -> bytes:
    """Return a donor's sheet for the client: styles mapped, text inline, not selected.

    present: <sheetPr> of our sheet as it stands in the client's package, whose tab colour and code name are kept.
    rename: gives formulas their new text, None when no sheet or table is called otherwise in the client's package.
    """
    frame, cells = cut_cells(donor.read_sheet(part))
    frame, lists = _set_aside(frame) if rename is None else (frame, {})
    root = read_markup(frame)
    if b"vm=" in cells and re.search(rb"<[^>]*\svm=", cells):
        raise unsupported(donor.sheet_name(part), IN_CELL)
    edits = Edits(frame)
    data = root.find("sheetData")
    if data is not None and cells:
        prefix = root.prefix.encode()
        edits.replace(data.start, data.end, _write_data(donor, cells, prefix, styles, rename))
    left_out = 0
    for node in root.walk():
        if node.start < left_out:
            continue
        aside = lists.get(frame[node.start : node.inner]) if node.inner == node.end else None
        if aside is not None:
            edits.replace(node.start, node.end, aside)
            continue
        if node.name in _LEFT_OUT:
            edits.remove(node)
            left_out = node.end
        else:
            _edit_node(edits, node, styles, rename)
            if donor.day_shift and node.name == "dataValidation" and node.attributes.get("type") == "date":
                _shift_limits(edits, node, donor.day_shift)
    if present is not None:
        keep_tab(edits, root, present)
    else:
        forget_code_name(edits, root)
    return in_dialect(edits.apply(), donor.client_book)


def write_table(donor: Donor, part: str, styles: StyleMerge, number: int, name: str, rename: Rename | None) -> bytes:
    """Return a donor's table part under an id and name that are free in the client's package."""
    root = donor.package.markup(part)
    edits = Edits(donor.package.read(part))
    edits.set(root, "id", str(number))
    edits.set(root, "displayName", name)
    edits.set(root, "name", name)
    for node in root.walk():
        for key, value in node.attributes.items():
            if key.lower().endswith("dxfid") and value.isdigit():
                edits.set(node, key, str(styles.differential(node.number(key))))
        if rename is not None and node.name in ("calculatedColumnFormula", "totalsRowFormula"):
            _rename_text(edits, node, rename)
    return in_dialect(edits.apply(), donor.client_book)


def write_other(donor: Donor, part: str, rename: Rename | None) -> bytes:
    """Return any other part of a donor: the same bytes, but for references of charts, shapes and controls.

    rename: gives those their new text, None when nothing is called otherwise. A strict client gets its own dialect.
    """
    content = donor.package.read(part)
    if not part.lower().endswith((".xml", ".vml")):
        return content
    if rename is not None:
        content = rename_references(content, rename)
    return in_dialect(content, donor.client_book)


_LEFT_OUT = frozenset({"customSheetViews"})
"""What hangs on the donor's workbook part, which stays behind."""


def forget_code_name(edits: Edits, root: Node) -> None:
    """Drop the name that the donor's VBA knows the sheet by: in the client's project it may be another sheet's."""
    properties = root.find("sheetPr")
    if properties is not None and "codeName" in properties.attributes:
        edits.set(properties, "codeName", None)


def _edit_node(edits: Edits, node: Node, styles: StyleMerge, rename: Rename | None) -> None:
    value = node.attributes.get
    if node.name == "phoneticPr":
        edits.set(node, "fontId", "0")
    if node.name == "sheetView" and "tabSelected" in node.attributes:
        edits.set(node, "tabSelected", None)
    elif node.name == "col" and "style" in node.attributes:
        edits.set(node, "style", str(styles.cell(node.number("style"))))
    elif value("dxfId", "").isdigit():
        edits.set(node, "dxfId", str(styles.differential(node.number("dxfId"))))
    if rename is None:
        return
    if node.name == "hyperlink" and "location" in node.attributes:
        location = rename(node.attributes["location"])
        if location != node.attributes["location"]:
            edits.set(node, "location", location)
    if node.name in ("formula", "formula1", "formula2", "f") and not node.children:
        _rename_text(edits, node, rename)


def _shift_limits(edits: Edits, validation: Node, days: int) -> None:
    """Move the dates that a data validation allows, where they are plain numbers, to the client's date system."""
    for node in validation.children:
        if node.name in ("formula1", "formula2") and re.fullmatch(r"\s*[0-9]+(?:\.[0-9]+)?\s*", node.text):
            edits.replace(node.inner, node.close, _shift(node.text.strip().encode(), days))


def _rename_text(edits: Edits, node: Node, rename: Rename) -> None:
    if not node.text or node.inner == node.end:
        return
    text = rename(node.text)
    if text != node.text:
        edits.replace(node.inner, node.close, escape(text))


def keep_tab(edits: Edits, root: Node, present: Node) -> None:
    """Carry over what the client did to the tab of our sheet: its colour, and the name that VBA knows it by."""
    mine = root.find("sheetPr")
    colour = present.find("tabColor")
    text = b"" if colour is None else write_node(colour, root.prefix)
    code_name = present.attributes.get("codeName")
    if mine is None:
        if text or code_name:
            name = (root.prefix + "sheetPr").encode()
            head = b"<" + name + (b" codeName=" + quote(code_name) if code_name else b"")
            edits.prepend(root, head + b">" + text + b"</" + name + b">")
        return
    old = mine.find("tabColor")
    if old is not None:
        edits.replace(old.start, old.end, text)
    elif text:
        edits.prepend(mine, text)
    edits.set(mine, "codeName", code_name)


def _write_data(donor: Donor, xml: bytes, prefix: bytes, styles: StyleMerge, rename: Rename | None) -> bytes:
    names = {"c": prefix + b"c", "v": prefix + b"v", "f": prefix + b"f", "row": prefix + b"row"}
    cell = re.compile(
        b"<" + names["c"] + rb"((?: r=\"[A-Z]+[0-9]+\")?)((?:\s[^>]*?)?)(/?)>"
        rb"(?:\s*(<" + names["f"] + rb"\b[^>]*?(?:/>|>[^<]*</" + names["f"] + rb">))?"
        rb"\s*(?:<" + names["v"] + rb"[^>]*>([^<]*)</" + names["v"] + rb">)?\s*</" + names["c"] + rb">)?"
    )
    cache: dict[bytes, _CellForm] = {}

    def change(found: re.Match[bytes]) -> bytes:
        place, rest, empty, formula, value = found.groups()
        form = cache.get(rest)
        if form is None:
            form = cache[rest] = _CellForm(rest, styles, donor.day_shift)
        head = b"<" + names["c"] + place + form.attributes
        if empty:
            return head + b"/>"
        closed = found[0].endswith(b"</" + names["c"] + b">")
        if not closed:
            return head + form.type + b">"
        if formula and rename is not None:
            formula = _write_formula(formula, rename)
        if value is None:
            return head + form.type + b">" + (formula or b"") + b"</" + names["c"] + b">"
        if form.shared:
            index = unescape(value.decode("utf-8", "replace")).strip()
            text = donor.strings[int(index)] if index.isdigit() and int(index) < len(donor.strings) else b""
            if prefix:
                text = re.sub(rb"<(/?)([a-zA-Z])", rb"<\g<1>" + prefix + rb"\2", text)
            inside = prefix + b"is"
            return head + b' t="inlineStr"><' + inside + b">" + text + b"</" + inside + b"></" + names["c"] + b">"
        if form.shift and not form.type:
            value = _shift(value, form.shift)
        wrapped = b"<" + names["v"] + b">" + value + b"</" + names["v"] + b">"
        return head + form.type + b">" + (formula or b"") + wrapped + b"</" + names["c"] + b">"

    xml = re.sub(
        b"(<" + names["row"] + rb"\b[^>]*?\ss\s*=\s*[\"'])([0-9]+)([\"'])",
        lambda m: m[1] + str(styles.cell(int(m[2]))).encode() + m[3],
        xml,
    )
    plain = _write_plainly(donor, xml, styles) if not prefix and not donor.day_shift and rename is None else None
    return cell.sub(change, xml) if plain is None else plain


_ODD_CELL = re.compile(
    rb"<c(?=[\s/])(?! r=\"[A-Z]+[0-9]+\"(?: s=\"[0-9]+\")?(?: t=\"(?:s\"><v>[0-9]+</v>|(?:str|b|e|inlineStr)\"/?>)|/?>))|<c>"
)
_STYLED = re.compile(rb"(<c r=\"[A-Z]+[0-9]+\")( s=\"[0-9]+\")")
_SHARED = re.compile(rb"(<c r=\"[A-Z]+[0-9]+\"(?: s=\"[0-9]+\")?) t=\"s\"><v>([0-9]+)</v>")


def _write_plainly(donor: Donor, xml: bytes, styles: StyleMerge) -> bytes | None:
    """Return the cells with styles mapped and text inline, None when they are not written as XlsxWriter does.

    This is the same as the careful way in a fraction of the time.
    """
    if _ODD_CELL.search(xml):
        return None  # looked at first: what is asked of `styles` stays asked
    pieces = _STYLED.split(xml)
    forms: dict[bytes, bytes] = {}
    for style in pieces[2::3]:
        if style not in forms:
            mapped = styles.cell(int(style[4:-1]))
            forms[style] = b' s="%d"' % mapped if mapped else b""
    pieces[2::3] = [forms[style] for style in pieces[2::3]]
    xml = b"".join(pieces)
    if xml.find(b' t="s">') < 0:
        return xml
    try:
        return _SHARED.sub(lambda m: b'%b t="inlineStr"><is>%b</is>' % (m[1], donor.strings[int(m[2])]), xml)
    except IndexError:  # a string that the donor does not have
        return None


class _CellForm:
    """The attributes of a cell besides its place, as the client's package needs them."""

    def __init__(self, rest: bytes, styles: StyleMerge, day_shift: int) -> None:
        given = dict(re.findall(rb"([\w:]+)\s*=\s*[\"']([^\"']*)[\"']", rest))
        kind = given.get(b"t", b"n")
        style = int(given[b"s"]) if given.get(b"s", b"").isdigit() else 0
        mapped = styles.cell(style)
        place = b' r="' + given[b"r"] + b'"' if b"r" in given else b""
        self.attributes = place + (b' s="%d"' % mapped if mapped else b"")
        self.shared = kind == b"s"
        # Dynamic arrays hang on a metadata part of the whole workbook: without it they are array formulas.
        self.type = b"" if kind in (b"n", b"s") else b' t="' + kind + b'"'
        self.shift = day_shift if day_shift and styles.is_date(style) else 0


def _write_formula(formula: bytes, rename: Rename) -> bytes:
    found = re.fullmatch(rb"(<[^>]*>)([^<]+)(</[^>]*>)", formula)
    if not found:
        return formula
    text = unescape(found[2].decode())
    changed = rename(text)
    return formula if changed == text else found[1] + escape(changed) + found[3]


def _shift(value: bytes, days: int) -> bytes:
    try:
        return format(Decimal(value.decode()) + days, "f").encode()
    except (InvalidOperation, UnicodeDecodeError):
        return value


def in_dialect(xml: bytes, book: Book) -> bytes:
    """Return a part in the client's dialect of Open XML."""
    if not book.strict:
        return xml
    names = {old.encode(): new.encode() for old, new in STRICT.items()}
    pattern = re.compile(rb"([\"'])(" + b"|".join(sorted(map(re.escape, names), reverse=True)) + rb")(?=[\"'])")
    return pattern.sub(lambda m: m[1] + names[m[2]], xml)
