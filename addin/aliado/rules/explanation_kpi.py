"""Where a figure comes from: its method, its formula part by part, its lines, and the rows that make it up."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import partial

import numpy as np

from aliado.formula.explain import Explanation
from aliado.language import Text, same
from aliado.locales import Locale, in_both
from aliado.rules.assessment import Kpi
from aliado.rules.explanation_formula import parameter_line, told
from aliado.rules.kpis import compute_kpis, rows_counted
from aliado.rules.models import KpiRule
from aliado.rules.standing import Standing
from aliado.rules.values import Cell, at, write_value
from aliado.tables.schema import FieldType
from aliado.tables.table import Table

ROWS = 10
"""Contributing rows that are listed; the rest are counted."""

_BY_DOMAIN = ("issue_date", "due_date", "total", "balance")
"""What a domain function reads of open items."""


def explain_kpi(rule: KpiRule, standing: Standing) -> Iterator[Text]:
    """Yield how a figure is computed on the standing's date, and from which rows."""
    if rule.method.es:
        yield Text(f"  método: {rule.method.es}", f"  method: {rule.method.en}")
    kpi = next((each for each in compute_kpis(standing) if each.id == rule.id), None)
    if kpi is None or rule.value is None:
        yield Text(
            "  no se calcula: falta su tabla o no cuenta", "  not computed: its table is missing, or it does not count"
        )
        return
    part = rows_counted(rule, standing)
    if rule.where is not None and rule.table is not None:
        total, kept = len(standing.tables[rule.table]), len(part.tables[rule.table])
        yield from told("  ", "where", rule.where, [], rule, standing)
        yield Text(f"    cuentan {kept} de {total} filas", f"    {kept} of {total} rows count")
    steps = Explanation(rule.value, part.data(rule.table, rule.params_at)).steps(0)
    yield from told("  ", "value", rule.value, steps, rule, standing)
    for name in sorted(rule.value.parameters):
        yield parameter_line(standing.pack.params[name], standing.as_of, standing)
    yield _result(kpi, standing.profile.country)
    if rule.table is not None:
        yield from _rows(rule, part)


def _result(kpi: Kpi, country: str) -> Text:
    def told_in(locale: Locale) -> str:
        language = locale.language
        figure = write_figure(kpi.value, kpi.unit, locale) if kpi.value is not None else "—"
        reason = f" ({kpi.reason.to(language)})" if kpi.reason else ""
        names = {
            "es": ("objetivo", "ámbar pasado", "rojo pasado"),
            "en": ("target", "amber beyond", "red beyond"),
        }[language]
        lines = [
            f"{name} {write_figure(value, kpi.unit, locale)}"
            for name, value in zip(names, (kpi.target, kpi.amber, kpi.red), strict=True)
            if value is not None
        ]
        light = _LIGHTS[kpi.status].to(language)
        return f"{figure}{reason}: {light}" + (f" ({', '.join(lines)})" if lines else "")

    told = in_both(country, told_in)
    return Text(f"  RESULTADO {told.es}", f"  RESULT {told.en}")


_LIGHTS = {
    "green": Text("verde", "green"),
    "amber": Text("ámbar", "amber"),
    "red": Text("rojo", "red"),
    "none": Text("sin luz", "no light"),
}


def write_figure(value: Decimal, unit: str, locale: Locale) -> str:
    """Return a figure with its unit."""
    if unit == "%":
        return write_value(round(value, 6), FieldType.PERCENT, locale)
    if unit == "money":
        return write_value(value, FieldType.MONEY, locale)
    shown = write_value(value, None, locale)
    return f"{shown} {'días' if locale.language == 'es' else 'days'}" if unit == "days" else shown


def _rows(rule: KpiRule, part: Standing) -> Iterator[Text]:
    """Yield the rows that a figure is made of, the largest amounts first."""
    if rule.table is None or rule.value is None:
        return
    table = part.tables[rule.table]
    used = {name for owner, name in rule.value.uses if owner == rule.table}
    if rule.table in rule.value.tables:
        used |= set(_BY_DOMAIN)
    fields = [name for name in table.spec.fields if name in used and name in table.columns]
    chosen = _weighty(table, fields)
    if not len(chosen):
        return
    yield Text(
        f"  sale de {len(chosen)} filas de {table.sheet}:", f"  it comes from {len(chosen)} rows of {table.sheet}:"
    )
    for index in chosen[:ROWS].tolist():
        yield in_both(part.profile.country, partial(_row, table, fields, index))
    if len(chosen) > ROWS:
        left = len(chosen) - ROWS
        yield Text(f"    y {left} más", f"    and {left} more")


def _weighty(table: Table, fields: list[str]) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    """Return the rows with an amount, the largest first: by the balance where it counts, else by the first number."""
    numbers = [name for name in fields if table.spec.fields[name].type in (FieldType.MONEY, FieldType.NUMBER)]
    numbers.sort(key=lambda name: name != "balance")
    if not numbers:
        return np.arange(len(table), dtype=np.intp)
    sizes = [np.abs(table.columns[name].data.astype(np.float64)) for name in numbers]
    filled = np.flatnonzero(np.any(np.array([size > 0 for size in sizes]), axis=0))
    return filled[np.lexsort([-size[filled] for size in reversed(sizes)])]


def _row(table: Table, fields: list[str], index: int, locale: Locale) -> str:
    names = [name for name in (table.spec.key, *fields) if name in table.columns]
    cells = []
    for name in dict.fromkeys(names):
        value: Cell = at(table.columns[name], index)
        text = write_value(value, table.spec.fields[name].type, locale)
        title = (table.spec.fields[name].title or same(name)).to(locale.language)
        if text:
            cells.append(f"{title} {text}")
    return f"    {table.rows[index]}: {' · '.join(cells)}"
