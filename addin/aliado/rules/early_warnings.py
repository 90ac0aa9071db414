"""Early warnings: an indicator that leaves its target, its own history or its season, told before it is old news.

A warning needs enough observations and, where its rule says so, must have lasted: one odd day alarms nobody. It states
what changed, from when, and which rows drove it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from msgspec.structs import replace

from aliado.formula.values import round_half_up, to_serial
from aliado.language import Language, Text, write_date
from aliado.locales import Locale, locale_of, write_amount
from aliado.rules.assessment import EarlyWarning, Evidence, Finding, Kpi, Past, Severity
from aliado.rules.business_days import add_span
from aliado.rules.doubt import marked
from aliado.rules.kpis import judge
from aliado.rules.marked import evidence
from aliado.rules.models import KpiRule, Trend
from aliado.rules.periods import add_months
from aliado.rules.standing import Standing
from aliado.rules.tasks import percentile
from aliado.tables.open_items import OpenItems

FEWEST_POINTS = 6
"""Observations from which an outlier is told, where the rule names no number."""

FAR = Decimal("3.5")
"""A robust z-score beyond this is an outlier (Iglewicz and Hoaglin)."""

TO_SIGMA = Decimal("0.6745")
"""The median absolute deviation of a normal distribution, in standard deviations."""

MOST_DRIVERS = 5
PLACES = 6
_STATUS_ORDER = {"none": 0, "green": 0, "amber": 1, "red": 2}
_AVERAGE = re.compile(r"average_(\d+)_months")


class Point(NamedTuple):
    """An indicator's value on a date."""

    day: date
    value: Decimal


def early_warnings(
    standing: Standing, kpis: Sequence[Kpi], history: Sequence[Past], findings: Sequence[Finding]
) -> tuple[EarlyWarning, ...]:
    """Return the warnings on the indicators, red first, then in the order of the rules."""
    found = []
    for kpi in kpis:
        rule = standing.pack.kpis.get(kpi.id)
        if rule is None or kpi.value is None:
            continue
        before = series(kpi.id, history, standing.as_of)
        for check in (_against_target, _against_itself, _outlier):
            warning = check(rule, kpi.value, before, standing)
            if warning is not None:
                told = _with_drivers(warning, rule, warning.compared, standing, findings)
                unsure = kpi.basis is not None and kpi.basis.unverified
                found.append(replace(told, message=marked(told.message), verified=False) if unsure else told)
    return tuple(sorted(found, key=lambda item: item.severity != "red"))


def series(kpi: str, history: Sequence[Past], before: date) -> list[Point]:
    """Return what an indicator was on earlier dates, oldest first; of two figures for one date the later given counts."""
    points: dict[date, Decimal] = {}
    for past in history:
        value = past.kpis.get(kpi)
        if past.as_of < before and value is not None:
            points[past.as_of] = value
    return [Point(day, points[day]) for day in sorted(points)]


def _against_target(rule: KpiRule, now: Decimal, before: Sequence[Point], standing: Standing) -> EarlyWarning | None:
    """Return a warning when the indicator passed a line: its light is worse than it was before it had to last."""
    status = judge(now, rule)
    if _STATUS_ORDER[status] == 0 or not before:
        return None
    start = _hold_start(rule.trend, standing)
    earlier = [point for point in before if start is None or point.day <= start]
    later = [point for point in before if start is not None and point.day > start]
    if not earlier:
        return None
    base = earlier[-1]
    if any(_STATUS_ORDER[judge(point.value, rule)] < _STATUS_ORDER[status] for point in later):
        return None
    if start is not None and not later:
        return None
    if _STATUS_ORDER[judge(base.value, rule)] >= _STATUS_ORDER[status]:
        return None
    line = rule.red if status == "red" else rule.amber if rule.amber is not None else rule.target
    return _warning(rule, "target", "red" if status == "red" else "amber", now, base, line, None, standing)


