"""The extension put into LibreOffice, and taken out again."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from aliado.errors import AliadoError
from aliado.language import Text
from aliado.libreoffice.extension import IDENTIFIER, build_extension
from aliado.libreoffice.program import Program

FILE = "aliado.oxt"
_SHARED: dict[bool, tuple[str, ...]] = {False: (), True: ("--shared",)}


class InstallRefused(AliadoError):
    """The extension cannot be installed or removed."""


def install(program: Program | None, interpreter: Path | None = None, *, shared: bool = False) -> None:
    """Install the extension for this interpreter, in place of an earlier one. Raises InstallRefused.

    shared: for all users of this computer, which is all that LibreOffice lets an administrator (root) do.
    """
    found = _present(program)
    with tempfile.TemporaryDirectory(prefix="aliado-") as folder:
        path = Path(folder) / FILE
        path.write_bytes(build_extension(interpreter or Path(sys.executable)))
        _run(found, "add", "--force", "--suppress-license", *_SHARED[shared], str(path))


def uninstall(program: Program | None, *, shared: bool = False) -> bool:
    """Remove the extension; return whether it was there. Raises InstallRefused."""
    found = _present(program)
    if not is_installed(found, shared=shared):
        return False
    _run(found, "remove", *_SHARED[shared], IDENTIFIER)
    return True


def is_installed(program: Program, *, shared: bool = False) -> bool:
    """Return whether LibreOffice has the extension, for this user or for all."""
    return IDENTIFIER in _run(program, "list", *_SHARED[shared])


def _present(program: Program | None) -> Program:
    if program is None:
        raise InstallRefused(_NO_LIBREOFFICE)
    return program


def _run(program: Program, *arguments: str) -> str:
    try:
        done = program.run(*arguments)
    except subprocess.TimeoutExpired as error:
        raise InstallRefused(_SLOW) from error
    except OSError as error:
        raise InstallRefused(_FAILED.format(detail=error.strerror or error)) from error
    if "as root" in done.stderr:
        raise InstallRefused(_AS_ROOT)
    if done.returncode:
        raise InstallRefused(_FAILED.format(detail=" ".join((done.stderr or done.stdout).split())[-400:]))
    return done.stdout


_NO_LIBREOFFICE = Text(
    "No se encuentra LibreOffice (su programa unopkg). Instálelo, o diga dónde está con ALIADO_UNOPKG, y repita.",
    "LibreOffice (its program unopkg) is not found. Install it, or say where it is with ALIADO_UNOPKG, and repeat.",
)
_AS_ROOT = Text(
    "LibreOffice no instala extensiones para el administrador (root). Repita con su usuario, o con --shared para todos los usuarios.",
    "LibreOffice installs no extensions for the administrator (root). Repeat as your own user, or with --shared for all users.",
)
_SLOW = Text(
    "LibreOffice no respondió en tres minutos. Ciérrelo y repita.",
    "LibreOffice did not answer within three minutes. Close it and repeat.",
)
_FAILED = Text(
    "LibreOffice no aceptó la extensión: {detail}. Cierre LibreOffice y repita.",
    "LibreOffice did not take the extension: {detail}. Close LibreOffice and repeat.",
)
