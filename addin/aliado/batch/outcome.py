"""What became of one workbook in a run."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from msgspec import Struct, field

from aliado.language import Language, Text

if TYPE_CHECKING:
    from aliado.report.portfolio.summary import ClientSummary

Status = Literal["refreshed", "unchanged", "skipped", "refused", "failed"]

CLEAN, RED_FINDINGS, NOT_DONE = 0, 1, 2
"""Exit codes: nothing red; findings of red severity; some workbook was not refreshed, or bad usage."""


class Options(Struct, frozen=True):
    """How workbooks are to be refreshed. language None = what each client's profile says, else Spanish.

    summarise: whether outcomes carry what the board over all clients says of each.
    """

    as_of: date
    rules: Path | None = None
    language: Language | None = None
    dry_run: bool = False
    recalculate: bool = False
    summarise: bool = False


class Job(Struct, frozen=True):
    """One workbook to refresh: where it is read, where it is written, and where the old one is kept first."""

    source: Path
    target: Path
    backup: Path | None = None


class Outcome(Struct, frozen=True):
    """What became of one workbook. record: what `--json` says of it (`report.record`); summary: what the board says."""

    path: Path
    status: Status
    reason: Text | None
    record: dict[str, Any] = field(default_factory=dict)
    target: Path | None = None
    notes: tuple[Text, ...] = ()
    summary: ClientSummary | None = None

    @property
    def done(self) -> bool:
        """Whether the workbook was assessed and stands refreshed."""
        return self.status in {"refreshed", "unchanged"}

    def count(self, severity: str) -> int:
        """Return how many findings have this severity."""
        return sum(flag["severity"] == severity for flag in self.record.get("flags", ()))


def exit_code(outcomes: list[Outcome]) -> int:
    """Return the exit code of a run."""
    if any(not outcome.done for outcome in outcomes):
        return NOT_DONE
    return RED_FINDINGS if any(outcome.count("red") for outcome in outcomes) else CLEAN
