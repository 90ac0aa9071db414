"""Messages with {Heading} placeholders, checked against the columns they name."""

from __future__ import annotations

import re
from collections.abc import Iterable

from aliado.formula.scope import TableScope
from aliado.language import Text, fold
from aliado.rules.content import as_text
from aliado.rules.hints import did_you_mean
from aliado.rules.nodes import Map, Node, Scalar

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_SPECIAL = {
    "valor": "value",
    "value": "value",
    "nivel": "label",
    "label": "label",
    "accion": "action",
    "action": "action",
}


def message(node: Map, key: str, scope: TableScope | None, parameters: Iterable[str]) -> Text | None:
    """Return a message with its {Heading} placeholders turned into canonical names; unknown ones are reported."""
    item = node.get(key)
    written = as_text(item)
    if written is None or scope is None:
        return written
    parts = (
        [item, item]
        if isinstance(item, Scalar)
        else [item.items["es"], item.items["en"]]
        if isinstance(item, Map)
        else []
    )
    names = list(parameters)
    es, en = (_placeholders(text, part, scope, names) for text, part in zip(written, parts, strict=True))
    return Text(es, en)


def _placeholders(text: str, place: Node, scope: TableScope, parameters: list[str]) -> str:
    def canonical(found: re.Match[str]) -> str:
        heading = found.group(1).strip()
        name = scope.find(heading) or _SPECIAL.get(fold(heading)) or (heading if heading in parameters else None)
        if name is None:
            known = [*scope.known(), "value", "label", "action", *parameters]
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
