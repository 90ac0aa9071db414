"""`aliado statement`: the statement of account of each customer."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import click

from aliado.batch.outcome import CLEAN, NOT_DONE, Options
from aliado.commands.day import Day, today
from aliado.commands.options import as_of_option, language_option, rules_option
from aliado.errors import AliadoError
from aliado.language import Language, Text


@click.command(short_help="Estado de cuenta de cada cliente. / Statement of account of each customer.")
@click.argument("workbook", metavar="LIBRO", type=click.Path(path_type=Path))
@click.option(
    "--customer",
    "customers",
    multiple=True,
    metavar="NOMBRE",
    help="Solo este cliente; se puede repetir (todos los que deben algo si falta). / This customer only; may be repeated (all with open items if absent).",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="CARPETA",
    help="Carpeta (la del libro si falta). / Folder (the workbook's if absent).",
)
@as_of_option
@click.option(
    "--since",
    type=Day(),
    help="Primer día de los movimientos (el 1 de enero, o antes si hay partidas abiertas más antiguas). / First day of the movements (1 January, or earlier where open items are older).",
)
@rules_option
@language_option("Idioma. / Language.")
@click.option(
    "--pdf",
    is_flag=True,
    help="También en PDF (con LibreOffice); un PDF distinto que ya esté se queda. / Also as PDF (with LibreOffice); a PDF that is there and differs stays.",
)
@click.option("--overwrite", is_flag=True, help="Sustituye ficheros distintos. / Replace files that differ.")
def statement(
    workbook: Path,
    customers: tuple[str, ...],
    out: Path | None,
    as_of: date | None,
    since: date | None,
    rules: Path | None,
    lang: Language | None,
    pdf: bool,
    overwrite: bool,
) -> None:
    """Hace el estado de cuenta de cada cliente del libro: movimientos, saldo y partidas abiertas, por moneda. No toca el libro.

    Make the statement of account of each of the workbook's customers: movements, balance and open items, by currency. The workbook is not touched.

    Códigos de salida / exit codes: 0 hecho/done · 2 no se pudo/could not be done.
    """
    from aliado.batch.drafts import say_kept
    from aliado.batch.refresh import assess_saved
    from aliado.batch.statements import write_statements

    day, language, code = as_of or today(), lang or "es", CLEAN
    if since is not None and since > day:
        raise click.UsageError("--since es posterior a --as-of. / --since is later than --as-of.")
    try:
        drafts = write_statements(
            assess_saved(workbook, Options(day, rules=rules, language=lang)),
            out or workbook.parent,
            customers=customers,
            since=since,
            language=lang,
            pdf=pdf,
            overwrite=overwrite,
        )
    except AliadoError as error:
        click.echo(f"{workbook}: {error.text.to(language)}", err=True)
        sys.exit(NOT_DONE)
    except OSError as error:
        click.echo(f"{error.filename or out}: {error.strerror or error}", err=True)
        sys.exit(NOT_DONE)
    for draft in drafts:
        if draft.kept:
            code = NOT_DONE
        if draft.kept and draft.path.suffix == ".pdf":
            continue
        click.echo(_KEPT.format(path=draft.path).to(language) if draft.kept else str(draft.path), err=draft.kept)
    if (kept := say_kept(drafts)) is not None:
        click.echo(kept.to(language), err=True)
    if not drafts:
        click.echo(_NOTHING.to(language))
    sys.exit(code)


_KEPT = Text(
    "{path}: ya estaba y es distinto; no se ha tocado (--overwrite lo sustituye).",
    "{path}: it was there already and differs; it was left alone (--overwrite replaces it).",
)
_NOTHING = Text("Ningún cliente debe nada a esta fecha.", "No customer owes anything as of this date.")
