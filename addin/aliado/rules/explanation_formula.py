"""A rule's formulas part by part with their values, and the parameters they read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from aliado.formula.compile import Formula
from aliado.formula.explain import Explanation, Step
from aliado.formula.values import State
from aliado.language import Text, same, write_date
from aliado.locales import in_both
from aliado.rules.doubt import marked
from aliado.rules.hints import quote
from aliado.rules.models import Param, Rule
from aliado.rules.nodes import Map
from aliado.rules.packs import Pack
from aliado.rules.standing import Standing
from aliado.rules.values import write_value
from aliado.tables.schema import FieldType

PLACES = 6
"""Decimals of a value that are shown."""

WIDEST = 32
"""Characters of a value that are shown."""

_SECTIONS = ("flags", "kpis", "obligations", "documents", "tasks")
_UNKNOWN = Text("no se sabe", "unknown")


def node_of(rule: Rule, pack: Pack) -> Map | None:
    """Return the merged node of a rule."""
    for section in _SECTIONS:
        node = pack.merged.items.get(section)
        found = node.items.get(rule.id) if isinstance(node, Map) else None
        if isinstance(found, Map):
            return found
    return None


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


def parameter_lines(formulas: list[Formula], standing: Standing, when: date) -> Iterator[Text]:
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
