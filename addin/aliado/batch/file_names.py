"""Names of files made of client text: fit for Windows, macOS and Linux, and never leading out of their folder."""

from __future__ import annotations

import unicodedata
from typing import Final

_FORBIDDEN: Final = frozenset('<>:"/\\|?*')
_RESERVED: Final = frozenset(
    {"con", "prn", "aux", "nul", "conin$", "conout$"}
    | {f"{device}{digit}" for device in ("com", "lpt") for digit in "0123456789¹²³"}
)
"""Names that mean a device on Windows, whatever follows the first dot."""
LONGEST: Final = 120
"""Bytes of a name in UTF-8; with a folder and an ending it stays within what file systems (255) and Windows (260 in all) take."""


def safe_name(text: str, otherwise: str, longest: int = LONGEST) -> str:
    """Return text as the name of a file or folder, without an ending; `otherwise` where nothing of it can stand."""
    plain = unicodedata.normalize("NFC", text)
    shown = (" " if c in _FORBIDDEN or unicodedata.category(c).startswith(("C", "Z")) else c for c in plain)
    name = " ".join("".join(shown).split()).lstrip(".~ ")
    name = name.encode()[:longest].decode("utf-8", "ignore").rstrip(". ")
    if name.partition(".")[0].rstrip().casefold() in _RESERVED:
        name = f"_{name}"
    return name or otherwise


class Names:
    """Gives names out, each once: two that differ only in case or in how accents are written count as one."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def give(self, name: str) -> str:
        """Return the name, with a number behind it where it is taken."""
        number, given = 1, name
        while (key := unicodedata.normalize("NFKD", given).casefold()) in self._taken:
            number += 1
            given = f"{name} ({number})"
        self._taken.add(key)
        return given
