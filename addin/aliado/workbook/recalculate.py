"""Values of a workbook's formulas, calculated by LibreOffice on a copy; the client's own file is never given to it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from aliado.errors import WorkbookRefused
from aliado.language import Text

SECONDS = 180
"""How long LibreOffice may take for one workbook."""

_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop></item>
</oor:items>
"""


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


def recalculate(data: bytes) -> bytes:
    """Return the workbook as LibreOffice saves it after calculating every formula: for reading values, never for writing back.

    Raises WorkbookRefused when LibreOffice is not installed, or cannot do it in time.
    """
    program = find_libreoffice()
    if program is None:
        raise WorkbookRefused(_NOT_INSTALLED)
    with TemporaryDirectory(prefix="aliado-") as name:
        folder = Path(name)
        settings = folder / "profile" / "user"
        settings.mkdir(parents=True)
        (settings / "registrymodifications.xcu").write_text(_SETTINGS, encoding="utf-8")
        source = folder / "book.xlsx"
        source.write_bytes(data)
        command = [
            program,
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            "--headless",
            "--norestore",
            "--convert-to",
            "xlsx",
        ]
        command += ["--outdir", str(folder / "out"), str(source)]
        try:
            subprocess.run(  # noqa: S603 -- a fixed program on our own copy
                command,
                check=True,
                timeout=SECONDS,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0) if sys.platform == "win32" else 0,
            )
            return (folder / "out" / "book.xlsx").read_bytes()
        except (subprocess.SubprocessError, OSError):
            raise WorkbookRefused(_NOT_DONE) from None


_NOT_INSTALLED = Text(
    "El libro tiene fórmulas sin resultado y LibreOffice no está instalado para calcularlas. Instálelo, o abra el libro en Excel, recalcule (F9) y guárdelo.",
    "The workbook has formulas without a result and LibreOffice is not installed to calculate them. Install it, or open the workbook in Excel, recalculate (F9) and save.",
)
_NOT_DONE = Text(
    "LibreOffice no pudo calcular las fórmulas del libro. Ábralo en Excel, recalcule (F9) y guárdelo.",
    "LibreOffice could not calculate the workbook's formulas. Open it in Excel, recalculate (F9) and save.",
)
