"""LibreOffice at work on copies of files, without a window and in a profile of its own; no client's file is given to it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from aliado.errors import WorkbookRefused
from aliado.language import Text
from aliado.locales import Locale

SECONDS = 180
"""How long LibreOffice may take for one document."""
SECONDS_MORE = 10
"""How much longer for each further one."""

_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
{locale}<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop></item>
</oor:items>
"""


_SPANISH = {",.": "es-ES", ".,": "es-MX", ",\N{NO-BREAK SPACE}": "es-CR"}
"""A LibreOffice locale in Spanish for each pair of marks, decimal and group."""
_LOCALE = """<item oor:path="/org.openoffice.Setup/L10N"><prop oor:name="ooSetupSystemLocale" oor:op="fuse"><value>{}</value></prop></item>
"""


class Refusals(NamedTuple):
    """What is said when there is no LibreOffice, and when it cannot do it."""

    not_installed: Text
    not_done: Text


def find_libreoffice() -> str | None:
    """Return the path of LibreOffice's program, None where it is not installed."""
    for name in ("soffice", "libreoffice"):
        found = shutil.which(name)
        if found:
            return found
    places = (
        Path(os.environ.get("PROGRAMFILES", r"C:\Program Files")) / "LibreOffice/program/soffice.exe",
        Path("/Applications/LibreOffice.app/Contents/MacOS/soffice"),
    )
    return next((str(place) for place in places if place.exists()), None)


def convert(
    documents: Sequence[tuple[str, bytes]], kind: str, refusals: Refusals, locale: Locale | None = None
) -> list[bytes]:
    """Return documents as LibreOffice saves them as another kind, all by one run of it.

    documents: (kind, content) each, such as ("xlsx", b"..."). kind: "pdf", or with LibreOffice's own settings after a
    colon. locale: whose marks numbers in cells have; the machine's own when left out. Raises WorkbookRefused when
    LibreOffice is not installed, or cannot do all of them in time.
    """
    program = find_libreoffice()
    if program is None:
        raise WorkbookRefused(refusals.not_installed)
    with TemporaryDirectory(prefix="aliado-") as name:
        folder = Path(name)
        settings = folder / "profile" / "user"
        settings.mkdir(parents=True)
        text = _SETTINGS.format(locale=_LOCALE.format(_name(locale)) if locale else "")
        (settings / "registrymodifications.xcu").write_text(text, encoding="utf-8")
        names = [f"{number}.{suffix}" for number, (suffix, _) in enumerate(documents)]
        for file, (_, data) in zip(names, documents, strict=True):
            (folder / file).write_bytes(data)
        profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
        command = [program, profile, "--headless", "--norestore", "--convert-to", kind, "--outdir", "out", *names]
        try:
            subprocess.run(  # noqa: S603 -- a fixed program on our own copies
                command,
                cwd=folder,
                check=True,
                timeout=SECONDS + SECONDS_MORE * (len(documents) - 1),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0) if sys.platform == "win32" else 0,
            )
            ending = kind.partition(":")[0]
            return [(folder / "out" / f"{number}.{ending}").read_bytes() for number in range(len(documents))]
        except (subprocess.SubprocessError, OSError):
            raise WorkbookRefused(refusals.not_done) from None


def _name(locale: Locale) -> str:
    return "en-US" if locale.language == "en" else _SPANISH[locale.decimal + locale.group]
