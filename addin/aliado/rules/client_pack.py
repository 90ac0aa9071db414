"""A client's pack, written for a person to review: where each table stands, which heading is which field, and how sure that is."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Final

from aliado.language import Language, Text
from aliado.rules.invisible import invisible_characters
from aliado.tables.proposal import ProposedField, ProposedTable

DOUBTFUL: Final = 0.6
"""A field less sure than this is marked for review."""

_ORDERS = {"dmy": "dd/mm/yyyy", "mdy": "mm/dd/yyyy"}
_NOT_IN_IDS = re.compile(r"[^a-z0-9]+")
_HEAD = Text(
    "# Propuesta de «aliado adopt»: revise cada línea marcada REVISAR y borre lo que no sea.\n"
    "# Cada línea dice qué columna del libro es cada campo, lo seguro que es y algunos de sus valores.\n",
    "# Proposed by `aliado adopt`: look at each line marked REVIEW and delete what is not so.\n"
    "# Each line says which column of the workbook is which field, how sure that is, and some of its values.\n",
)
_REVIEW = Text("REVISAR", "REVIEW")
_MISSING = Text(
    "falta: ninguna columna parece «{title}» ({name}); añádala al libro o escriba aquí una fórmula",
    "missing: no column seems to be “{title}” ({name}); add it to the workbook or write a formula here",
)
_UNUSED = Text("sin usar: {headings}", "not used: {headings}")
_ORDER = Text(
    "{review}: las fechas están como texto y valen en los dos órdenes",
    "{review}: dates are text and could be read either way",
)
_FORMULA = Text(
    "{review}: el encabezado empieza por «=» y aquí sería una fórmula; cámbielo en el libro",
    "{review}: the heading begins with “=” and would be a formula here; change it in the workbook",
)
_INVISIBLE = Text(
    "{review}: «{name}» tiene caracteres invisibles; cámbielo en el libro",
    "{review}: “{name}” has invisible characters; change it in the workbook",
)


def write_client_pack(name: str, parent: str, tables: Sequence[ProposedTable], language: Language) -> str:
    """Return the YAML of a pack that extends `parent` (a shipped pack) and reads the client's tables as proposed.

    name: the client's, as it stands in the file name. The text holds only what the pack loader accepts.
    """
    title = _quoted(_comment(name) or pack_id(name))
    lines = [
        _HEAD.to(language).rstrip("\n"),
        f"pack: {pack_id(name)}",
        f"extends: {parent}",
        "version: 1.0.0",
        f"title: {{es: {title}, en: {title}}}",
        "",
        "tables:",
    ]
    for table in tables:
        lines += _table_lines(table, language)
    return "\n".join(lines) + "\n"


def pack_id(name: str) -> str:
    """Return a pack id made of a client's name: lower case letters, digits and hyphens."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c)).lower()
    words = _NOT_IN_IDS.sub("-", plain).strip("-")
    return words if words[:1].isalpha() else f"cliente-{words}".rstrip("-")


def is_doubtful(table: ProposedTable) -> bool:
    """Return whether a person must look at a table before it can be relied on."""
    return (
        bool(table.missing)
        or not table.sure_date
        or any(item.confidence < DOUBTFUL and table.spec.fields[item.name].required for item in table.fields)
    )


def _table_lines(table: ProposedTable, language: Language) -> Iterator[str]:
    review = _REVIEW.to(language)
    yield f"  {table.spec.name}:  # {_comment(table.spec.title.to(language))} · {table.confidence:.0%}"
    names = {"sheet": table.region.sheet.name, "table": table.region.excel_table or ""}
    place = [f"{key}: {_quoted(name)}" for key, name in names.items() if name and _is_plain(name)]
    if place:
        yield f"    from: {{{', '.join(place)}}}"
    for name in names.values():
        if not _is_plain(name):
            yield f"    # {_INVISIBLE.to(language).format(review=review, name=_comment(name))}"
    formats = []
    if table.formats.date:
        formats.append(f"date: {_ORDERS[table.formats.date]}")
    if table.formats.decimal:
        formats.append(f'decimal: "{table.formats.decimal}"')
    if formats:
        doubt = "" if table.sure_date else f"  # {_ORDER.to(language).format(review=review)}"
        yield f"    formats: {{{', '.join(formats)}}}{doubt}"
    if any(_is_plain(item.heading) and not item.heading.startswith("=") for item in table.fields):
        yield "    map:"
    for item in table.fields:
        yield _field_line(item, review, language)
    for name in table.missing:
        shown = table.spec.fields[name].title or Text(name, name)
        yield "      # " + _MISSING.to(language).format(title=shown.to(language), name=name)
    if table.unused:
        yield "    # " + _UNUSED.to(language).format(headings=_comment(" · ".join(table.unused), 300))


def _field_line(item: ProposedField, review: str, language: Language) -> str:
    if item.heading.startswith("="):
        return f"      # {item.name}: {_FORMULA.to(language).format(review=review)}"
    if not _is_plain(item.heading):
        return f"      # {item.name}: {_INVISIBLE.to(language).format(review=review, name=_comment(item.heading))}"
    samples = " · ".join(_comment(text, 40) for text in item.samples)
    doubt = f"{review} " if item.confidence < DOUBTFUL else ""
    note = f"{doubt}{item.confidence:.0%}" + (f": {samples}" if samples else "")
    return f"      {item.name}: {_quoted(item.heading)}  # {note}"


def _quoted(text: str) -> str:
    """Return text as a YAML scalar in double quotes (JSON's escapes are YAML's too), runs of spaces as one, as they compare."""
    return json.dumps(" ".join(text.split()), ensure_ascii=False)


def _is_plain(text: str) -> bool:
    """Return whether the pack loader takes a text as it is."""
    return not any(invisible_characters(" ".join(text.split()), ""))


def _comment(text: str, most: int = 120) -> str:
    """Return text for a comment: one line, without characters that the loader refuses."""
    plain = "".join(c if _is_plain(c) else " " for c in text)
    plain = " ".join(plain.split())
    return plain if len(plain) <= most else plain[: most - 1] + "…"
