"""XlsxWriter's worksheet with cells that are written at once: no shared strings, in a quarter of the time.

Rows and columns are zero-based. Everything but cells, merges along a row and links is the library's.
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final

from xlsxwriter.worksheet import Worksheet

from aliado.report.page import cell_letters

if TYPE_CHECKING:
    from xlsxwriter.format import Format

_SURELY_SHORT: Final = 32_767 // 2
"""Characters that fit a cell whatever they are: Excel counts in halves of those beyond U+FFFF."""
_CALLED: Final = re.compile(r"[A-Z][A-Z.]*(?=\()")
_PLAIN_FUNCTIONS: Final = frozenset({"SUM", "IF", "AND", "ROUND", "COUNTIF", "LARGE"})
"""Functions that Excel stores under their own name: formulas of these alone need no preparing."""
_ERRORS: Final = frozenset({"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"})

letters = cache(cell_letters)


class CellSheet(Worksheet):  # type: ignore[misc]
    """A worksheet of the donor.

    cells: row -> column -> format, the cell's XML after its place and format, its value for charts.
    """

    def __init__(self) -> None:
        super().__init__()
        self.cells: dict[int, dict[int, tuple[Format | None, str, float | str]]] = defaultdict(dict)
        self.links: dict[tuple[int, int], tuple[str, str]] = {}
        self.files: dict[tuple[int, int], tuple[str, str]] = {}

    def write_string(self, row: int, column: int, text: str, style: Format | None = None) -> None:
        """Write text as it is, whatever it begins with."""
        self.cells[row][column] = style, f' t="inlineStr"><is>{_text(text)}</is></c>', text

    def write_number(self, row: int, column: int, number: float, style: Format | None = None) -> None:
        """Write a finite number."""
        self.cells[row][column] = style, f"><v>{number:.16G}</v></c>", number

    def write_boolean(self, row: int, column: int, value: bool, style: Format | None = None) -> None:
        """Write TRUE or FALSE."""
        self.cells[row][column] = style, f' t="b"><v>{value:d}</v></c>', ""

    def write_blank(self, row: int, column: int, blank: object, style: Format | None = None) -> None:
        """Write a cell that has a format and no value."""
        del blank
        if style is not None:
            self.cells[row][column] = style, "/>", ""

    def write_formula(
        self, row: int, column: int, formula: str, style: Format | None = None, value: float | str = 0
    ) -> None:
        """Write a formula with its value cached."""
        body = formula.removeprefix("=")
        if not _PLAIN_FUNCTIONS.issuperset(_CALLED.findall(body)):
            body = self._prepare_formula(body)
        kind = "" if not isinstance(value, str) or not value else ' t="e"' if value in _ERRORS else ' t="str"'
        cached = _escape(value) if isinstance(value, str) else value
        self.cells[row][column] = style, f"{kind}><f>{_escape(body)}</f><v>{cached}</v></c>", value

    # What the library writes itself (headings of tables) goes the same way.
    _write_string, _write_number, _write_blank = write_string, write_number, write_blank
    _write_boolean, _write_formula = write_boolean, write_formula

    def merge_along(self, row: int, first: int, last: int, style: Format) -> None:
        """Merge cells of one row; what they say is written after."""
        self.merge.append([row, first, row, last])
        self.cells[row].update(dict.fromkeys(range(first, last + 1), (style, "/>", "")))

    def write_link(self, row: int, column: int, place: str, text: str, style: Format) -> None:
        """Write text that leads to a place in the workbook ('Sheet'!A1)."""
        self.links[row, column] = place, text
        self.write_string(row, column, text, style)

    def write_file_link(self, row: int, column: int, target: str, place: str, text: str, style: Format) -> None:
        """Write text that opens another file, an escaped path with "/" between folders, at a place ("" = where it was left)."""
        self.files[row, column] = target, place
        self.write_string(row, column, text, style)

    def _assemble_xml_file(self) -> None:
        columns = [column for cells in self.cells.values() for column in (min(cells), max(cells))]
        for row, column in (
            zip((min(self.cells), max(self.cells)), (min(columns), max(columns)), strict=True) if columns else ()
        ):
            self._check_dimensions(row, column)
        super()._assemble_xml_file()

    def _write_rows(self) -> None:
        styles: dict[Format | None, str] = {None: ""}
        columns = {column: info.column_format for column, info in self.col_info.items() if info.column_format}
        for row in sorted({*self.cells, *self.row_info}):
            cells = self.cells.get(row)
            if not cells:
                self._write_empty_row(row, None, self.row_info[row])
                continue
            self._write_row(row, None, self.row_info.get(row))
            pieces = []
            for column in sorted(cells):
                style, body, _ = cells[column]
                if style is None:
                    style = columns.get(column)
                shown = styles.get(style)
                if shown is None:
                    shown = styles[style] = f' s="{style._get_xf_index()}"'  # type: ignore[union-attr]
                pieces.append(f'<c r="{letters(column)}{row + 1}"{shown}{body}')
            pieces.append("</row>")
            self.fh.write("".join(pieces))

    def _write_hyperlinks(self) -> None:
        if not self.links and not self.files:
            return
        self._xml_start_tag("hyperlinks")
        for (row, column), link in sorted(self.links.items()):
            place, text = map(self._escape_attributes, link)
            self.fh.write(f'<hyperlink ref="{letters(column)}{row + 1}" location="{place}" display="{text}"/>')
        for (row, column), (target, place) in sorted(self.files.items()):
            self.rel_count += 1
            self.external_hyper_links.append(["/hyperlink", target.replace("/", "\\"), "External"])
            at = f' location="{self._escape_attributes(place)}"' if place else ""
            self.fh.write(f'<hyperlink ref="{letters(column)}{row + 1}" r:id="rId{self.rel_count}"{at}/>')
        self._xml_end_tag("hyperlinks")

    def _get_range_data(self, top: int, left: int, bottom: int, right: int) -> list[float | str | None]:
        found: list[float | str | None] = []
        for row in range(top, bottom + 1):
            for column in range(left, right + 1):
                cell = self.cells.get(row, {}).get(column)
                value = cell[2] if cell else None
                found.append(f"{value:.16g}" if isinstance(value, (int, float)) else value)
        return found


@lru_cache(maxsize=4096)
def _text(text: str) -> str:
    if len(text) > _SURELY_SHORT:
        text = text.encode("utf-16-le", "surrogatepass")[: 2 * 32_767].decode("utf-16-le", "ignore")
    plain = text.isprintable() and not ("&" in text or "<" in text or ">" in text or "_x" in text)
    if plain and text[:1] != " " and text[-1:] != " ":
        return f"<t>{text}</t>"
    text = Worksheet._escape_control_characters(text)
    space = ' xml:space="preserve"' if text[:1].isspace() or text[-1:].isspace() else ""
    return f"<t{space}>{_escape(text)}</t>"


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
