"""`aliado addin`: the Excel add-in installed, removed and examined."""

from __future__ import annotations

import sys
from typing import get_args

import click

from aliado.batch.outcome import NOT_DONE
from aliado.errors import AliadoError
from aliado.excel.doctor import examine, write_report
from aliado.excel.install import install as install_addin
from aliado.excel.install import uninstall as uninstall_addin
from aliado.excel.machine import this_machine
from aliado.language import Language

_LANGUAGE = click.option(
    "--lang",
    type=click.Choice(get_args(Language)),
    default="es",
    help="Idioma de los mensajes. / Language of messages.",
)


@click.group(short_help="Instala y revisa el complemento de Excel. / Install and examine the Excel add-in.")
def addin() -> None:
    """Instala, quita y revisa el complemento de Excel. / Install, remove and examine the Excel add-in."""


@addin.command()
@click.option(
    "--server",
    is_flag=True,
    help="Python arranca con la sesión, no desde Excel. / Python starts at logon, not from Excel.",
)
@_LANGUAGE
def install(server: bool, lang: Language) -> None:
    """Instala el complemento para este usuario y este Python. / Install the add-in for this user and this Python."""
    try:
        for path in install_addin(this_machine(), server=server):
            click.echo(path)
    except AliadoError as error:
        click.echo(error.text.to(lang), err=True)
        sys.exit(NOT_DONE)
    click.echo(
        {"es": "Abra Excel: la cinta tiene la pestaña Aliado.", "en": "Open Excel: the ribbon has the tab Aliado."}[
            lang
        ]
    )


@addin.command()
@_LANGUAGE
def uninstall(lang: Language) -> None:
    """Quita el complemento y sus ajustes. / Remove the add-in and its settings."""
    try:
        for path in uninstall_addin(this_machine()):
            click.echo(path)
    except AliadoError as error:
        click.echo(error.text.to(lang), err=True)
        sys.exit(NOT_DONE)


@addin.command()
@_LANGUAGE
def doctor(lang: Language) -> None:
    """Revisa cada causa conocida de fallo y dice su remedio. / Check every known cause of failure and say its cure."""
    checks = examine(this_machine())
    click.echo(write_report(checks, lang))
    sys.exit(0 if all(check.ok for check in checks) else NOT_DONE)
