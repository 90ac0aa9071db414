"""What can keep Aliado from working in LibreOffice, each with its cure."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from aliado import __version__
from aliado.errors import AliadoError
from aliado.excel.doctor import Check
from aliado.language import Text
from aliado.libreoffice.answering import call_function
from aliado.libreoffice.install import is_installed
from aliado.libreoffice.program import Program, find_program

_PROBE = "2000-01-03"
"""A Monday."""


def examine(program: Program | None = None) -> list[Check]:
    """Return every check, in the order in which things are needed. program: None = the one that is found."""
    found = program or find_program()
    checks = [_office(found)]
    if found is not None:
        checks.append(_extension(found))
    return [*checks, _interpreter(), _function()]


def _office(program: Program | None) -> Check:
    name = Text("LibreOffice", "LibreOffice")
    if program is None:
        return Check(name, Text("no se encuentra", "not found"), _INSTALL_OFFICE)
    return Check(name, Text(str(program.unopkg.parent), str(program.unopkg.parent)))


def _extension(program: Program) -> Check:
    name = Text("Extensión", "Extension")
    try:
        for_all = is_installed(program, shared=True)
        if not for_all and not is_installed(program):
            return Check(name, Text("no está instalada", "not installed"), _INSTALL)
    except AliadoError as error:
        return Check(name, error.text, _INSTALL)
    return Check(name, (_FOR_ALL if for_all else _FOR_USER).format(version=__version__))


def _interpreter() -> Check:
    """Start this Python as LibreOffice would: away from any folder, with nothing but Aliado to import."""
    name = Text("Python", "Python")
    command = [sys.executable, "-P", "-c", "import aliado.libreoffice.answering"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=Path.home())  # noqa: S603 -- this Python
    if done.returncode:
        detail = done.stderr.strip().rsplit("\n", 1)[-1]
        return Check(name, Text(f"{sys.executable}: {detail}", f"{sys.executable}: {detail}"), _REINSTALL)
    return Check(name, Text(sys.executable, sys.executable))


def _function() -> Check:
    name = Text("Una función", "A function")
    found = call_function("ALIADO_WORKDAY", [_PROBE, 1.0, "EC"], None)
    if "error" in found:
        return Check(name, Text(f"ALIADO_WORKDAY da {found}", f"ALIADO_WORKDAY gives {found}"), _REINSTALL)
    return Check(name, Text("responde", "answers"))


_FOR_USER = Text("instalada; este Aliado es {version}", "installed; this Aliado is {version}")
_FOR_ALL = Text(
    "instalada para todos los usuarios; este Aliado es {version}", "installed for all users; this Aliado is {version}"
)
_INSTALL_OFFICE = Text(
    "Instale LibreOffice 25.2 o posterior, o diga dónde está unopkg con ALIADO_UNOPKG.",
    "Install LibreOffice 25.2 or later, or say where unopkg is with ALIADO_UNOPKG.",
)
_INSTALL = Text(
    "Cierre LibreOffice y ejecute «aliado libreoffice install».",
    "Close LibreOffice and run “aliado libreoffice install”.",
)
_REINSTALL = Text(
    "Reinstale Aliado (pip install --force-reinstall aliado) y ejecute «aliado libreoffice install».",
    "Reinstall Aliado (pip install --force-reinstall aliado) and run “aliado libreoffice install”.",
)
