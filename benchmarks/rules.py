"""Thirty rules over 100,000 invoices: Aliado beside hand-written pandas, DuckDB SQL, zen-engine and rule-engine.

Run: uv run --group bench python benchmarks/rules.py [--rows 100000] [--slow-rows 5000] [--runs 7]
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

import duckdb
import numpy as np
import pandas as pd
import rule_engine
import zen
from msgspec.structs import replace
from rules_cases import AS_OF, RULES, make_invoices

from aliado.formula.values import EXCEL_DAY_ZERO, Column, Kind, State
from aliado.resources import rules_folder
from aliado.rules.flags import find_flags, mark_rows
from aliado.rules.packs import load_pack
from aliado.rules.standing import Standing, stand
from aliado.rules.user_cache import FOLDER
from aliado.tables.columns import text_column
from aliado.tables.table import Table

Marked = list[np.ndarray]
"""Per rule, the indices of the rows it marks."""

HEAD = "pack: bench\nextends: base\nversion: 1.0.0\ntitle: {es: x, en: x}\nflags:\n"
FLAG = "  B-{number:02}:\n    title: {{es: x, en: x}}\n    table: invoices\n    when: {when}\n    severity: amber\n    owner: contable\n    source: CONTROL\n"
FIELDS = {
    "number": "number", "customer": "customer", "issue_date": "issue", "due_date": "due", "base": "base", "vat_pct": "rate",
    "vat": "vat", "total": "total", "balance": "balance", "status": "status", "salesperson": "seller", "order": "order",
    "disputed": "disputed",
}  # fmt: skip


# ---------------------------------------------------------------- the contenders: data made ready, then the rules


def aliado(invoices: Mapping[str, np.ndarray]) -> Callable[[], Marked]:
    """Return a run of the rules as a pack's flags, from cold caches: what one refresh pays."""
    standing = _standing(invoices)
    flags = [standing.pack.flags[f"B-{number:02}"] for number in range(len(RULES))]
    return lambda: [mark_rows(flag, cold) for cold in [_cold(standing)] for flag in flags]


def aliado_findings(invoices: Mapping[str, np.ndarray]) -> Callable[[], Marked]:
    """Return a run that also writes every finding, with its message in two languages."""
    standing = _standing(invoices)

    def run() -> Marked:
        rows: dict[str, list[int]] = {f"B-{number:02}": [] for number in range(len(RULES))}
        for finding in find_flags(_cold(standing)).findings:
            rows[finding.rule].append(finding.row - 2)
        return [np.array(found, dtype=np.intp) for found in rows.values()]

    return run


def _standing(invoices: Mapping[str, np.ndarray]) -> Standing:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bench.yaml"
        written = "".join(FLAG.format(number=number, when=_quoted(rule.excel)) for number, rule in enumerate(RULES))
        path.write_text(HEAD + written, encoding="utf-8")
        pack = load_pack(path)
    spec = pack.tables["invoices"]
    columns = {name: _column(name, invoices[key]) for name, key in FIELDS.items()}
    rows = np.arange(len(invoices["total"]), dtype=np.int64) + 2
    table = Table(spec, "Facturas", columns, rows, {"number": "A"}, rows_read=len(rows))
    standing = stand({"invoices": table}, pack, AS_OF)
    kept = {name: flag for name, flag in pack.flags.items() if name.startswith("B-")}
    return replace(standing, pack=replace(pack, flags=kept))


def _quoted(formula: str) -> str:
    return formula if ": " not in formula and " #" not in formula else f"'{formula}'"


def _column(name: str, data: np.ndarray) -> Column:
    """Return a column as the reader of workbooks leaves it."""
    if data.dtype == object:
        return text_column(data.tolist())
    if data.dtype == bool:
        return Column(Kind.BOOL, data)
    if name in {"issue_date", "due_date"}:
        blank = data == 0
        state = np.where(blank, np.uint8(State.BLANK), np.uint8(State.VALUE)) if blank.any() else None
        return Column(Kind.DATE, data.astype(np.int64), state)
    return Column(Kind.NUMBER, data.astype(np.int64), None, 6 if name == "vat_pct" else 2)


def _cold(standing: Standing) -> Standing:
    """Return the standing with nothing worked out about any column but what the reader leaves."""
    table = standing.tables["invoices"]
    fresh = {name: replace(column) for name, column in table.columns.items()}
    for name, column in fresh.items():
        known = table.columns[name].cache.get("vocabulary")
        if known is not None:
            column.cache["vocabulary"] = replace(known, cache={})
    return replace(standing, tables={"invoices": table.with_columns(fresh)})


