"""`aliado pdf`: the panel of each workbook as a PDF to send."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import click

from aliado.batch.outcome import CLEAN, NOT_DONE, Options
from aliado.commands.day import today
from aliado.commands.options import as_of_option, language_option, rules_option
from aliado.errors import AliadoError
from aliado.language import Language


@click.command(short_help="El panel de cada libro en PDF. / The panel of each workbook as PDF.")
@click.argument("workbooks", metavar="LIBRO...", nargs=-1, required=True, type=click.Path(path_type=Path))
@as_of_option
@rules_option
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="CARPETA",
    help="Carpeta de los PDF (la del libro si falta). / Folder of the PDFs (the workbook's if absent).",
)
@click.option("--all", "everything", is_flag=True, help="Todas las hojas de Aliado. / All of Aliado's sheets.")
@language_option("Idioma del PDF. / Language of the PDF.")
def pdf(
    workbooks: tuple[Path, ...],
    as_of: date | None,
    rules: Path | None,
    out: Path | None,
    everything: bool,
    lang: Language | None,
) -> None:
    """Hace un PDF del panel de cada libro, al día y sin tocar el libro. / Make a PDF of each workbook's panel, up to date, leaving the workbook as it is.

    Necesita LibreOffice. / Needs LibreOffice.

    Códigos de salida / exit codes: 0 hecho/done · 2 alguno no se pudo/some could not be made.
    """
    from aliado.batch.printing import print_panel

    code = CLEAN
    options = Options(as_of or today(), rules=rules, language=lang)
    for workbook in workbooks:
        target = (out or workbook.parent) / f"{workbook.stem}.pdf"
        try:
            content = print_panel(workbook, options, everything=everything)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        except AliadoError as error:
            click.echo(f"{workbook}: {error.text.to(lang or 'es')}", err=True)
            code = NOT_DONE
        except OSError as error:
            click.echo(f"{error.filename or workbook}: {error.strerror or error}", err=True)
            code = NOT_DONE
        else:
            click.echo(str(target))
    sys.exit(code)
