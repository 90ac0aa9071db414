"""What a run says while it goes: a progress bar on a terminal, plain lines elsewhere, one line per workbook."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import click

from aliado.batch.jobs import say_passed_over
from aliado.batch.outcome import Job, Options, Outcome
from aliado.batch.pool import refresh_all
from aliado.language import Language, Text

if TYPE_CHECKING:
    from rich.progress import Progress

_STATUS = {
    "refreshed": Text("refrescado", "refreshed"),
    "unchanged": Text("sin cambios", "unchanged"),
    "skipped": Text("omitido", "skipped"),
    "refused": Text("rehusado", "refused"),
    "failed": Text("fallido", "failed"),
}
_WORDS = {
    "red": Text("rojos", "red"),
    "amber": Text("ámbar", "amber"),
    "rejected": Text("celdas rechazadas", "cells rejected"),
    "broken": Text("no cuadra", "does not tie"),
    "total": Text("{done} de {count} libros al día", "{done} of {count} workbooks up to date"),
}


class Summary:
    """Follows a run and writes one line per workbook."""

    def __init__(self, language: Language, *, quiet: bool = False) -> None:
        self.language = language
        self.quiet = quiet

    def follow(self, jobs: Sequence[Job], options: Options, workers: int | None) -> list[Outcome]:
        """Return the outcomes in the order of `jobs`, having said each as it came."""
        done: dict[object, Outcome] = {}
        bar = self._progress(len(jobs))
        with bar if bar is not None else nullcontext():
            for outcome in refresh_all(jobs, options, workers):
                done[outcome.path] = outcome
                if bar is not None:
                    bar.advance(bar.task_ids[0])
                if not self.quiet:
                    self._say(self.line(outcome), bar)
        outcomes = [done[job.source] for job in jobs]
        if not self.quiet and len(jobs) > 1:
            self._say(self._total(outcomes), None)
        return outcomes

    def say_passed_over(self, files: Sequence[Path]) -> None:
        """Say how many workbooks of other formats were left alone, if any; also when the rest is quiet."""
        if files:
            click.echo(say_passed_over(files).to(self.language), err=self.quiet)

    def line(self, outcome: Outcome) -> str:
        """Return the summary line of one workbook."""
        status = _STATUS[outcome.status].to(self.language)
        if not outcome.done:
            reason = outcome.reason.to(self.language) if outcome.reason else ""
            return f"{outcome.path}: {status}: {reason}"
        parts = [f"{outcome.count(severity)} {_WORDS[severity].to(self.language)}" for severity in ("red", "amber")]
        rejected = len(outcome.record["rejected"])
        if rejected:
            parts.append(f"{rejected} {_WORDS['rejected'].to(self.language)}")
        broken = [tie["name"] for tie in outcome.record["ties"] if not tie["ok"]]
        parts += [f"{_WORDS['broken'].to(self.language)}: {name}" for name in broken]
        where = f" -> {outcome.target}" if outcome.target and outcome.target != outcome.path else ""
        return f"{outcome.path}: {status}{where}: {', '.join(parts)}"

    def _total(self, outcomes: Iterable[Outcome]) -> str:
        every = list(outcomes)
        return _WORDS["total"].to(self.language).format(done=sum(item.done for item in every), count=len(every))

    def _progress(self, count: int) -> Progress | None:
        if self.quiet or count < 2 or not sys.stdout.isatty():
            return None
        from rich.progress import Progress

        progress = Progress(transient=True)
        progress.add_task("", total=count)
        return progress

    @staticmethod
    def _say(text: str, bar: Progress | None) -> None:
        if bar is not None:
            bar.console.print(text, markup=False, highlight=False, soft_wrap=True)
        else:
            click.echo(text)
