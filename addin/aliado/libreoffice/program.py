"""LibreOffice on this computer: where its programs are, and what it knows of our extension."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

_ELSEWHERE = {
    "win32": (r"C:\Program Files\LibreOffice\program", r"C:\Program Files (x86)\LibreOffice\program"),
    "darwin": ("/Applications/LibreOffice.app/Contents/MacOS",),
}
_ELSEWHERE_ELSE = ("/usr/lib/libreoffice/program", "/opt/libreoffice/program", "/usr/lib64/libreoffice/program")
_SECONDS = 180
_OF_PYTHON = ("PYTHONHOME", "PYTHONPATH", "PYTHONSTARTUP", "VIRTUAL_ENV")
_OF_THE_SYSTEM = ("/usr/bin", "/bin")


@dataclass(frozen=True, slots=True)
class Program:
    """An installed LibreOffice. unopkg: its extension manager. profile: URL of the user profile, None = the user's own."""

    unopkg: Path
    profile: str | None = None

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the extension manager and return what it said."""
        profile = [f"-env:UserInstallation={self.profile}"] if self.profile else []
        return subprocess.run(  # noqa: S603 -- the program that was found
            [str(self.unopkg), *arguments, *profile],
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_SECONDS,
            check=False,
            stdin=subprocess.DEVNULL,
            env=plain_environment(),
        )


def plain_environment() -> dict[str, str]:
    """Return this process's environment as LibreOffice needs it: with the system's Python before a virtual environment's.

    A LibreOffice that runs on the system's Python looks for its library beside the first python3 on PATH, and fails
    (`std::bad_alloc`) beside another.
    """
    found = {name: value for name, value in os.environ.items() if name not in _OF_PYTHON}
    if sys.platform != "win32":
        found["PATH"] = os.pathsep.join([*_OF_THE_SYSTEM, os.environ.get("PATH", "")])
    return found


def find_program(profile: str | None = None) -> Program | None:
    """Return the LibreOffice of this computer, None when there is none; ALIADO_UNOPKG names another."""
    name = "unopkg.com" if sys.platform == "win32" else "unopkg"
    named = os.environ.get("ALIADO_UNOPKG")
    beside = [str(Path(path).resolve().parent) for path in [shutil.which("soffice")] if path]
    places = [*beside, *_ELSEWHERE.get(sys.platform, _ELSEWHERE_ELSE)]
    for found in (named, shutil.which(name), *(str(Path(place) / name) for place in places)):
        if found and Path(found).is_file():
            return Program(Path(found), profile)
    return None
