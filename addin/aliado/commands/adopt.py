"""`aliado adopt`: a workbook of any shape is read, and how to read it is proposed as a client pack to review."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from aliado.batch.outcome import CLEAN, NOT_DONE
from aliado.commands.options import language_option
from aliado.errors import AliadoError, WorkbookRefused
from aliado.language import Language, Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from aliado.tables.proposal import ProposedTable
    from aliado.workbook.sheet import Sheet

REVIEW = 1
"""Exit code: written, and a person must look at it."""

_NOTHING = Text(
    "{path}: ninguna hoja parece una tabla que Aliado lea (hojas: {sheets}). Hace falta una fila de encabezados con al "
    "menos tres columnas conocidas; vea workbook/README.md.",
    "{path}: no sheet looks like a table that Aliado reads (sheets: {sheets}). A row of headings with at least three "
    "known columns is needed; see workbook/README.md.",
)
_THERE = Text(
    "{path} ya existe y no se ha tocado. Use --force para escribirlo de nuevo, o --out para otro fichero.",
    "{path} exists and was left as it is. Use --force to write it again, or --out for another file.",
)
_NO_COUNTRY = Text(
    "No hay paquete de reglas para el país «{country}». Elija uno de estos: {packs}.",
    "There is no rule pack for the country “{country}”. Choose one of these: {packs}.",
)
_WRITTEN = Text("Propuesta escrita en {path}.", "Proposal written to {path}.")
_TRIED = Text("Con ella se leen: {tables}.", "With it these are read: {tables}.")
_REJECTED = Text("Celdas que no se entienden: {count}.", "Cells that are not understood: {count}.")
_NOT_YET = Text(
    "Tal como está, el libro aún no se lee: {reason}", "As it stands, the workbook is not read yet: {reason}"
)
_REVIEW = Text(
    "Revise las líneas marcadas REVISAR y pruebe con: aliado refresh {path} --dry-run",
    "Look at the lines marked REVIEW and try: aliado refresh {path} --dry-run",
)


@click.command(short_help="Propone cómo leer un libro ajeno. / Propose how to read any workbook.")
@click.argument("workbook", metavar="LIBRO.xlsx", type=click.Path(path_type=Path))
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="PACK.yaml",
    help="Dónde escribir el paquete (junto al libro si falta). / Where to write the pack (beside the workbook if absent).",
)
@click.option("--country", metavar="CC", help="País del cliente: EC, CO, MX... / The client's country.")
@click.option("--force", is_flag=True, help="Escribe sobre un paquete que ya existe. / Write over a pack that exists.")
@language_option("Idioma. / Language.", default="es")
def adopt(workbook: Path, out: Path | None, country: str | None, force: bool, lang: Language) -> None:
    """Lee un libro de cualquier forma y propone qué hoja y qué columna es cada cosa, con su certeza y ejemplos.

    Read a workbook of any shape and propose which sheet and which column is what, with confidence and samples.

    Escribe LIBRO.aliado.yaml junto al libro, para revisarlo; el libro no se toca. / Writes LIBRO.aliado.yaml beside the
    workbook, to be reviewed; the workbook is left as it is.

    Códigos de salida / exit codes: 0 todo seguro/all sure · 1 hay que revisar/to be reviewed · 2 no se pudo/not done.
    """
    try:
        sure = _adopt(workbook, out or workbook.with_name(f"{workbook.stem}.aliado.yaml"), country, force, lang)
    except AliadoError as error:
        click.echo(error.text.to(lang), err=True)
        sys.exit(NOT_DONE)
    except OSError as error:
        click.echo(f"{error.filename or workbook}: {error.strerror or error}", err=True)
        sys.exit(NOT_DONE)
    sys.exit(CLEAN if sure else REVIEW)


def _adopt(workbook: Path, target: Path, country: str | None, force: bool, lang: Language) -> bool:
    """Write the proposal and say what it is; return whether it needs no review."""
    from aliado.rules.choose import load_source, parent_pack
    from aliado.rules.client_pack import is_doubtful, write_client_pack
    from aliado.rules.packs import shipped_packs
    from aliado.tables.proposal import propose
    from aliado.workbook.files import read_workbook_file, write_workbook_file
    from aliado.workbook.package import read_package
    from aliado.workbook.reader import read_sheets

    sheets = read_sheets(read_package(read_workbook_file(workbook)), ())
    parent = parent_pack(sheets, target, country)
    if parent is None:
        raise WorkbookRefused(_NO_COUNTRY.format(country=country, packs=", ".join(shipped_packs())))
    tables = propose(sheets, load_source(target.parent / parent if parent.endswith(".yaml") else parent).tables)
    if not tables:
        names = ", ".join(sheet.name for sheet in sheets if sheet.role is None) or "—"
        raise WorkbookRefused(_NOTHING.format(path=workbook, sheets=names))
    if target.exists() and not force:
        raise WorkbookRefused(_THERE.format(path=target))
    write_workbook_file(target, write_client_pack(workbook.stem, parent, tables, lang).encode())
    for line in _describe(tables, lang):
        click.echo(line)
    click.echo(_WRITTEN.to(lang).format(path=target))
    read = _try(sheets, target, lang)
    sure = read and not any(is_doubtful(table) for table in tables)
    if not sure:
        click.echo(_REVIEW.to(lang).format(path=workbook))
    return sure


def _describe(tables: Sequence[ProposedTable], lang: Language) -> Iterator[str]:
    for table in tables:
        yield f"{table.region.place} → {table.spec.title.to(lang)} ({table.confidence:.0%})"
        for item in table.fields:
            title = table.spec.fields[item.name].title
            shown = title.to(lang) if title else item.name
            yield f"    {item.heading} → {shown}  {item.confidence:.0%}  {' · '.join(item.samples)}"
        for name in table.missing:
            title = table.spec.fields[name].title
            yield f"    ✗ {title.to(lang) if title else name}"


def _try(sheets: Sequence[Sheet], pack: Path, lang: Language) -> bool:
    """Say what is read with the proposal as it stands; return whether it reads."""
    from aliado.rules.choose import load_source
    from aliado.tables.gather import gather

    try:
        gathered = gather(sheets, load_source(pack).tables)
    except AliadoError as error:
        click.echo(_NOT_YET.to(lang).format(reason=error.text.to(lang)))
        return False
    read = ", ".join(f"{table.spec.title.to(lang)} {len(table)}" for table in gathered.tables.values())
    click.echo(_TRIED.to(lang).format(tables=read))
    if gathered.rejections:
        click.echo(_REJECTED.to(lang).format(count=len(gathered.rejections)))
    return True
