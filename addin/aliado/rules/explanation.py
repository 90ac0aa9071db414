"""Why a rule says what it says of a row, or of the client: `aliado rules explain`.

Every line is a text in both languages: the rule and where it is written, then each condition with the row's values
and its truth, the parameters in force, and what came of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from aliado.errors import AliadoError
from aliado.language import Text, fold, same, write_date
from aliado.rules.explanation_duty import explain_duty
from aliado.rules.explanation_flag import explain_flag
from aliado.rules.explanation_formula import node_of
from aliado.rules.explanation_kpi import explain_kpi
from aliado.rules.flags import in_force
from aliado.rules.hints import did_you_mean, quote
from aliado.rules.models import Document, Flag, KpiRule, Obligation, Process, Rule, RuleSource
from aliado.rules.nodes import List, Map, Node
from aliado.rules.packs import Pack
from aliado.rules.standing import Standing


def explain_rule(standing: Standing, rule_id: str, *, row: int | None = None, key: str | None = None) -> list[Text]:
    """Return why a rule fires or keeps quiet, line by line.

    row: a worksheet row (1-based) of the rule's table; key: the key of a row. Without either, the rows that it marks.
    Raises AliadoError when the pack has no such rule, or the client no such row.
    """
    rule = find_rule(standing.pack, rule_id)
    lines = [*_heading(rule, standing), *_sources(rule, standing.pack)]
    if isinstance(rule, Flag):
        lines += explain_flag(rule, standing, row, key)
    elif isinstance(rule, KpiRule):
        lines += explain_kpi(rule, standing)
    elif isinstance(rule, (Document, Obligation)):
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
