"""Workbooks and letters as PDF, printed by LibreOffice on copies. The same document and day give the same bytes."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from datetime import date

from aliado.errors import WorkbookRefused
from aliado.language import Text
from aliado.locales import Locale
from aliado.workbook.office import Refusals, convert, find_libreoffice

MOST_AT_ONCE = 200
"""Documents that one run of LibreOffice prints."""


def print_to_pdf(data: bytes, day: date, pages: str = "", locale: Locale | None = None) -> bytes:
    """Return a workbook as LibreOffice prints it; raises WorkbookRefused where LibreOffice is missing or fails.

    day: on which the PDF says that it was made. pages: which ones, such as "1" or "2-4"; all when empty. LibreOffice
    before 7.4 knows no such choice and prints all. locale: whose marks the numbers have, as the texts beside them.
    """
    chosen = json.dumps({"PageRange": {"type": "string", "value": pages}})
    kind = f"pdf:calc_pdf_Export:{chosen}" if pages else "pdf"
    return _settle(convert([("xlsx", data)], kind, _PANEL, locale)[0], day)


def print_documents(documents: Sequence[tuple[str, bytes]], day: date, locale: Locale | None = None) -> list[bytes]:
    """Return documents, (kind, content) each, as PDF: one run of LibreOffice for many. Otherwise as `print_to_pdf`."""
    printed: list[bytes] = []
    for start in range(0, len(documents), MOST_AT_ONCE):
        printed += convert(documents[start : start + MOST_AT_ONCE], "pdf", _LETTERS, locale)
    return [_settle(data, day) for data in printed]


def check_printer() -> None:
    """Raise WorkbookRefused where there is no LibreOffice to print letters with."""
    if find_libreoffice() is None:
        raise WorkbookRefused(_LETTERS.not_installed)


def _settle(pdf: bytes, day: date) -> bytes:
    """Return a PDF that tells neither the second in which it was made nor a number drawn from it; its length stays."""
    pdf = _MADE.sub(lambda found: found[1] + f"{day:%Y%m%d}000000".encode() + found[2], pdf)
    body, trailer, end = pdf.rpartition(b"trailer")
    name = hashlib.sha256(body).hexdigest()[:32].upper().encode()
    return body + trailer + _DRAWN.sub(name, end)


_MADE = re.compile(rb"(/CreationDate\s?\(D:)\d{14}([^)]*\))")
_DRAWN = re.compile(rb"\b[0-9A-F]{32}\b")
"""In the trailer: the two file identifiers of the trailer, and LibreOffice's own checksum over the time."""

_PANEL = Refusals(
    Text(
        "El PDF se hace con LibreOffice, que no está instalado. Instálelo (libreoffice.org), o abra el libro en Excel y guarde la hoja del panel como PDF.",
        "The PDF is made with LibreOffice, which is not installed. Install it (libreoffice.org), or open the workbook in Excel and save the panel sheet as PDF.",
    ),
    Text(
        "LibreOffice no pudo hacer el PDF. Abra el libro en Excel y guarde la hoja del panel como PDF.",
        "LibreOffice could not make the PDF. Open the workbook in Excel and save the panel sheet as PDF.",
    ),
)
_LETTERS = Refusals(
    Text(
        "Los PDF se hacen con LibreOffice, que no está instalado. Instálelo (libreoffice.org), o repita sin --pdf y guarde cada documento como PDF desde Word o Excel.",
        "PDFs are made with LibreOffice, which is not installed. Install it (libreoffice.org), or repeat without --pdf and save each document as PDF from Word or Excel.",
    ),
    Text(
        "LibreOffice no pudo hacer los PDF; los demás ficheros están escritos. Guarde cada documento como PDF desde Word o Excel.",
        "LibreOffice could not make the PDFs; the other files are written. Save each document as PDF from Word or Excel.",
    ),
)
