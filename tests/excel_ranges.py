"""Client tables as Excel hands them to a custom function: from the file, dressed the way COM dresses values."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from types import SimpleNamespace

from aliado.batch.outcome import Options
from aliado.batch.refresh import assess_package
from aliado.cells.block import Block
from aliado.rules.assessment import Assessment
from aliado.rules.choose import choose_pack
from aliado.tables.recognition import recognise
from aliado.workbook.package import read_package
from aliado.workbook.reader import read_sheets


def dress(cell):
    """Return a cell as pywin32 gives it: every number a float, dates with a clock, blank as None."""
    if cell is None or cell == "":
        return None
    if isinstance(cell, (bool, str)):
        return cell
    if isinstance(cell, (int, float)):
        return float(cell)
    if isinstance(cell, datetime):
        return cell
    if isinstance(cell, date):
        return datetime(cell.year, cell.month, cell.day)  # noqa: DTZ001 -- as Excel: no zone
    return cell


def ranges_of(path: Path) -> dict[str, Block]:
    """Return canonical table -> its range with headings, as a person would select it on the sheet."""
    sheets = read_sheets(read_package(path.read_bytes()))
    pack = choose_pack(sheets, path)
    found = {}
    for name, match in recognise(sheets, pack.tables).matches.items():
        region = match.region
        rows = region.sheet.rows[
            region.header_row - region.sheet.first_row : region.last_row - region.sheet.first_row + 1
        ]
        cells = [[dress(cell) for cell in row] for row in rows]
        found[name] = Block(cells, region.header_row, region.sheet.first_column)
    return found


def batch_of(path: Path, as_of: date) -> Assessment:
    """Return what the batch has to say about a workbook."""
    return assess_package(read_package(path.read_bytes()), path, Options(as_of))


def cell_in(path: Path) -> SimpleNamespace:
    """Return a stand-in for the cell of a formula in a workbook at `path`."""
    return SimpleNamespace(sheet=SimpleNamespace(book=SimpleNamespace(fullname=str(path))))
