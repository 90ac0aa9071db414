"""Why a flag fires or keeps quiet, row by row."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from difflib import get_close_matches

import numpy as np

from aliado.errors import AliadoError
from aliado.formula.explain import Explanation
from aliado.language import Text, fold, same, write_date
from aliado.locales import in_both
from aliado.rules.assessment import Evidence, Finding
from aliado.rules.explanation_formula import explain_formula, formulas_of, parameter_lines, told
from aliado.rules.flags import by_currency, find_flags, in_force
from aliado.rules.hints import quote
from aliado.rules.models import Flag
from aliado.rules.pack_rules import matches
from aliado.rules.standing import Standing
from aliado.rules.values import at, to_json, write_value
from aliado.tables.table import Table

SHOWN = 3
"""Rows explained when no row is asked for."""


def explain_flag(flag: Flag, standing: Standing, row: int | None, key: str | None) -> Iterator[Text]:
    """Yield on how many rows a flag fires, then why it does or does not on the rows asked for."""
    table = standing.tables.get(flag.table)
    if table is None:
        yield Text(f"  el libro no tiene la tabla {flag.table}", f"  the workbook has no table {flag.table}")
        return
    found = [finding for finding in find_flags(standing).findings if finding.rule == flag.id]
    if row is None and key is None:
        yield Text(
            f"  salta en {len(found)} de {len(table)} filas de {table.sheet}",
            f"  fires on {len(found)} of {len(table)} rows of {table.sheet}",
        )
        rows = [finding.row for finding in found[:SHOWN] if finding.row is not None]
        if not found and len(table) and in_force(flag, standing.as_of):
            yield Text(
                f"  para ver por qué calla en una fila: --row {table.rows[0]}, o --key con su clave",
                f"  to see why it keeps quiet on a row: --row {table.rows[0]}, or --key with its key",
            )
    else:
        rows = _rows_asked(table, row, key)
    for number in rows:
        yield same("")
        yield from _explain_row(flag, standing, number, [each for each in found if each.row == number])


def _rows_asked(table: Table, row: int | None, key: str | None) -> list[int]:
    """Return the worksheet rows meant by a number or a key."""
    numbers: list[int] = table.rows.tolist()
    if row is not None:
        if row in numbers:
            return [row]
        first, last = (min(numbers), max(numbers)) if numbers else (0, 0)
        raise AliadoError(
            Text(
                f"{table.sheet} no tiene datos en la fila {row} a esa fecha: hay de la {first} a la {last}.",
                f"{table.sheet} has no data in row {row} at that date: there are rows {first} to {last}.",
            )
        )
    column = table.columns.get(table.spec.key)
    keys = [to_json(at(column, index)) for index in range(len(table))] if column is not None else []
    found = [number for number, each in zip(numbers, keys, strict=False) if fold(each) == fold(key or "")]
    if not found:
        near = get_close_matches(key or "", keys, n=3, cutoff=0.5) or keys[:3]
        raise AliadoError(
            Text(
                f"{table.sheet} no tiene {quote(key or '')} a esa fecha; tiene {', '.join(near) or '(nada)'}...",
                f"{table.sheet} has no {quote(key or '')} at that date; it has {', '.join(near) or '(nothing)'}...",
            )
        )
    return found


def _explain_row(flag: Flag, standing: Standing, number: int, found: list[Finding]) -> Iterator[Text]:
    part, index = _part_of(flag, standing, number)
    table = part.tables[flag.table]
    key = table.columns.get(table.spec.key)
    known = to_json(at(key, index)) if key is not None else ""
    shown = f": {known}" if known else ""
    yield Text(f"{table.sheet}, fila {number}{shown}", f"{table.sheet}, row {number}{shown}")
    data = part.data(flag.table, flag.params_at)
    when = part.as_of
    if flag.params_at is not None:
        column = flag.params_at.evaluate(part.data(flag.table))
        value = at(column, index)
        when = value if isinstance(value, date) else when
        yield from explain_formula("params_at", flag.params_at, flag, part, index)
    formulas = [(name, formula) for name, formula in formulas_of(flag) if name != "params_at"]
    for name, formula in formulas:
        yield from told("  ", name, formula, Explanation(formula, data).steps(index), flag, standing)
    if flag.check is not None:
        fields = ", ".join(dict.fromkeys((*flag.of, *flag.by)))
        yield Text(f"  comprobación {flag.check}: {fields}", f"  check {flag.check}: {fields}")
    yield from parameter_lines([formula for _, formula in formulas], standing, when)
    yield from _exceptions(flag, part, index)
    for finding in found:
        yield Text(
            f"  SALTA ({_SEVERITIES[finding.severity].es}): {finding.message.es}",
            f"  FIRES ({_SEVERITIES[finding.severity].en}): {finding.message.en}",
        )
        for other in finding.evidence:
            told_of = _cells(other, standing)
            yield Text(
                f"    junto con {other.sheet}, fila {other.row}: {told_of.es}",
                f"    along with {other.sheet}, row {other.row}: {told_of.en}",
            )
    if not found:
        yield Text("  NO SALTA", "  DOES NOT FIRE")


def _cells(row: Evidence, standing: Standing) -> Text:
    """Return what a row beside the finding's own holds, as a person writes it."""
    table = standing.tables[row.table]
    index = int(np.flatnonzero(table.rows == row.row)[0])
    values = [(at(table.columns[name], index), table.spec.fields[name].type) for name in row.values]
    return in_both(
        standing.profile.country,
        lambda locale: " · ".join(filter(None, (write_value(value, kind, locale) for value, kind in values))),
    )


_SEVERITIES = {"red": Text("roja", "red"), "amber": Text("ámbar", "amber"), "info": Text("informativa", "info")}


def _part_of(flag: Flag, standing: Standing, number: int) -> tuple[Standing, int]:
    """Return the standing in the row's currency, which is what the rule sees, and the row's index in it."""
    for part in [standing] if flag.check is not None else by_currency(standing, flag.table):
        places = np.flatnonzero(part.tables[flag.table].rows == number)
        if len(places):
            return part, int(places[0])
    return standing, int(np.flatnonzero(standing.tables[flag.table].rows == number)[0])


def _exceptions(flag: Flag, standing: Standing, index: int) -> Iterator[Text]:
    for exception in standing.pack.exceptions.values():
        if exception.table == flag.table and any(matches(pattern, flag.id) for pattern in exception.rules):
            holds = at(exception.when.evaluate(standing.data(flag.table)), index) is True
            if holds:
                past = not exception.holds(standing.as_of)
                es = "ya no, venció" if past else "hasta"
                en = "no longer, ended" if past else "until"
                yield Text(
                    f"  excepción {exception.id} ({exception.place}), {es} el {write_date(exception.until, 'es')}, por {exception.by}: {exception.reason.es}",
                    f"  exception {exception.id} ({exception.place}), {en} {write_date(exception.until, 'en')}, by {exception.by}: {exception.reason.en}",
                )
