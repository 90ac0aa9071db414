"""What stops Aliado, said so that a person knows where, what and what next.

What Aliado finds in a client's data is never an error: findings and rejections are values
(see `aliado.rules.assessment`). Errors are for what keeps the work from being done.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from aliado.language import Language, Text


class Problem(Struct, frozen=True):
    """One mistake in a rule pack or formula, at a place in a file."""

    file: str
    line: int
    column: int
    code: str
    message: Text
    hint: Text | None = None

    def to(self, language: Language) -> str:
        """Return `file:line:column: CODE message -> hint`."""
        text = f"{self.file}:{self.line}:{self.column}: {self.code} {self.message.to(language)}"
        return f"{text} -> {self.hint.to(language)}" if self.hint else text


class AliadoError(Exception):
    """Something that a person has to put right; its text names the place and the next step.

    status: what a workbook is called in a run's summary when this stopped it.
    """

    status: Literal["skipped", "refused", "failed"] = "failed"

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


class PackError(AliadoError):
    """Rule packs with mistakes: all of them, sorted by place."""

    status = "refused"

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = sorted(problems, key=lambda p: (p.file, p.line, p.column, p.code))
        super().__init__(
            Text(
                "\n".join(p.to("es") for p in self.problems),
                "\n".join(p.to("en") for p in self.problems),
            )
        )


class WorkbookRefused(AliadoError):
    """A workbook that cannot be refreshed safely; it stays untouched."""

    status = "refused"


class WorkbookSkipped(AliadoError):
    """A workbook that cannot be refreshed now (open in Excel, say); it stays untouched."""

    status = "skipped"
