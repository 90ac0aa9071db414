"""`aliado demo`: three sample clients, made and refreshed, to look at."""

from __future__ import annotations

import os
import sys
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import click

from aliado.batch.jobs import list_jobs
from aliado.batch.outcome import NOT_DONE, Options, Outcome
from aliado.batch.pool import refresh_all
from aliado.batch.samples import write_samples
from aliado.commands.day import today
from aliado.commands.options import as_of_option

if TYPE_CHECKING:
    from rich.text import Text as Styled

_LIGHTS = {"green": ("●", "green"), "amber": ("◆", "yellow"), "red": ("▲", "red"), "none": ("○", "dim")}
_SHOWN = {"AR-DSO": ("DSO", 6), "AR-OVERDUE": ("Vencido\nOverdue", 7), "AR-CEI": ("CEI", 6)}


@click.command(short_help="Tres clientes de muestra, refrescados. / Three sample clients, refreshed.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("demo-aliado"),
    show_default=True,
    help="Carpeta. / Folder.",
)
@as_of_option
def demo(out: Path, as_of: date | None) -> None:
    """Crea tres libros de clientes de muestra, los refresca y dice qué mirar.

    Make three sample client workbooks, refresh them, and say what to look at.
    """
    day = as_of or today()
    try:
        out.mkdir(parents=True, exist_ok=True)
        paths = write_samples(out, day)
    except OSError as error:
        click.echo(
            f"No se puede escribir en {out}: {error.strerror}. Elija otra carpeta con --out. / Cannot write to {out}: {error.strerror}. Choose another folder with --out.",
            err=True,
        )
        sys.exit(NOT_DONE)
    options = Options(day)
    outcomes = {outcome.path: outcome for outcome in refresh_all(list_jobs(paths), options, workers=1)}
    ordered = [outcomes[path] for path in paths]
    _print_table(ordered, day)
    failed = [outcome for outcome in ordered if not outcome.done]
    for outcome in failed:
        click.echo(f"{outcome.path}: {outcome.reason.es if outcome.reason else ''}", err=True)
    _print_next(ordered, out, day)
    sys.exit(NOT_DONE if failed else 0)


def _print_table(outcomes: list[Outcome], day: date) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text as Styled

    table = Table(title=f"Aliado · {day.isoformat()}", box=box.SIMPLE_HEAD, title_justify="left", padding=0)
    table.add_column("Cliente\nClient", max_width=24, no_wrap=True, overflow="ellipsis")
    for heading, width in (
        *_SHOWN.values(),
        ("Pendiente\nOpen", 12),
        ("Rojos\nRed", 5),
        ("Ámbar\nAmber", 5),
        ("Cuadra\nTies", 6),
    ):
        table.add_column(heading, justify="right", no_wrap=True, min_width=width)
    for outcome in outcomes:
        record = outcome.record
        if not outcome.done:
            table.add_row(outcome.path.name, *["–"] * (len(_SHOWN) + 4))
            continue
        ties = all(tie["ok"] for tie in record["ties"])
        table.add_row(
            record["client"] or outcome.path.stem,
            *(_kpi_cell(record["kpis"].get(name), Styled) for name in _SHOWN),
            f"{Decimal(record['ageing'].get('outstanding', '0')):,.0f} {record['currency']}",
            Styled(str(outcome.count("red")), style="red" if outcome.count("red") else ""),
            Styled(str(outcome.count("amber")), style="yellow" if outcome.count("amber") else ""),
            Styled("✔", style="green") if ties else Styled("✘", style="red"),
        )
    Console().print(table)
    click.echo("● bien / fine   ◆ atención / warning   ▲ fuera de meta / off target\n")


def _kpi_cell(kpi: dict[str, str] | None, styled: type[Styled]) -> Styled | str:
    if kpi is None or kpi["value"] is None:
        return "–"
    value = float(kpi["value"])
    text = f"{value:.1%}" if kpi["unit"] == "%" else f"{value:.1f}"
    sign, style = _LIGHTS[kpi["status"]]
    return styled(f"{sign} {text}", style=style)


def _print_next(outcomes: list[Outcome], out: Path, day: date) -> None:
    click.echo(
        "Abra estos libros y mire las hojas Panel y Alertas: / Open these workbooks and look at Panel and Alerts:"
    )
    for outcome in outcomes:
        click.echo(f"  {outcome.path.resolve()}")
    click.echo()
    # Under `uv run` there is no `aliado` on the path: what is printed must work when copied.
    program = "uv run aliado" if os.environ.get("UV") else "aliado"
    folder = f'"{out}"' if " " in str(out) else str(out)
    click.echo("Siga por aquí: / Try next:")
    for command, meaning in (
        (
            f"refresh {folder} --as-of {_month_ago(day)}",
            "los mismos clientes a otra fecha / the same clients at another date",
        ),
        (
            f"refresh {folder} --json resultado.json",
            "el resultado para otros programas / the result for other programs",
        ),
        ("rules show es --id ES-303", "una regla y de dónde sale / a rule and where it comes from"),
    ):
        click.echo(f"  {program} {command}\n      {meaning}")


def _month_ago(day: date) -> str:
    return (day.replace(day=1) - timedelta(days=1)).isoformat()
