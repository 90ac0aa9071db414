"""Rule examples run through the real engine: what came out that was not expected, and what did not come out.

The rows of a case become sheets under canonical headings, are read as a client's would be, and are assessed on the
frozen date.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from msgspec.structs import replace

from aliado.errors import AliadoError
from aliado.formula.values import Kind
from aliado.language import Text, same
from aliado.rules.assess import assess
from aliado.rules.assessment import Assessment, Finding, Kpi
from aliado.rules.compliance import applies, year_end_month
from aliado.rules.due_dates import due_date, find_period
from aliado.rules.examples import DueExample, ExampleRow, ExampleTable, KpiExample, RuleExamples
from aliado.rules.models import Where
from aliado.rules.pack_rules import matches
from aliado.rules.standing import Standing, stand
from aliado.tables.amounts import read_decimal
from aliado.tables.gather import gather
from aliado.tables.schema import Formats, TableSpec
from aliado.workbook.sheet import CellValue, ExcelTable, Sheet

CLIENT = "profile"
"""The table whose row stands for the client as a whole."""


class Failure(NamedTuple):
    """An example that did not come out. what: which one; lines: the difference, - expected, + found."""

    place: Where
    what: Text
    expected: Text
    found: Text
    lines: tuple[Text, ...] = ()


class Outcome(NamedTuple):
    """What became of one file. checked: examples looked at (judged rows, figures, due dates)."""

    file: str
    checked: int
    failures: tuple[Failure, ...]


def run_examples(examples: RuleExamples) -> Outcome:
    """Return which examples of a file fail, in the order they are written."""
    failures: list[Failure] = []
    checked = 0
    for name, tables in examples.cases.items():
        expected_kpis = examples.kpis.get(name, {})
        judged = sum(len(table.rows) for table in tables.values() if table.judged)
        checked += judged + len(expected_kpis)
        assessed = _assess(examples, name, tables)
        if isinstance(assessed, Failure):
            failures.append(assessed)
            continue
        failures += _misread(name, tables, assessed)
        failures += _check_flags(examples, name, tables, assessed)
        failures += _check_kpis(name, expected_kpis, assessed)
    for due in examples.due_dates:
        checked += 1
        failures += _check_due(examples, due)
    return Outcome(examples.file, checked, tuple(sorted(failures, key=lambda failure: failure.place)))


def _assess(examples: RuleExamples, case: str, tables: Mapping[str, ExampleTable]) -> Assessment | Failure:
    specs = {name: _as_written(examples.pack.tables[name]) for name in examples.pack.tables if name in tables}
    try:
        gathered = gather([to_sheet(table, specs[name]) for name, table in tables.items()], specs)
        return assess(gathered, examples.pack, examples.today, exists=_beside(examples.file))
    except AliadoError as error:
        place = next((table.rows[0].place for table in tables.values() if table.rows), Where(examples.file, 1, 1))
        return Failure(place, same(case), Text("tablas que se puedan leer", "tables that can be read"), error.text)


def _beside(file: str) -> Callable[[str], bool]:
    """Return whether a file lies at a path relative to the examples, and within their folder: what links are told by."""
    folder = Path(file).resolve().parent

    def exists(link: str) -> bool:
        path = (folder / link).resolve()
        return path.is_relative_to(folder) and path.is_file()

    return exists


def _as_written(spec: TableSpec) -> TableSpec:
    """Return a table as examples write it: under canonical headings, whatever the client's own are."""
    return replace(spec, map={}, sheet=spec.name, table=f"t_{spec.name}")


def to_sheet(table: ExampleTable, spec: TableSpec) -> Sheet:
    """Return the rows of an example as a worksheet with one Excel table; row i (0-based) stands in row i + 2."""
    numeric = [spec.fields[name].type.kind is Kind.NUMBER for name in table.columns]
    rows: list[list[CellValue]] = [list(table.columns)]
    rows += [[_cell(text, number) for text, number in zip(row.cells, numeric, strict=True)] for row in table.rows]
    area = ExcelTable(f"t_{table.table}", 1, 1, len(rows), len(table.columns))
    return Sheet(table.table, 1, 1, rows, tables=(area,))


def _cell(text: str, number: bool) -> CellValue:
    """Return a cell as Excel would hold it: 33.50 and 33,50 are one number; 1.234 is left to the client's formats."""
    if not number:
        return text or None
    value = read_decimal(text.removesuffix("%").rstrip(), Formats())
    if not isinstance(value, Decimal):
        return text or None
    return float(value.scaleb(-2) if text.endswith("%") else value)


def _misread(case: str, tables: Mapping[str, ExampleTable], assessed: Assessment) -> Iterator[Failure]:
    """Yield every cell that the engine could not understand: an example is to be read as it is meant."""
    for rejection in assessed.rejections:
        row = tables[rejection.table].rows[rejection.row - 2]
        yield Failure(row.place, _named(case, rejection.table, row), rejection.expected, same(rejection.found))


# ---------------------------------------------------------------- flags


