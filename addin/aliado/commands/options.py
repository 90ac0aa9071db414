"""The options that several commands take, each declared once: the same name, form and words everywhere."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeAlias, get_args

import click

from aliado.commands.day import Day
from aliado.language import Language

Option: TypeAlias = Callable[[Callable[..., Any]], Callable[..., Any]]


def language_option(words: str, *, default: Language | None = None) -> Option:
    """Return the option --lang. words: what it is the language of; default None: as each client's profile says."""
    return click.option("--lang", type=click.Choice(get_args(Language)), default=default, help=words)


as_of_option: Final = click.option(
    "--as-of", type=Day(), help="Fecha de corte (hoy si falta). / Cut-off date (today if absent)."
)
rules_option: Final = click.option(
    "--rules", type=click.Path(path_type=Path), metavar="PACK.yaml", help="Paquete de reglas. / Rule pack."
)
backup_option: Final = click.option(
    "--backup",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="CARPETA",
    help="Copia antes el original ahí. / Keep a copy of the original there first.",
)
workers_option: Final = click.option(
    "--workers",
    type=click.IntRange(min=1),
    metavar="N",
    help="Procesos (uno por núcleo si falta). / Processes (one per core if absent).",
)
message_language_option: Final = language_option("Idioma de los mensajes. / Language of messages.", default="es")
