"""Characters in a rule file that cannot be seen, or that turn the reading direction: what is read is not what is there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from unicodedata import category, name

from aliado.errors import Problem
from aliado.language import Text

# Anything but ASCII letters, digits and signs is looked at one by one; controls other than newline are refused.
_SUSPECT = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\xa0\xad\u034f\u0600-\u070f\u115f\u1160\u1680\u17b4\u17b5\u180b-\u180f\u2000-\u200f\u2028-\u202f\u205f-\u206f\u2800\u3000\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\uffff\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_HARMLESS = frozenset({"Lo", "Lm", "Mn", "Nd", "Po", "Sc", "Sm", "So"})


def invisible_characters(text: str, shown: str) -> Iterator[Problem]:
    """Yield a problem for every character that cannot be seen or that turns the reading direction."""
    if text.isascii() and text.isprintable():
        return
    for found in _SUSPECT.finditer(text):
        char = found.group()
        if category(char) in _HARMLESS and not "\ufe00" <= char <= "\ufe0f" and not _fills(char):
            continue
        line = text.count("\n", 0, found.start()) + 1
        column = found.start() - text.rfind("\n", 0, found.start())
        yield Problem(shown, line, column, "Y004", *_invisible_texts(char))


def _fills(char: str) -> bool:
    """Return whether a character counted as a letter, accent or sign is drawn as nothing (the Hangul fillers and the like)."""
    return char in "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0" or char >= "\U000e0000"


def _invisible_texts(char: str) -> tuple[Text, Text]:
    label = f"U+{ord(char):04X} {name(char, '')}".strip()
    space = category(char) == "Zs"
    return (
        Text(f"carácter invisible {label}", f"invisible character {label}"),
        Text("sustitúyalo por un espacio normal", "replace it with an ordinary space")
        if space
        else Text(
            "bórrelo: no se ve y puede cambiar lo que se lee",
            "delete it: it cannot be seen and may change what is read",
        ),
    )
