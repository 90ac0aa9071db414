"""`aliado import`: the rows of CSV files added to a client's workbook."""

from __future__ import annotations

import codecs
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from aliado.batch.outcome import CLEAN, NOT_DONE
from aliado.commands.options import backup_option, message_language_option, rules_option
from aliado.errors import AliadoError
from aliado.language import Language, Text

if TYPE_CHECKING:
    from aliado.tables.schema import Formats

PARTLY = 1
"""Exit code: written, without the rows that could not be read."""

_NOTHING = Text(
    "No se ha escrito nada. Corrija esas celdas, o use --partial para importar las demás filas.",
    "Nothing was written. Correct those cells, or use --partial to import the other rows.",
)
_WRITTEN = Text("Escrito {path}: {count} filas nuevas.", "Written {path}: {count} new rows.")
_DRY = Text(
    "Prueba: se añadirían {count} filas a {path}; no se ha escrito nada.",
    "Dry run: {count} rows would be added to {path}; nothing was written.",
)
_NO_NEWS = Text("No hay filas nuevas: {path} queda como estaba.", "There are no new rows: {path} is as it was.")
_NO_WORKBOOK_LAST = Text(
    "El libro va al final: aliado import FICHERO.csv... LIBRO.xlsx",
    "The workbook goes last: aliado import FILE.csv... WORKBOOK.xlsx",
)


@click.command("import", short_help="Añade filas de CSV a un libro. / Add rows of CSV files to a workbook.")
@click.argument("files", metavar="FICHERO.csv...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.argument("workbook", metavar="LIBRO.xlsx", type=click.Path(path_type=Path))
@click.option(
    "--table",
    metavar="TABLA",
    help="Tabla de destino: invoices, bank... (por los encabezados si falta). / Table to add to (by its headings if absent).",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="LIBRO",
    help="Escribe ahí, no en el original. / Write there instead of in place.",
)
@backup_option
@click.option(
    "--partial",
    is_flag=True,
    help="Importa lo que se entiende y lista lo demás. / Import what is understood and list the rest.",
)
@click.option("--dry-run", is_flag=True, help="No escribe nada. / Write nothing.")
@click.option(
    "--encoding", metavar="NOMBRE", help="utf-8, cp1252, utf-16... (se detecta si falta). / (found out if absent)."
)
@click.option("--delimiter", metavar="SIGNO", help="; , | o tab (se detecta si falta). / (found out if absent).")
@click.option(
    "--dates",
    type=click.Choice(("dmy", "mdy", "ymd")),
    help="Orden de las fechas (se detecta si falta). / Order of dates (found out if absent).",
)
@click.option(
    "--decimal",
    type=click.Choice((",", ".")),
    help="Separador decimal (se detecta si falta). / Decimal separator (found out if absent).",
)
@rules_option
@message_language_option
def import_(
    files: tuple[Path, ...],
    workbook: Path,
    table: str | None,
    out: Path | None,
    backup: Path | None,
    partial: bool,
    dry_run: bool,
    encoding: str | None,
    delimiter: str | None,
    dates: str | None,
    decimal: str | None,
    rules: Path | None,
    lang: Language,
) -> None:
    """Añade las filas de ficheros CSV a la tabla del libro a la que pertenecen; lo demás del libro queda como estaba.

    Add the rows of CSV files to the table of the workbook that they belong to; the rest of the workbook stays as it was.

    Las filas que ya están no se añaden otra vez. Si una celda no se entiende, no se escribe nada (salvo con --partial). /
    Rows that are there already are not added again. If a cell is not understood, nothing is written (but with --partial).

    Códigos de salida / exit codes: 0 hecho/done · 1 hecho en parte/partly done · 2 no se escribió nada/nothing was written.
    """
    from aliado.tables.schema import Formats

    if out and backup:
        raise click.UsageError("--out y --backup no van juntos. / --out and --backup exclude each other.")
    if workbook.suffix.lower() in (".csv", ".txt", ".tsv"):
        raise click.UsageError(" / ".join(_NO_WORKBOOK_LAST))
    if encoding:
        try:
            codecs.lookup(encoding)
        except LookupError:
            raise click.UsageError(f"--encoding {encoding}: no se conoce / not known. utf-8, cp1252, utf-16.") from None
    mark = {"tab": "\t", "\\t": "\t"}.get(delimiter or "", delimiter)
    if mark is not None and len(mark) != 1:
        raise click.UsageError("--delimiter: un solo signo. / one character.")
    reading = _Reading(table, encoding, mark, Formats(dates, decimal), rules)
    try:
        code = _import(
            files, workbook, out or workbook, backup, reading, partial=partial, dry_run=dry_run, language=lang
        )
    except AliadoError as error:
        click.echo(error.text.to(lang), err=True)
        sys.exit(NOT_DONE)
    except OSError as error:
        click.echo(f"{error.filename or workbook}: {error.strerror or error}", err=True)
        sys.exit(NOT_DONE)
    sys.exit(code)


class _Reading:
    """How the user wants the files to be read; None where it is found out."""

    def __init__(
        self, table: str | None, encoding: str | None, delimiter: str | None, formats: Formats, rules: Path | None
    ) -> None:
        self.table, self.encoding, self.delimiter, self.formats, self.rules = table, encoding, delimiter, formats, rules


def _import(
    files: Sequence[Path],
    workbook: Path,
    target: Path,
    backup: Path | None,
    reading: _Reading,
    *,
    partial: bool,
    dry_run: bool,
    language: Language,
) -> int:
    """Import the files one after the other, say what became of each and return the exit code."""
    from aliado.intake.csv_file import read_csv
    from aliado.intake.imported import describe
    from aliado.intake.importing import import_csv
    from aliado.rules.choose import choose_pack
    from aliado.workbook.files import read_workbook_file, write_workbook_file
    from aliado.workbook.package import read_package
    from aliado.workbook.reader import read_sheets

    data = read_workbook_file(workbook)
    package = read_package(data)
    specs = choose_pack(read_sheets(package, ()), workbook, reading.rules).tables
    count, unread = 0, False
    for path in files:
        file = read_csv(path, reading.encoding, reading.delimiter)
        package, done = import_csv(package, specs, file, table=reading.table, formats=reading.formats)
        for line in describe(path, done, language):
            click.echo(line)
        count += len(done.rows)
        unread = unread or bool(done.unread)
    if unread and not partial:
        click.echo(_NOTHING.to(language), err=True)
        return NOT_DONE
    if dry_run:
        click.echo(_DRY.to(language).format(path=target, count=count))
    elif not count and target == workbook:
        click.echo(_NO_NEWS.to(language).format(path=workbook))
    else:
        in_place = target.resolve() == workbook.resolve()
        copy = backup / workbook.name if backup else None
        write_workbook_file(target, package.to_bytes(), copy, expected=data if in_place else None)
        click.echo(_WRITTEN.to(language).format(path=target, count=count))
    return PARTLY if unread else CLEAN