def _check_flags(
    examples: RuleExamples, case: str, tables: Mapping[str, ExampleTable], assessed: Assessment
) -> Iterator[Failure]:
    found: dict[tuple[str, int], list[Finding]] = defaultdict(list)
    for finding in assessed.findings:
        if any(matches(pattern, finding.rule) for pattern in examples.rules):
            at = (CLIENT, 2) if finding.row is None else (finding.table, finding.row)
            found[at].append(finding)
    for name, table in tables.items():
        for number, row in enumerate(table.rows, start=2) if table.judged else ():
            failure = _compare(row, found[name, number], _named(case, name, row), assessed)
            if failure:
                yield failure


def _compare(row: ExampleRow, found: list[Finding], what: Text, assessed: Assessment) -> Failure | None:
    expected = list(dict.fromkeys(row.expect))
    missing = [each for each in expected if not any(_fits(each, finding) for finding in found)]
    extra = [finding for finding in found if not any(_fits(each, finding) for each in expected)]
    if not missing and not extra:
        return None
    lines = [same(f"- {each}{_why(each, assessed)}") for each in missing]
    lines += [Text(*(f"+ {_name(finding)}   {text}" for text in finding.message)) for finding in extra]
    return Failure(
        row.place, what, same(", ".join(expected)), same(", ".join(dict.fromkeys(map(_name, found)))), tuple(lines)
    )


def _fits(expected: str, finding: Finding) -> bool:
    """Return whether a finding is the expected one: its rule, and its level or period where one is named."""
    rule, _, level = expected.partition(":")
    return rule == finding.rule and (not level or level in (finding.label, finding.values.get("period")))


def _name(finding: Finding) -> str:
    label = finding.values.get("period") or finding.label
    return f"{finding.rule}:{label}" if label else finding.rule


def _why(expected: str, assessed: Assessment) -> str:
    """Return a remark of the engine's on a rule that did not speak, where there is one."""
    rule = expected.partition(":")[0]
    said = next((note.es for note in assessed.notes if note.es.startswith(rule + " ")), "")
    return f"   ({said})" if said else ""


# ---------------------------------------------------------------- figures


def _check_kpis(case: str, expected: Mapping[str, KpiExample], assessed: Assessment) -> Iterator[Failure]:
    figures = {kpi.id: kpi for kpi in assessed.kpis}
    for name, example in expected.items():
        kpi = figures.get(name)
        if kpi is None or not _agrees(example, kpi):
            found = Text("no se calcula", "not computed") if kpi is None else _figure(kpi.value, kpi.status, kpi.reason)
            yield Failure(example.place, same(f"{case} · {name}"), _figure(example.value, example.light), found)


def _agrees(example: KpiExample, kpi: Kpi) -> bool:
    """Return whether a figure is the expected one, to as many decimals as the example gives."""
    if example.light and example.light != kpi.status:
        return False
    if example.value is None:
        return bool(example.light) or kpi.value is None
    if kpi.value is None:
        return False
    exponent = example.value.as_tuple().exponent
    apart = abs(kpi.value - example.value)
    return apart <= Decimal("0.5").scaleb(exponent if isinstance(exponent, int) else 0)


def _figure(value: Decimal | None, light: str, reason: Text | None = None) -> Text:
    if value is None and light in ("", "none"):
        return Text(*(f"unknown   ({text})" for text in reason)) if reason else same("unknown")
    return same(" ".join(part for part in ("" if value is None else f"{value:f}", light) if part))


# ---------------------------------------------------------------- due dates


def _check_due(examples: RuleExamples, example: DueExample) -> Iterator[Failure]:
    try:
        found = _due(examples, example)
    except AliadoError as error:
        yield Failure(example.place, same(example.rule), _due_text(example.expect), error.text)
        return
    if found != example.expect:
        what = same(f"{example.rule} {example.period} {', '.join(example.profile.values())}".rstrip())
        shown = _due_text(found) if not isinstance(found, Text) else found
        yield Failure(example.place, what, _due_text(example.expect), shown)


def _due(examples: RuleExamples, example: DueExample) -> date | str | Text:
    """Return what an obligation comes to for a client and period: a date, unknown or not_applicable."""
    standing = _client(examples, example)
    rule = examples.pack.obligations[example.rule]
    period = find_period(rule.every, example.period, year_end_month=year_end_month(standing))
    if period is None:
        return Text(
            f"{example.period} no es un periodo de esta obligación ({rule.every})",
            f"{example.period} is no period of this obligation ({rule.every})",
        )
    switched_off = rule.off is not None and rule.off.holds(examples.today)
    if switched_off or not rule.valid.includes(period.last) or not applies(rule, standing):
        return "not_applicable"
    return due_date(rule, period, standing.profile.tax_id, standing.holidays) or "unknown"


def _client(examples: RuleExamples, example: DueExample) -> Standing:
    """Return the standing of a client with nothing but a profile."""
    place = ExampleRow(tuple(example.profile.values()), (), example.place)
    table = ExampleTable(CLIENT, tuple(example.profile), (place,), judged=False)
    spec = _as_written(examples.pack.tables[CLIENT])
    tables = gather([to_sheet(table, spec)], {CLIENT: spec}).tables if example.profile else {}
    return stand(tables, examples.pack, examples.today)


def _due_text(due: date | str) -> Text:
    return same(due if isinstance(due, str) else due.isoformat())


def _named(case: str, table: str, row: ExampleRow) -> Text:
    first = next((cell for cell in row.cells if cell), "")
    return same(f"{case} · {table} · {first}")
