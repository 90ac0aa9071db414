"""`aliado refresh` beside the script a user would write instead, in one run, as a table of ratios.

Run: uv run python benchmarks/refresh.py [--rows 500 10000] [--runs 5]
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

HERE = Path(__file__).parent
AS_OF = "2026-10-31"
READ = (
    "import sys; from python_calamine import CalamineWorkbook as B; b = B.from_path(sys.argv[1]); "
    "[b.get_sheet_by_name(n).to_python() for n in b.sheet_names]"
)
NAMES = {"naive": "pandas + openpyxl", "aliado": "aliado refresh", "read": "only reading it (calamine)"}


@dataclass(frozen=True, slots=True)
class Cost:
    """What one process took: seconds on the wall, CPU seconds, peak megabytes."""

    wall: float
    cpu: float
    memory: float


def command(contender: str, source: Path, out: Path) -> list[str]:
    """Return the command line of one contender."""
    if contender == "naive":
        return [sys.executable, str(HERE / "naive.py"), str(source), str(out / source.name), AS_OF]
    if contender == "read":
        return [sys.executable, "-c", READ, str(source)]
    return [
        sys.executable,
        "-m",
        "aliado",
        "refresh",
        str(source),
        "--out",
        str(out),
        "--as-of",
        AS_OF,
        "--workers",
        "1",
    ]


def measure(line: Sequence[str], folder: Path) -> Cost:
    """Return the cost of one command in a fresh process, its own children included."""
    log = folder / "log.txt"
    # Compiled modules are kept, as on any user's machine, but apart: all contenders begin alike.
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(folder / "compiled")}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    with log.open("wb") as output:
        start = time.perf_counter()
        process = subprocess.Popen(line, stdout=output, stderr=output, env=environment)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    # 1 says that the workbook has red findings, which is not a failure.
    if process.returncode not in (0, 1):
        sys.exit(
            f"{' '.join(line)}\nended with {process.returncode}:\n{log.read_text(encoding='utf-8', errors='replace')}"
        )
    unit = 1_000_000 if sys.platform == "darwin" else 1_000
    return Cost(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / unit)


def compare(rows: int, runs: int, folder: Path) -> dict[str, Cost]:
    """Return the median cost of each contender; the runs take turns, so that a slow moment hits them alike."""
    source = folder / f"cliente-{rows}.xlsx"
    # In a process of its own: Linux counts what the parent held at the fork into a child's peak memory.
    subprocess.run([sys.executable, HERE / "workbooks.py", source, str(rows), AS_OF], check=True)
    found: dict[str, list[Cost]] = {contender: [] for contender in NAMES}
    for run in range(runs + 1):
        for contender in NAMES:
            out = folder / f"{contender}-{rows}-{run}"
            out.mkdir()
            cost = measure(command(contender, source, out), folder)
            if contender != "read" and not (out / source.name).exists():
                sys.exit(
                    f"{contender} wrote nothing: {(folder / 'log.txt').read_text(encoding='utf-8', errors='replace')}"
                )
            if run:  # the first round only compiles the modules and warms the disk cache
                found[contender].append(cost)
    return {
        contender: Cost(median(c.wall for c in costs), median(c.cpu for c in costs), median(c.memory for c in costs))
        for contender, costs in found.items()
    }


def print_table(rows: int, costs: dict[str, Cost]) -> None:
    """Print the medians and, beside each, how many times cheaper it is than the user's script."""
    naive = costs["naive"]
    print(f"\n{rows:,} invoices")
    print(f"{'':28}{'wall s':>9}{'':>8}{'CPU s':>9}{'':>8}{'peak MB':>9}{'':>8}")
    for contender, name in NAMES.items():
        cost = costs[contender]
        pairs = ((cost.wall, naive.wall, ".3f"), (cost.cpu, naive.cpu, ".3f"), (cost.memory, naive.memory, ".0f"))
        print(f"{name:28}" + "".join(f"{mine:>9{form}}{base / mine:>7.1f}x" for mine, base, form in pairs))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, nargs="+", default=[500, 10_000])
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    for rows in options.rows:
        with tempfile.TemporaryDirectory() as folder:
            print_table(rows, compare(rows, options.runs, Path(folder)))


if __name__ == "__main__":
    main()
