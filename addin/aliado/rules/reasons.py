"""Why an alert is there, on one line: the conditions of its rule, the parameters in force, the source and the place.

The same line serves every row of a rule (of a date, where parameters are read at the row's own); what a row holds is
put before it when it is shown (`row_reason`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Final

from aliado.formula.compile import Formula
from aliado.language import Text, same, write_date
from aliado.locales import Locale, in_both
from aliado.rules.assessment import FieldRead, Finding
from aliado.rules.doubt import params_of
from aliado.rules.models import Document, Flag, Obligation, Process
from aliado.rules.standing import Standing
from aliado.rules.values import write_value
from aliado.tables.schema import FieldType
from aliado.tables.table import Table

VALUE: Final = FieldRead(Text("valor", "value"), FieldType.NUMBER)
"""How the value that a flag's formula gives is read."""

_CONDITIONS: Final = {
    "for_": Text("para", "for"),
    "when": Text("cuando", "when"),
    "value": Text("valor", "value"),
}
_CHECKS: Final = {
    "duplicate": Text("filas repetidas", "repeated rows"),
    "duplicate_document": Text("documento repetido", "repeated document"),
    "gap": Text("número que falta en la serie", "number missing from the series"),
    "chronology": Text("números y fechas en distinto orden", "numbers and dates in different order"),
    "missing": Text("dato obligatorio en blanco", "required data left blank"),
    "paid_twice": Text("pagado dos veces o de más", "paid twice or too much"),
    "unapplied": Text("no salda ningún documento", "settles no document"),
    "unmatched": Text("movimiento sin documento que coincida", "movement without a document that matches"),
    "tax_id": Text("identificación fiscal que no pasa su comprobación", "tax id that fails its check"),
    "link": Text("archivo que no está donde dice", "file that is not where it is said to be"),
    "single_person": Text("proceso que lleva una sola persona", "process in the hands of one person"),
    "blocked": Text("espera a otra tarea sin terminar", "waits for another task that is not finished"),
    "budget": Text("peor que lo presupuestado", "worse than budgeted"),
}
"""What each ready-made check looks for."""


def reason(rule: Flag | Document | Obligation | Process, standing: Standing, day: date) -> Text:
    """Return what a rule looks at, the parameters it reads as of `day`, its sources and where it is written."""
    said = [
        Text(f"{word.es} {formula.text}", f"{word.en} {formula.text}")
        for name, word in _CONDITIONS.items()
        if isinstance(formula := getattr(rule, name, None), Formula)
    ]
    if isinstance(rule, Flag):
        said += _check(rule, standing)
        for param in params_of(rule, standing):
            value, kind = param.at(day), FieldType(param.type)
            if value is not None:
                told = in_both(standing.profile.country, lambda locale, v=value, k=kind: write_value(v, k, locale))  # type: ignore[misc]
                said.append(Text(f"{param.id} = {told.es}", f"{param.id} = {told.en}"))
    if rule.source:
        said.append(same(f"[{', '.join(rule.source)}]"))
    said.append(same(str(rule.place)))
    return Text(" · ".join(part.es for part in said), " · ".join(part.en for part in said))


def _check(flag: Flag, standing: Standing) -> list[Text]:
    if flag.check is None:
        return []
    fields = standing.pack.tables[flag.table].fields
    titles = [fields[name].title or same(name) for name in dict.fromkeys((*flag.of, *flag.by)) if name in fields]
    word = _CHECKS[flag.check]
    if not titles:
        return [word]
    return [
        Text(
            f"{word.es} ({', '.join(each.es for each in titles)})",
            f"{word.en} ({', '.join(each.en for each in titles)})",
        )
    ]


def fields_read(names: list[str], table: Table) -> Mapping[str, FieldRead]:
    """Return how the fields that explain a finding are headed and written."""
    fields = table.spec.fields
    read = {name: FieldRead(fields[name].title or same(name), fields[name].type) for name in names}
    read.pop("currency", None)
    return {**read, "value": VALUE}


def row_reason(finding: Finding, locale: Locale) -> str:
    """Return why a finding is there: what its row holds, then what its rule says."""
    language, read = locale.language, finding.read
    held = [
        f"{read[name].title.to(language)} = {_rewritten(text, read[name].type, locale)}"
        for name, text in finding.values.items()
        if text and name in read
    ]
    return " · ".join(filter(None, ("; ".join(held), finding.explanation.to(language))))


@lru_cache(maxsize=8192)
def _rewritten(text: str, kind: FieldType, locale: Locale) -> str:
    """Return a value written for JSON as a person writes it."""
    try:
        if kind is FieldType.DATE:
            return write_date(date.fromisoformat(text), locale.language)
        if kind in (FieldType.MONEY, FieldType.NUMBER, FieldType.PERCENT):
            return write_value(Decimal(text), kind, locale)
    except (ValueError, InvalidOperation):
        return text
    if kind is FieldType.BOOL:
        return write_value(text == "true", kind, locale)
    return text
