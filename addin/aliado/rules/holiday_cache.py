"""Public holidays as the `holidays` library gave them before: importing it takes longer than a small refresh.

One small file per country, region and year in the user's cache folder, under the library's version, so that a new
version asks again. What cannot be read or written is asked of the library, as if there were no cache.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import date
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from zlib import crc32

from aliado.rules.user_cache import cache_folder, keep


def remember(country: str, region: str | None, year: int, ask: Callable[[], frozenset[date]]) -> frozenset[date]:
    """Return the days that `ask` gives for a country, region and year, from the cache when they are there."""
    folder = _folder()
    if folder is None or not country.isalnum() or not country.isascii():
        return ask()
    place = folder / f"{country}-{crc32((region or '').encode()):08x}-{year}.txt"
    with suppress(OSError, ValueError):
        first, *lines = place.read_text(encoding="utf-8").splitlines()
        if first == _head(country, region, year, len(lines)):
            return frozenset(map(date.fromisoformat, lines))
    days = ask()
    lines = [day.isoformat() for day in sorted(days)]
    keep(place, ("\n".join([_head(country, region, year, len(lines)), *lines]) + "\n").encode())
    return days


def _head(country: str, region: str | None, year: int, count: int) -> str:
    """Return the first line: what the days are of and how many there are, which tells a file that is not whole."""
    return f"{country} {region or ''} {year}: {count}"


READING = 2
"""How the library's answers are read (`business_days`); raised when that changes, so that old answers are asked again."""


@cache
def _folder() -> Path | None:
    version, base = _library_version(), cache_folder()
    return None if version is None or base is None else base / "holidays" / f"{version}-{READING}"


def _library_version() -> str | None:
    """Return the version of the `holidays` library without importing it; None when it cannot be told."""
    spec = find_spec("holidays")
    if spec is None or not spec.submodule_search_locations:
        return None
    folder = Path(spec.submodule_search_locations[0])
    found = sorted(folder.parent.glob("holidays-*.dist-info"))
    if len(found) != 1:
        return None
    return found[0].name.removeprefix("holidays-").removesuffix(".dist-info")