def _against_itself(rule: KpiRule, now: Decimal, before: Sequence[Point], standing: Standing) -> EarlyWarning | None:
    """Return a warning when the indicator is worse than its own past by more than its rule allows, for long enough."""
    trend = rule.trend
    if trend is None or (trend.compare != "budget" and len(before) < trend.min_points):
        return None
    base = baseline(trend, before, standing.as_of, rule.target)
    if base is None or not base.value:
        return None
    start = _hold_start(trend, standing)
    held = [point.value for point in before if start is not None and point.day >= start]
    if start is not None and (not held or not all(_worse(value, base.value, rule) > trend.change for value in held)):
        return None
    if _worse(now, base.value, rule) <= trend.change:
        return None
    kind = "seasonal" if trend.compare == "same_month_last_year" else "budget" if trend.compare == "budget" else "trend"
    severity: Severity = "red" if judge(now, rule) == "red" else "amber"
    return _warning(rule, kind, severity, now, base, None, None, standing)


def baseline(trend: Trend, before: Sequence[Point], as_of: date, target: Decimal | None) -> Point | None:
    """Return what a trend compares with, and its date: the oldest of the months that an average is made from."""
    if trend.compare == "budget":
        return None if target is None else Point(as_of, target)
    monthly = {point.day.replace(day=1): point for point in before}
    this = as_of.replace(day=1)
    match = _AVERAGE.fullmatch(trend.compare)
    if match:
        months = [add_months(this, -number) for number in range(1, int(match[1]) + 1)]
        points = [monthly[month] for month in months if month in monthly]
        if not points:
            return None
        mean = round_half_up(sum((point.value for point in points), Decimal(0)) / len(points), PLACES)
        return Point(points[-1].day, mean)
    return monthly.get(add_months(this, -1 if trend.compare == "previous_month" else -12))


def _worse(value: Decimal, base: Decimal, rule: KpiRule) -> Decimal:
    """Return by which fraction of the base a value is worse; either way counts where neither is better."""
    change = (value - base) / abs(base)
    return abs(change) if rule.better == "none" else -change if rule.better == "higher" else change


def _outlier(rule: KpiRule, now: Decimal, before: Sequence[Point], standing: Standing) -> EarlyWarning | None:
    """Return a warning when the indicator lies far from its usual values, on the bad side."""
    fewest = max(rule.trend.min_points if rule.trend else FEWEST_POINTS, 3)
    if rule.better == "none" or len(before) < fewest:
        return None
    score = robust_score(now, [point.value for point in before])
    if score is None or (score if rule.better == "lower" else -score) <= FAR:
        return None
    start = _hold_start(rule.trend, standing)
    late = [point for point in before if start is not None and point.day >= start]
    if start is not None:
        usual = [point.value for point in before if point.day < start]
        scores = [robust_score(point.value, usual) for point in late] if len(usual) >= fewest else []
        if not scores or not all(one is not None and abs(one) > FAR for one in scores):
            return None
    usual_now = percentile([point.value for point in before], Decimal("0.5")) or Decimal(0)
    return _warning(rule, "outlier", "amber", now, Point(before[-1].day, usual_now), None, score, standing)


def robust_score(value: Decimal, others: Sequence[Decimal]) -> Decimal | None:
    """Return 0.6745 x (value - median) / median absolute deviation; None where the others do not vary at all.

    Where more than half of them are alike, the mean absolute deviation takes the place of the median one.
    """
    middle = percentile(others, Decimal("0.5"))
    if middle is None:
        return None
    gaps = [abs(other - middle) for other in others]
    spread = percentile(gaps, Decimal("0.5"))
    if spread:
        return round_half_up(TO_SIGMA * (value - middle) / spread, PLACES)
    mean = sum(gaps, Decimal(0)) / len(gaps)
    return round_half_up((value - middle) / (mean * Decimal("1.253314")), PLACES) if mean else None


def _hold_start(trend: Trend | None, standing: Standing) -> date | None:
    if trend is None or trend.hold is None:
        return None
    return add_span(standing.as_of, trend.hold, standing.holidays, -1)


def _warning(
    rule: KpiRule,
    kind: str,
    severity: Severity,
    now: Decimal,
    base: Point,
    line: Decimal | None,
    score: Decimal | None,
    standing: Standing,
) -> EarlyWarning:
    change = round_half_up((now - base.value) / abs(base.value), PLACES) if base.value else None
    return EarlyWarning(
        kpi=rule.id,
        title=rule.title,
        kind=kind,  # type: ignore[arg-type]
        severity=severity,
        now=now,
        before=base.value,
        compared=base.day,
        change=change,
        score=score,
        message=_message(rule, kind, now, base, line, change, standing.profile.country),
        owner=rule.owner.title if rule.owner else None,
        source=", ".join(rule.source),
        as_of=standing.as_of,
    )


