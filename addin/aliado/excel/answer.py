"""What a button tells the user, and how lists are made to fit a message box."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from aliado.language import Language, Text

SHOWN = 12
"""Lines of a list that fit in a message box."""


class Answer(Struct, frozen=True):
    """What to tell the user, in the client's language. sheet, cell: where to go afterwards, None = stay."""

    text: str
    sheet: str | None = None
    cell: str | None = None


def write_list(head: str, lines: Sequence[str], language: Language) -> str:
    """Return a heading and its lines, the last ones counted where they do not fit."""
    shown = list(lines[:SHOWN])
    if len(lines) > SHOWN:
        shown.append(_MORE.format(count=len(lines) - SHOWN).to(language))
    return "\n".join([head, "", *shown])


_MORE = Text("… y {count} más", "… and {count} more")
