"""The lists of a stylesheet, and what their records amount to, whatever program wrote them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice

from msgspec import Struct

from aliado.workbook.markup import Node, read_markup, write_node

Canon = tuple[object, ...]

FACETS = (("fontId", "applyFont"), ("fillId", "applyFill"), ("borderId", "applyBorder"))
_DEFAULTS = {
    **{(name, "val"): "1" for name in ("b", "i", "strike", "outline", "shadow", "condense", "extend")},
    ("u", "val"): "single",
    ("patternFill", "patternType"): "none",
    ("border", "diagonalUp"): "0",
    ("border", "diagonalDown"): "0",
    ("border", "outline"): "1",
    ("protection", "locked"): "1",
    ("protection", "hidden"): "0",
    ("alignment", "vertical"): "bottom",
    ("alignment", "horizontal"): "general",
}
"""(element, attribute) -> what it means when it is missing."""
BUILT_IN = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?",
    13: "# ??/??", 37: "#,##0 ;(#,##0)", 38: "#,##0 ;[Red](#,##0)", 39: "#,##0.00;(#,##0.00)",
    40: "#,##0.00;[Red](#,##0.00)", 48: "##0.0E+0", 49: "@",
}  # fmt: skip


class StyleLists:
    """The lists of one stylesheet, for comparing records by what they mean."""

    def __init__(self, root: Node) -> None:
        self.formats = {
            node.number("numFmtId", -1): node.attributes.get("formatCode", "") for node in _children(root, "numFmts")
        }
        self.facets = {
            "fontId": _children(root, "fonts"),
            "fillId": _children(root, "fills"),
            "borderId": _children(root, "borders"),
        }
        self.bases = _children(root, "cellStyleXfs")
        self.cells = _children(root, "cellXfs")
        self.dxfs = _children(root, "dxfs")
        self._canons: dict[tuple[str, int], Canon] = {}

    def facet(self, xf: Node, key: str) -> Node | None:
        """Return the font, fill or border of a cell format."""
        index = xf.number(key)
        nodes = self.facets[key]
        return nodes[index] if 0 <= index < len(nodes) else None

    def code(self, number: int) -> str:
        """Return the number format behind a number; a built-in one without explicit code by its number."""
        return self.formats.get(number) or BUILT_IN.get(number, f"#{number}")

    def cell_key(self, xf: Node) -> Canon:
        """Return what a cell format amounts to."""
        facets = []
        for key, _ in FACETS:
            node = self.facet(xf, key)
            place = (key, xf.number(key) if node else -1)
            if place not in self._canons:
                self._canons[place] = canon(node) if node else ()
            facets.append(self._canons[place])
        code = self.code(xf.number("numFmtId"))
        children = [child for child in xf.children if child.name in ("alignment", "protection", "extLst")]
        return cell_key_of(code, tuple(facets), xf.attributes, map(canon, children))


class DonorStyles(StyleLists):
    """The lists of a donor's stylesheet. known: id of a record -> what it amounts to and its text, as far as known."""

    def __init__(self, root: Node, known: dict[int, tuple[Canon, bytes]]) -> None:
        super().__init__(root)
        self._known = known

    def known(self, node: Node) -> tuple[Canon, bytes]:
        """Return what a record amounts to, and its text without a prefix."""
        found = self._known.get(id(node))
        if found is None:
            found = self._known[id(node)] = canon(node), write_node(node, "")
        return found


def read_donor_styles(xml: bytes) -> DonorStyles:
    """Return the lists of any donor's stylesheet."""
    return DonorStyles(_in_schema_order(read_markup(xml)), {})


def read_own_styles(xml: bytes) -> DonorStyles:
    """Return the lists of a stylesheet that XlsxWriter wrote: each record that our workbooks share is read once in a process."""
    root = Node("styleSheet", "", "", {}, {}, None, 0)
    lists = [(name, content, _RECORDS[name].findall(content)) for name, content in _LIST.findall(xml)]
    read = _read_records(record for _, _, records in lists for record in records)
    for name, content, records in lists:
        children = [read[record].node for record in records]
        if name.endswith(b"Xfs"):
            leaves = iter(children)
            children = [_xf(head, len(_LEAF.findall(inner)), leaves) for head, inner in _XF.findall(content)]
        root.children.append(Node(name.decode(), "", "", {}, {}, root, 0, children=children))
    return DonorStyles(root, {id(record.node): (record.form, record.text) for record in read.values()})


