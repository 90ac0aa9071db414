"""`aliado new`: the empty workbook of a new client."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from aliado.batch.outcome import CLEAN, NOT_DONE
from aliado.commands.day import today
from aliado.commands.options import language_option
from aliado.errors import AliadoError, WorkbookRefused
from aliado.intake.known import KINDS, Kind, Known
from aliado.language import Language, Text

_SUFFIX = Text(
    "{path}: el libro ha de llamarse NOMBRE.xlsx, o NOMBRE.xlsm para llevar dentro la cinta y las funciones.",
    "{path}: the workbook must be called NAME.xlsx, or NAME.xlsm to have the ribbon and the functions inside.",
)
_THERE = Text(
    "{path} ya existe y no se ha tocado. Elija otro nombre.",
    "{path} exists and was left as it is. Choose another name.",
)
_NO_COUNTRY = Text(
    "No hay paquete de reglas para el país «{country}». Elija uno de estos: {packs}.",
    "There is no rule pack for the country “{country}”. Choose one of these: {packs}.",
)
_WRITTEN = Text(
    "{path}: libro vacío con {count} hojas de entrada ({country}, {currency}). Complete la Ficha y ejecute: aliado refresh {path}",
    "{path}: empty workbook with {count} input sheets ({country}, {currency}). Fill in the Profile and run: aliado refresh {path}",
)


@click.command(short_help="Crea el libro vacío de un cliente. / Make a client's empty workbook.")
@click.argument("path", metavar="LIBRO.xlsx", type=click.Path(path_type=Path))
@click.option("--country", required=True, metavar="CC", help="País del cliente: EC, CO, MX... / The client's country.")
@language_option("Idioma del libro y de los mensajes. / Language of the workbook and of messages.", default="es")
@click.option("--name", default="", metavar="NOMBRE", help="Nombre del cliente. / The client's name.")
@click.option("--tax-id", default="", metavar="ID", help="Su identificación fiscal. / Its tax ID.")
@click.option(
    "--kind",
    type=click.Choice(KINDS),
    default="company",
    show_default=True,
    help="Sociedad o persona natural: decide qué obligaciones valen. / Decides which obligations apply.",
)
def new(path: Path, country: str, lang: Language, name: str, tax_id: str, kind: Kind) -> None:
    """Crea el libro vacío de un cliente: todas las tablas de entrada con sus listas, comprobaciones y ayuda.

    Make a client's empty workbook: every input table with its lists, checks and help.

    Con LIBRO.xlsm lleva dentro la cinta y las funciones. / LIBRO.xlsm has the ribbon and the functions inside.

    Códigos de salida / exit codes: 0 hecho/done · 2 no se pudo, con la razón/not done, with the reason.
    """
    try:
        text = _write(path, country, lang, Known(name.strip(), tax_id.strip(), kind))
    except AliadoError as error:
        click.echo(error.text.to(lang), err=True)
        sys.exit(NOT_DONE)
    except OSError as error:
        click.echo(f"{error.filename or path}: {error.strerror or error}", err=True)
        sys.exit(NOT_DONE)
    click.echo(text.to(lang))
    sys.exit(CLEAN)


def _write(path: Path, country: str, language: Language, known: Known) -> Text:
    """Write the workbook and return what to say; raises AliadoError with nothing written."""
    from aliado.intake.inputs import INPUTS
    from aliado.rules.choose import choose_pack
    from aliado.rules.countries import read_country
    from aliado.rules.packs import shipped_pack_for, shipped_packs
    from aliado.workbook.files import write_workbook_file

    suffix = path.suffix.lower()
    if suffix not in (".xlsx", ".xlsm"):
        raise WorkbookRefused(_SUFFIX.format(path=path))
    if path.exists():
        raise WorkbookRefused(_THERE.format(path=path))
    source = shipped_pack_for(read_country(country))
    if source is None:
        raise WorkbookRefused(
            _NO_COUNTRY.format(
                country=country, packs=", ".join(name.upper() for name in shipped_packs() if len(name) == 2)
            )
        )
    pack = choose_pack([], given=source)
    if suffix == ".xlsm":
        from aliado.excel.build import build_client

        content = build_client(pack, language, today(), known)
    else:
        from aliado.intake.new_client import write_new_client

        content = write_new_client(pack, language, today(), known)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_workbook_file(path, content)
    return _WRITTEN.format(path=path, count=len(INPUTS), country=pack.country, currency=pack.currency)
