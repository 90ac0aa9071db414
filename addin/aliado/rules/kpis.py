"""Indicators: each rule's formula evaluated to one figure, and judged by its lines."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import numpy as np
import numpy.typing as npt

from aliado.formula.compile import Formula
from aliado.formula.values import State, round_half_up
from aliado.language import Text
from aliado.locales import in_both
from aliado.rules.assessment import Basis, Kpi, KpiStatus
from aliado.rules.doubt import seen
from aliado.rules.flags import in_force, truth
from aliado.rules.models import KpiRule, Param
from aliado.rules.receivables import PLACES
from aliado.rules.standing import Standing
from aliado.rules.values import Cell, write_value
from aliado.tables.schema import FieldType
from aliado.tables.table import Table

_REASONS = {
    State.DIV0: Text(
        "no hay con qué dividir (nada pendiente o sin ventas)", "nothing to divide by (nothing open, or no sales)"
    ),
    State.NA: Text(
        "no hay datos para calcularlo (sin ventas, sin cobros o sin saldo)",
        "no data to compute it from (no sales, no payments or nothing open)",
    ),
}
_DAYS_ALONE = ("ALIADO_DAYS_", "ALIADO_RETRASO_", "ALIADO_DIAS_")
"""Domain functions that count days, which are the same in any currency."""

_UNKNOWN = Text("faltan datos en las columnas que usa", "data is missing in the columns it uses")


def compute_kpis(standing: Standing) -> tuple[Kpi, ...]:
    """Return every KPI of the pack whose table the client has, in the pack's order."""
    return tuple(_compute(rule, standing) for rule in _rules_of(standing))


def compute_values(standing: Standing) -> dict[str, Decimal | None]:
    """Return the value of every KPI alone, by its id, as `compute_kpis` does."""
    return {rule.id: _value(_evaluate(rule, _rows_computed(rule, standing)[0])) for rule in _rules_of(standing)}


def _rules_of(standing: Standing) -> Iterator[KpiRule]:
    for rule in standing.pack.kpis.values():
        known = rule.table is None or rule.table in standing.tables
        if known and rule.value is not None and in_force(rule, standing.as_of):
            yield rule


def rows_counted(rule: KpiRule, standing: Standing) -> Standing:
    """Return the standing with only the rows that a figure counts: in the client's own currency, and where it says so."""
    return _rows_of(rule, standing)[0]


def _rows_of(rule: KpiRule, standing: Standing, *, items: bool = True) -> tuple[Standing, list[str]]:
    """Return the standing with only the rows that a figure counts, and the currencies left aside. items: as in `restrict`."""
    part, aside = _own_currency(rule, standing)
    if rule.where is not None and rule.table is not None:
        part = _where_holds(rule.where, rule.table, part, items=items)
    return part, aside


def _where_holds(where: Formula, table: str, part: Standing, *, items: bool) -> Standing:
    """Return the standing with only the rows on which a condition holds, the same for every figure that has it."""
    key = "where", table, where.node, where.decimal_comma, items
    found: Standing | None = part.memo.get(key)
    if found is not None:
        return found
    kept, _ = truth(where.evaluate(part.data(table)), len(part.tables[table]))
    if kept.all():
        return part
    found = part.memo[key] = part.restrict(table, kept, items=items)
    return found


def _rows_computed(rule: KpiRule, standing: Standing) -> tuple[Standing, list[str]]:
    return _rows_of(rule, standing, items=rule.value is None or rule.value.asks_domain)


def _compute(rule: KpiRule, standing: Standing) -> Kpi:
    part, aside = _rows_computed(rule, standing)
    cell = _evaluate(rule, part)
    value = _value(cell)
    method = rule.method
    if aside:
        codes = ", ".join(aside)
        method = Text(
            f"{method.es}. Solo {standing.profile.currency}; aparte quedan filas en {codes}",
            f"{method.en}. {standing.profile.currency} only; rows in {codes} are left aside",
        )
    return Kpi(
        id=rule.id,
        title=rule.title,
        value=value,
        unit=rule.unit,
        status=judge(value, rule),
        better=rule.better,
        target=rule.target,
        amber=rule.amber,
        red=rule.red,
        method=method,
        reason=None if value is not None else _reason(cell, rule),
        source=", ".join(rule.source),
        basis=_basis(rule, part),
    )


def _evaluate(rule: KpiRule, part: Standing) -> Cell:
    assert rule.value is not None  # noqa: S101 -- only rules with a value are computed
    column = rule.value.evaluate(part.data(rule.table, rule.params_at))
    return column.value(0) if len(column) else State.NA


