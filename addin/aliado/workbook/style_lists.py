"""The lists of a stylesheet, and what their records amount to, whatever program wrote them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

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

    def facet(self, xf: Node, key: str) -> Node | None:
        """Return the font, fill or border of a cell format."""
        index = xf.number(key)
        nodes = self.facets[key]
        return nodes[index] if 0 <= index < len(nodes) else None


class Record(Struct, frozen=True):
    """A font, fill, border, alignment or protection: what it amounts to, and its text without a prefix."""

    form: Canon
    text: bytes


class CellFormat(Struct, frozen=True):
    """A donor's cell format.

    attributes: as written, in their order; the numbers in them mean something in the donor only. number, code: of its
    number format; the code of a built-in one is None. facets: its font, fill and border. leaves: the text of its
    alignment and protection, without a prefix. mark: what it amounts to besides its facets.
    """

    attributes: Mapping[str, str]
    number: int
    code: str | None
    facets: tuple[Record | None, ...]
    leaves: bytes
    mark: Canon


class DonorStyles(Struct, frozen=True):
    """The formats of a donor's cells and its differential formats, each by its number in the donor."""

    cells: Sequence[CellFormat]
    dxfs: Sequence[Node]


def read_donor_styles(xml: bytes) -> DonorStyles:
    """Return the formats of a donor's stylesheet."""
    lists = StyleLists(_in_schema_order(read_markup(xml)))
    return DonorStyles(_CellFormats(lists), lists.dxfs)


class _CellFormats(Sequence[CellFormat]):
    """The cell formats of a stylesheet, each looked at when it is asked for: some workbooks have 64,000."""

    def __init__(self, lists: StyleLists) -> None:
        self._lists = lists
        self._records: dict[int, Record] = {}

    def __len__(self) -> int:
        return len(self._lists.cells)

    def __getitem__(self, index: int) -> CellFormat:  # type: ignore[override]
        xf = self._lists.cells[index]
        nodes = [self._lists.facet(xf, key) for key, _ in FACETS]
        leaves = [self._record(child) for child in xf.children if child.name in ("alignment", "protection")]
        attributes = {key: value for key, value in xf.attributes.items() if not key.startswith("{")}
        number = xf.number("numFmtId")
        code = self._lists.formats.get(number)
        return CellFormat(
            attributes,
            number,
            code,
            tuple(None if node is None else self._record(node) for node in nodes),
            b"".join(leaf.text for leaf in leaves),
            mark_of(number, code, attributes, [leaf.form for leaf in leaves]),
        )

    def _record(self, node: Node) -> Record:
        found = self._records.get(id(node))
        if found is None:
            found = self._records[id(node)] = Record(canon(node), write_node(node, ""))
        return found


def mark_of(number: int, code: str | None, attributes: Mapping[str, str], forms: Iterable[Canon]) -> Canon:
    """Return what a cell format amounts to besides its font, fill, border and parent style.

    code: of its number format, None for a built-in one. forms: its alignment and protection.
    """
    shown = code or BUILT_IN.get(number, f"#{number}")
    switches = tuple(key for key in ("quotePrefix", "pivotButton") if attributes.get(key) in ("1", "true"))
    return (shown, switches, tuple(form for form in forms if form[1] or form[2]))


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
