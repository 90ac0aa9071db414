"""`aliado portfolio`: the board over all clients, made without touching a workbook."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

import click

from aliado.batch.jobs import list_jobs, list_passed_over
from aliado.batch.outcome import NOT_DONE, Options, Outcome, exit_code
from aliado.commands.day import today
from aliado.commands.options import as_of_option, language_option, rules_option, workers_option
from aliado.commands.summary import Summary
from aliado.errors import AliadoError
from aliado.language import Language


class Board(click.Path):
    """Where the board goes: an .xlsx file; the page goes beside it."""

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """Return the path, or end with a usage error."""
        path = Path(str(super().convert(str(value), param, ctx)))
        if path.suffix.lower() != ".xlsx":
            self.fail(f"«{path}»: se espera un fichero .xlsx. / an .xlsx file is expected.", param, ctx)
        return path


BOARD = Board(path_type=Path, dir_okay=False)


@click.command(short_help="La cartera de todos los clientes. / The board over all clients.")
@click.argument("paths", metavar="LIBRO_O_CARPETA...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--out",
    type=BOARD,
    default=Path("cartera.xlsx"),
    show_default=True,
    metavar="CARTERA.xlsx",
    help="El libro; la página .html va al lado. / The workbook; the .html page goes beside it.",
)
@as_of_option
@rules_option
@workers_option
@language_option("Idioma de la cartera. / Language of the board.")
def portfolio(
    paths: tuple[Path, ...],
    out: Path,
    as_of: date | None,
    rules: Path | None,
    workers: int | None,
    lang: Language | None,
) -> None:
    """Reúne a todos los clientes, lo peor primero, en un libro y una página que funciona sin conexión; no toca ningún libro de cliente.

    Bring all clients together, worst first, in a workbook and a page that works offline; no client workbook is touched.

    Códigos de salida / exit codes: 0 limpio/clean · 1 avisos rojos/red findings · 2 algún libro no se leyó/some workbook was not read.
    """
    language = lang or "es"
    options = Options(as_of or today(), rules, lang, dry_run=True, summarise=True)
    try:
        jobs = list_jobs(paths)
        outcomes = Summary(language).follow(jobs, options, workers)
        passed_over = list_passed_over(paths)
    except AliadoError as error:
        click.echo(error.text.to(language), err=True)
        sys.exit(NOT_DONE)
    written = write_board(out, outcomes, passed_over, options, language)
    sys.exit(exit_code(outcomes) if written else NOT_DONE)


def write_board(
    target: Path, outcomes: Sequence[Outcome], passed_over: Iterable[Path], options: Options, language: Language
) -> bool:
    """Write the board of a run and say where; return whether that could be done."""
    from aliado.batch.portfolio import write_portfolio

    try:
        for path in write_portfolio(target, outcomes, passed_over, options.as_of, language):
            click.echo(str(path), err=True)
    except AliadoError as error:
        click.echo(error.text.to(language), err=True)
        return False
    except OSError as error:
        click.echo(f"{error.filename or target}: {error.strerror or error}", err=True)
        return False
    return True
