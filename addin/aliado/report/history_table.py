"""The table of runs on the history sheet: one row per date, read back by its headings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Final, Literal

from msgspec import Struct
from msgspec.structs import replace

from aliado.formula.values import from_serial
from aliado.language import Language, fold
from aliado.report import words
from aliado.rules.assessment import BANDS, Ageing, Past
from aliado.workbook.sheet import CellValue, Sheet

Origin = Literal["run", "look_back", "recomputed"]

CENT: Final = Decimal("0.01")


class HistoryRow(Struct, frozen=True):
    """One row of the table: the figures of a date, and where they come from."""

    origin: Origin
    figures: Past


def without_customers(ageing: Ageing) -> Ageing:
    """Return an ageing with its totals only."""
    return replace(ageing, customers=())


def band_headings(currency: str, language: Language) -> list[str]:
    """Return the headings of a currency's bands and of its total."""
    titles = [*(words.BANDS[band] for band in BANDS), words.TOTAL]
    return [f"{currency} · {title.to(language)}" for title in titles]


def read_runs(sheet: Sheet) -> tuple[Past, ...]:
    """Return the recorded runs on the sheet, oldest first; rows that were only shown are left out."""
    head = _find_head(sheet)
    if head is None:
        return ()
    top, day_column, origin_column = head
    headings = {
        index: text.strip()
        for index, text in enumerate(sheet.rows[top])
        if isinstance(text, str) and text.strip() and index not in {day_column, origin_column}
    }
    runs: dict[date, Past] = {}
    for row in sheet.rows[top + 1 :]:
        day = _date(row[day_column] if day_column < len(row) else None)
        origin = row[origin_column] if origin_column < len(row) else None
        if day is not None and isinstance(origin, str) and fold(origin) in _RUN:
            cells = {heading: row[index] if index < len(row) else None for index, heading in headings.items()}
            runs[day] = _figures(day, cells)
    return tuple(runs[day] for day in sorted(runs))


_RUN: Final = frozenset(fold(text) for text in words.ORIGINS["run"])
_AS_OF: Final = frozenset(fold(text) for text in words.AS_OF)
_ORIGIN: Final = frozenset(fold(text) for text in words.ORIGIN)
_PLACES: Final[Mapping[str, int]] = {
    **{fold(title): index for index, band in enumerate(BANDS) for title in words.BANDS[band]},
    **{fold(title): len(BANDS) for title in words.TOTAL},
}
"""Heading of a band, in either language -> its place; the total comes last."""


def _find_head(sheet: Sheet) -> tuple[int, int, int] | None:
    for top, row in enumerate(sheet.rows):
        names = [fold(cell) if isinstance(cell, str) else "" for cell in row]
        day = next((index for index, name in enumerate(names) if name in _AS_OF), None)
        origin = next((index for index, name in enumerate(names) if name in _ORIGIN), None)
        if day is not None and origin is not None:
            return top, day, origin
    return None


def _figures(day: date, cells: Mapping[str, CellValue]) -> Past:
    kpis: dict[str, Decimal | None] = {}
    amounts: dict[str, dict[int, Decimal]] = {}
    for heading, cell in cells.items():
        currency, dot, band = heading.rpartition("·")
        place = _PLACES.get(fold(band)) if dot else None
        value = _number(cell)
        if place is None:
            kpis[heading] = value
        elif value is not None:
            amounts.setdefault(currency.strip(), {})[place] = value.quantize(CENT)
    return Past(day, kpis, tuple(_ageing(currency, places) for currency, places in amounts.items()))


def _ageing(currency: str, places: Mapping[int, Decimal]) -> Ageing:
    bands: Sequence[Decimal] = [places.get(index, Decimal(0).quantize(CENT)) for index in range(len(BANDS))]
    return Ageing(currency, tuple(bands), places.get(len(BANDS), sum(bands, Decimal(0))), ())


def _date(cell: CellValue) -> date | None:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, (int, float)) and not isinstance(cell, bool) and 1 <= cell < 100_000:
        return from_serial(int(cell))
    return None


def _number(cell: CellValue) -> Decimal | None:
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return Decimal(repr(cell))
    return None
