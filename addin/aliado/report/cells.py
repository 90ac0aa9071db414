"""The cells of a worksheet being written, one by one or in runs down a column, and their XML in the order of the file.

Rows and columns are zero-based. A cell is its format and its body: the XML after its place and format. Which number a
format has in the stylesheet is asked last, so that cells are written once whatever workbook they go to.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import chain, pairwise, repeat
from typing import TYPE_CHECKING, Final, NamedTuple

from aliado.report.bodies import NOTHING
from aliado.report.memo import Memo
from aliado.report.page import cell_letters

if TYPE_CHECKING:
    from xlsxwriter.format import Format

Styles = Sequence["Format | None"]

AT_ONCE: Final = 4_096
"""Rows of a run that are written in one piece, so that their cells need not all stand in memory."""

LETTERS: Final = Memo(cell_letters)
"""Zero-based column -> its letters."""

Cell = tuple["Format | None", str, "float | str"]
"""A cell: its format, its body, and its value, which charts draw."""


class Run(NamedTuple):
    """Cells one below another. style: of all of them, or one for each."""

    bodies: Sequence[str]
    style: Format | Styles | None

    def styles(self) -> Styles:
        """Return the format of each cell."""
        return self.style if isinstance(self.style, Sequence) else [self.style] * len(self.bodies)


class CellGrid:
    """The cells of one worksheet. single: row -> column -> cell; these go before what runs hold in their place."""

    def __init__(self) -> None:
        self.single: dict[int, dict[int, Cell]] = defaultdict(dict)
        self.runs: dict[tuple[int, int], dict[int, Run]] = defaultdict(dict)
        """(first row, how many rows) -> column -> cells. Two such blocks share no row."""
        self._pieces: list[_Rows | _Block] = []
        self._numbers: dict[Format, int] = {}

    def corners(self) -> tuple[tuple[int, int], tuple[int, int]] | None:
        """Return the first and last row and the first and last column that hold something, None without any."""
        rows = [row for row, cells in self.single.items() if cells]
        columns = set().union(*self.single.values(), *self.runs.values())
        for first, count in self.runs:
            rows += (first, first + count - 1)
        return ((min(rows), max(rows)), (min(columns), max(columns))) if columns else None

    def arrange(self, defaults: Mapping[int, Format], rows: Mapping[int, str], usual: str) -> None:
        """Put all cells in the order of the file and number their formats in that order.

        defaults: column -> the format of cells without one. rows: row -> the attributes of its element; of others `usual`.
        """
        blocks = [_Block(first, count, runs, usual) for (first, count), runs in sorted(self.runs.items()) if count]
        for above, below in pairwise(blocks):
            if below.first <= above.last:
                raise ValueError(f"two runs in row {below.first} that do not begin and end together")
        single = _Rows()
        pieces = self._pieces = [single]
        waiting = iter(blocks)
        following = next(waiting, None)
        for row in sorted({*self.single, *rows}):
            while following is not None and following.last < row:
                pieces += (following, single := _Rows())
                following = next(waiting, None)
            if following is not None and following.first <= row:
                following.rows[row] = rows.get(row, usual)
                following.put(row, self.single.get(row, {}))
                continue
            single.add(row, rows.get(row, usual), self.single.get(row, {}), defaults)
        pieces += [block for block in (following, *waiting) if block is not None]
        for piece in pieces:
            for style in piece.styles_in_order(defaults):
                self._numbers.setdefault(style, style._get_xf_index())  # noqa: SLF001 -- how the library numbers them

    def write(self, number_in: Callable[[int], int]) -> bytes:
        """Return <sheetData>. number_in: a format's number in this workbook -> its number where the sheet goes."""
        shown: dict[Format | None, str] = {None: ""}
        for style, number in self._numbers.items():
            there = number_in(number)
            shown[style] = f' s="{there}"' if there else ""
        texts = chain.from_iterable(piece.write(shown) for piece in self._pieces)
        content = b"".join(text.encode() for text in texts)
        return b"<sheetData>%b</sheetData>" % content if content else b"<sheetData/>"


