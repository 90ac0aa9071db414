"""Rules that mark rows: evaluated over whole columns, then told row by row."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fnmatch import fnmatchcase

import numpy as np
import numpy.typing as npt

from aliado.formula.compile import Formula
from aliado.formula.data import Data
from aliado.formula.values import Column, State
from aliado.language import Language, Text, same
from aliado.rules.assessment import Evidence, Finding, Severity
from aliado.rules.checks import CHECKS
from aliado.rules.models import Flag, Level, Rule
from aliado.rules.standing import Standing, row_currencies
from aliado.rules.values import Cell, at, to_json, write_value
from aliado.tables.table import Table

Mask = npt.NDArray[np.bool_]

_PLACEHOLDER = re.compile(r"\{(\w+)\}")
SEVERITY_ORDER: Mapping[str, int] = {"red": 0, "amber": 1, "info": 2}


@dataclass(frozen=True, slots=True)
class Flagged:
    """What the flags found, and remarks on rows that a rule could not decide."""

    findings: tuple[Finding, ...]
    notes: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """A row that a flag marks. detail: what a check adds to the message, in place of the flag's own."""

    row: int
    severity: Severity
    label: str = ""
    action: Text = Text("", "")
    level: Text = Text("", "")
    value: Cell | None = None
    detail: Text | None = None
    field: str | None = None
    evidence: tuple[Evidence, ...] = ()


def find_flags(standing: Standing) -> Flagged:
    """Return every finding of the pack's flags, worst first, then by rule and row."""
    findings: list[Finding] = []
    notes: list[Text] = []
    for flag in standing.pack.flags.values():
        if flag.table not in standing.tables or not in_force(flag, standing.as_of):
            continue
        undecided = 0
        explanation = explain_shortly(flag)
        for part in [standing] if flag.check is not None else by_currency(standing, flag.table):
            hits, unknown = _evaluate(flag, part)
            undecided += unknown
            findings += [_finding(flag, hit, part, explanation) for hit in hits]
        if undecided:
            notes.append(_undecided(flag, undecided, standing.tables[flag.table]))
    findings.sort(key=lambda item: (SEVERITY_ORDER[item.severity], item.rule, item.row or 0, item.key))
    return Flagged(tuple(findings), tuple(notes))


def in_force(rule: Rule, as_of: date) -> bool:
    """Return whether a rule counts at `as_of`: within its dates and not switched off."""
    return rule.valid.includes(as_of) and not (rule.off is not None and rule.off.holds(as_of))


def by_currency(standing: Standing, name: str) -> Iterable[Standing]:
    """Yield the standing, once per currency of the table where there are several: amounts never mix."""
    codes = row_currencies(standing.tables[name], standing.profile.currency)
    if codes is not None and len(set(codes.tolist())) > 1:
        for code in sorted(set(codes.tolist()), key=lambda code: (code != standing.profile.currency, code)):
            yield standing.in_currency(code)
    elif name in {"customers", "suppliers", "profile"}:
        yield standing.in_currency(standing.profile.currency)
    else:
        yield standing


def _evaluate(flag: Flag, standing: Standing) -> tuple[list[Hit], int]:
    """Return the rows that a flag marks, and how many it could not decide."""
    table = standing.tables[flag.table]
    count = len(table)
    if not count:
        return [], 0
    data = standing.data(flag.table, flag.params_at)
    wanted, unsure = _everywhere(count) if flag.for_ is None else truth(flag.for_.evaluate(data), count)
    heard = ~silenced(flag.id, flag.table, standing, data)
    if flag.check is not None:
        wanted &= heard
        return [
            Hit(
                mark.row,
                mark.severity or flag.severity or "amber",
                mark.label,
                level=mark.level,
                detail=mark.text,
                field=mark.field,
                evidence=mark.evidence,
            )
            for mark in CHECKS[flag.check](flag, standing)
            if wanted[mark.row]
        ], 0
    if flag.when is not None:
        holds, unknown = truth(flag.when.evaluate(data), count)
        rows = np.flatnonzero(wanted & heard & holds).tolist()
        undecided = heard & ((unsure & (holds | unknown)) | (wanted & unknown))
        return [Hit(row, flag.severity or "amber") for row in rows], int(undecided.sum())
    return _by_level(flag, data, wanted & heard, heard & unsure)


def mark_rows(flag: Flag, standing: Standing) -> npt.NDArray[np.intp]:
    """Return the indices of the rows that a flag marks, without saying anything of them."""
    return np.array(sorted(hit.row for hit in _evaluate(flag, standing)[0]), dtype=np.intp)


def _everywhere(count: int) -> tuple[Mask, Mask]:
    return np.ones(count, dtype=bool), np.zeros(count, dtype=bool)


def explain_shortly(rule: Rule) -> Text:
    """Return what a rule looks at, in its own words, where it is written, and its sources; the same for all its findings."""
    names = (("for_", "for"), ("when", "when"), ("value", "value"))
    formulas = [f"{key}: {formula.text}" for name, key in names if (formula := getattr(rule, name, None)) is not None]
    check = [f"check: {rule.check} ({', '.join((*rule.of, *rule.by))})"] if isinstance(rule, Flag) and rule.check else []
    said = " · ".join([*formulas, *check, str(rule.place), *([f"[{', '.join(rule.source)}]"] if rule.source else [])])
    return same(said)


