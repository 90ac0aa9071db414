"""`aliado verify`: the proof, part by part, that nothing of a client's workbook was lost."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from string import ascii_uppercase
from typing import TYPE_CHECKING, Any

import click

from aliado.batch.outcome import CLEAN, NOT_DONE
from aliado.commands.options import message_language_option
from aliado.errors import AliadoError
from aliado.language import Language, Text

if TYPE_CHECKING:
    from aliado.workbook.package import Package
    from aliado.workbook.verify import PartChange

LOST = 1
"""Exit code: something of the client's was lost."""

_CHANGES = {
    "identical": Text("idéntica", "identical"),
    "ours": Text("de Aliado", "ours"),
    "appended": Text("ampliada", "appended"),
    "changed": Text("cambiada", "changed"),
    "lost": Text("perdida", "lost"),
    "added": Text("nueva", "added"),
}
_NOTHING_LOST = Text(
    "No se ha perdido nada del cliente: {parts} partes ({counts}).",
    "Nothing of the client's was lost: {parts} parts ({counts}).",
)
_SOMETHING_LOST = Text(
    "SE HA PERDIDO algo del cliente: {lost} de {parts} partes ({counts}).",
    "Something of the client's WAS LOST: {lost} of {parts} parts ({counts}).",
)
_PATCHED = Text(
    "solo lo que el refresco rellena (columna «Aliado», resultados de fórmulas ALIADO_): {count} celdas",
    "only what a refresh fills in (column “Aliado”, results of ALIADO_ formulas): {count} cells",
)
_FILLED = Text(
    "filas añadidas, {first} a {last}, donde no había nada: {count} celdas",
    "rows added, {first} to {last}, where nothing stood: {count} cells",
)
_CELLS = Text("{count} celdas cambiadas", "{count} cells changed")
_SHOWN = 20
_MORE = Text("… y {count} celdas más (todas con --json)", "… and {count} more cells (all with --json)")
_MEMORY = Text("No hay memoria suficiente para estos libros.", "Not enough memory for these workbooks.")


@click.command(short_help="Prueba que nada del cliente se perdió. / Prove that nothing of the client's was lost.")
@click.argument("before", metavar="ANTES.xlsx", type=click.Path(path_type=Path))
@click.argument("after", metavar="DESPUÉS.xlsx", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Escribe el resultado como JSON. / Write the result as JSON.")
@message_language_option
def verify(before: Path, after: Path, as_json: bool, lang: Language) -> None:
    """Compara dos estados de un libro parte por parte y dice si se perdió algo del cliente.

    Compare two states of a workbook part by part and say whether anything of the client's was lost.

    Códigos de salida / exit codes: 0 nada perdido/nothing lost · 1 algo perdido/something lost · 2 no se puede leer/cannot be read.
    """
    from aliado.workbook.verify import compare_packages

    try:
        changes = compare_packages(_read(before), _read(after))
    except AliadoError as error:
        click.echo(error.text.to(lang), err=True)
        sys.exit(NOT_DONE)
    except OSError as error:
        click.echo(f"{error.filename or ''}: {error.strerror or error}".lstrip(": "), err=True)
        sys.exit(NOT_DONE)
    except MemoryError:
        click.echo(_MEMORY.to(lang), err=True)
        sys.exit(NOT_DONE)
    lost = [change for change in changes if not change.harmless]
    if as_json:
        click.echo(json.dumps(to_record(changes, lang), ensure_ascii=False, indent=2))
    else:
        for change in changes:
            for line in lines(change, lang):
                click.echo(line)
        click.echo(verdict(changes, lang))
    sys.exit(LOST if lost else CLEAN)


def _read(path: Path) -> Package:
    """Return a workbook's package; a refusal says which of the two files it is about."""
    from aliado.workbook.files import read_any_file
    from aliado.workbook.package import read_package

    data = read_any_file(path)
    try:
        return read_package(data)
    except AliadoError as error:
        raise type(error)(Text(f"{path}: {error.text.es}", f"{path}: {error.text.en}")) from error


def verdict(changes: Sequence[PartChange], language: Language) -> str:
    """Return the one line that says whether anything of the client's was lost."""
    lost = [change for change in changes if not change.harmless]
    counts = ", ".join(
        f"{count} {word.to(language)}"
        for name, word in _CHANGES.items()
        if (count := sum(change.change == name for change in changes))
    )
    text = _SOMETHING_LOST if lost else _NOTHING_LOST
    return text.format(lost=len(lost), parts=len(changes), counts=counts).to(language)


def lines(change: PartChange, language: Language) -> list[str]:
    """Return what there is to say of one part: a line, and one per changed cell."""
    sheet = f" «{change.sheet}»" if change.sheet else ""
    detail = change.detail
    if change.cells:
        rows = [int(cell.cell.lstrip(ascii_uppercase)) for cell in change.cells]
        text = _PATCHED if change.patched else _FILLED if change.filled else _CELLS
        detail = text.to(language).format(count=len(rows), first=min(rows), last=max(rows))
    found = [f"{_CHANGES[change.change].to(language):<10}  {change.part}{sheet}{f': {detail}' if detail else ''}"]
    found += [
        f"            {cell.cell}: {_shown(cell.before)} -> {_shown(cell.after)}" for cell in change.cells[:_SHOWN]
    ]
    if len(change.cells) > _SHOWN:
        found.append(f"            {_MORE.format(count=len(change.cells) - _SHOWN).to(language)}")
    return found


def to_record(changes: Sequence[PartChange], language: Language) -> dict[str, Any]:
    """Return what `--json` writes."""
    return {
        "lost": any(not change.harmless for change in changes),
        "verdict": verdict(changes, language),
        "parts": [
            {
                "part": change.part,
                "change": change.change,
                "lost": not change.harmless,
                "detail": change.detail,
                **({"sheet": change.sheet} if change.sheet else {}),
                **(
                    {"patched": change.patched, "filled": change.filled, "cells": _cells(change)}
                    if change.cells
                    else {}
                ),
            }
            for change in changes
        ],
    }


def _cells(change: PartChange) -> list[dict[str, Any]]:
    return [{"cell": cell.cell, "before": _plain(cell.before), "after": _plain(cell.after)} for cell in change.cells]


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, (date, datetime)) else value


def _shown(value: object) -> str:
    return "—" if value is None else str(_plain(value))
