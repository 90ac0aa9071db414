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

    A PDF older than its document is replaced, for it is of no use any more; another one that differs stays unless
    `overwrite`. day: on which they say that they were made. locale: whose marks the numbers in cells have.
    """
    from aliado.workbook.printing import print_documents

    paths = list(documents)
    printed = print_documents([(path.suffix[1:], path.read_bytes()) for path in paths], day, locale)
    drafts = []
    for path, data in zip(paths, printed, strict=True):
        target = path.with_suffix(".pdf")
        stale = target.is_file() and target.stat().st_mtime_ns < path.stat().st_mtime_ns
        drafts.append(write_draft(target, data, overwrite=overwrite or stale))
    return drafts
