"""Many workbooks on a local pool of processes; one that fails, or takes its process down, never stops the others."""

from __future__ import annotations

import gc
import os
from collections import deque
from collections.abc import Generator, Iterator, Sequence
from typing import TYPE_CHECKING

from aliado.batch.outcome import Job, Options, Outcome
from aliado.batch.refresh import refresh
from aliado.language import Text
from aliado.report.record import empty_record

if TYPE_CHECKING:
    from concurrent.futures import Future

GARBAGE = (500_000, 20, 50)
"""A refresh makes many objects that live to its end, and garbage is looked for after each: among so many it only costs."""

AHEAD = 4
"""Jobs handed to the pool per worker at a time, so that a run of thousands keeps little in memory."""


def refresh_all(jobs: Sequence[Job], options: Options, workers: int | None = None) -> Iterator[Outcome]:
    """Yield the outcome of each job as it is done (order of completion).

    workers: processes to use; None = one per processor, at most one per workbook. One workbook needs no pool.
    """
    collect_rarely()
    count = min(workers or os.cpu_count() or 1, len(jobs))
    if count <= 1:
        for job in jobs:
            yield refresh_and_tidy(job, options)
        return
    waiting = list(jobs)
    while waiting:
        suspects, waiting = yield from _run_pool(waiting, options, count)
        # A process died while it held these; each gets a pool of its own, so the culprit is known by name.
        for job in suspects:
            lost, _ = yield from _run_pool([job], options, 1)
            for culprit in lost:
                yield Outcome(culprit.source, "failed", _DIED, empty_record())


def refresh_and_tidy(job: Job, options: Options) -> Outcome:
    """Return what became of one workbook; its sheets and our donor, which point at one another, leave memory."""
    outcome = refresh(job, options)
    gc.collect(1)  # what is older belongs to the program
    return outcome


def collect_rarely() -> None:
    """Have this process look for garbage at the pace that refreshes need."""
    gc.set_threshold(*GARBAGE)


def _run_pool(
    jobs: Sequence[Job], options: Options, workers: int
) -> Generator[Outcome, None, tuple[list[Job], list[Job]]]:
    """Yield outcomes; return the jobs that were under way when a process died, and those not begun."""
    from concurrent.futures import ProcessPoolExecutor  # late: one workbook needs no pool
    from concurrent.futures.process import BrokenProcessPool

    queue = deque(jobs)
    running: dict[Future[Outcome], Job] = {}
    lost: list[Job] = []
    with ProcessPoolExecutor(workers, initializer=collect_rarely) as pool:
        while (queue or running) and not lost:
            while queue and len(running) < workers * AHEAD:
                try:
                    future = pool.submit(refresh_and_tidy, queue[0], options)
                except BrokenProcessPool:
                    break
                running[future] = queue.popleft()
            yield from _finished(running, lost)
    return [*lost, *running.values()], list(queue)


def _finished(running: dict[Future[Outcome], Job], lost: list[Job]) -> Iterator[Outcome]:
    from concurrent.futures import FIRST_COMPLETED, wait
    from concurrent.futures.process import BrokenProcessPool

    done, _ = wait(running, return_when=FIRST_COMPLETED)
    for future in done:
        job = running.pop(future)
        try:
            yield future.result()
        except BrokenProcessPool:
            lost.append(job)


_DIED = Text(
    "El proceso que lo refrescaba se cerró de golpe (¿falta de memoria?). El libro no se ha tocado; repítalo solo, con --workers 1.",
    "The process that was refreshing it died (out of memory?). The workbook was not touched; try it alone, with --workers 1.",
)
