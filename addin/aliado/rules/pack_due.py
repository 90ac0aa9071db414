"""Obligations of a merged pack, as models: when each period falls due, by which rule, with which extensions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from aliado.formula.values import Kind
from aliado.language import Text
from aliado.rules.content import bilingual, entries, value, values
from aliado.rules.context import Context
from aliado.rules.models import DatedPeriod, DigitRule, Due, Obligation
from aliado.rules.nodes import Map, Node, Scalar

PROFILE = "profile"


def build_obligations(root: Map, context: Context) -> dict[str, Obligation]:
    """Return the obligations by id."""
    found = {}
    for name, at, node in entries(root, "obligations"):
        due = node.get("due")
        _check_by_period(due, value(node, "every") or "month")
        found[name] = Obligation(
            **context.common(name, node, at),
            for_=context.formula(node, "for", PROFILE, Kind.BOOL),
            every=value(node, "every") or "month",
            due=_due(due, context) if isinstance(due, Map) else Due(),
            if_holiday=value(node, "if_holiday") or "next",
            extensions=_dated(node, "extensions", context),
            remind=tuple(sorted(values(node, "remind"), reverse=True)),
            severity=value(node, "severity") or "red",
            evidence=bilingual(node, "evidence"),
            names=tuple(values(node, "names")),
        )
    return found


def _due(node: Map, context: Context) -> Due:
    months = value(node, "months_after")
    table = node.get("table")
    by_period = {int(key): _due(entry, context) for key, at, entry in entries(node, "by_period") if at.value}
    return Due(
        months_after=1 if months is None else months,
        day=value(node, "day"),
        business_day=value(node, "business_day"),
        days_after=value(node, "days_after"),
        on=values(node, "on"),
        year_offset=value(node, "year_offset") or 0,
        digit=_digit_rule(node, "by_digit", context),
        table=_dated(node, "table", context) if table is not None else None,
        table_digit=_digit_rule(node, "digit", context),
        by_period=by_period,
    )


def _digit_rule(node: Map, key: str, context: Context) -> DigitRule | None:
    rule = node.get(key)
    if not isinstance(rule, Map):
        return None
    of = rule.get("of")
    if isinstance(of, Scalar) and PROFILE in context.tables:
        context.check_known(of, dict(context.tables[PROFILE].fields), Text("columna de profile", "column of profile"))
    return DigitRule(
        of=of.text if isinstance(of, Scalar) else "",
        position=value(rule, "position") or "last",
        days=_per_digit(rule, "days", complete=True),
        business_days=_per_digit(rule, "business_days", complete=True),
        day=value(rule, "day"),
        add_business_days=_per_digit(rule, "add_business_days", complete=True),
    )


def _dated(node: Map, key: str, context: Context) -> dict[str, DatedPeriod]:
    found = {}
    for period, _, entry in entries(node, key):
        single = value(entry, "date")
        found[period] = DatedPeriod(
            period,
            single if isinstance(single, date) else None,
            _per_digit(entry, "by_digit", complete=False),
            context.source(entry),
        )
    return found


def _per_digit(node: Map, key: str, *, complete: bool) -> dict[int, Any]:
    """Return digit -> value with ranges like 2-3 spread out; digits given twice, or left out, are reported."""
    section = node.get(key)
    found: dict[int, Any] = {}
    if not isinstance(section, Map):
        return found
    for text, item in section.items.items():
        at = section.keys[text]
        if at.value is None or not isinstance(item, Scalar):
            continue
        for digit in range(int(text[0]), int(text[-1]) + 1):
            if digit in found:
                at.report(
                    "P030",
                    Text(f"el dígito {digit} está dos veces", f"the digit {digit} is given twice"),
                    Text("deje uno", "keep one"),
                )
            found[digit] = item.value
    lacking = [str(digit) for digit in range(10) if digit not in found]
    if complete and lacking:
        section.report(
            "P031",
            Text(f"faltan dígitos: {', '.join(lacking)}", f"digits are missing: {', '.join(lacking)}"),
            Text("dé un valor a los diez, de 0 a 9", "give all ten a value, from 0 to 9"),
        )
    return found


def _check_by_period(node: Node | None, every: str) -> None:
    """Report a period number that a year does not have (the fifth quarter)."""
    most = {"month": 12, "two_months": 6, "quarter": 4, "four_months": 3, "half_year": 2}.get(every, 1)
    if not isinstance(node, Map):
        return
    section = node.get("by_period")
    for text, at in (section.keys if isinstance(section, Map) else _NO_KEYS).items():
        if at.value is not None and int(text) > most:
            at.report(
                "P032",
                Text(f"el año solo tiene {most} periodos de estos", f"the year has only {most} of these periods"),
                Text(f"use un número de 1 a {most}", f"use a number from 1 to {most}"),
            )


_NO_KEYS: Mapping[str, Scalar] = {}
