"""`aliado refresh`: refresh one or many workbooks."""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path

import click

from aliado.batch.jobs import list_jobs, list_passed_over
from aliado.batch.outcome import NOT_DONE, Options, Outcome, exit_code
from aliado.commands.day import today
from aliado.commands.options import as_of_option, backup_option, language_option, rules_option, workers_option
from aliado.commands.portfolio import BOARD, write_board
from aliado.commands.summary import Summary
from aliado.errors import AliadoError
from aliado.language import Language


@click.command(short_help="Refresca libros o carpetas. / Refresh workbooks or folders.")
@click.argument("paths", metavar="LIBRO_O_CARPETA...", nargs=-1, required=True, type=click.Path(path_type=Path))
@as_of_option
@rules_option
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="CARPETA",
    help="Escribe ahí, no en el original. / Write there instead of in place.",
)
@backup_option
@click.option(
    "--json",
    "json_file",
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    metavar="FICHERO",
    help="Escribe el resultado como JSON (- = salida). / Write the result as JSON (- = standard output).",
)
@workers_option
@language_option("Idioma de las hojas y mensajes. / Language of sheets and messages.")
@click.option(
    "--portfolio",
    type=BOARD,
    metavar="CARTERA.xlsx",
    help="Escribe también la cartera de todos los clientes (.xlsx y .html). / Also write the board over all clients (.xlsx and .html).",
)
@click.option("--dry-run", is_flag=True, help="No escribe ningún libro. / Write no workbook.")
@click.option(
    "--recalculate",
    is_flag=True,
    help="Calcula con LibreOffice las fórmulas sin resultado. / Calculate formulas without a result with LibreOffice.",
)
def refresh(
    paths: tuple[Path, ...],
    as_of: date | None,
    rules: Path | None,
    out: Path | None,
    backup: Path | None,
    json_file: Path | None,
    workers: int | None,
    lang: Language | None,
    portfolio: Path | None,
    dry_run: bool,
    recalculate: bool,
) -> None:
    """Refresca libros de clientes: lee, calcula y añade sus hojas sin tocar nada más.

    Refresh client workbooks: read them, compute, and lay the sheets in without touching anything else.

    Códigos de salida / exit codes: 0 limpio/clean · 1 avisos rojos/red findings · 2 algún libro no se refrescó/some workbook not refreshed.
    """
    if out and backup:
        raise click.UsageError("--out y --backup no van juntos. / --out and --backup exclude each other.")
    options = Options(as_of or today(), rules, lang, dry_run, recalculate, summarise=portfolio is not None)
    summary = Summary(lang or "es", quiet=json_file == Path("-"))
    try:
        jobs = list_jobs(paths, out, backup)
        outcomes = summary.follow(jobs, options, workers)
        passed_over = list_passed_over(paths, out, backup)
        summary.say_passed_over(passed_over)
    except AliadoError as error:
        click.echo(error.text.to(lang or "es"), err=True)
        sys.exit(NOT_DONE)
    if json_file:
        write_json(json_file, options, outcomes, lang or "es")
    written = portfolio is None or write_board(portfolio, outcomes, passed_over, options, lang or "es")
    sys.exit(exit_code(outcomes) if written else NOT_DONE)


def write_json(path: Path, options: Options, outcomes: list[Outcome], language: Language) -> None:
    """Write what happened to each workbook, in the order in which they were given."""
    document = {
        "as_of": options.as_of.isoformat(),
        "workbooks": [
            {
                "path": str(outcome.path),
                "status": outcome.status,
                "reason": outcome.reason.to(language) if outcome.reason else None,
                **outcome.record,
            }
            for outcome in outcomes
        ],
    }
    text = json.dumps(document, ensure_ascii=False, indent=2) + "\n"
    if path == Path("-"):
        click.echo(text, nl=False)
        return
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        click.echo(
            f"No se pudo escribir {path}: {error.strerror}. / Could not write {path}: {error.strerror}.", err=True
        )
        sys.exit(NOT_DONE)