def _value(cell: Cell) -> Decimal | None:
    if isinstance(cell, (Decimal, float)):
        return round_half_up(cell if isinstance(cell, Decimal) else Decimal(repr(cell)), PLACES)
    return None


def _reason(cell: object, rule: KpiRule) -> Text:
    if cell is State.NA and rule.empty is not None:
        return rule.empty
    return _REASONS.get(cell, _UNKNOWN) if isinstance(cell, State) else _UNKNOWN


def _basis(rule: KpiRule, part: Standing) -> Basis:
    """Return what a figure rests on. part: the standing with the rows that count."""
    formulas = [formula for formula in (rule.value, rule.where) if formula is not None]
    names = sorted({name for formula in formulas for name in formula.parameters})
    parameters = [(param.title, _told(param, part)) for name in names if (param := part.pack.params.get(name))]
    table = part.tables.get(rule.table) if rule.table is not None else None
    return Basis(
        formula=rule.value.text if rule.value is not None else "",
        where=rule.where.text if rule.where is not None else "",
        place=str(rule.place),
        parameters=tuple(parameters),
        sheet=table.sheet if table is not None else None,
        row=table.header_row if table is not None else 0,
        rows=len(table) if table is not None else 0,
        unverified=not seen(rule, part),
        stretches=runs_of(table) if table is not None else (),
        columns=_edges(table) if table is not None else ("A", "A"),
    )


def runs_of(table: Table) -> tuple[tuple[int, int], ...]:
    """Return the worksheet rows of a table as runs, (first, last) each, in their order."""
    found: tuple[tuple[int, int], ...] | None = table.memo.get("runs")
    if found is None:
        found = table.memo["runs"] = _runs(table.rows)
    return found


def _runs(rows: npt.NDArray[np.int64]) -> tuple[tuple[int, int], ...]:
    if not len(rows):
        return ()
    if not (rows[1:] > rows[:-1]).all():
        rows = np.sort(rows)
    breaks = np.flatnonzero(rows[1:] - rows[:-1] > 1)
    firsts, lasts = rows[np.concatenate([[0], breaks + 1])], rows[np.concatenate([breaks, [len(rows) - 1]])]
    return tuple(zip(firsts.tolist(), lasts.tolist(), strict=True))


def _edges(table: Table) -> tuple[str, str]:
    found: tuple[str, str] | None = table.memo.get("edges")
    if found is None:
        order = [(len(letter), letter) for letter in table.cells.values()]
        found = table.memo["edges"] = (min(order)[1], max(order)[1]) if order else ("A", "A")
    return found


def _told(param: Param, standing: Standing) -> Text:
    value = param.at(standing.as_of)
    if value is None:
        return Text("—", "—")
    cell = Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value
    kind = FieldType(param.type)
    return in_both(standing.profile.country, lambda locale: write_value(cell, kind, locale))


def judge(value: Decimal | None, rule: KpiRule) -> KpiStatus:
    """Return the light of a figure: red or amber when it is worse than that line (on the line is still better), else green.

    none: there is no figure, or the rule draws no line.
    """
    if value is None or (rule.amber is None and rule.red is None and rule.target is None):
        return "none"
    sign = -1 if rule.better == "higher" else 1
    if rule.better == "none":
        return "none"
    if rule.red is not None and sign * value > sign * rule.red:
        return "red"
    amber = rule.amber if rule.amber is not None else rule.target if rule.red is None else None
    return "amber" if amber is not None and sign * value > sign * amber else "green"


def _own_currency(rule: KpiRule, standing: Standing) -> tuple[Standing, list[str]]:
    """Return the standing in the client's own currency, and the other currencies, for figures that read amounts by row."""
    if rule.table is None or not standing.foreign or not _adds_money(rule, standing):
        return standing, []
    read = {rule.table, *(owner for owner, _ in rule.value.uses)} if rule.value is not None else {rule.table}
    others: set[str] = set()
    for name in read & set(standing.foreign):
        others |= standing.foreign[name]
    return (standing.in_currency(standing.profile.currency) if others else standing), sorted(others)


def _adds_money(rule: KpiRule, standing: Standing) -> bool:
    """Whether a figure is in money or is made from amounts; mean days are not."""
    if rule.value is None or rule.table is None or any(name in rule.value.text.upper() for name in _DAYS_ALONE):
        return False
    reads = any(
        owner in standing.tables
        and name in standing.tables[owner].spec.fields
        and standing.tables[owner].spec.fields[name].type is FieldType.MONEY
        for owner, name in rule.value.uses
    )
    return reads or not rule.value.uses
