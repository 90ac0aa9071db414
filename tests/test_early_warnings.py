"""Early warnings and alerts: what moved, for how long, which rows drove it, and who hears of it."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from aliado.language import Text
from aliado.rules.assess import assess
from aliado.rules.assessment import Finding, Past
from aliado.rules.business_days import holidays_of
from aliado.rules.early_warnings import robust_score, series
from aliado.rules.escalation import route_alerts
from aliado.rules.functions import FUNCTIONS
from aliado.rules.packs import load_pack
from aliado.tables.gather import gather
from builders import sheet

AS_OF = date(2026, 10, 31)
PROFILE = sheet("Ficha", ("Nombre", "RUC", "Moneda"), ("ACME", "1790012355001", "USD"))
MONTH_ENDS = [date(2026, month, 28) for month in range(4, 10)]
PACK = """
pack: mine
extends: base
version: 1
title: Mine
kpis:
  AR-OVERDUE: {RULE}
"""


def pack_with(tmp_path, rule="{}"):
    path = tmp_path / "mine.yaml"
    path.write_text(PACK.replace("{RULE}", rule), encoding="utf-8")
    return load_pack(path, functions=FUNCTIONS)


def past(*values, days=MONTH_ENDS, kpi="AR-OVERDUE"):
    figures = [None if value is None else Decimal(value) for value in values]
    return [Past(day, {kpi: value}, ()) for day, value in zip(days[-len(values) :], figures, strict=True)]


def warned(pack, history, overdue=50.0, as_of=AS_OF):
    """Assess a client of whose 100 open so much is overdue since 15 October."""
    rows = (
        ("F-1", "Alfa", date(2026, 9, 1), date(2026, 10, 15), overdue),
        ("F-2", "Alfa", date(2026, 9, 1), date(2026, 12, 1), 100 - overdue),
    )
    book = sheet("Facturas", ("Factura", "Cliente", "Fecha", "Vencimiento", "Total"), *rows)
    said = assess(gather([book, PROFILE], pack.tables), pack, as_of, history=history)
    return [item for item in said.warnings if item.kpi == "AR-OVERDUE"]


TREND = "{trend: {compare: average_6_months, alert_change: 20%, min_points: 4}}"


def test_a_figure_far_worse_than_its_average_is_told_with_what_changed_and_which_rows_drove_it(tmp_path):
    history = past("0.05", "0.05", "0.05", "0.05", "0.05", "0.05")
    found = {item.kind: item for item in warned(pack_with(tmp_path, TREND), history, overdue=8.0)}
    assert set(found) == {"trend"}
    warning = found["trend"]
    assert (warning.now, warning.before, warning.change) == (Decimal("0.08"), Decimal("0.05"), Decimal("0.6"))
    assert warning.compared == MONTH_ENDS[0]
    assert "8,0 %" in warning.message.es
    assert "media de 6 meses" in warning.message.es
    assert [item.values["number"] for item in warning.drivers] == ["F-1"]


@pytest.mark.parametrize(("overdue", "told"), [(6.0, False), (6.01, True), (3.0, False)])
def test_only_a_change_for_the_worse_beyond_its_limit_is_told(tmp_path, overdue, told):
    history = past(*["0.05"] * 6)
    kinds = [item.kind for item in warned(pack_with(tmp_path, TREND), history, overdue=overdue)]
    assert ("trend" in kinds) is told


def test_too_few_observations_alarm_nobody(tmp_path):
    pack = pack_with(tmp_path, TREND)
    assert not warned(pack, past("0.05", "0.05", "0.05"), overdue=8.0)
    assert not warned(pack, past("0.05", None, "0.05", None, "0.05"), overdue=8.0)
    assert warned(pack, past("0.05", "0.05", "0.05", "0.05"), overdue=8.0)


def test_what_was_recorded_for_the_date_itself_or_later_is_not_history():
    history = past("0.1", "0.2", days=[date(2026, 9, 30), AS_OF])
    assert series("AR-OVERDUE", history, AS_OF) == [(date(2026, 9, 30), Decimal("0.1"))]


def test_a_hold_time_keeps_one_odd_day_from_alarming(tmp_path):
    hold = "{trend: {compare: average_6_months, alert_change: 20%, min_points: 4, hold: 10 days}}"
    pack = pack_with(tmp_path, hold)
    calm = past(*["0.05"] * 5, days=MONTH_ENDS)
    days = [AS_OF - timedelta(days=number) for number in (9, 5)]
    lasting = [*calm, *past("0.08", "0.08", days=days)]
    broken = [*calm, *past("0.08", "0.05", days=days)]
    assert not [item for item in warned(pack, calm, overdue=8.0) if item.kind == "trend"]
    assert not [item for item in warned(pack, broken, overdue=8.0) if item.kind == "trend"]
    assert [item.kind for item in warned(pack, lasting, overdue=8.0)] == ["trend"]


def test_passing_a_line_is_told_when_it_happens_and_not_every_day_after(tmp_path):
    pack = pack_with(tmp_path)
    (warning,) = [item for item in warned(pack, past("0.12"), overdue=20.0) if item.kind == "target"]
    assert (warning.severity, warning.before) == ("amber", Decimal("0.12"))
    assert "15,0 %" in warning.message.es
    assert [item.severity for item in warned(pack, past("0.2"), overdue=30.0)] == ["red"]
    assert not warned(pack, past("0.3"), overdue=30.0)
    assert not warned(pack, past("0.3"), overdue=20.0)
    assert not warned(pack, [], overdue=30.0)


def test_the_same_month_of_last_year_is_the_season(tmp_path):
    seasonal = "{trend: {compare: same_month_last_year, alert_change: 20%, min_points: 2}}"
    days = [date(2025, 10, 20), date(2025, 10, 31), date(2026, 9, 30)]
    history = past("0.5", "0.02", "0.04", days=days)
    found = {item.kind: item for item in warned(pack_with(tmp_path, seasonal), history, overdue=4.0)}
    assert (found["seasonal"].before, found["seasonal"].compared) == (Decimal("0.02"), date(2025, 10, 31))


def test_an_outlier_is_far_from_the_median_in_robust_terms(tmp_path):
    pack = pack_with(tmp_path, "{target: 90%, amber: 95%, red: 100%}")
    history = past("0.05", "0.06", "0.05", "0.04", "0.05", "0.06")
    (warning,) = warned(pack, history, overdue=60.0)
    assert warning.kind == "outlier"
    assert warning.score > Decimal("3.5")
    assert not warned(pack, history[:5], overdue=60.0)
    assert not warned(pack, history, overdue=1.0)


def test_the_robust_score_survives_wild_values_and_says_nothing_of_constants():
    values = [Decimal(value) for value in (1, 2, 3, 4, 1000)]
    assert robust_score(Decimal(10), values) == Decimal("4.7215")
    assert robust_score(Decimal(9), [Decimal(5)] * 5) is None
    assert robust_score(Decimal(9), [Decimal(5)] * 4 + [Decimal(6)]) == Decimal("15.957693")
    assert robust_score(Decimal(9), []) is None


def finding(rule="AR-001", severity="amber", key="F-1", owner="Cobros", **values):
    return Finding(
        rule,
        Text("t", "t"),
        "invoices",
        "S",
        2,
        "A2",
        key,
        severity,
        Text("m", "m"),
        values,
        Text(owner, "Collections"),
    )


def routed(findings, first_seen=None):
    pack = load_pack("base", functions=FUNCTIONS)
    seen = first_seen or {}
    return route_alerts(findings, pack, AS_OF, holidays_of("EC"), lambda item: seen.get(item.key))


def test_red_findings_go_to_their_owner_and_collections_hear_of_theirs_by_customer():
    findings = [
        finding(customer="Alfa"),
        finding(key="F-2", severity="red", customer="Beta"),
        finding("IN-001", "red", "F-3", "Nadie"),
        finding(key="F-4", severity="info"),
    ]
    groups = {
        (group.alert, group.to.es, group.group): [told.finding.key for told in group.told] for group in routed(findings)
    }
    assert groups == {
        ("AL-ROJO", "Cobros", ""): ["F-2"],
        ("AL-ROJO", "Nadie", ""): ["F-3"],
        ("AL-COBROS", "Cobros", "Alfa"): ["F-1"],
        ("AL-COBROS", "Cobros", "Beta"): ["F-2"],
    }


@pytest.mark.parametrize(
    ("seen", "age", "up"),
    [(date(2026, 10, 30), 0, False), (date(2026, 10, 28), 2, False), (date(2026, 10, 27), 3, True), (None, 0, False)],
)
def test_what_stays_open_for_three_business_days_goes_up(seen, age, up):
    (group,) = [item for item in routed([finding(severity="red")], {"F-1": seen}) if item.alert == "AL-ROJO"]
    assert group.told[0].age == age
    assert (group.escalated_to is not None) is up
    assert group.since == (date(2026, 10, 30) if up else None)
