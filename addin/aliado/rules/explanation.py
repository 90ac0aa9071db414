"""Why a rule says what it says of a row, or of the client: `aliado rules explain`.

Every line is a text in both languages: the rule and where it is written, then each condition with the row's values
and its truth, the parameters in force, and what came of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from difflib import get_close_matches

import numpy as np

from aliado.errors import AliadoError
from aliado.formula.compile import Formula
from aliado.formula.explain import Explanation, Step
from aliado.formula.values import State
from aliado.language import Text, fold, same, write_date
from aliado.locales import in_both
from aliado.rules.assessment import Evidence, Finding
from aliado.rules.doubt import marked
from aliado.rules.flags import by_currency, find_flags, in_force
from aliado.rules.hints import did_you_mean, quote
from aliado.rules.models import Document, Flag, KpiRule, Obligation, Param, Process, Rule, RuleSource
from aliado.rules.nodes import List, Map, Node
from aliado.rules.pack_rules import matches
from aliado.rules.packs import Pack
from aliado.rules.standing import Standing
from aliado.rules.values import at, to_json, write_value
from aliado.tables.schema import FieldType
from aliado.tables.table import Table

PLACES = 6
"""Decimals of a value that are shown."""

WIDEST = 32
"""Characters of a value that are shown."""

SHOWN = 3
"""Rows explained when no row is asked for."""

_SECTIONS = ("flags", "kpis", "obligations", "documents", "tasks")
_UNKNOWN = Text("no se sabe", "unknown")


def explain_rule(standing: Standing, rule_id: str, *, row: int | None = None, key: str | None = None) -> list[Text]:
    """Return why a rule fires or keeps quiet, line by line.

    row: a worksheet row (1-based) of the rule's table; key: the key of a row. Without either, the rows that it marks.
    Raises AliadoError when the pack has no such rule, or the client no such row.
    """
    rule = find_rule(standing.pack, rule_id)
    lines = [*_heading(rule, standing), *_sources(rule, standing.pack)]
    if isinstance(rule, Flag):
        lines += _explain_flag(rule, standing, row, key)
    elif isinstance(rule, KpiRule):
        from aliado.rules.explanation_kpi import explain_kpi

        lines += explain_kpi(rule, standing)
    elif isinstance(rule, (Document, Obligation)):
        from aliado.rules.explanation_duty import explain_duty

        lines += explain_duty(rule, standing)
    elif isinstance(rule, Process):
        lines += _steps(rule)
    return lines


def _steps(rule: Process) -> Iterator[Text]:
    """Yield the steps of a process: when each is due, what it waits for and who does it."""
    units = {
        "days": Text("días", "days"),
        "business_days": Text("días hábiles", "business days"),
        "weeks": Text("semanas", "weeks"),
        "months": Text("meses", "months"),
        "years": Text("años", "years"),
    }
    for step in rule.steps:
        unit, owner = units[step.due.unit], step.owner.title if step.owner is not None else same("—")
        waits = Text(f", tras {', '.join(step.after)}", f", after {', '.join(step.after)}") if step.after else same("")
        yield Text(
            f"  {step.id}: {step.title.es} · {step.due.length} {unit.es} después del periodo{waits.es} · {owner.es}",
            f"  {step.id}: {step.title.en} · {step.due.length} {unit.en} after the period{waits.en} · {owner.en}",
        )


def find_rule(pack: Pack, rule_id: str) -> Rule:
    """Return the rule of that id, in any case; raise AliadoError where there is none."""
    rules: dict[str, Rule] = {**pack.flags, **pack.kpis, **pack.obligations, **pack.documents, **pack.tasks}
    rule = rules.get(rule_id) or next((each for name, each in rules.items() if fold(name) == fold(rule_id)), None)
    if rule is None:
        found, hint = quote(rule_id), did_you_mean(rule_id, rules)
        raise AliadoError(
            Text(
                f"El paquete {pack.name} no tiene la regla {found}: {hint.es}",
                f"Pack {pack.name} has no rule {found}: {hint.en}",
            )
        )
    return rule


# ---------------------------------------------------------------- the rule itself


def _heading(rule: Rule, standing: Standing) -> Iterator[Text]:
    yield Text(*(f"{rule.id} · {title}" for title in rule.title))
    yield Text(f"  escrita en {rule.place}", f"  written in {rule.place}")
    for name, place in _changes(rule, standing.pack):
        yield Text(f"  {name} lo cambia {place}", f"  {name} is changed by {place}")
    if rule.owner is not None:
        yield Text(f"  responde: {rule.owner.title.es}", f"  owner: {rule.owner.title.en}")
    if rule.note is not None:
        yield Text(f"  nota: {rule.note.es}", f"  note: {rule.note.en}")
    since, until = rule.valid
    if since is not None:
        yield Text(f"  vale desde el {write_date(since, 'es')}", f"  in force from {write_date(since, 'en')}")
    if until is not None:
        yield Text(f"  vale hasta el {write_date(until, 'es')}", f"  in force until {write_date(until, 'en')}")
    if rule.off is not None:
        off = rule.off
        how = (
            Text("apagada hasta el", "switched off until")
            if off.holds(standing.as_of)
            else Text("ya no está apagada, lo estuvo hasta el", "no longer switched off, it was until")
        )
        yield Text(
            f"  {how.es} {write_date(off.until, 'es')} por {off.by}: {off.reason.es}",
            f"  {how.en} {write_date(off.until, 'en')} by {off.by}: {off.reason.en}",
        )
    if not in_force(rule, standing.as_of):
        yield Text(
            f"  no cuenta el {write_date(standing.as_of, 'es')}",
            f"  does not count on {write_date(standing.as_of, 'en')}",
        )


def _changes(rule: Rule, pack: Pack) -> Iterator[tuple[str, str]]:
    """Yield what other files than the rule's own say of it: (key, file:line)."""
    node = node_of(rule, pack)
    for name, item in node.items.items() if node is not None else ():
        for place in _places(item):
            if place.rpartition(":")[0] != rule.place.file:
                yield name, place


