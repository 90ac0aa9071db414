"""`aliado reminders`: letters and mails to customers whose invoices are past due, as drafts."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import click

from aliado.batch.outcome import CLEAN, NOT_DONE, Options
from aliado.commands.day import today
from aliado.commands.options import as_of_option, language_option, rules_option
from aliado.errors import AliadoError
from aliado.language import Language, Text


def write_templates(ctx: click.Context, _param: click.Parameter, folder: Path | None) -> None:
    """Copy our templates into a folder for a firm to change, and end; what is there already stays."""
    if folder is None or ctx.resilient_parsing:
        return
    from aliado.report.letters.templates import shipped_templates

    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in shipped_templates().items():
            path = folder / name
            if not path.exists():
                path.write_text(text, encoding="utf-8")
            click.echo(str(path))
    except OSError as error:
        click.echo(f"{error.filename or folder}: {error.strerror or error}", err=True)
        ctx.exit(NOT_DONE)
    ctx.exit(CLEAN)


@click.command(short_help="Cartas y correos de cobro, en borrador. / Dunning letters and mails, as drafts.")
@click.argument("workbooks", metavar="LIBRO_O_CARPETA...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    metavar="CARPETA",
    help="Carpeta de los borradores. / Folder of the drafts.",
)
@as_of_option
@rules_option
@language_option(
    "Idioma de todas las cartas (el de cada cliente si falta). / Language of all letters (each customer's if absent)."
)
@click.option(
    "--templates",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="CARPETA",
    help="Plantillas y papel de cartas de la firma (la carpeta aliado.letters más cercana si falta). / The firm's templates and letter paper (the nearest folder aliado.letters if absent).",
)
@click.option(
    "--no-interest",
    is_flag=True,
    help="Sin intereses de demora ni compensación. / Without late interest and compensation.",
)
@click.option(
    "--pdf",
    is_flag=True,
    help="Las cartas también en PDF (con LibreOffice); un PDF distinto que ya esté se queda. / Letters also as PDF (with LibreOffice); a PDF that is there and differs stays.",
)
@click.option(
    "--overwrite",
    is_flag=True,
    help="Sustituye borradores que ya estén y sean distintos, también los PDF y lo cambiado a mano. / Replace drafts that are there and differ, PDFs and what was changed by hand among them.",
)
@click.option(
    "--write-templates",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="CARPETA",
    is_eager=True,
    expose_value=False,
    callback=write_templates,
    help="Copia ahí nuestras plantillas para cambiarlas, y termina. / Copy our templates there to change them, and end.",
)
def reminders(
    workbooks: tuple[Path, ...],
    out: Path,
    as_of: date | None,
    rules: Path | None,
    lang: Language | None,
    templates: Path | None,
    no_interest: bool,
    pdf: bool,
    overwrite: bool,
) -> None:
    """Prepara, por cliente y nivel de aviso, una carta (.docx) y un correo sin enviar (.eml). No envía nada ni toca el libro.

    Prepare a letter (.docx) and an unsent mail (.eml) per customer and dunning level. Nothing is sent and no workbook is touched.

    Con --pdf se imprimen las cartas tal como están en la carpeta, también si alguien las ha cambiado. / With --pdf the letters are printed as they stand in the folder, also those that somebody has changed. Un PDF que ya esté y sea distinto se queda, pues puede estar firmado: para imprimirlo de nuevo, muévalo o bórrelo. / A PDF that is there and differs stays, for it may be signed: to print it anew, move or delete it.

    Códigos de salida / exit codes: 0 hecho/done · 2 alguno no se pudo/some could not be done.
    """
    from aliado.batch.drafts import print_drafts, say_kept
    from aliado.batch.file_names import Names, safe_name
    from aliado.batch.jobs import list_jobs
    from aliado.batch.refresh import assess_saved
    from aliado.batch.reminders import find_templates, write_reminders
    from aliado.workbook.printing import check_printer

    language, code, names = lang or "es", CLEAN, Names()
    options = Options(as_of or today(), rules=rules, language=lang)
    letters: list[Path] = []
    try:
        if pdf:
            check_printer()
        jobs = list_jobs(workbooks)
    except AliadoError as error:
        click.echo(error.text.to(language), err=True)
        sys.exit(NOT_DONE)
    for job in jobs:
        folder = out / names.give(safe_name(job.source.stem, "libro")) if len(jobs) > 1 else out
        try:
            done = write_reminders(
                assess_saved(job.source, options),
                folder,
                templates=templates or find_templates(job.source),
                language=lang,
                interest=not no_interest,
                overwrite=overwrite,
            )
        except AliadoError as error:
            click.echo(f"{job.source}: {error.text.to(language)}", err=True)
            code = NOT_DONE
        except OSError as error:
            click.echo(f"{error.filename or folder}: {error.strerror or error}", err=True)
            code = NOT_DONE
        else:
            letters += done.documents
            for text in done.say(folder):
                click.echo(f"{job.source.name}: {text.to(language)}")
    if pdf and letters:
        try:
            printed = print_drafts(letters, options.as_of, overwrite=overwrite)
        except AliadoError as error:
            click.echo(error.text.to(language), err=True)
            sys.exit(NOT_DONE)
        except OSError as error:
            click.echo(f"{error.filename or out}: {error.strerror or error}", err=True)
            sys.exit(NOT_DONE)
        click.echo(_PRINTED.format(count=sum(not draft.kept for draft in printed)).to(language))
        if (kept := say_kept(printed)) is not None:
            click.echo(kept.to(language))
    sys.exit(code)


_PRINTED = Text("Cartas en PDF: {count}.", "Letters as PDF: {count}.")
