"""The user's cache folder: what Aliado worked out before and would work out again if it were gone.

Plain data only, never code: whoever can write there can make Aliado forget, or believe other holidays and rules,
but not run anything. A folder that cannot be read or written is done without.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path

FOLDER = "ALIADO_CACHE"
"""Environment variable: where to keep the cache instead; empty = nowhere."""


def cache_folder() -> Path | None:
    """Return where the cache is, None when there is to be none."""
    given = os.environ.get(FOLDER)
    if given == "":
        return None
    try:
        return Path(given) if given else _user_cache()
    except (KeyError, RuntimeError):  # a user without a home
        return None


def keep(place: Path, data: bytes) -> None:
    """Write a file of the cache, whole or not at all, also with two runs at once; where that cannot be, it is not kept."""
    with suppress(OSError):
        place.parent.mkdir(parents=True, exist_ok=True)
        part = place.with_name(f".{place.name}.{os.getpid()}")
        part.write_bytes(data)
        os.replace(part, place)  # noqa: PTH105  over an older one, on Windows too


def _user_cache() -> Path:
    if sys.platform == "win32":
        return Path(os.environ["LOCALAPPDATA"]) / "Aliado" / "cache"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "aliado"
    given = os.environ.get("XDG_CACHE_HOME")
    return (Path(given) if given else Path.home() / ".cache") / "aliado"
