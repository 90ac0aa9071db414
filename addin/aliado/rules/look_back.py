"""Indicators and ageing at past dates, from the client's tables as they are now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from msgspec.structs import replace

from aliado.rules import receivables
from aliado.rules.assessment import Past
from aliado.rules.kpis import compute_kpis
from aliado.rules.packs import Pack
from aliado.rules.standing import stand
from aliado.tables.table import Table


def look_back(tables: Mapping[str, Table], pack: Pack, days: Sequence[date]) -> tuple[Past, ...]:
    """Return the figures at each of `days`, oldest first; days on which the client had none yet are left out."""
    found = (_figures(tables, pack, day) for day in sorted(days))
    return tuple(past for past in found if _says_something(past))


def _figures(tables: Mapping[str, Table], pack: Pack, day: date) -> Past:
    standing = stand(tables, pack, day)
    items = standing.receivables
    codes = () if items is None else items.currencies(standing.profile.currency)
    ageing = tuple(
        replace(receivables.ageing(items, standing.day, code), customers=()) for code in codes if items is not None
    )
    return Past(day, {kpi.id: kpi.value for kpi in compute_kpis(standing)}, ageing)


def _says_something(past: Past) -> bool:
    return any(past.kpis.values()) or any(any(each.bands) for each in past.ageing)
