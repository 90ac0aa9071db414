"""The add-in put where Excel finds it, and taken away again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import xlwings

from aliado.errors import AliadoError
from aliado.excel.machine import Machine
from aliado.excel.settings import INTERPRETER, SERVER, USE_SERVER, write_settings
from aliado.language import Text
from aliado.resources import workbook_folder

SERVER_ID = "{5C0E9C56-6B0B-4D1F-9C39-7A4F6D3B8E21}"
"""The class that the logon server answers to; Excel asks for it in place of starting a process of its own."""

RUN_KEY = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Run"
RUN_NAME = "Aliado"


class InstallRefused(AliadoError):
    """The add-in cannot be installed or removed here."""


def install(machine: Machine, *, server: bool = False) -> list[Path]:
    """Install the add-in for this user and this interpreter; return the files written.

    server: start the Python side at logon, outside Excel (Windows). Raises InstallRefused.
    """
    _check_system(machine)
    if server and machine.system != "win32":
        raise InstallRefused(_SERVER_ON_MAC)
    settings = {INTERPRETER[machine.system]: str(machine.interpreter), USE_SERVER: "True"}
    if server:
        settings[SERVER] = SERVER_ID
    written = [machine.addin, machine.settings]
    with _said(machine.addin):
        machine.addin.parent.mkdir(parents=True, exist_ok=True)
        machine.addin.write_bytes((workbook_folder() / "Aliado.xlam").read_bytes())
    with _said(machine.settings):
        write_settings(machine, settings)
    if machine.system == "darwin":
        script = machine.scripts / _script_name()
        with _said(script):
            script.parent.mkdir(parents=True, exist_ok=True)
            script.write_bytes((Path(xlwings.__file__).parent / _script_name()).read_bytes())
        written.append(script)
    elif server:
        machine.registry.write(RUN_KEY, RUN_NAME, server_command(machine))
    else:
        machine.registry.delete(RUN_KEY, RUN_NAME)
    return written


def uninstall(machine: Machine) -> list[Path]:
    """Take away all that `install` put there; return the files removed."""
    _check_system(machine)
    removed = []
    for path in (
        machine.addin,
        machine.settings,
        *([machine.scripts / _script_name()] if machine.system == "darwin" else []),
    ):
        if path.exists():
            with _said(path):
                path.unlink()
            removed.append(path)
    machine.registry.delete(RUN_KEY, RUN_NAME)
    return removed


def server_command(machine: Machine) -> str:
    """Return the command that starts the Python side at logon, without a window where there is a windowless Python."""
    windowless = machine.interpreter.with_name("pythonw.exe")
    python = windowless if windowless.exists() else machine.interpreter
    return f'"{python}" -P -c "import xlwings; xlwings.serve(\'{SERVER_ID}\')"'


def _script_name() -> str:
    return f"xlwings-{xlwings.__version__}.applescript"


def _check_system(machine: Machine) -> None:
    if machine.system not in INTERPRETER:
        raise InstallRefused(_NO_EXCEL)


@contextmanager
def _said(path: Path) -> Iterator[None]:
    """Turn a refusal by the system into words."""
    try:
        yield
    except PermissionError as error:
        raise InstallRefused(_IN_USE.format(path=path)) from error
    except FileNotFoundError as error:
        raise InstallRefused(_MISSING.format(path=error.filename or path)) from error
    except OSError as error:
        raise InstallRefused(_FAILED.format(path=path, detail=error.strerror or error)) from error


_NO_EXCEL = Text(
    "El complemento es para Excel en Windows o Mac; aquí no hay Excel. Use «aliado refresh», que no lo necesita.",
    "The add-in is for Excel on Windows or Mac; there is no Excel here. Use “aliado refresh”, which does not need it.",
)
_SERVER_ON_MAC = Text(
    "--server es solo para Windows: en Mac, Excel no abre procesos propios. Repita sin --server.",
    "--server is for Windows only: on a Mac Excel starts no processes of its own. Repeat without --server.",
)
_IN_USE = Text(
    "No se puede escribir {path}: está en uso o protegido. Cierre Excel y repita.",
    "{path} cannot be written: it is in use or protected. Close Excel and repeat.",
)
_MISSING = Text(
    "Falta {path}. Reinstale Aliado (pip install --force-reinstall aliado) y repita.",
    "{path} is missing. Reinstall Aliado (pip install --force-reinstall aliado) and repeat.",
)
_FAILED = Text("No se puede escribir {path}: {detail}.", "{path} cannot be written: {detail}.")
