"""`rules/schema.json`: the rule language as JSON Schema, for completion and hover in editors.

Run `python -m aliado.rules.editor_schema > rules/schema.json` after changing `keys.py`.
"""

from __future__ import annotations

import json
import sys

from aliado.rules.keys import PACK, TEST
from aliado.rules.shapes import Record
from aliado.rules.words import JsonSchema


def schema() -> JsonSchema:
    """Return the schema of packs, and of rule tests (files with the key `test`)."""
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "Aliado: paquete de reglas / rule pack",
        "type": "object",
        "if": {"required": ["test"]},
        "then": _complete(TEST),
        "else": _complete(PACK),
    }


def _complete(record: Record) -> JsonSchema:
    return {**record.json(), "required": [name for name, key in record.keys.items() if key.required]}


def schema_text() -> str:
    """Return the schema as it stands in `rules/schema.json`."""
    return json.dumps(schema(), ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    sys.stdout.write(schema_text())
