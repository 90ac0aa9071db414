"""An open workbook, read as the file reader reads a saved one: sheets, tables, and which sheets are ours."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from msgspec import Struct

from aliado.excel.cells import read_range
from aliado.report.state import STATE_ROLES
from aliado.workbook.book import OWNER_PREFIX, STYLES_NAME, sheet_of
from aliado.workbook.sheet import ExcelTable, Sheet


class LiveBook(Struct, frozen=True):
    """An open workbook as it was read. owned: role -> name of our sheet. path: None when it is not a local file."""

    sheets: tuple[Sheet, ...]
    owned: dict[str, str]
    path: Path | None


def read_live_book(book: Any) -> LiveBook:
    """Return the sheets of an xlwings book in tab order, each read in one call; of our own, those that hold state."""
    owned = read_owned(book)
    roles = {name: role for role, name in owned.items()}
    sheets = tuple(_read_sheet(sheet, roles.get(sheet.name)) for sheet in book.sheets)
    return LiveBook(sheets, owned, local_path(book))


def read_owned(book: Any) -> dict[str, str]:
    """Return role -> present name of our sheets, from the hidden names that every door leaves (`_aliado.ROLE`)."""
    present = {sheet.name.casefold(): sheet.name for sheet in book.sheets}
    owned: dict[str, str] = {}
    for name in book.names:
        key = name.name.lower()
        if key.startswith(OWNER_PREFIX) and key != STYLES_NAME:
            sheet = present.get((sheet_of(name.refers_to) or "").casefold())
            if sheet is not None and sheet not in owned.values():
                owned.setdefault(key.removeprefix(OWNER_PREFIX), sheet)
    return owned


def local_path(book: Any) -> Path | None:
    """Return the file of a book; None when it was never saved, or lies on the web (OneDrive, SharePoint)."""
    name = str(book.fullname)
    path = Path(name)
    return None if "://" in name or not path.is_absolute() else path


def saving_path(book: Any) -> Path:
    """Return the path beside which files of a book go: its own; in the user's documents when it has no folder here."""
    path = local_path(book)
    if path is not None:
        return path
    folder = Path.home() / "Documents"
    return (folder if folder.is_dir() else Path.home()) / str(book.name)


def is_visible(sheet: Any) -> bool:
    """Return whether a sheet's tab shows; Excel says -1, 0 or 2 (very hidden), other programs True or False."""
    return sheet.visible in {True, -1}


def _read_sheet(sheet: Any, role: str | None) -> Sheet:
    if role is not None and role not in STATE_ROLES:
        return Sheet(sheet.name, 1, 1, (), hidden=not is_visible(sheet), role=role)
    area = sheet.used_range
    return Sheet(
        sheet.name,
        area.row,
        area.column,
        read_range(area),  # type: ignore[arg-type]
        tables=[] if role is not None else [_read_table(table) for table in sheet.tables],
        hidden=not is_visible(sheet),
        protected=_is_protected(sheet),
        role=role,
    )


def _read_table(table: Any) -> ExcelTable:
    area = table.range
    rows, columns = area.shape
    return ExcelTable(
        table.name,
        area.row,
        area.column,
        area.row + rows - 1,
        area.column + columns - 1,
        header_rows=1 if table.show_headers else 0,
        totals_rows=1 if table.show_totals else 0,
    )


def _is_protected(sheet: Any) -> bool:
    return getattr(sheet.api, "ProtectContents", False) is True
