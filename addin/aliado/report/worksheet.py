"""XlsxWriter's worksheet with cells that are written at once: no shared strings, in a quarter of the time.

Rows and columns are zero-based. Cells, merges along a row, heights, widths, ranges of tables, trends, links and tags are written here; the rest is the library's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from io import StringIO
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

from xlsxwriter.worksheet import ColumnInfo, RowInfo, Worksheet
from xlsxwriter.xmlwriter import xml_escapes

from aliado.report.bodies import (
    BLANK,
    are_plain_formulas,
    formula_body,
    is_plain_formula,
    number_body,
    text_body,
    write_text,
)
from aliado.report.cells import LETTERS, CellGrid, Run, Styles
from aliado.report.tags import TagWriter

if TYPE_CHECKING:
    from xlsxwriter.format import Format


MOST_WIDTHS: Final = 1_024
"""Widths of columns that are remembered; nearly all are constants of our sheets."""
_columns: dict[tuple[float, ...], ColumnInfo] = {}


class CellSheet(TagWriter, Worksheet):  # type: ignore[misc]
    """A worksheet of the donor.

    apart: the sheet is written without its cells; `write_cells` then gives them.
    """

    def __init__(self) -> None:
        super().__init__()
        self.grid = CellGrid()
        self.links: dict[tuple[int, int], tuple[str, str]] = {}
        self.files: dict[tuple[int, int], tuple[str, str]] = {}
        self.apart = False
        self._alike: dict[tuple[object, ...], tuple[RowInfo, list[object]]] = {}

    def write_string(self, row: int, column: int, text: str, style: Format | None = None) -> None:
        """Write text as it is, whatever it begins with."""
        self.grid.single[row][column] = (style, text_body(text), text)

    def write_number(self, row: int, column: int, number: float, style: Format | None = None) -> None:
        """Write a finite number."""
        self.grid.single[row][column] = (style, number_body(number), number)

    def write_boolean(self, row: int, column: int, value: bool, style: Format | None = None) -> None:
        """Write TRUE or FALSE."""
        self.grid.single[row][column] = (style, f' t="b"><v>{value:d}</v></c>', "")

    def write_blank(self, row: int, column: int, blank: object, style: Format | None = None) -> None:
        """Write a cell that has a format and no value."""
        del blank
        if style is not None:
            self.grid.single[row][column] = (style, BLANK, "")

    def write_formula(
        self, row: int, column: int, formula: str, style: Format | None = None, value: float | str = 0
    ) -> None:
        """Write a formula with its value cached."""
        self.grid.single[row][column] = (style, formula_body(self.prepare(formula), value), value)

    # What the library writes itself (headings of tables) goes the same way.
    _write_string, _write_number, _write_blank = write_string, write_number, write_blank
    _write_boolean, _write_formula = write_boolean, write_formula

    def prepare(self, formula: str) -> str:
        """Return a formula as the file holds it."""
        return str(self._prepare_formula(formula.removeprefix("=")))

    def prepare_all(self, formulas: Sequence[str]) -> list[str]:
        """Return formulas as the file holds them."""
        if are_plain_formulas(formulas):
            return [formula.removeprefix("=") for formula in formulas]
        return [self.prepare(formula) for formula in formulas]

    def write_run(self, row: int, column: int, bodies: Sequence[str], style: Format | Styles | None) -> None:
        """Write cells one below another from a place on, in a fraction of the time that single ones take.

        bodies: as the functions of `bodies` make them; NOTHING leaves a cell out. style: of all, or one for each. Runs
        that share rows must begin and end in the same ones; a single cell in their midst takes their place. Charts
        must not draw from them.
        """
        if bodies:
            self.grid.runs[row, len(bodies)][column] = Run(bodies, style)

    def set_height(self, row: int, height: float) -> None:
        """Set a row's height, in points."""
        self._set_alike(row, height)

    def set_width(self, column: int, width: float) -> None:
        """Set a column's width, in characters; what the library makes of it is made once for all sheets."""
        key = width, self.max_digit_width, self.cell_padding
        known = _columns.get(key)
        if known is not None:
            self.col_info[column] = known
            self.col_size_changed = True
        elif self.set_column(column, column, width) == 0 and len(_columns) < MOST_WIDTHS:
            _columns[key] = self.col_info[column]

    def draw_trend(self, row: int, column: int, cells: str, group: str, top: float) -> None:
        """Draw figures in a cell; see `sparklines.group`."""
        self.sparklines.append(group.format(cell=f"{LETTERS[column]}{row + 1}", cells=write_text(cells), top=top))

    def fold_rows(self, first: int, last: int) -> None:
        """Hide rows under the plus sign of the row before them."""
        self._set_alike(first - 1, None, collapsed=True)
        self._set_alike(first, None, level=1, hidden=True)
        self.row_info.update(dict.fromkeys(range(first, last + 1), self.row_info[first]))
        self.row_sizes.update(dict.fromkeys(range(first, last + 1), self.row_sizes[first]))

    def _set_alike(self, row: int, height: float | None, **options: int) -> None:
        """Set a row as `set_row` does; what the library makes of it is made once for all rows that are alike."""
        key = (height, *options.items())
        known = self._alike.get(key)
        if known is None:
            if self.set_row(row, height, None, options) == 0:
                self._alike[key] = self.row_info[row], self.row_sizes[row]
        elif self._check_dimensions(row, self.dim_colmin or 0) == 0:
            self.row_info[row], self.row_sizes[row] = known

    def merge_along(self, row: int, first: int, last: int, style: Format) -> None:
        """Merge cells of one row; what they say is written after."""
        self.merge.append([row, first, row, last])
        self.grid.single[row].update(dict.fromkeys(range(first, last + 1), (style, BLANK, "")))

    def write_link(self, row: int, column: int, place: str, text: str, style: Format) -> None:
        """Write text that leads to a place in the workbook ('Sheet'!A1)."""
        self.links[row, column] = place, text
        self.write_string(row, column, text, style)

    def write_file_link(self, row: int, column: int, target: str, place: str, text: str, style: Format) -> None:
        """Write text that opens another file, an escaped path with "/" between folders, at a place ("" = where it was left)."""
        self.files[row, column] = target, place
        self.write_string(row, column, text, style)

    def add_table(self, top: int, left: int, bottom: int, right: int, options: Mapping[str, Any]) -> int:
        """Add an Excel table.

        The library looks at each of its cells for overlaps; here at those of its first two rows, and for a table with a
        row of headings and none of totals.
        """
        result: int = super().add_table(top, left, min(top + 1, bottom), right, options)
        if result == 0:
            whole = f"{LETTERS[left]}{top + 1}:{LETTERS[right]}{bottom + 1}"
            self.tables[-1].update(range=whole, a_range=whole, autofilter=whole)
        return result

    def write_cells(self, number_in: Callable[[int], int]) -> bytes:
        """Return the sheet's <sheetData> once its workbook is closed; see `CellGrid.write`."""
        return self.grid.write(number_in)

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        if is_plain_formula(formula):  # the library tries every later function on it
            return formula
        return str(super()._prepare_formula(formula, expand_future_functions))

    def _assemble_xml_file(self) -> None:
        for row, column in zip(*(self.grid.corners() or ((), ())), strict=True):
            self._check_dimensions(row, column)
        super()._assemble_xml_file()

    def _write_sheet_data(self) -> None:
        attributes: dict[tuple[object, ...], str] = {}
        known: dict[int, str] = {}  # rows of one height share what is known of them
        rows = {}
        for row, info in self.row_info.items():
            text = known.get(id(info))
            if text is None:
                key = (info.height, info.hidden, info.level, info.collapsed, info.row_format)
                if key not in attributes:
                    attributes[key] = self._row_attributes(info)
                text = known[id(info)] = attributes[key]
            rows[row] = text
        columns = {column: info.column_format for column, info in self.col_info.items() if info.column_format}
        self.grid.arrange(columns, rows, self._row_attributes(None))
        if self.apart:
            self._xml_empty_tag("sheetData")
        else:
            self.fh.write(self.write_cells(int).decode())

    def _row_attributes(self, info: RowInfo | None) -> str:
        """Return what the library writes about a row besides its number."""
        if info is not None and info.row_format is not None:
            raise ValueError("a format of a whole row; write its cells with it")
        file, apart = self.fh, StringIO()
        self.fh = apart
        try:
            self._write_row(0, None, info)
        finally:
            self.fh = file
        text = apart.getvalue()
        return text.removeprefix('<row r="1"').removesuffix(">")

    def _write_merge_cells(self) -> None:
        if self.merge:
            cells = [
                f'<mergeCell ref="{LETTERS[left]}{top + 1}:{LETTERS[right]}{bottom + 1}"/>'
                for top, left, bottom, right in self.merge
            ]
            self.fh.write(f'<mergeCells count="{len(cells)}">{"".join(cells)}</mergeCells>')

    def _write_ext_list_sparklines(self) -> None:
        self._write_ext("{05C60535-1F16-4fd2-B633-F4F36F0B64E0}")  # what Excel calls sparklines
        self._write_sparkline_groups()
        self.fh.write("".join(reversed(self.sparklines)))
        self._xml_end_tag("x14:sparklineGroups")
        self._xml_end_tag("ext")

    def _write_hyperlinks(self) -> None:
        if not self.links and not self.files:
            return
        links = sorted(self.links.items())
        if xml_escapes.search("".join(chain.from_iterable(self.links.values()))):  # hardly ever
            quoted = self._escape_attributes
            links = [(cell, (quoted(place), quoted(text))) for cell, (place, text) in links]
        self._xml_start_tag("hyperlinks")
        written = [
            f'<hyperlink ref="{LETTERS[column]}{row + 1}" location="{place}" display="{text}"/>'
            for (row, column), (place, text) in links
        ]
        self.fh.write("".join(written))
        for (row, column), (target, place) in sorted(self.files.items()):
            self.rel_count += 1
            self.external_hyper_links.append(["/hyperlink", target.replace("/", "\\"), "External"])
            at = f' location="{self._escape_attributes(place)}"' if place else ""
            self.fh.write(f'<hyperlink ref="{LETTERS[column]}{row + 1}" r:id="rId{self.rel_count}"{at}/>')
        self._xml_end_tag("hyperlinks")

    def _get_range_data(self, top: int, left: int, bottom: int, right: int) -> list[float | str | None]:
        found: list[float | str | None] = []
        for row in range(top, bottom + 1):
            for column in range(left, right + 1):
                cell = self.grid.single.get(row, {}).get(column)
                value = cell[2] if cell else None
                found.append(f"{value:.16g}" if isinstance(value, (int, float)) else value)
        return found
