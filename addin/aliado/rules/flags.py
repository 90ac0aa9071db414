"""Rules that mark rows: evaluated over whole columns, then told row by row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from itertools import islice
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from aliado.errors import WorkbookRefused
from aliado.formula.compile import Formula
from aliado.formula.values import Kind
from aliado.language import Text, same
from aliado.rules.assessment import Finding
from aliado.rules.checks import CHECKS
from aliado.rules.dunning import next_steps
from aliado.rules.findings import Hit, tell
from aliado.rules.garbage import uncollected
from aliado.rules.marked import related_evidence
from aliado.rules.marking import NOTHING, Rows, by_currency, in_force, mark, mark_rows, silenced, truth, wanted_rows
from aliado.rules.models import Flag
from aliado.rules.standing import Standing
from aliado.rules.values import at
from aliado.tables.table import Table

__all__ = [
    "SEVERITY_ORDER",
    "Flagged",
    "Hit",
    "by_currency",
    "find_flags",
    "in_force",
    "mark_rows",
    "silenced",
    "truth",
]

SEVERITY_ORDER: Mapping[str, int] = {"red": 0, "amber": 1, "info": 2}


MOST_FINDINGS: Final = 250_000
"""Findings of one workbook, at most: some gigabytes of memory, and more rows than a person or a sheet can take."""

_TOO_MANY = Text(
    "Las reglas marcan más de {limit} filas, que es el límite; hasta ahí, las que más: {most}. Suele faltar algo que las descarte (los cobros, el estado, las fechas de pago), "
    "o la regla es demasiado amplia: complete los datos, archive los años cerrados o ajuste la regla. El libro no se ha tocado.",
    "The rules mark more than {limit} rows, which is the limit; up to there, most of them: {most}. Often what would clear them is missing (receipts, the status, dates of payment), "
    "or the rule is too wide: complete the data, archive closed years or adjust the rule. The workbook was not touched.",
)


class Flagged(Struct, frozen=True):
    """What the flags found, and remarks on rows that a rule could not decide."""

    findings: tuple[Finding, ...]
    notes: tuple[Text, ...]


def find_flags(standing: Standing) -> Flagged:
    """Return every finding of the pack's flags, worst first, then by rule and row.

    Raises WorkbookRefused, naming the rules, where they mark more rows than `MOST_FINDINGS`.
    """
    with uncollected():
        return _find(standing)


def _find(standing: Standing) -> Flagged:
    findings: list[Finding] = []
    notes: list[Text] = []
    marked: Counter[str] = Counter()
    for flag in standing.pack.flags.values():
        if flag.table not in standing.tables or not in_force(flag, standing.as_of):
            continue
        undecided: list[int] = []
        for part in [standing] if flag.check is not None else by_currency(standing, flag.table):
            hits, unknown = _evaluate(flag, part)
            undecided += part.tables[flag.table].rows[unknown].tolist()
            marked[flag.id] += len(hits)
            _check_count(marked)
            hits = _told_with(flag, hits, part)
            findings += tell(flag, hits, part)
        if undecided:
            notes.append(_undecided(flag, sorted(undecided), standing.tables[flag.table]))
    findings = _alarm_once(findings, standing)
    findings.sort(key=lambda item: (SEVERITY_ORDER[item.severity], item.rule, item.row or 0, item.key))
    return Flagged(tuple(findings), tuple(notes))


def _check_count(marked: Counter[str]) -> None:
    if marked.total() > MOST_FINDINGS:
        most = ", ".join(f"{rule} {count}" for rule, count in marked.most_common(3) if count)
        raise WorkbookRefused(_TOO_MANY.format(limit=MOST_FINDINGS, most=most))


def _alarm_once(findings: list[Finding], standing: Standing) -> list[Finding]:
    """Return the findings with one alarm for each matter.

    Where two flags of one matter mark a row, one bears the higher severity, the level and what to do; the other is information.
    """
    leaning = {flag.id: flag.same_matter_as for flag in standing.pack.flags.values() if flag.same_matter_as}
    if not leaning:
        return findings
    detail = {(leaning[item.rule], item.table, item.row): item for item in findings if item.rule in leaning}
    if not detail:
        return findings
    heads = {(item.rule, item.table, item.row) for item in findings if item.rule in leaning.values()}
    concerned = {*leaning, *leaning.values()}
    found = []
    for item in findings:
        if item.rule not in concerned:
            found.append(item)
            continue
        more = detail.get((item.rule, item.table, item.row))
        if more is not None:
            worse = min(item.severity, more.severity, key=SEVERITY_ORDER.__getitem__)
            action, level = more.action if more.action.es else item.action, item.level if item.level.es else more.level
            item = replace(item, severity=worse, action=action, level=level)  # noqa: PLW2901
        elif item.rule in leaning and (leaning[item.rule], item.table, item.row) in heads:
            item = replace(item, severity="info")  # noqa: PLW2901
        found.append(item)
    return found


def _told_with(flag: Flag, hits: list[Hit], standing: Standing) -> list[Hit]:
    """Return the hits with the rows of another table they rest on, and with the letter that comes next in place of the level's."""
    if flag.evidence is not None and hits:
        found = related_evidence(flag, standing, [hit.row for hit in hits])
        hits = [replace(hit, evidence=found.get(hit.row, ())) for hit in hits]
    if flag.one_at_a_time and flag.table == "invoices":
        by_label = {level.label: level for level in flag.levels}
        steps = next_steps(flag, standing, {hit.row: by_label[hit.label] for hit in hits if hit.label in by_label})
        hits = [replace(hit, action=steps[hit.row].action) if hit.row in steps else hit for hit in hits]
    return hits