def _xf(head: bytes, count: int, leaves: Iterator[Node]) -> Node:
    """Return a cell format with the next so many of its list's alignments and protections."""
    given = dict(_GIVEN.findall(head.decode()))
    return Node("xf", "", "", given, {}, None, 0, children=list(islice(leaves, count)))


_LIST = re.compile(rb"(?s)<(numFmts|fonts|fills|borders|cellStyleXfs|cellXfs|dxfs)(?: [^>]*[^/>])?>(.*?)</\1>")
_LEAF = re.compile(rb"<(?:alignment|protection)[^>]*/>")
_RECORDS = {
    **{
        name + b"s": re.compile(rb"(?s)<%b(?: [^>]*)?/>|<%b(?: [^>]*[^/>])?>.*?</%b>" % (name, name, name))
        for name in (b"numFmt", b"font", b"fill", b"border", b"dxf")
    },
    b"cellStyleXfs": _LEAF,
    b"cellXfs": _LEAF,
}
_XF = re.compile(rb"(?s)<xf ([^>]*?)(?:/>|>(.*?)</xf>)")
_GIVEN = re.compile(r'(\w+)="([^"&]*)"')


class _Record(Struct):
    """A record, what it amounts to, and its text without a prefix."""

    node: Node
    form: Canon
    text: bytes


_MOST_READ = 4096
_read: dict[bytes, _Record] = {}


def _read_records(records: Iterable[bytes]) -> dict[bytes, _Record]:
    """Return what records say, those that are new read together."""
    wanted = dict.fromkeys(records)
    if len(_read) > _MOST_READ:
        _read.clear()
    missing = [record for record in wanted if record not in _read]
    if missing:
        root = _in_schema_order(read_markup(b"<records>%b</records>" % b"".join(missing)))
        for record, node in zip(missing, root.children, strict=True):
            _read[record] = _Record(node, canon(node), write_node(node, ""))
    return {record: _read[record] for record in wanted}


def cell_key_of(code: str, facets: Canon, attributes: dict[str, str], forms: Iterable[Canon]) -> Canon:
    """Return what a cell format amounts to. facets: its font, fill and border; forms: its alignment and protection."""
    switches = tuple(key for key in ("quotePrefix", "pivotButton") if attributes.get(key) in ("1", "true"))
    # Without a parent style Excel uses the first one, so a missing xfId means the same as 0.
    return (code, facets, attributes.get("xfId", "0"), switches, tuple(form for form in forms if form[1] or form[2]))


def canon(node: Node) -> Canon:
    """Return the content of a record in one form, whatever program wrote it."""
    attributes = {}
    for key, value in node.attributes.items():
        plain = _plain_value(key, value)
        if not key.startswith("{") and key != "count" and _DEFAULTS.get((node.name, key)) != plain:
            attributes[key] = plain
    if node.name == "numFmt":
        attributes.pop("numFmtId", None)
    children = [canon(child) for child in node.children if child.space == node.space]
    if node.name == "border":
        children = [child for child in children if child[1] or child[2]]
    # Fonts and differential formats come in any order; gradients keep theirs.
    ordered = children if node.name == "gradientFill" else sorted(children, key=repr)
    return (node.name, tuple(sorted(attributes.items())), tuple(ordered))


_SCHEMA_ORDER = {
    "font": (
        "b", "i", "strike", "condense", "extend", "outline", "shadow", "u", "vertAlign", "sz", "color", "name", "family",
        "charset", "scheme",
    ),
    "dxf": ("font", "numFmt", "fill", "alignment", "border", "protection"),
    "border": ("start", "left", "end", "right", "top", "bottom", "diagonal", "vertical", "horizontal"),
}  # fmt: skip


def _in_schema_order(root: Node) -> Node:
    """Return a donor's stylesheet with its records in the order of the schema, which some programs do not keep."""
    for node in root.walk():
        order = _SCHEMA_ORDER.get(node.name)
        if order:
            node.children.sort(key=lambda child: order.index(child.name) if child.name in order else len(order))
    return root


@lru_cache(maxsize=4096)
def _plain_value(key: str, value: str) -> str:
    if key == "rgb":
        return value.upper()
    if re.fullmatch(r"-?[0-9]*\.[0-9]+", value):
        return f"{float(value):.6f}".rstrip("0").rstrip(".")
    return {"true": "1", "false": "0"}.get(value, value)


def _children(root: Node, name: str) -> list[Node]:
    node = root.find(name)
    return node.children if node else []
