"""Ranges that Excel hands over become sheets, and sheets an assessment; one assessment serves all cells that ask for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from aliado.errors import AliadoError
from aliado.language import Text
from aliado.rules.assess import assess
from aliado.rules.assessment import Assessment
from aliado.rules.choose import choose_pack
from aliado.tables.gather import gather
from aliado.workbook.sheet import Sheet

Range = Sequence[Sequence[Any]]
"""A range as Excel gives it: rows of cells, headings first; dates as datetimes, blanks as None."""

_Frozen = tuple[tuple[Any, ...], ...]


class BadArgument(AliadoError):
    """An argument of a custom function that cannot be used."""


def assess_ranges(as_of: object, pack: str | None, **ranges: Range | None) -> Assessment:
    """Return the assessment of some ranges, each given under its canonical table (invoices=..., receipts=...).

    Every range holds its headings in the first row. as_of: a date; a blank is not guessed. pack: as in `choose_pack`.
    """
    frozen = tuple((name, _freeze(values)) for name, values in ranges.items() if values is not None)
    return _assess(read_as_of(as_of), pack or None, frozen)


def read_as_of(value: object) -> date:
    """Return the cut-off date that a cell or button gives."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    raise BadArgument(
        Text(
            f"La fecha de corte es «{value}»; se espera una fecha, por ejemplo HOY().",
            f"The cut-off date is “{value}”; a date is expected, for example TODAY().",
        )
    )


def _freeze(values: Range) -> _Frozen:
    return tuple(tuple(row) if isinstance(row, (list, tuple)) else (row,) for row in values)


@lru_cache(maxsize=16)
def _assess(as_of: date, pack: str | None, ranges: tuple[tuple[str, _Frozen], ...]) -> Assessment:
    sheets = [Sheet(name, 1, 1, rows) for name, rows in ranges]
    chosen = choose_pack(sheets, given=pack)
    specs = {name: replace(chosen.tables[name], sheet=None, table=None) for name, _ in ranges}
    return assess(gather(sheets, specs), chosen, as_of)
