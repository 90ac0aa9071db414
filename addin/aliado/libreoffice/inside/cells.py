"""What cells of LibreOffice hold, told apart as Excel tells them: numbers, dates, booleans, errors."""

from __future__ import annotations

from typing import Any

ERRORS = {
    502: "#VALUE!",
    503: "#NUM!",
    508: "#VALUE!",
    511: "#VALUE!",
    519: "#VALUE!",
    524: "#REF!",
    525: "#NAME?",
    532: "#DIV/0!",
    32767: "#N/A",
}
"""LibreOffice's own numbers of errors, as Excel shows them; any other is "#VALUE!"."""

_DATE, _TIME, _LOGICAL = 2, 4, 1024
_FORMATS = (
    "NumberFormat",
    "CellBackColor",
    "IsCellBackgroundTransparent",
    "CharColor",
    "CharFontName",
    "CharHeight",
    "CharWeight",
    "CharPosture",
    "CharUnderline",
    "CharStrikeout",
    "HoriJustify",
    "VertJustify",
    "IsTextWrapped",
    "ShrinkToFit",
    "ParaIndent",
    "Orientation",
    "RotateAngle",
    "TopBorder2",
    "BottomBorder2",
    "LeftBorder2",
    "RightBorder2",
    "CellProtection",
)
"""What the look of a cell is made of."""
_ERROR_RESULTS = 4


def make_range(sheet: Any, area: list[int]) -> Any:
    """Return cells of a sheet. area: top, left, bottom, right, from 1."""
    top, left, bottom, right = area
    return sheet.getCellRangeByPosition(left - 1, top - 1, right - 1, bottom - 1)


def read_cells(model: Any, cells: Any) -> list[list[Any]]:
    """Return rows of cells: None, numbers, texts, booleans, {"day": serial} for dates and times, {"error": text}."""
    rows = [[None if cell == "" else cell for cell in line] for line in cells.getDataArray()]
    first = cells.RangeAddress
    formats = cells.getUniqueCellFormatRanges()
    for group in (formats.getByIndex(index) for index in range(formats.Count)):
        kind = model.NumberFormats.getByKey(group.NumberFormat).Type
        if kind & (_DATE | _TIME | _LOGICAL):
            for address in group.RangeAddresses:
                _dress(rows, first, address, logical=bool(kind & _LOGICAL))
    if any(cell is None for row in rows for cell in row):
        _put_errors(rows, first, cells)
    return rows


def copy_formats(source: Any, target: Any) -> None:
    """Give the cells of each column the style of the first source cell of that column, and what that has of its own."""
    from com.sun.star.beans.PropertyState import DIRECT_VALUE

    first, wide = target.RangeAddress, source.RangeAddress
    for column in range(wide.EndColumn - wide.StartColumn + 1):
        model = source.getCellByPosition(column, 0)
        cells = target.getCellRangeByPosition(column, 0, column, first.EndRow - first.StartRow)
        cells.CellStyle = model.CellStyle
        for name in _FORMATS:
            if model.getPropertyState(name) == DIRECT_VALUE:
                cells.setPropertyValue(name, model.getPropertyValue(name))
            else:
                cells.setPropertyToDefault(name)


def _dress(rows: list[list[Any]], first: Any, address: Any, *, logical: bool) -> None:
    for i in range(address.StartRow - first.StartRow, address.EndRow - first.StartRow + 1):
        row = rows[i]
        for j in range(address.StartColumn - first.StartColumn, address.EndColumn - first.StartColumn + 1):
            if isinstance(row[j], float):
                row[j] = bool(row[j]) if logical else {"day": row[j]}


def _put_errors(rows: list[list[Any]], first: Any, cells: Any) -> None:
    failed = cells.queryFormulaCells(_ERROR_RESULTS)
    for address in failed.RangeAddresses:
        for i in range(address.StartRow - first.StartRow, address.EndRow - first.StartRow + 1):
            for j in range(address.StartColumn - first.StartColumn, address.EndColumn - first.StartColumn + 1):
                rows[i][j] = {"error": ERRORS.get(cells.getCellByPosition(j, i).getError(), "#VALUE!")}
