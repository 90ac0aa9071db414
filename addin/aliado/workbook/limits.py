"""How large a workbook may be, and how whoever trusts a larger one says so: ALIADO_LIMITS="part=4096 cells=50000000"."""

from __future__ import annotations

import os
import re
from functools import lru_cache
from typing import Final

from msgspec import Struct

from aliado.errors import WorkbookRefused
from aliado.language import Text

VARIABLE: Final = "ALIADO_LIMITS"
"""The environment variable with other limits: names and whole numbers, sizes in MB."""


class Limits(Struct, frozen=True):
    """How large a package may be, in bytes unpacked; more is taken for a zip bomb and refused.

    ratio: unpacked over packed, looked at only in parts above ratio_from bytes.
    cells: of one sheet, counted from the first used cell to the last.
    """

    file: int = 512 << 20
    part: int = 1 << 30
    total: int = 2 << 30
    parts: int = 20_000
    ratio: int = 300
    ratio_from: int = 64 << 20
    cells: int = 20_000_000


_NUMBER: Final = re.compile(r"[1-9][0-9]{0,14}")
_SIZES: Final = frozenset({"file", "part", "total", "ratio_from"})

_UNKNOWN = Text(
    "La variable ALIADO_LIMITS dice «{text}»; se esperan pares nombre=número entre {names} (tamaños en MB), por ejemplo: part=4096 cells=50000000. Corríjala o bórrela.",
    "The variable ALIADO_LIMITS says “{text}”; expected are pairs name=number of {names} (sizes in MB), for example: part=4096 cells=50000000. Correct it or remove it.",
)


def limits_in_force() -> Limits:
    """Return the limits, those of ALIADO_LIMITS in place of ours; raises WorkbookRefused where it can't be read."""
    return read_limits(os.environ.get(VARIABLE, ""))


@lru_cache(maxsize=8)
def read_limits(text: str) -> Limits:
    """Return the limits that a text like "part=4096 cells=50000000" sets, the others as they are; raises WorkbookRefused."""
    found: dict[str, int] = {}
    for pair in text.replace(",", " ").split():
        name, _, number = pair.partition("=")
        if name not in Limits.__struct_fields__ or not _NUMBER.fullmatch(number):
            raise WorkbookRefused(_UNKNOWN.format(text=pair, names=", ".join(Limits.__struct_fields__)))
        found[name] = int(number) << 20 if name in _SIZES else int(number)
    return Limits(**found)
