"""What one workbook takes in a process that has done it before: a refresh, or the least that any refresh must do.

Run: python warm.py warm|floor WORKBOOK OUT YYYY-MM-DD; prints seconds on the clock and of the processor (medians).
"""

from __future__ import annotations

import sys
import time
import zlib
from collections.abc import Callable
from datetime import date
from pathlib import Path
from statistics import median

TIMES = {500: 15, 10_000: 7}
"""How often, by rows at most; larger workbooks three times."""


def refresh(source: Path, target: Path, day: date) -> None:
    from aliado.batch.outcome import Job, Options
    from aliado.batch.pool import refresh_and_tidy as run

    target.unlink(missing_ok=True)
    outcome = run(Job(source, target), Options(day))
    if not outcome.done:
        sys.exit(str(outcome.reason))


def floor(source: Path, target: Path, day: date) -> None:
    """Read the file, inflate its parts, parse the cells once, deflate the one sheet that changes, write the file."""
    del day
    from io import BytesIO
    from zipfile import ZipFile

    from python_calamine import CalamineWorkbook

    data = source.read_bytes()
    with ZipFile(BytesIO(data)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    workbook = CalamineWorkbook.from_filelike(BytesIO(data))
    for name in workbook.sheet_names:
        workbook.get_sheet_by_name(name).to_python()
    sheets = [content for name, content in parts.items() if "/worksheets/sheet" in name]
    engine = zlib.compressobj(2, zlib.DEFLATED, -15)
    target.write_bytes(data + engine.compress(max(sheets, key=len)) + engine.flush())


def main(which: str, source: str, target: str, day: str) -> None:
    from aliado.batch.pool import collect_rarely

    collect_rarely()
    task: Callable[[Path, Path, date], None] = refresh if which == "warm" else floor
    rows = int("".join(filter(str.isdigit, Path(source).stem)) or 0)
    times = next((count for most, count in TIMES.items() if rows <= most), 3)
    found = []
    for _ in range(times + 1):
        wall, cpu = time.perf_counter(), time.process_time()
        task(Path(source), Path(target), date.fromisoformat(day))
        found.append((time.perf_counter() - wall, time.process_time() - cpu))
    print(median(wall for wall, _ in found[1:]), median(cpu for _, cpu in found[1:]))


if __name__ == "__main__":
    main(*sys.argv[1:])
