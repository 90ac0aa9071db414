"""`aliado refresh` beside the scripts a user would write instead, in one run, as a table of ratios.

Run: uv run --group bench python benchmarks/refresh.py [--rows 500 10000 100000] [--runs 5] [--only naive cold warm floor]
"""

from __future__ import annotations

import argparse
import os
import shutil
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
NAMES = {
    "naive": "(a) pandas + openpyxl",
    "calamine": "(b) the same with calamine",
    "wolfxl": "(c) calamine + wolfxl",
    "libreoffice": "(d) LibreOffice, headless",
    "cold": "aliado refresh, cold",
    "warm": "aliado refresh, warm",
    "floor": "floor, warm",
}
SCRIPTS = {"naive": ("openpyxl", "openpyxl"), "calamine": ("calamine", "openpyxl"), "wolfxl": ("calamine", "wolfxl")}
WARM = frozenset({"warm", "floor"})
"""These say themselves what one workbook takes in a process that has done others before."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one process took: seconds on the wall, CPU seconds, peak megabytes."""

    wall: float
    cpu: float
    memory: float


def command(contender: str, source: Path, out: Path) -> list[str]:
    """Return the command line of one contender."""
    if contender in SCRIPTS:
        arguments = [str(source), str(out / source.name), AS_OF, *SCRIPTS[contender]]
        return [sys.executable, str(HERE / "naive.py"), *arguments]
    if contender in WARM:
        return [sys.executable, str(HERE / "warm.py"), contender, str(source), str(out / source.name), AS_OF]
    if contender == "libreoffice":
        profile = f"-env:UserInstallation={(out.parent / 'libreoffice').as_uri()}"
        convert = ["--headless", "--norestore", "--convert-to", "xlsx", "--outdir", str(out), str(source)]
        return [shutil.which("soffice") or "soffice", profile, *convert]
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
    memory = usage.ru_maxrss / unit
    if "warm.py" in line[1]:
        wall, cpu = map(float, log.read_text(encoding="utf-8").split())
        return Cost(wall, cpu, memory)
    return Cost(wall, usage.ru_utime + usage.ru_stime, memory)


def compare(rows: int, runs: int, folder: Path, names: Sequence[str]) -> dict[str, Cost]:
    """Return the median cost of each contender; the runs take turns, so that a slow moment hits them alike."""
    source = folder / f"cliente-{rows}.xlsx"
    # In a process of its own: Linux counts what the parent held at the fork into a child's peak memory.
    subprocess.run([sys.executable, HERE / "workbooks.py", source, str(rows), AS_OF], check=True)
    found: dict[str, list[Cost]] = {contender: [] for contender in names}
    for run in range(runs + 1):
        for contender in names:
            out = folder / f"{contender}-{rows}-{run}"
            out.mkdir()
            cost = measure(command(contender, source, out), folder)
            if contender != "floor" and not (out / source.name).exists():
                sys.exit(
                    f"{contender} wrote nothing: {(folder / 'log.txt').read_text(encoding='utf-8', errors='replace')}"
                )
            shutil.rmtree(out)
            if run:  # the first round only compiles the modules and warms the disk cache
                found[contender].append(cost)
    return {
        contender: Cost(median(c.wall for c in costs), median(c.cpu for c in costs), median(c.memory for c in costs))
        for contender, costs in found.items()
    }


def print_table(rows: int, costs: dict[str, Cost]) -> None:
    """Print the medians and, beside each, how many times cheaper it is than the user's script."""
    naive = costs[next(iter(costs))]
    print(f"\n{rows:,} invoices")
    print(f"{'':28}{'wall s':>9}{'':>8}{'CPU s':>9}{'':>8}{'peak MB':>9}{'':>8}")
    for contender, cost in costs.items():
        name = NAMES[contender]
        pairs = ((cost.wall, naive.wall, ".3f"), (cost.cpu, naive.cpu, ".3f"), (cost.memory, naive.memory, ".0f"))
        print(f"{name:28}" + "".join(f"{mine:>9{form}}{base / mine:>7.1f}x" for mine, base, form in pairs))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, nargs="+", default=[500, 10_000, 100_000])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--only", nargs="+", choices=NAMES, default=list(NAMES))
    options = parser.parse_args()
    names = [name for name in options.only if name != "libreoffice" or shutil.which("soffice")]
    for rows in options.rows:
        with tempfile.TemporaryDirectory() as folder:
            print_table(rows, compare(rows, options.runs, Path(folder), names))


if __name__ == "__main__":
    main()
