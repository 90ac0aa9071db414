"""`aliado libreoffice`: the extension for LibreOffice installed, removed and examined."""

from __future__ import annotations

import sys
from typing import get_args

import click

from aliado.batch.outcome import NOT_DONE
from aliado.errors import AliadoError
from aliado.language import Language

_LANGUAGE = click.option(
    "--lang",
    type=click.Choice(get_args(Language)),
    default="es",
    help="Idioma de los mensajes. / Language of messages.",
)
_PROFILE = click.option(
    "--profile",
    metavar="URL",
    help="Otro perfil de usuario de LibreOffice (file://…). / Another LibreOffice user profile (file://…).",
)


_SHARED = click.option(
    "--shared", is_flag=True, help="Para todos los usuarios del equipo. / For all users of this computer."
)


@click.group(short_help="Funciones y botones en LibreOffice. / Functions and buttons in LibreOffice.")
def libreoffice() -> None:
    """Instala, quita y revisa la extensión de LibreOffice. / Install, remove and examine the LibreOffice extension."""


@libreoffice.command()
@_SHARED
@_PROFILE
@_LANGUAGE
def install(shared: bool, profile: str | None, lang: Language) -> None:
    """Instala la extensión para este usuario y este Python. / Install the extension for this user and this Python."""
    from aliado.libreoffice.install import install as install_extension
    from aliado.libreoffice.program import find_program

    try:
        install_extension(find_program(profile), shared=shared)
    except AliadoError as error:
        click.echo(error.text.to(lang), err=True)
        sys.exit(NOT_DONE)
    click.echo(
        {
            "es": "Abra LibreOffice Calc: hay un menú y una barra Aliado, y las funciones ALIADO_….",
            "en": "Open LibreOffice Calc: there is a menu and a toolbar Aliado, and the functions ALIADO_….",
        }[lang]
    )


@libreoffice.command()
@_SHARED
@_PROFILE
@_LANGUAGE
def uninstall(shared: bool, profile: str | None, lang: Language) -> None:
    """Quita la extensión. / Remove the extension."""
    from aliado.libreoffice.install import uninstall as uninstall_extension
    from aliado.libreoffice.program import find_program

    try:
        removed = uninstall_extension(find_program(profile), shared=shared)
    except AliadoError as error:
        click.echo(error.text.to(lang), err=True)
        sys.exit(NOT_DONE)
    words = (
        ("Extensión quitada.", "Extension removed.") if removed else ("No estaba instalada.", "It was not installed.")
    )
    click.echo(words[lang == "en"])


@libreoffice.command()
@_PROFILE
@_LANGUAGE
def doctor(profile: str | None, lang: Language) -> None:
    """Revisa lo que puede fallar y dice su remedio. / Check what can fail and say its cure."""
    from aliado.excel.doctor import write_report
    from aliado.libreoffice.doctor import examine
    from aliado.libreoffice.program import find_program

    checks = examine(find_program(profile))
    click.echo(write_report(checks, lang))
    sys.exit(0 if all(check.ok for check in checks) else NOT_DONE)
