"""Messages with {Heading} placeholders, checked against the columns they name."""

from __future__ import annotations

import re

from aliado.formula.scope import Scope
from aliado.language import Text, fold
from aliado.rules.content import as_text
from aliado.rules.hints import did_you_mean
from aliado.rules.nodes import Map, Node
from aliado.tables.schema import TableSpec

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_SPECIAL = {
    "valor": "value",
    "value": "value",
    "nivel": "label",
    "label": "label",
    "accion": "action",
    "action": "action",
}


def message(node: Map, key: str, spec: TableSpec | None, scope: Scope) -> Text | None:
    """Return a message with its {Heading} placeholders turned into canonical names; unknown ones are reported.

    spec: the table whose columns it may name, None when that is unknown. scope: of formulas over that table.
    """
    item = node.get(key)
    written = as_text(item)
    if written is None or spec is None:
        return written
    parts = [item.items["es"], item.items["en"]] if isinstance(item, Map) else [item, item]
    es, en = (_canonical(text, part, spec, scope) for text, part in zip(written, parts, strict=True) if part)
    return Text(es, en)


def _canonical(text: str, place: Node, spec: TableSpec, scope: Scope) -> str:
    columns = scope.tables[spec.name]

    def canonical(found: re.Match[str]) -> str:
        heading = found.group(1).strip()
        name = columns.find(heading) or _SPECIAL.get(fold(heading)) or scope.find_parameter(heading)
        if name is None:
            headings = [heading for item in spec.fields.values() for heading in (*item.names, *item.also, item.name)]
            known = [*headings, "value", "label", "action", *scope.parameters]
            place.report(
                "P022",
                Text(f"{{{heading}}} no es una columna", f"{{{heading}}} is not a column"),
                did_you_mean(heading, known),
            )
            return ""
        return f"{{{name}}}"

    result = _PLACEHOLDER.sub(canonical, text)
    if "{" in _PLACEHOLDER.sub("", result) or "}" in _PLACEHOLDER.sub("", result):
        place.report(
            "P023",
            Text("llave suelta en el texto", "a brace on its own in the text"),
            Text(
                "las llaves solo rodean el nombre de una columna: {Cliente}",
                "braces only surround the name of a column: {Customer}",
            ),
        )
    return result
