"""Values of a workbook's formulas, calculated by LibreOffice on a copy; the client's own file is never given to it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from aliado.errors import WorkbookRefused
from aliado.language import Text
from aliado.locales import Locale

SECONDS = 180
"""How long LibreOffice may take for one workbook."""

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
    return _convert(data, "xlsx", _NOT_INSTALLED, _NOT_DONE)


def print_to_pdf(data: bytes, pages: str = "", locale: Locale | None = None) -> bytes:
    """Return a workbook as LibreOffice prints it to PDF; raises WorkbookRefused as `recalculate` does.

    pages: which ones, such as "1" or "2-4"; all when empty. LibreOffice before 7.4 knows no such choice and prints all.
    locale: whose marks the numbers have, as the texts beside them; the machine's own when left out.
    """
    chosen = json.dumps({"PageRange": {"type": "string", "value": pages}})
    return _convert(data, f"pdf:calc_pdf_Export:{chosen}" if pages else "pdf", _NO_PRINTER, _NOT_PRINTED, locale)


def _convert(data: bytes, kind: str, not_installed: Text, not_done: Text, locale: Locale | None = None) -> bytes:
    program = find_libreoffice()
    if program is None:
        raise WorkbookRefused(not_installed)
    with TemporaryDirectory(prefix="aliado-") as name:
        folder = Path(name)
        settings = folder / "profile" / "user"
        settings.mkdir(parents=True)
        text = _SETTINGS.format(locale=_LOCALE.format(_name(locale)) if locale else "")
        (settings / "registrymodifications.xcu").write_text(text, encoding="utf-8")
        source = folder / "book.xlsx"
        source.write_bytes(data)
        command = [
            program,
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            "--headless",
            "--norestore",
            "--convert-to",
            kind,
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
            return (folder / "out" / f"book.{kind.partition(':')[0]}").read_bytes()
        except (subprocess.SubprocessError, OSError):
            raise WorkbookRefused(not_done) from None


def _name(locale: Locale) -> str:
    return "en-US" if locale.language == "en" else _SPANISH[locale.decimal + locale.group]


_NOT_INSTALLED = Text(
    "El libro tiene fórmulas sin resultado y LibreOffice no está instalado para calcularlas. Instálelo, o abra el libro en Excel, recalcule (F9) y guárdelo.",
    "The workbook has formulas without a result and LibreOffice is not installed to calculate them. Install it, or open the workbook in Excel, recalculate (F9) and save.",
)
_NOT_DONE = Text(
    "LibreOffice no pudo calcular las fórmulas del libro. Ábralo en Excel, recalcule (F9) y guárdelo.",
    "LibreOffice could not calculate the workbook's formulas. Open it in Excel, recalculate (F9) and save.",
)
_NO_PRINTER = Text(
    "El PDF se hace con LibreOffice, que no está instalado. Instálelo (libreoffice.org), o abra el libro en Excel y guarde la hoja del panel como PDF.",
    "The PDF is made with LibreOffice, which is not installed. Install it (libreoffice.org), or open the workbook in Excel and save the panel sheet as PDF.",
)
_NOT_PRINTED = Text(
    "LibreOffice no pudo hacer el PDF. Abra el libro en Excel y guarde la hoja del panel como PDF.",
    "LibreOffice could not make the PDF. Open the workbook in Excel and save the panel sheet as PDF.",
)
