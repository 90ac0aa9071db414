"""Public holidays as the `holidays` library gave them before: importing it takes longer than a small refresh.

One small file per country, region and year in the user's cache folder, under the library's version, so that a new
version asks again. What cannot be read or written is asked of the library, as if there were no cache.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from zlib import crc32

FOLDER = "ALIADO_CACHE"
"""Environment variable: where to keep the cache instead; empty = nowhere."""


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
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        part = place.with_name(f".{place.name}.{os.getpid()}")
        part.write_text("\n".join([_head(country, region, year, len(lines)), *lines]) + "\n", encoding="utf-8")
        os.replace(part, place)  # noqa: PTH105  whole or not at all, also with two runs at once
    return days


def _head(country: str, region: str | None, year: int, count: int) -> str:
    """Return the first line: what the days are of and how many there are, which tells a file that is not whole."""
    return f"{country} {region or ''} {year}: {count}"


READING = 2
"""How the library's answers are read (`business_days`); raised when that changes, so that old answers are asked again."""


@cache
def _folder() -> Path | None:
    version = _library_version()
    given = os.environ.get(FOLDER)
    if version is None or given == "":
        return None
    try:
        base = Path(given) if given else _user_cache()
    except (KeyError, RuntimeError):  # a user without a home
        return None
    return base / "holidays" / f"{version}-{READING}"


def _user_cache() -> Path:
    if sys.platform == "win32":
        return Path(os.environ["LOCALAPPDATA"]) / "Aliado" / "cache"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "aliado"
    given = os.environ.get("XDG_CACHE_HOME")
    return (Path(given) if given else Path.home() / ".cache") / "aliado"


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
