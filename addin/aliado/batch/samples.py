"""Sample client workbooks: three firms as their accountants would keep them, made on the spot."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from aliado.batch import samples_ecuador_book, samples_panama, samples_spain_book


def write_samples(folder: Path, as_of: date) -> list[Path]:
    """Write three sample workbooks into `folder`, made if need be, and return their paths; same `as_of`, same bytes.

    The Ecuadorian one has a rule pack beside it (NAME.aliado.yaml) with a target of its own.
    """
    folder.mkdir(parents=True, exist_ok=True)
    return [client.write(folder, as_of) for client in (samples_spain_book, samples_ecuador_book, samples_panama)]