def hand_written_pandas(invoices: Mapping[str, np.ndarray]) -> Callable[[], Marked]:
    """Return a run of boolean masks over a DataFrame of floats, datetimes and texts."""
    df = _frame(invoices)
    code = [compile(rule.pandas, f"rule {number}", "eval") for number, rule in enumerate(RULES)]
    names = {"df": df, "today": pd.Timestamp(AS_OF)}
    return lambda: [np.flatnonzero(eval(each, names).to_numpy()) for each in code]  # noqa: S307 -- our own rules


def _frame(invoices: Mapping[str, np.ndarray]) -> pd.DataFrame:
    frame = {name: invoices[name] for name in ("number", "customer", "status", "seller", "order", "disputed")}
    for name in ("base", "vat", "total", "balance"):
        frame[name] = invoices[name] / 100
    frame["rate"] = invoices["rate"] / 1_000_000
    for name in ("issue", "due"):
        days = pd.to_datetime(invoices[name], unit="D", origin=pd.Timestamp(EXCEL_DAY_ZERO))
        frame[name] = pd.Series(days).where(invoices[name] > 0)
    return pd.DataFrame(frame)


def duckdb_sql(invoices: Mapping[str, np.ndarray]) -> Callable[[], Marked]:
    """Return a run of one query with a column of truths per rule, over a table in DuckDB's own storage."""
    frame = _frame(invoices)  # noqa: F841 -- DuckDB finds it by name
    base = duckdb.connect()
    base.execute(
        "CREATE TABLE invoices AS SELECT * REPLACE (CAST(issue AS DATE) AS issue, CAST(due AS DATE) AS due) FROM frame"
    )
    truths = ", ".join(f"coalesce({rule.sql}, false) AS r{number}" for number, rule in enumerate(RULES))
    query = f"SELECT {truths} FROM invoices"  # noqa: S608 -- our own rules

    def run() -> Marked:
        found = base.execute(query).fetchnumpy()
        return [np.flatnonzero(found[f"r{number}"]) for number in range(len(RULES))]

    return run


def zen_engine(invoices: Mapping[str, np.ndarray]) -> Callable[[], Marked]:
    """Return a run of one compiled expression over all rows, given as Python dicts."""
    rows = _dicts(invoices)
    conditions = ", ".join(rule.zen for rule in RULES)
    expression = zen.compile_expression(f"map(rows, [{conditions}])")

    def run() -> Marked:
        truths = np.array(expression.evaluate({"rows": rows}), dtype=bool)
        return [np.flatnonzero(truths[:, number]) for number in range(len(RULES))]

    return run


def rule_engine_rules(invoices: Mapping[str, np.ndarray]) -> Callable[[], Marked]:
    """Return a run of compiled rules, row by row, over Python dicts."""
    rows = _dicts(invoices)
    rules = [rule_engine.Rule(rule.engine) for rule in RULES]
    return lambda: [np.flatnonzero([rule.matches(row) for row in rows]) for rule in rules]


def _dicts(invoices: Mapping[str, np.ndarray]) -> list[dict[str, Any]]:
    """Return the invoices as the row engines want them; dates stay serial days, a blank one is None."""
    scale = {"base": 100, "vat": 100, "total": 100, "balance": 100, "rate": 1_000_000}
    columns = {
        name: (data / scale[name]).tolist() if name in scale else data.tolist() for name, data in invoices.items()
    }
    columns["due"] = [day or None for day in columns["due"]]
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


CONTENDERS: Mapping[str, Callable[[Mapping[str, np.ndarray]], Callable[[], Marked]]] = {
    "aliado": aliado,
    "aliado, with its findings": aliado_findings,
    "pandas, hand-written": hand_written_pandas,
    "DuckDB SQL": duckdb_sql,
    "zen-engine": zen_engine,
    "rule-engine": rule_engine_rules,
}
SLOW = {"rule-engine"}
TOLD, MOST_TOLD = "aliado, with its findings", 40_000
"""Rows whose findings are told, at most: more than a workbook may have findings would be refused."""


def rows_of(name: str, rows: int, slow_rows: int) -> int:
    """Return how many rows a contender gets."""
    return min(rows, slow_rows if name in SLOW else MOST_TOLD if name == TOLD else rows)


# ---------------------------------------------------------------- the race


class Speed(NamedTuple):
    """What one contender took: row-rules per second by the clock, CPU seconds of a run (of all its threads), rows marked."""

    rate: float
    cpu: float
    marked: int


def race(rows: int, slow_rows: int, runs: int) -> dict[str, Speed]:
    """Return how fast every contender is; they take turns, and must mark the same rows."""
    invoices = make_invoices(rows)
    size = {name: rows_of(name, rows, slow_rows) for name in CONTENDERS}
    run = {
        name: make({field: data[: size[name]] for field, data in invoices.items()}) for name, make in CONTENDERS.items()
    }
    expected = run["aliado"]()
    marked = {}
    for name, contender in run.items():  # also the round that warms up, and is not counted
        found = contender()
        _check(name, found, expected, size[name])
        marked[name] = sum(len(each) for each in found)
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in run}
    for _ in range(runs):
        for name, contender in run.items():
            if name in SLOW and times[name]:
                continue
            start, used = time.perf_counter(), time.process_time()
            contender()
            times[name].append((time.perf_counter() - start, time.process_time() - used))
    return {
        name: Speed(
            size[name] * len(RULES) / median(wall for wall, _ in found), median(cpu for _, cpu in found), marked[name]
        )
        for name, found in times.items()
    }


