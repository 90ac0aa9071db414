"""The settings file that the add-in reads: which Python, and whether a server runs. Only the user's own, never a workbook's."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from io import StringIO

from aliado.errors import AliadoError
from aliado.excel.machine import Machine
from aliado.language import Text

INTERPRETER = {"win32": "INTERPRETER_WIN", "darwin": "INTERPRETER_MAC"}
USE_SERVER = "USE UDF SERVER"
SERVER = "SERVER"


class SettingsRefused(AliadoError):
    """Settings that VBA could not read."""


def read_settings(machine: Machine) -> dict[str, str]:
    """Return the settings, {} when there are none; unreadable lines are left out, as VBA leaves them."""
    try:
        text = machine.settings.read_text(encoding=machine.encoding)
    except (FileNotFoundError, UnicodeDecodeError):
        return {}
    return {row[0].upper(): row[1] for row in csv.reader(StringIO(text)) if len(row) == 2}


def write_settings(machine: Machine, settings: Mapping[str, str]) -> None:
    """Write the settings as VBA's `Input #` reads them: quoted pairs, in the system's own code page.

    Raises SettingsRefused for a value that cannot be written so.
    """
    for value in settings.values():
        if '"' in value or "\n" in value:
            raise SettingsRefused(_QUOTE.format(value=value))
    text = "".join(f'"{key}","{value}"\r\n' for key, value in settings.items())
    try:
        data = text.encode(machine.encoding)
    except UnicodeEncodeError as error:
        raise SettingsRefused(_LETTER.format(letter=text[error.start], path=machine.interpreter)) from error
    machine.settings.parent.mkdir(parents=True, exist_ok=True)
    machine.settings.write_bytes(data)


_QUOTE = Text(
    "Este valor lleva comillas o saltos de línea y Excel no podría leerlo: {value}. Instale Python en otra carpeta y repita.",
    "This value holds quotes or line breaks and Excel could not read it: {value}. Install Python in another folder and repeat.",
)
_LETTER = Text(
    "La ruta {path} lleva la letra «{letter}», que Excel no puede leer con el idioma de este Windows. Instale Python en otra carpeta y repita.",
    "The path {path} holds the letter “{letter}”, which Excel cannot read under this Windows' language. Install Python in another folder and repeat.",
)
