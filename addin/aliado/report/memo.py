"""What a function makes of each value, made once: a hundred thousand cells hold few different texts."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

Key = TypeVar("Key")


class Memo(dict[Key, str]):
    """Value -> what the function makes of it."""

    def __init__(self, make: Callable[[Key], str]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, key: Key) -> str:
        made = self[key] = self._make(key)
        return made