def _check(name: str, found: Marked, expected: Marked, rows: int) -> None:
    for number, (one, other) in enumerate(zip(found, expected, strict=True)):
        wanted = other[other < rows]
        if not np.array_equal(np.sort(one), wanted):
            strange = sorted({*one.tolist()} ^ {*wanted.tolist()})[:5]
            raise SystemExit(f"{name} disagrees on rule {number}: {RULES[number].excel}\nrows {strange}")


LOAD = "from aliado.rules.packs import load_pack; {code} from pathlib import Path; SPLIT; load_pack(Path({pack!r}))"
CODE = "import aliado.rules.functions, aliado.rules.pack_reading;"
"""Aliado's own modules, and the YAML library, that loading asks for first when nothing else has."""


class Loading(NamedTuple):
    """CPU seconds of fresh processes that load and check four packs: base, country, firm, client.

    first: never seen before; again: from the cache of packs that an earlier run checked; each without what importing
    the code costs, and with it. pandas: importing it, for comparison.
    """

    first: float
    again: float
    first_with_code: float
    again_with_code: float
    pandas: float


def packs_beside_pandas(runs: int) -> Loading:
    """Return what loading costs a new process, the five taking turns.

    Nothing is kept from one run to the next but Python's compiled modules, as in any installed program, and, where
    the cache is asked, the cache.
    """
    pack = str(rules_folder() / "clients" / "acme-example.yaml")
    loads = [LOAD.format(pack=pack, code=code) for code in (CODE, CODE, "", "")]
    with tempfile.TemporaryDirectory() as compiled, tempfile.TemporaryDirectory() as cache:
        caches = ["", cache, "", cache, ""]
        codes = [*loads, "SPLIT; import pandas"]
        rounds = [
            [_cpu(code, compiled, kept) for code, kept in zip(codes, caches, strict=True)] for _ in range(runs + 1)
        ]
    return Loading(*(median(column) for column in zip(*rounds[1:], strict=True)))  # the first round compiles and fills


def _cpu(code: str, compiled: str, cache: str) -> float:
    """Return the CPU seconds that a fresh process spends after SPLIT.

    compiled: the folder of compiled modules; cache: that of packs, "" for none.
    """
    timed = (
        "import time; " + code.replace("SPLIT", "start = time.process_time()") + "; print(time.process_time() - start)"
    )
    variables = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run(
        [sys.executable, "-X", f"pycache_prefix={compiled}", "-c", timed],
        capture_output=True,
        text=True,
        check=True,
        env={**variables, FOLDER: cache},
    )
    return float(done.stdout)


def main() -> None:
    """Print a table of speeds and of what ours is times each other's."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=100_000)
    options.add_argument("--slow-rows", type=int, default=5_000, help="rows for rule-engine, which goes row by row")
    options.add_argument("--runs", type=int, default=7)
    given = options.parse_args()
    speed = race(given.rows, given.slow_rows, given.runs)
    print(f"{len(RULES)} rules over {given.rows:,} invoices; every contender marks the same rows\n")
    print(f"{'':28}{'rows x rules / s':>18}{'ms':>10}{'aliado is':>12}{'CPU ms':>10}")
    for name, each in speed.items():
        milliseconds = given.rows * len(RULES) / each.rate * 1000
        cpu = each.cpu * 1000 * given.rows / rows_of(name, given.rows, given.slow_rows)
        print(
            f"{name:28}{each.rate:>18,.0f}{milliseconds:>10,.1f}{speed['aliado'].rate / each.rate:>11,.1f}x{cpu:>10,.1f}"
        )
    told = speed[TOLD]
    print(f"\n{told.marked:,} findings with their messages: {told.cpu / told.marked * 1e6:.1f} µs of CPU each")
    loading = packs_beside_pandas(given.runs)
    print(f"\nloading and checking four packs, CPU of a new process; import pandas: {loading.pandas * 1000:.0f} ms")
    print(f"{'':28}{'ms':>10}{'of pandas':>12}{'ms with the imports':>22}")
    for name, cpu, with_code in (
        ("first time, no cache", loading.first, loading.first_with_code),
        ("from the cache", loading.again, loading.again_with_code),
    ):
        print(f"{name:28}{cpu * 1000:>10.0f}{cpu / loading.pandas:>12.2f}{with_code * 1000:>22.0f}")


if __name__ == "__main__":
    main()
