"""Mistakes in a formula, at an offset of its text; `Place` turns them into problems at a place in a file."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from aliado.errors import Problem
from aliado.language import Text, fold


class Mistake(Struct, frozen=True):
    """One mistake. start: offset in the formula's text. code: F1xx writing, F2xx names, F3xx types and shapes."""

    code: str
    start: int
    message: Text
    hint: Text | None = None


class FormulaMistakeError(Exception):
    """A mistake after which the rest of the formula cannot be read; never leaves this package."""

    def __init__(self, mistake: Mistake) -> None:
        super().__init__(mistake.message.en)
        self.mistake = mistake


class Place(Struct, frozen=True):
    """Where a formula's text starts in its file (line and column from 1)."""

    file: str
    line: int
    column: int

    def problem(self, text: str, mistake: Mistake) -> Problem:
        """Return `mistake` as a problem of the file; a formula over several lines counts its own lines."""
        before = text[: mistake.start]
        lines = before.count("\n")
        column = len(before) - before.rfind("\n") if lines else self.column + len(before)
        return Problem(self.file, self.line + lines, column, mistake.code, mistake.message, mistake.hint)


def did_you_mean(name: str, known: Iterable[str]) -> Text | None:
    """Return a hint naming the known words nearest to `name`, or None."""
    from difflib import get_close_matches

    words = {fold(word): word for word in known}
    near = get_close_matches(fold(name), list(words), n=3, cutoff=0.6)
    if not near:
        return None
    quoted = [f"'{words[word]}'" for word in near]
    return Text(f"¿quiso decir {' o '.join(quoted)}?", f"did you mean {' or '.join(quoted)}?")