def node_of(rule: Rule, pack: Pack) -> Map | None:
    """Return the merged node of a rule."""
    for section in _SECTIONS:
        node = pack.merged.items.get(section)
        found = node.items.get(rule.id) if isinstance(node, Map) else None
        if isinstance(found, Map):
            return found
    return None


def _places(node: Node) -> list[str]:
    """Return where the values of a node are written, one place per file."""
    if isinstance(node, Map):
        inner: Iterable[Node] = node.items.values()
    elif isinstance(node, List):
        inner = node.items
    else:
        return [node.place]
    by_file: dict[str, str] = {}
    for item in inner:
        for place in _places(item):
            by_file.setdefault(place.rpartition(":")[0], place)
    return list(by_file.values())


def _sources(rule: Rule, pack: Pack) -> Iterator[Text]:
    for name in rule.source:
        source = pack.sources.get(name)
        if source is not None:
            yield Text(f"  fuente {name}: {_source(source, 'es')}", f"  source {name}: {_source(source, 'en')}")
    if not pack.verified(rule):
        yield Text("  sin verificar en la fuente", "  not verified at the source")


def _source(source: RuleSource, language: str) -> str:
    parts = [source.title.en if language == "en" else source.title.es, *source.urls]
    if source.checked is not None:
        parts.append(
            f"checked {write_date(source.checked, 'en')}"
            if language == "en"
            else f"vista el {write_date(source.checked, 'es')}"
        )
    if source.unverified:
        parts.append("unverified" if language == "en" else "sin verificar")
    return " · ".join(parts)


# ---------------------------------------------------------------- flags


def _explain_flag(flag: Flag, standing: Standing, row: int | None, key: str | None) -> Iterator[Text]:
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
    yield from _parameters([formula for _, formula in formulas], standing, when)
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


# ---------------------------------------------------------------- formulas and parameters


def formulas_of(rule: Rule) -> list[tuple[str, Formula]]:
    """Return the formulas of a rule by the key they stand under."""
    names = {"for": "for_", "where": "where", "params_at": "params_at", "when": "when", "value": "value"}
    found = ((key, getattr(rule, name, None)) for key, name in names.items())
    return [(key, formula) for key, formula in found if isinstance(formula, Formula)]


def explain_formula(key: str, formula: Formula, rule: Rule, standing: Standing, index: int) -> Iterator[Text]:
    """Yield a formula of a rule and its parts with their values in one row."""
    table = getattr(rule, "table", None) or "profile"
    yield from told("  ", key, formula, Explanation(formula, standing.data(table)).steps(index), rule, standing)


def told(indent: str, key: str, formula: Formula, steps: list[Step], rule: Rule, standing: Standing) -> Iterator[Text]:
    """Yield a formula with its place, then each part with its value, deeper parts further in."""
    node = node_of(rule, standing.pack)
    item = node.items.get(key) if node is not None else None
    place = f"   ({item.place})" if item is not None else ""
    yield same(f"{indent}{key}: {formula.text}{place}")
    if not steps:
        return
    values = [(write_step(step, standing), step) for step in steps]
    width = min(max(len(text) for value, _ in values for text in value), WIDEST)
    for value, step in values:
        inner = "  " * step.depth
        yield Text(*(f"{indent}  {_cut(text):<{width}}  {inner}{step.text}" for text in value))


def _cut(text: str) -> str:
    return text if len(text) <= WIDEST else f"{text[: WIDEST - 4]}...{text[-1]}"


def write_step(step: Step, standing: Standing) -> Text:
    """Return the value of a part as a person writes it in the client's country, that of a column as its type has it."""
    value = step.value
    if value is State.BLANK:
        return Text("(en blanco)", "(blank)")
    if value is State.UNKNOWN:
        return _UNKNOWN
    if isinstance(value, str):
        return same(quote(value))
    if isinstance(value, (Decimal, float)) and not isinstance(value, bool):
        value = round(Decimal(repr(value)) if isinstance(value, float) else value, PLACES)
    shown, kind = value, None
    if step.field is not None:
        table, name = step.field
        field = standing.pack.tables[table].fields.get(name)
        kind = field.type if field is not None else None
    return in_both(standing.profile.country, lambda locale: write_value(shown, kind, locale))


def _parameters(formulas: list[Formula], standing: Standing, when: date) -> Iterator[Text]:
    """Yield the parameters that formulas use, with the value in force on `when`."""
    for name in sorted({name for formula in formulas for name in formula.parameters}):
        yield parameter_line(standing.pack.params[name], when, standing)


def parameter_line(param: Param, when: date, standing: Standing) -> Text:
    """Return a parameter with its value in force on `when`, since when, and where it is written."""
    value = param.at(when)
    since = max((day for day, _ in param.values if day <= when), default=date.min)
    kind = FieldType(param.type)
    es, en = Text("sin valor", "no value")
    if value is not None:
        es, en = in_both(standing.profile.country, lambda locale: write_value(value, kind, locale))
    if since > date.min:
        es, en = f"{es}, desde el {write_date(since, 'es')}", f"{en}, from {write_date(since, 'en')}"
    cited = param.origin_at(when).source
    source = f" [{', '.join(cited)}]" if cited else ""
    said = Text(
        f"  parámetro {param.id} = {es}{source} ({param.place})",
        f"  parameter {param.id} = {en}{source} ({param.place})",
    )
    return said if standing.pack.verified_on(param, when) else marked(said)
