"""`aliado transplant`: all sheets of one workbook copied into another."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from aliado.batch.outcome import CLEAN, NOT_DONE
from aliado.commands.options import message_language_option
from aliado.errors import AliadoError, WorkbookRefused
from aliado.language import Language, Text

if TYPE_CHECKING:
    from aliado.workbook.package import Package

_DONE = Text("{out}: {count} hojas de {donor} añadidas.", "{out}: {count} sheets of {donor} added.")
_RENAMED = Text("«{old}» se llama aquí «{new}».", "“{old}” is called “{new}” here.")
_IS_DONOR = Text(
    "{out} es el libro del que se copian las hojas. Elija otro --out.",
    "{out} is the workbook that the sheets are copied from. Choose another --out.",
)
_SUFFIX = Text(
    "Aviso: {out} tendrá el contenido de un {kind}; con otra extensión Excel no lo abre.",
    "Warning: {out} will hold the contents of a {kind}; under another extension Excel does not open it.",
)
_CHECKBOXES = Text(
    "Aviso: las casillas de verificación de {donor} quedan como VERDADERO o FALSO, que es lo que contienen. Póngalas otra vez en Excel: Insertar, Casilla.",
    "Warning: the checkboxes in cells of {donor} stand as TRUE or FALSE, which is what they hold. Put them in again in Excel: Insert, Checkbox.",
)
_MEMORY = Text(
    "No hay memoria suficiente para estos libros; no se ha escrito nada.",
    "Not enough memory for these workbooks; nothing was written.",
)
_NO_FOLDER = Text(
    "No existe la carpeta {folder} de --out. Créela y repita.",
    "The folder {folder} of --out does not exist. Create it and repeat.",
)


@click.command(short_help="Copia las hojas de un libro en otro. / Copy the sheets of one workbook into another.")
@click.argument("client", metavar="CLIENTE.xlsx", type=click.Path(path_type=Path))
@click.argument("donor", metavar="ORIGEN.xlsx", type=click.Path(path_type=Path))
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path),
    metavar="FICHERO",
    help="Libro que se escribe. / Workbook to write.",
)
@message_language_option
def transplant(client: Path, donor: Path, out: Path, lang: Language) -> None:
    """Copia todas las hojas de ORIGEN en CLIENTE; lo demás de CLIENTE queda byte a byte como estaba.

    Copy all sheets of ORIGEN (the donor) into CLIENTE; everything else of CLIENTE stays byte for byte as it was.

    Una hoja cuyo nombre ya existe toma otro. / A sheet whose name is taken gets another.

    Códigos de salida / exit codes: 0 hecho/done · 2 rehusado, con la razón/refused, with the reason.
    """
    try:
        names, checkboxes = copy(client, donor, out)
    except AliadoError as error:
        click.echo(error.text.to(lang), err=True)
        sys.exit(NOT_DONE)
    except OSError as error:
        click.echo(f"{error.filename or ''}: {error.strerror or error}".lstrip(": "), err=True)
        sys.exit(NOT_DONE)
    except MemoryError:
        click.echo(_MEMORY.to(lang), err=True)
        sys.exit(NOT_DONE)
    click.echo(_DONE.format(out=out, count=len(names), donor=donor).to(lang))
    for old, new in names.items():
        if old != new:
            click.echo("  " + _RENAMED.format(old=old, new=new).to(lang))
    if checkboxes:
        click.echo(_CHECKBOXES.format(donor=donor).to(lang), err=True)
    if out.suffix.lower() != client.suffix.lower():
        click.echo(_SUFFIX.format(out=out, kind=client.suffix).to(lang), err=True)
    sys.exit(CLEAN)


def copy(client: Path, donor: Path, out: Path) -> tuple[dict[str, str], bool]:
    """Write the client's workbook with the donor's sheets at `out`; return donor sheet -> its name there.

    Also returns whether the donor has checkboxes in cells, which are not carried over.

    Raises AliadoError, with whatever stood at `out` untouched.
    """
    from aliado.workbook.copies import copy_sheets, holds_checkboxes
    from aliado.workbook.files import write_workbook_file

    package, data = _read(client)
    source, content = _read(donor)
    place = out.resolve()
    if place == donor.resolve() != client.resolve():
        raise WorkbookRefused(_IS_DONOR.format(out=out))
    if not place.parent.is_dir():
        raise WorkbookRefused(_NO_FOLDER.format(folder=out.parent))
    result, names = copy_sheets(package, content, donor.name)
    write_workbook_file(out, result, expected=data if place == client.resolve() else None)
    return names, holds_checkboxes(source)


def _read(path: Path) -> tuple[Package, bytes]:
    """Return a workbook's package and bytes; a refusal says which of the two files it is about."""
    from aliado.workbook.files import read_workbook_file
    from aliado.workbook.package import read_package

    try:
        data = read_workbook_file(path)
        return read_package(data), data
    except AliadoError as error:
        raise type(error)(Text(f"{path}: {error.text.es}", f"{path}: {error.text.en}")) from error
