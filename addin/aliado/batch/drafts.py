"""Drafts on disk: written whole, and never over what a person has changed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Final

from msgspec import Struct

from aliado.language import Text
from aliado.locales import Locale
from aliado.workbook.files import write_workbook_file

KEPT: Final = Text(
    "Ficheros que ya estaban y son distintos, sin tocar: {count} (--overwrite los sustituye).",
    "Files that were there already and differ, left alone: {count} (--overwrite replaces them).",
)
_KEPT_PDFS: Final = Text(
    "PDF que ya estaban y son distintos, sin tocar, pues alguien puede haberlos firmado o anotado. Para imprimirlos de nuevo, muévalos o bórrelos y repita (--overwrite los sustituye, y también los documentos cambiados a mano):\n{paths}",
    "PDFs that were there already and differ, left alone, for somebody may have signed or annotated them. To print them anew, move or delete them and repeat (--overwrite replaces them, and also documents changed by hand):\n{paths}",
)


class Draft(Struct, frozen=True):
    """A file made for a person to look through. kept: one with other contents was there, and was left alone."""

    path: Path
    kept: bool = False


def write_draft(path: Path, data: bytes, *, overwrite: bool) -> Draft:
    """Write a draft unless a different file of that name is there; raises AliadoError and OSError."""
    if path.exists():
        if path.is_file() and path.read_bytes() == data:
            return Draft(path)
        if not overwrite:
            return Draft(path, kept=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_workbook_file(path, data)
    return Draft(path)


def print_drafts(
    documents: Iterable[Path], day: date, *, locale: Locale | None = None, overwrite: bool = False
) -> list[Draft]:
    """Print documents, as they now stand on disk, to a PDF beside each; raises AliadoError and OSError.

    A PDF that is there and differs stays unless `overwrite`, also one older than its document: a person may have signed
    or annotated it. day: on which they say that they were made. locale: whose marks the numbers in cells have.
    """
    from aliado.workbook.printing import print_documents

    paths = list(documents)
    printed = print_documents([(path.suffix[1:], path.read_bytes()) for path in paths], day, locale)
    return [
        write_draft(path.with_suffix(".pdf"), data, overwrite=overwrite)
        for path, data in zip(paths, printed, strict=True)
    ]


def say_kept(printed: Iterable[Draft]) -> Text | None:
    """Return which PDFs were left alone and how to have them anew, None where there are none."""
    paths = [str(draft.path) for draft in printed if draft.kept and draft.path.suffix == ".pdf"]
    return _KEPT_PDFS.format(paths="\n".join(paths)) if paths else None
