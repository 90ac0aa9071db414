"""Drafts on disk: written whole, and never over what a person has changed."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from aliado.workbook.files import write_workbook_file


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
