"""The reference of tables and functions for people, written from what the code itself goes by.

`python -m aliado.excel.build` writes it into workbook/README.md, between the marks that stand there.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from aliado.cells.function import CellFunction
from aliado.cells.registry import FUNCTIONS
from aliado.language import Language
from aliado.report.donor import SHEETS
from aliado.resources import workbook_folder
from aliado.rules.choose import choose_pack

_COLUMNS: dict[str, dict[Language, tuple[str, ...]]] = {
    "tables": {
        "es": ("Tabla", "La hoja o tabla se llama", "Columnas obligatorias", "Otras columnas que se leen"),
        "en": ("Table", "The sheet or table is called", "Required columns", "Other columns read"),
    },
    "sheets": {"es": ("Hoja", "Nombre oculto que la marca"), "en": ("Sheet", "Hidden name that marks it")},
}


def write_tables(language: Language) -> str:
    """Return the canonical tables as a Markdown table."""
    rows = []
    for table in choose_pack([]).tables.values():
        fields = [item for item in table.fields.values() if not item.computed]
        required = ", ".join(item.title.to(language) for item in fields if item.required and item.title)
        others = ", ".join(item.title.to(language) for item in fields if not item.required and item.title)
        rows.append((table.title.to(language), ", ".join(table.names[:3]), required or "—", others))
    return _table(_COLUMNS["tables"][language], rows)


def write_sheets(language: Language) -> str:
    """Return the sheets that a refresh lays in as a Markdown table."""
    rows = [(title.to(language), f"`_aliado.{role}`") for role, title in SHEETS.items()]
    return _table(_COLUMNS["sheets"][language], rows)


def write_functions(language: Language) -> str:
    """Return every custom function with its arguments and an example."""
    return "\n\n".join(_function(spec, language) for spec in FUNCTIONS)


def _function(spec: CellFunction, language: Language) -> str:
    arguments = [f"[{item.name}]" if item.optional else item.name for item in spec.parameters]
    names = " · ".join(f"`{alias}`" for alias in spec.aliases)
    lines = [
        f"**`{spec.name}({', '.join(arguments)})`** · {names}  ",
        f"{spec.summary.to(language)}  ",
        f"`{spec.example}`",
    ]
    return "\n".join([*lines, "", *(f"- `{item.name}`: {item.help.to(language)}" for item in spec.parameters)])


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


SECTIONS = {"tables": write_tables, "sheets": write_sheets, "functions": write_functions}
_MARK = re.compile(r"(<!-- (tables|sheets|functions) (es|en) -->\n).*?(\n<!-- end -->)", re.DOTALL)


def fill_in(text: str) -> str:
    """Return a document with its marked sections written anew."""

    def section(found: re.Match[str]) -> str:
        language: Language = "en" if found[3] == "en" else "es"
        return found[1] + SECTIONS[found[2]](language) + found[4]

    return _MARK.sub(section, text)


def write_reference() -> None:
    """Fill in workbook/README.md."""
    readme = workbook_folder() / "README.md"
    readme.write_text(fill_in(readme.read_text(encoding="utf-8")), encoding="utf-8")