class _Rows:
    """Rows of single cells: what stands before each format, the formats, and what follows each."""

    def __init__(self) -> None:
        self.heads: list[str] = []
        self.styles: list[Format | None] = []
        self.bodies: list[str] = []

    def add(self, row: int, attributes: str, cells: Mapping[int, Cell], defaults: Mapping[int, Format]) -> None:
        number, heads, styles, bodies = row + 1, self.heads, self.styles, self.bodies
        heads.append(f'<row r="{number}"{attributes}{">" if cells else "/>"}')
        styles.append(None)
        bodies.append(NOTHING)
        end = f'{number}"'
        for column in sorted(cells):
            style, body, _ = cells[column]
            heads.append('<c r="' + LETTERS[column] + end)
            styles.append(defaults.get(column) if style is None else style)
            bodies.append(body)
        if cells:
            bodies[-1] += "</row>"

    def styles_in_order(self, defaults: Mapping[int, Format]) -> Iterator[Format]:
        del defaults  # they were put in as the cells came
        return (style for style in dict.fromkeys(self.styles) if style is not None)

    def write(self, shown: Mapping[Format | None, str]) -> Iterator[str]:
        pieces = [""] * (3 * len(self.heads))
        pieces[::3], pieces[1::3], pieces[2::3] = self.heads, [shown[style] for style in self.styles], self.bodies
        yield "".join(pieces)


class _Block:
    """Runs that stand side by side. rows: row -> attributes of its element; of others `usual`."""

    def __init__(self, first: int, count: int, runs: Mapping[int, Run], usual: str) -> None:
        self.first = first
        self.last = first + count - 1
        self.runs = dict(runs)
        self.rows: dict[int, str] = {}
        self.usual = usual

    def put(self, row: int, cells: Mapping[int, Cell]) -> None:
        """Put single cells into the runs."""
        place = row - self.first
        for column, (style, body, _) in cells.items():
            run = self.runs.get(column) or Run([NOTHING] * (self.last - self.first + 1), style)
            if not isinstance(run.bodies, list):
                run = run._replace(bodies=list(run.bodies))
            if run.style is not style and not isinstance(run.style, list):
                run = run._replace(style=list(run.styles()))
            if isinstance(run.style, list):
                run.style[place] = style
            run.bodies[place] = body  # type: ignore[index]
            self.runs[column] = run

    def styles_in_order(self, defaults: Mapping[int, Format]) -> Iterator[Format]:
        places: dict[Format, tuple[int, int]] = {}
        for column, run in sorted(self.runs.items()):
            default = defaults.get(column)
            if default is not None:
                run = self.runs[column] = run._replace(style=[style or default for style in run.styles()])  # noqa: PLW2901
            here: dict[Format | None, int]
            if isinstance(run.style, Sequence):
                here = _first_places(run.style, run.bodies)
            else:
                place = next((place for place, body in enumerate(run.bodies) if body), -1)
                here = {run.style: place} if place >= 0 else {}
            for style, place in here.items():
                if style is not None:
                    places[style] = min(places.get(style, (place, column)), (place, column))
        return iter(sorted(places, key=places.__getitem__))

    def write(self, shown: Mapping[Format | None, str]) -> Iterator[str]:
        runs = sorted(self.runs.items())
        for start in range(self.first, self.last + 1, AT_ONCE):
            stop = min(start + AT_ONCE, self.last + 1)
            part = slice(start - self.first, stop - self.first)
            numbers = [str(row) for row in range(start + 1, stop + 1)]
            rows, usual = self.rows, self.usual
            opened = [f'<row r="{number}"{rows.get(row, usual)}>' for row, number in enumerate(numbers, start)]
            columns = [_write_run(column, run, part, numbers, shown) for column, run in runs]
            yield "".join(chain.from_iterable(zip(opened, *columns, repeat("</row>"), strict=False)))


def _first_places(styles: Styles, bodies: Sequence[str]) -> dict[Format | None, int]:
    """Return where each format stands first, of those whose cells are not all left out."""
    found = {}
    for style in set(styles):
        place = -1
        with suppress(ValueError):  # when it does not stand there any more
            while style not in found:
                place = styles.index(style, place + 1)
                if bodies[place]:
                    found[style] = place
    return found


def _write_run(
    column: int, run: Run, part: slice, numbers: Sequence[str], shown: Mapping[Format | None, str]
) -> list[str]:
    """Return the XML of some cells of a run."""
    head, bodies = f'<c r="{LETTERS[column]}', run.bodies[part]
    if isinstance(run.style, Sequence):
        ends = [shown.get(style, "") for style in run.style[part]]  # those of cells left out have no number
        return [
            f'{head}{number}"{end}{body}' if body else ""
            for number, end, body in zip(numbers, ends, bodies, strict=True)
        ]
    end = f'"{shown.get(run.style, "")}'
    return [f"{head}{number}{end}{body}" if body else "" for number, body in zip(numbers, bodies, strict=True)]
