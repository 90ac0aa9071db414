"""Cell references: letters and numbers to rows and columns, and back. All 1-based."""

from __future__ import annotations

import re
from functools import lru_cache

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
_CELL = re.compile(r"\$?([A-Za-z]{1,3})\$?([1-9][0-9]{0,6})\Z")


def read_cell(reference: str) -> tuple[int, int]:
    """Return (row, column) of a reference such as "B7"; raises ValueError when it is none."""
    found = _CELL.match(reference.strip())
    if not found:
        raise ValueError(reference)
    row, column = int(found[2]), read_column(found[1])
    if row > LAST_ROW or column > LAST_COLUMN:
        raise ValueError(reference)
    return row, column


def read_range(reference: str) -> tuple[int, int, int, int]:
    """Return (first row, first column, last row, last column) of "B7:D9" or "B7"; raises ValueError."""
    first, _, last = reference.partition(":")
    top, left = read_cell(first)
    bottom, right = read_cell(last or first)
    return min(top, bottom), min(left, right), max(top, bottom), max(left, right)


def read_range_or_nothing(reference: str) -> tuple[int, int, int, int]:
    """Return what `read_range` does, or a range that holds no cell when the reference is none (as in damaged files)."""
    try:
        return read_range(reference)
    except ValueError:
        return (1, 1, 0, 0)


@lru_cache(maxsize=1024)
def read_column(letters: str) -> int:
    """Return the number of a column from its letters."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


@lru_cache(maxsize=1024)
def column_letters(number: int) -> str:
    """Return the letters of a column."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def write_cell(row: int, column: int) -> str:
    """Return the reference of a cell, such as "B7"."""
    return f"{column_letters(column)}{row}"
