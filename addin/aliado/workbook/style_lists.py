"""The lists of a stylesheet, and what their records amount to, whatever program wrote them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

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
    known: dict[int, tuple[Canon, bytes]] = {}

    def read(record: bytes) -> Node:
        node, form, text = _read_record(record)
        known[id(node)] = form, text
        return node

    for name, content in _LIST.findall(xml):
        if name.endswith(b"Xfs"):
            children = []
            for head, inner in _XF.findall(content):
                given = dict(_GIVEN.findall(head.decode()))
                leaves = [read(leaf) for leaf in _LEAF.findall(inner)]
                children.append(Node("xf", "", "", given, {}, None, 0, children=leaves))
        else:
            children = [read(record) for record in _RECORDS[name].findall(content)]
        root.children.append(Node(name.decode(), "", "", {}, {}, root, 0, children=children))
    return DonorStyles(root, known)


_LIST = re.compile(rb"(?s)<(numFmts|fonts|fills|borders|cellStyleXfs|cellXfs|dxfs)(?: [^>]*[^/>])?>(.*?)</\1>")
_RECORDS = {
    name + b"s": re.compile(rb"(?s)<%b(?: [^>]*)?/>|<%b(?: [^>]*[^/>])?>.*?</%b>" % (name, name, name))
    for name in (b"numFmt", b"font", b"fill", b"border", b"dxf")
}
_XF = re.compile(rb"(?s)<xf ([^>]*?)(?:/>|>(.*?)</xf>)")
_LEAF = re.compile(rb"<[^>]*/>")
_GIVEN = re.compile(r'(\w+)="([^"&]*)"')


@lru_cache(maxsize=4096)
def _read_record(xml: bytes) -> tuple[Node, Canon, bytes]:
    """Return a record that stands alone, what it amounts to, and its text."""
    node = _in_schema_order(read_markup(xml))
    return node, canon(node), write_node(node, "")


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
