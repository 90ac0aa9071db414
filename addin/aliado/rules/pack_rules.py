"""Flags, indicators, documents, processes, alerts and exceptions of a merged pack, as models."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from itertools import pairwise

from aliado.formula.values import Kind
from aliado.language import Text, same
from aliado.rules.content import bilingual, entries, items, value, values
from aliado.rules.context import Context
from aliado.rules.hints import did_you_mean, quote
from aliado.rules.messages import message
from aliado.rules.models import (
    AlertRule,
    Document,
    Duration,
    Expiry,
    Flag,
    KpiRule,
    Level,
    Owner,
    Process,
    Related,
    RowException,
    Step,
    Trend,
    Where,
)
from aliado.rules.nodes import List, Map, Scalar
from aliado.rules.pack_due import PROFILE


def build_flags(root: Map, context: Context) -> dict[str, Flag]:
    """Return the flags by id."""
    flags = {name: _flag(name, at, node, context) for name, at, node in entries(root, "flags")}
    for name, _, node in entries(root, "flags"):
        _check_same_matter(flags[name], node, flags)
    return flags


def _check_same_matter(flag: Flag, node: Map, flags: Mapping[str, Flag]) -> None:
    """Report a flag that is of one matter with itself, with one of another table, or with one that leans on a third."""
    said = node.get("same_matter_as")
    if not isinstance(said, Scalar) or not flag.same_matter_as:
        return
    other = flags.get(flag.same_matter_as)
    if other is None:
        said.report(
            "P020",
            Text(f"aviso desconocido: {quote(said.text)}", f"unknown flag: {quote(said.text)}"),
            did_you_mean(said.text, flags),
        )
    elif other is flag or (other.table and other.table != flag.table) or other.same_matter_as:
        said.report(
            "P056",
            Text(f"{other.id} no puede alarmar por {flag.id}", f"{other.id} cannot alarm for {flag.id}"),
            Text(
                "nombre otro aviso de la misma tabla que no remita a un tercero",
                "name another flag of the same table that does not lean on a third",
            ),
        )


def _flag(name: str, at: Scalar, node: Map, context: Context) -> Flag:
    table = context.table(node)
    levels = _levels(node)
    check = value(node, "check")
    if "severity" not in node.items and not levels and "levels" not in node.items:
        at.report(
            "P008",
            Text(f"{name}: falta severity", f"{name}: severity is missing"),
            Text("info, amber o red", "info, amber or red"),
        )
    for needed, given in (("levels", "value"), ("value", "levels"), ("check", "of"), ("check", "by")):
        if given in node.items and needed not in node.items:
            node.keys[given].report(
                "P033",
                Text(f"{given} necesita {needed}", f"{given} needs {needed}"),
                Text(f"añada {needed}", f"add {needed}"),
            )
    needs = {
        "missing": "of",
        "gap": "of",
        "duplicate": "by",
        "duplicate_document": "of",
        "chronology": "of",
        "link": "of",
    }.get(check)
    if needs and needs not in node.items:
        at.report(
            "P033",
            Text(f"check: {check} necesita {needs}", f"check: {check} needs {needs}"),
            Text(f"añada {needs}: con los campos", f"add {needs}: with the fields"),
        )
    return Flag(
        **context.common(name, node, at),
        table=table,
        severity=value(node, "severity"),
        for_=context.formula(node, "for", table, Kind.BOOL),
        when=context.formula(node, "when", table, Kind.BOOL),
        value=context.formula(node, "value", table, Kind.NUMBER),
        levels=levels,
        check=check,
        of=context.fields(node, "of", table),
        by=context.fields(node, "by", table),
        params_at=context.formula(node, "params_at", table, Kind.DATE),
        message=message(node, "message", context.tables.get(table), context.scope(table)),
        action=bilingual(node, "action"),
        evidence=_related(node, context),
        one_at_a_time=bool(value(node, "one_at_a_time")),
        same_matter_as=value(node, "same_matter_as") or "",
    )


def _related(node: Map, context: Context) -> Related | None:
    given = node.get("evidence")
    if not isinstance(given, Map):
        return None
    table = context.table(given)
    match = next(iter(context.fields(given, "match", table)), "")
    return Related(table, match, context.formula(given, "when", table, Kind.BOOL)) if match else None


def _levels(node: Map) -> tuple[Level, ...]:
    section = node.get("levels")
    found: list[Level] = []
    if not isinstance(section, List):
        return ()
    for entry in section.items:
        over = value(entry, "over") if isinstance(entry, Map) else None
        if not isinstance(entry, Map) or not isinstance(over, Decimal):
            continue
        if found and over >= found[-1].over:
            entry.report(
                "P034",
                Text(f"over: {over} no es menor que el de arriba", f"over: {over} is not less than the one above"),
                Text("ordene los tramos del mayor al menor", "order the levels from highest to lowest"),
            )
        found.append(
            Level(
                over,
                value(entry, "label") or "",
                value(entry, "severity") or "info",
                bilingual(entry, "action") or same(""),
                bilingual(entry, "title") or same(value(entry, "label") or ""),
            )
        )
    return tuple(found)


def build_kpis(root: Map, context: Context) -> dict[str, KpiRule]:
    """Return the indicators by id."""
    return {name: _kpi(name, at, node, context) for name, at, node in entries(root, "kpis")}


def _kpi(name: str, at: Scalar, node: Map, context: Context) -> KpiRule:
    table = context.table(node) or None
    _check_lines(node)
    trend = node.get("trend")
    return KpiRule(
        **context.common(name, node, at),
        unit=value(node, "unit") or "count",
        table=table,
        where=context.formula(node, "where", table, Kind.BOOL) if table else None,
        value=context.formula(node, "value", table, Kind.NUMBER, "single"),
        params_at=context.formula(node, "params_at", table, Kind.DATE, "single"),
        better=value(node, "better") or "none",
        target=value(node, "target"),
        amber=value(node, "amber"),
        red=value(node, "red"),
        method=bilingual(node, "method") or Text("", ""),
        trend=_trend(trend) if isinstance(trend, Map) else None,
        empty=bilingual(node, "empty"),
    )


def _trend(node: Map) -> Trend | None:
    compare, change = value(node, "compare"), value(node, "alert_change")
    if compare is None or change is None:
        return None
    return Trend(compare, change, value(node, "min_points") or 4, value(node, "hold"))


def _check_lines(node: Map) -> None:
    """Report target, amber and red that do not run from good to bad."""
    better = value(node, "better")
    lines = [(key, value(node, key)) for key in ("target", "amber", "red")]
    given = [(key, line) for key, line in lines if isinstance(line, Decimal)]
    for (before, good), (key, bad) in pairwise(given):
        if (better == "lower" and bad < good) or (better == "higher" and bad > good):
            node.keys[key].report(
                "P035",
                Text(
                    f"{key} ({bad}) está del lado bueno de {before} ({good})",
                    f"{key} ({bad}) is on the good side of {before} ({good})",
                ),
                Text(
                    f"con better: {better} van de mejor a peor: target, amber, red",
                    f"with better: {better} they run from good to bad: target, amber, red",
                ),
            )


def build_documents(root: Map, context: Context) -> dict[str, Document]:
    """Return the documents by id."""
    return {
        name: Document(
            **context.common(name, node, at),
            for_=context.formula(node, "for", PROFILE, Kind.BOOL),
            expires=_expiry(node, context),
            remind=tuple(sorted(values(node, "remind"), reverse=True)),
            renew=value(node, "renew"),
            severity=value(node, "severity") or "red",
            evidence=bilingual(node, "evidence"),
            names=tuple(values(node, "names")),
        )
        for name, at, node in entries(root, "documents")
    }


def _expiry(node: Map, context: Context) -> Expiry:
    given = node.get("expires")
    if not isinstance(given, Map):
        return Expiry()
    field = given.get("field")
    if isinstance(field, Scalar) and "documents" in context.tables:
        context.check_known(
            field, dict(context.tables["documents"].fields), Text("columna de documents", "column of documents")
        )
    return Expiry(value(given, "after"), field.text if isinstance(field, Scalar) else None)


def build_processes(root: Map, context: Context) -> dict[str, Process]:
    """Return the processes by id."""
    return {
        name: Process(
            **context.common(name, node, at),
            every=value(node, "every") or "month",
            for_=context.formula(node, "for", PROFILE, Kind.BOOL),
            steps=_steps(node, context),
            late=_late(node),
            names=tuple(values(node, "names")),
        )
        for name, at, node in entries(root, "tasks")
    }


def _steps(node: Map, context: Context) -> tuple[Step, ...]:
    found: dict[str, Step] = {}
    given = {name for name, _, _ in entries(node, "steps")}
    for name, _, entry in entries(node, "steps"):
        before = []
        for item in items(entry, "after"):
            if context.check_known(item, given, Text("etapa", "step")) is None:
                continue
            if item.text not in found:
                item.report(
                    "P036",
                    Text(f"{item.text} no va antes que {name}", f"{item.text} does not come before {name}"),
                    Text(
                        "escriba los pasos en orden: primero los que otros esperan",
                        "write the steps in order: first those that others wait for",
                    ),
                )
            before.append(item.text)
        due = value(entry, "due")
        if isinstance(due, Duration):
            found[name] = Step(
                name,
                bilingual(entry, "title") or Text(name, name),
                due,
                tuple(before),
                context.owner(entry),
                tuple(values(entry, "names")),
            )
    return tuple(found.values())


def _late(node: Map) -> Mapping[str, Duration]:
    late = node.get("late")
    if not isinstance(late, Map):
        return {}
    return {key: value(late, key) for key in ("amber", "red") if isinstance(value(late, key), Duration)}


def build_alerts(root: Map, context: Context, ids: Iterable[str]) -> dict[str, AlertRule]:
    """Return the alert rules by id; rule ids that no rule has are reported."""
    known = list(ids)
    fields = {field: "" for spec in context.tables.values() for field in spec.fields}
    found = {}
    for name, at, node in entries(root, "alerts"):
        to = node.get("to")
        own = isinstance(to, Scalar) and to.text == "owner"
        group = node.get("group_by")
        if isinstance(group, Scalar):
            context.check_known(group, fields, Text("columna", "column"))
        escalate = node.get("escalate")
        step = escalate if isinstance(escalate, Map) else Map(at.source, at.line, at.column)
        found[name] = AlertRule(
            id=name,
            on=_patterns(node, "on", known),
            since=value(node, "from") or "red",
            to=None if own else context.owner(node, "to"),
            every=value(node, "every") or "day",
            place=Where(at.source.name, at.line, at.column),
            group_by=group.text if isinstance(group, Scalar) else None,
            escalate_after=value(step, "after"),
            escalate_to=_escalate_to(step, context),
        )
    return found


def _escalate_to(step: Map, context: Context) -> Owner | None:
    return context.owner(step, "to") if "to" in step.items else None


def build_exceptions(root: Map, context: Context, ids: Iterable[str]) -> dict[str, RowException]:
    """Return the exceptions by id; rule ids that no rule has are reported."""
    known = list(ids)
    found = {}
    for name, at, node in entries(root, "exceptions"):
        table = context.table(node)
        rules = _patterns(node, "rules", known)
        when = context.formula(node, "when", table, Kind.BOOL)
        until = value(node, "until")
        if when is None or not isinstance(until, date):
            continue
        found[name] = RowException(
            id=name,
            rules=rules,
            table=table,
            when=when,
            reason=bilingual(node, "reason") or Text("", ""),
            by=value(node, "by") or "",
            until=until,
            place=Where(at.source.name, at.line, at.column),
            source=context.source(node),
        )
    return found


def _patterns(node: Map, key: str, known: list[str]) -> tuple[str, ...]:
    for item in items(node, key):
        if not any(matches(item.text, name) for name in known):
            item.report(
                "P020",
                Text(f"regla desconocida: {quote(item.text)}", f"unknown rule: {quote(item.text)}"),
                did_you_mean(item.text, known),
            )
    return tuple(values(node, key))


def matches(pattern: str, name: str) -> bool:
    """Return whether a rule id fits a pattern in which * stands for anything."""
    first, *rest = pattern.split("*")
    if not rest:
        return pattern == name
    *middle, last = rest
    if not name.startswith(first) or not name.endswith(last) or len(name) < len(first) + len(last):
        return False
    position, end = len(first), len(name) - len(last)
    for part in middle:
        position = name.find(part, position, end)
        if position < 0:
            return False
        position += len(part)
    return True
