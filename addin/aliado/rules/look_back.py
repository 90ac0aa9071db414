"""Indicators and ageing at past dates, from the client's tables as they are now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from aliado.rules import receivables
from aliado.rules.assessment import Past
from aliado.rules.kpis import compute_values
from aliado.rules.standing import Books


def look_back(books: Books, days: Sequence[date]) -> tuple[Past, ...]:
    """Return the figures at each of `days`, oldest first; days on which the client had none yet are left out."""
    found = (_figures(books, day) for day in sorted(days))
    return tuple(past for past in found if _says_something(past))


def _figures(books: Books, day: date) -> Past:
    standing = books.on(day)
    items = standing.receivables
    codes = () if items is None else items.currencies(standing.profile.currency)
    ageing = tuple(receivables.ageing_sums(items, standing.day, code) for code in codes if items is not None)
    return Past(day, compute_values(standing), ageing)


def _says_something(past: Past) -> bool:
    return any(past.kpis.values()) or any(any(each.bands) for each in past.ageing)
