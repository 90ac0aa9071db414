"""Sources, owners, parameters and canonical tables of a merged pack, as models."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from aliado.language import Text, fold, same
from aliado.rules.content import bilingual, entries, items, value, values
from aliado.rules.context import Context
from aliado.rules.hints import did_you_mean, quote
from aliado.rules.keys import day, number
from aliado.rules.models import Origin, Owner, Param, RuleSource, Where
from aliado.rules.nodes import Map, Node, Scalar
from aliado.rules.words import Word, YesNo
from aliado.rules.written import syntax_problem
from aliado.tables.schema import Field, FieldType, Formats, TableSpec

_TYPED: Mapping[str, Word] = {"money": number, "number": number, "percent": number, "date": day, "bool": YesNo()}


def build_sources(root: Map) -> dict[str, RuleSource]:
    """Return the sources by id."""
    return {
        name: RuleSource(
            name,
            bilingual(node, "title") or same(name),
            value(node, "kind") or "",
            tuple(str(url) for url in values(node, "url")),
            value(node, "checked"),
            value(node, "confidence") or "",
            bool(value(node, "unverified")),
            bilingual(node, "note"),
        )
        for name, _, node in entries(root, "sources")
    }


def build_owners(root: Map) -> dict[str, Owner]:
    """Return the owners by id."""
    return {
        name: Owner(name, bilingual(node, "title") or same(name), value(node, "email"))
        for name, _, node in entries(root, "owners")
    }


def build_params(root: Map, context: Context) -> dict[str, Param]:
    """Return the parameters by name, their values typed."""
    params = {}
    for name, at, node in entries(root, "params"):
        type_name = value(node, "type")
        if type_name is None:
            continue
        own = source = context.source(node)
        single = node.get("value")
        dated: list[tuple[date, Any, Origin]] = []
        if single is not None:
            dated.append((date.min, _typed(single, type_name), Origin(own)))
        for text, stands, entry in entries(node, "values"):
            cited = context.source(entry)
            source += tuple(s for s in cited if s not in source)
            if isinstance(stands.value, date) and (inner := entry.get("value")) is not None:
                origin = Origin(cited or own, bool(value(entry, "unverified")))
                dated.append((date.fromisoformat(text), _typed(inner, type_name), origin))
        dated.sort(key=lambda entry: entry[0])
        kind = FieldType(type_name).kind
        params[name] = Param(
            name,
            bilingual(node, "title") or same(name),
            type_name,
            kind,
            tuple((since, found) for since, found, _ in dated if found is not None),
            source,
            bool(value(node, "unverified")),
            Where(at.source.name, at.line, at.column),
            tuple(origin for _, found, origin in dated if found is not None),
        )
    return params


def _typed(node: Node, type_name: str) -> Any:
    """Return the value of a parameter as its type has it; report a text that is none."""
    if not isinstance(node, Scalar):
        return None
    word = _TYPED.get(type_name)
    found = word.read(node.text) if word else node.text
    if found is None and word is not None:
        node.report(
            "P004",
            Text(
                f"{quote(node.text)}: se esperaba {word.expected.es}",
                f"{quote(node.text)}: expected {word.expected.en}",
            ),
            word.hint(node.text),
        )
    elif type_name == "percent" and isinstance(found, Decimal) and "%" not in node.text and abs(found) > 1:
        node.report(
            "P024",
            Text(f"{quote(node.text)} es más de 100 %", f"{quote(node.text)} is more than 100 %"),
            Text(f"escriba {node.text}%", f"write {node.text}%"),
        )
    return found


def build_formats(node: Map, default: Formats) -> Formats:
    """Return the formats under `formats`, each part falling back on `default`."""
    given = node.get("formats")
    if not isinstance(given, Map):
        return default
    return Formats(
        value(given, "date") or default.date,
        value(given, "decimal") or default.decimal,
        value(given, "percent") or default.percent,
    )


def build_tables(root: Map, formats: Formats) -> dict[str, TableSpec]:
    """Return the canonical tables; headings that two fields share and unknown fields are reported."""
    return {name: _table(name, node, formats) for name, _, node in entries(root, "tables")}


def _table(name: str, node: Map, formats: Formats) -> TableSpec:
    fields = {field: _field(field, entry) for field, _, entry in entries(node, "fields") if value(entry, "type")}
    _check_headings(name, node)
    key = node.get("key")
    if isinstance(key, Scalar) and fields and key.text not in fields:
        _unknown_field(key, name, fields)
    place = node.get("from")
    return TableSpec(
        name=name,
        title=bilingual(node, "title") or same(name),
        key=key.text if isinstance(key, Scalar) else "",
        fields=fields,
        names=tuple(values(node, "names")),
        sheet=value(place, "sheet") if isinstance(place, Map) else None,
        table=value(place, "table") if isinstance(place, Map) else None,
        formats=build_formats(node, formats),
        map=_map(name, node, fields),
        values=_values(name, node, fields),
    )


def _field(name: str, node: Map) -> Field:
    return Field(
        name,
        FieldType(value(node, "type")),
        required=bool(value(node, "required")),
        names=tuple(values(node, "names")),
        also=tuple(values(node, "also")),
        title=bilingual(node, "title"),
        computed=bool(value(node, "computed")),
    )


def _check_headings(table: str, node: Map) -> None:
    """Report a heading that two fields of the table claim."""
    claimed: dict[str, str] = {}
    for field, _, entry in entries(node, "fields"):
        for heading in (*items(entry, "names"), *items(entry, "also")):
            folded = fold(heading.text)
            owner = claimed.setdefault(folded, field)
            if owner != field:
                heading.report(
                    "P025",
                    Text(
                        f"el encabezado {quote(heading.text)} ya es de {table}.{owner}",
                        f"the heading {quote(heading.text)} already belongs to {table}.{owner}",
                    ),
                    Text(
                        "un encabezado solo puede ser de un campo; para un cliente use map",
                        "a heading can belong to one field only; for one client use map",
                    ),
                )


def _map(table: str, node: Map, fields: Mapping[str, Field]) -> dict[str, str]:
    section = node.get("map")
    found: dict[str, str] = {}
    headings: dict[str, str] = {}
    if not isinstance(section, Map):
        return found
    for field, item in section.items.items():
        at = section.keys[field]
        if field not in fields:
            _unknown_field(at, table, fields)
        elif fields[field].computed:
            at.report(
                "P026",
                Text(f"{field} lo calcula Aliado", f"{field} is computed by Aliado"),
                Text("quítelo de map", "remove it from map"),
            )
        elif isinstance(item, Scalar) and item.value is not None:
            text = item.text.strip()
            other = headings.setdefault(fold(text), field) if not text.startswith("=") else field
            if other != field:
                item.report(
                    "P027",
                    Text(f"{quote(text)} ya está en {other}", f"{quote(text)} is already taken by {other}"),
                    Text(
                        "una columna solo va a un campo; para usarla dos veces escriba una fórmula",
                        "a column goes to one field only; to use it twice write a formula",
                    ),
                )
            problem = syntax_problem(item) if text.startswith("=") else None
            if problem:
                item.source.problems.append(problem)
            found[field] = text
    return found


def _values(table: str, node: Map, fields: Mapping[str, Field]) -> dict[str, Mapping[str, str]]:
    found: dict[str, Mapping[str, str]] = {}
    section = node.get("values")
    for field, at, entry in entries(node, "values"):
        if field not in fields:
            _unknown_field(at, table, fields)
        else:
            found[field] = {
                typed: item.text
                for typed, item in entry.items.items()
                if isinstance(item, Scalar) and item.value is not None
            }
    return found if isinstance(section, Map) else {}


def _unknown_field(at: Scalar, table: str, fields: Mapping[str, Field]) -> None:
    at.report(
        "P020",
        Text(f"columna de {table} desconocida: {quote(at.text)}", f"unknown column of {table}: {quote(at.text)}"),
        did_you_mean(at.text, fields),
    )