def _message(
    rule: KpiRule, kind: str, now: Decimal, base: Point, line: Decimal | None, change: Decimal | None, country: str
) -> Text:
    def told(language: Language) -> tuple[str, str, str, str, str]:
        locale = locale_of(language, country)
        percent = "" if change is None else f" ({change * 100:+.0f} %)"
        limit = "" if line is None else _figure(line, rule, locale)
        day = write_date(base.day, language)
        return _figure(now, rule, locale), _figure(base.value, rule, locale), day, percent, limit

    es, en = told("es"), told("en")
    if kind == "target":
        return Text(
            f"{rule.title.es}: {es[0]}, pasa su límite de {es[4]}; era {es[1]} el {es[2]}",
            f"{rule.title.en}: {en[0]}, past its line of {en[4]}; it was {en[1]} on {en[2]}",
        )
    if kind == "outlier":
        return Text(
            f"{rule.title.es}: {es[0]}, muy lejos de lo habitual ({es[1]})",
            f"{rule.title.en}: {en[0]}, far from its usual value ({en[1]})",
        )
    compare = rule.trend.compare if rule.trend else ""
    match = _AVERAGE.fullmatch(compare)
    than = {
        "previous_month": Text("el mes anterior", "the month before"),
        "same_month_last_year": Text("el mismo mes del año anterior", "the same month last year"),
        "budget": Text("lo previsto", "what was planned"),
    }.get(compare, Text(f"su media de {match[1]} meses", f"its {match[1]}-month average") if match else Text("", ""))
    return Text(
        f"{rule.title.es}: {es[0]}{es[3]} frente a {than.es}, {es[1]}",
        f"{rule.title.en}: {en[0]}{en[3]} against {than.en}, {en[1]}",
    )


def _figure(value: Decimal, rule: KpiRule, locale: Locale) -> str:
    if rule.unit == "%":
        return f"{write_amount(value * 100, locale, 1)} %"
    return write_amount(value, locale, 2 if rule.unit == "money" else 1)


# ---------------------------------------------------------------- which rows drove it


def _with_drivers(
    warning: EarlyWarning, rule: KpiRule, since: date, standing: Standing, findings: Sequence[Finding]
) -> EarlyWarning:
    sources: Mapping[str, OpenItems | None] = {"invoices": standing.receivables, "bills": standing.payables}
    items = sources.get(rule.table or "")
    drivers = drivers_of(items, since, standing) if items is not None else ()
    if not drivers and rule.table:
        drivers = _from_findings(rule.table, findings)
    return replace(warning, drivers=drivers)


def drivers_of(items: OpenItems, since: date, standing: Standing) -> tuple[Evidence, ...]:
    """Return the items whose overdue balance grew most since a date, else whose open balance did; own currency only."""
    own = items.in_currency(standing.profile.currency)
    then, now = to_serial(since), standing.day
    measures: tuple[Callable[[int], npt.NDArray[np.int64]], ...] = (
        lambda day: np.where(items.overdue(day) & own, items.open(day), 0),
        lambda day: np.where(own, items.open(day), 0),
    )
    for measure in measures:
        grown = measure(now) - measure(then)
        rows = [row for row in np.argsort(-grown, kind="stable")[:MOST_DRIVERS].tolist() if grown[row] > 0]
        if rows:
            name = items.table.spec.name
            table = standing.tables.get(name, items.table)
            fields = ("number", "customer", "supplier", "due_date", "total", "balance")
            return evidence(table, rows, fields, "number")
    return ()


def _from_findings(table: str, findings: Sequence[Finding]) -> tuple[Evidence, ...]:
    """Return the rows that the worst findings about a table point at."""
    found: dict[int, Evidence] = {}
    for item in findings:
        if item.table == table and item.row is not None and item.sheet and item.cell and item.row not in found:
            found[item.row] = Evidence(table, item.sheet, item.row, item.cell, item.values)
        if len(found) == MOST_DRIVERS:
            break
    return tuple(found.values())