def _evaluate(flag: Flag, standing: Standing) -> tuple[list[Hit], Rows]:
    """Return the rows that a flag marks, and the indices of those that it could not decide."""
    if not len(standing.tables[flag.table]):
        return [], NOTHING.undecided
    if flag.check is not None:
        return _checked(flag, standing), NOTHING.undecided
    marks = mark(flag, standing)
    rows: list[int] = marks.rows.tolist()
    if marks.reached is None or marks.value is None:
        severity = flag.severity or "amber"
        return [Hit(row, severity) for row in rows], marks.undecided
    hits = []
    for row, reached in zip(rows, marks.reached.tolist(), strict=True):
        level = flag.levels[reached]
        value = at(marks.value, row)
        hits.append(Hit(row, level.severity, level.label, level.action, level.title, value))
    return hits, marks.undecided


def _checked(flag: Flag, standing: Standing) -> list[Hit]:
    if flag.check is None:
        return []
    wanted = wanted_rows(flag, standing)
    marked = (found for found in CHECKS[flag.check](flag, standing) if wanted[found.row])
    return [
        Hit(
            found.row,
            found.severity or flag.severity or "amber",
            found.label,
            level=found.level,
            detail=found.text,
            field=found.field,
            evidence=found.evidence,
        )
        for found in islice(marked, MOST_FINDINGS + 1)
    ]


def _undecided(flag: Flag, rows: list[int], table: Table) -> Text:
    count = len(rows)
    formulas: list[Formula] = [formula for formula in (flag.for_, flag.when, flag.value) if formula is not None]
    absent = [
        name
        for name in table.spec.fields
        if any((flag.table, name) in formula.uses for formula in formulas)
        and name not in table.columns
        and table.spec.fields[name].type.kind
        in (Kind.DATE, Kind.NUMBER)  # a text or a truth that is not there is blank
        and not table.spec.fields[name].computed
        and name != "balance"
    ]
    if absent:
        es = ", ".join(_field_title(table, name).es for name in absent)
        en = ", ".join(_field_title(table, name).en for name in absent)
        lacking = (
            Text(f"falta la columna {es}", f"the column {en} is missing")
            if len(absent) == 1
            else Text(f"faltan las columnas {es}", f"the columns {en} are missing")
        )
        return Text(
            f"{flag.id} no se puede comprobar en {table.sheet} (filas: {count}): {lacking.es}.",
            f"{flag.id} cannot be checked on {table.sheet} (rows: {count}): {lacking.en}.",
        )
    return Text(
        f"{flag.id} no se puede decidir en {table.sheet} (filas: {count}): falta una fecha o un importe en {_listed(rows).es}.",
        f"{flag.id} cannot be decided on {table.sheet} (rows: {count}): a date or an amount is missing in {_listed(rows).en}.",
    )


_MOST_ROWS = 20
"""More row numbers than this are not read; the rest are counted."""


def _listed(rows: list[int]) -> Text:
    """Return worksheet rows by their numbers."""
    numbers = ", ".join(map(str, rows[:_MOST_ROWS]))
    more = len(rows) - _MOST_ROWS
    if more > 0:
        return Text(f"las filas {numbers} y {more} más", f"rows {numbers} and {more} more")
    return (
        Text(f"la fila {numbers}", f"row {numbers}")
        if len(rows) == 1
        else Text(f"las filas {numbers}", f"rows {numbers}")
    )


def _field_title(table: Table, name: str) -> Text:
    return table.spec.fields[name].title or same(name)