def _by_level(flag: Flag, data: Data, rows: Mask, unsure: Mask) -> tuple[list[Hit], int]:
    if flag.value is None:
        return [], 0
    value = flag.value.evaluate(data)
    hits = []
    undecided = int(unsure.sum())
    for row in np.flatnonzero(rows).tolist():
        cell = at(value, row)
        if isinstance(cell, State):
            undecided += 1
        elif isinstance(cell, (Decimal, float)) and not isinstance(cell, bool):
            level = _level(cell, flag.levels)
            if level:
                hits.append(Hit(row, level.severity, level.label, level.action, level.title, cell))
    return hits, undecided


def _level(value: Decimal | float, levels: tuple[Level, ...]) -> Level | None:
    """Return the highest level whose edge the value is over."""
    passed = [level for level in levels if value > level.over]
    return max(passed, key=lambda level: level.over, default=None)


def truth(column: Column, count: int) -> tuple[Mask, Mask]:
    """Return where a condition holds and where it cannot be decided."""
    holds = np.broadcast_to(np.asarray(column.data, dtype=bool), (count,))
    if column.state is None:
        return holds.copy(), np.zeros(count, dtype=bool)
    known = np.broadcast_to(column.state == State.VALUE, (count,))
    return holds & known, ~known


def silenced(rule: str, table: str, standing: Standing, data: Data) -> Mask:
    """Return the rows that an exception in force keeps from this rule."""
    rows = np.zeros(len(standing.tables[table]), dtype=bool)
    for exception in standing.pack.exceptions.values():
        if (
            exception.table == table
            and exception.holds(standing.as_of)
            and any(fnmatchcase(rule, pattern) for pattern in exception.rules)
        ):
            rows |= truth(exception.when.evaluate(data), len(rows))[0]
    return rows


def _finding(flag: Flag, hit: Hit, standing: Standing, explanation: Text) -> Finding:
    table = standing.tables[flag.table]
    columns = standing.tables[flag.table].columns
    key_field = table.spec.key
    letters = table.cells.get(hit.field or "") or table.cells.get(key_field) or next(iter(table.cells.values()), "A")
    number = int(table.rows[hit.row])
    fields = _fields_told(flag, table, columns)
    values = {name: to_json(at(columns[name], hit.row)) for name in fields}
    if hit.value is not None:
        values["value"] = to_json(hit.value)
    return Finding(
        rule=flag.id,
        title=flag.title,
        table=flag.table,
        sheet=table.sheet,
        row=number,
        cell=f"{letters}{number}",
        key=to_json(at(columns[key_field], hit.row)) if key_field in columns else "",
        severity=hit.severity,
        message=_message(flag, hit, standing),
        values=values,
        owner=flag.owner.title if flag.owner else None,
        label=hit.label,
        action=hit.action if hit.action.es else flag.action or hit.action,
        level=hit.level,
        source=", ".join(flag.source),
        explanation=explanation,
        evidence=hit.evidence,
    )


def _fields_told(flag: Flag, table: Table, columns: Mapping[str, Column]) -> list[str]:
    """Return the fields that explain a finding: those its formulas read and those its check is about."""
    formulas = [formula for formula in (flag.for_, flag.when, flag.value, flag.params_at) if formula is not None]
    used = {name for formula in formulas for owner, name in formula.uses if owner == flag.table}
    used |= {*flag.of, *flag.by, "currency"}
    return [name for name in table.spec.fields if name in used and name in columns]


def _message(flag: Flag, hit: Hit, standing: Standing) -> Text:
    if hit.detail is not None:
        return hit.detail
    if flag.message is None:
        return Text(
            *(f"{title}: {level}" if level else title for title, level in zip(flag.title, hit.level, strict=True))
        )
    return Text(_fill(flag.message.es, "es", flag, hit, standing), _fill(flag.message.en, "en", flag, hit, standing))


def _fill(template: str, language: Language, flag: Flag, hit: Hit, standing: Standing) -> str:
    table = standing.tables[flag.table]
    columns = standing.tables[flag.table].columns
    parameters = standing.pack.params

    given = {
        "label": hit.level.to(language),
        "action": hit.action.to(language),
        "value": "" if hit.value is None else write_value(hit.value, None, language),
    }

    def told(match: re.Match[str]) -> str:
        name = match[1]
        if name in given:
            return given[name]
        if name in table.spec.fields and name in columns:
            return write_value(at(columns[name], hit.row), table.spec.fields[name].type, language)
        value = parameters[name].at(standing.as_of) if name in parameters else None
        return "—" if value is None else write_value(value, None, language)

    return _PLACEHOLDER.sub(told, template)


def _undecided(flag: Flag, count: int, table: Table) -> Text:
    formulas: list[Formula] = [formula for formula in (flag.for_, flag.when, flag.value) if formula is not None]
    absent = [
        name
        for name in table.spec.fields
        if any((flag.table, name) in formula.uses for formula in formulas)
        and name not in table.columns
        and not table.spec.fields[name].computed
        and name != "balance"
    ]
    if absent:
        es = ", ".join(_field_title(table, name).es for name in absent)
        en = ", ".join(_field_title(table, name).en for name in absent)
        return Text(
            f"{flag.id} no se puede comprobar en {count} filas de {table.sheet}: faltan las columnas {es}.",
            f"{flag.id} cannot be checked on {count} rows of {table.sheet}: the columns {en} are missing.",
        )
    return Text(
        f"{flag.id} no se puede decidir en {count} filas de {table.sheet}: les falta una fecha o un importe.",
        f"{flag.id} cannot be decided on {count} rows of {table.sheet}: a date or an amount is missing.",
    )


def _field_title(table: Table, name: str) -> Text:
    return table.spec.fields[name].title or same(name)
