"""The sheet of alerts: one row per finding, worst first, each with a link to where it comes from.

The severities are seen as groups: their counts stand above the table, each leading to its first row, and a dark line ends
each of them, wherever the table is sorted to. Outline groups and rows of headings would break when people sort or filter.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from aliado.locales import locale_of
from aliado.report import words
from aliado.report.alert_log import ORDER, named, read_amount
from aliado.report.notes import write_mark
from aliado.report.page import Page
from aliado.report.runs import Runs
from aliado.report.sheets import write_heading
from aliado.report.theme import LINK, Theme, money_format
from aliado.report.timeline import Alert
from aliado.rules.assessment import Assessment, Finding, Severity
from aliado.rules.reasons import row_reason

if TYPE_CHECKING:
    from xlsxwriter.format import Format

TABLE: Final = "AliadoAlerts"
"""Name of the Excel table, the same in both languages so that clients' formulas survive a change of language."""

HEADINGS: Final = (
    (words.SEVERITY, 14.0),
    (words.RULE, 16.0),
    (words.SUBJECT, 23.0),
    (words.KEY, 20.0),
    (words.MESSAGE, 52.0),
    (words.AMOUNT, 13.5),
    (words.CURRENCY, 11.0),
    (words.DUE, 12.0),
    (words.LEVEL, 13.0),
    (words.ACTION, 20.0),
    (words.OWNER, 18.0),
    (words.FIRST_SEEN, 12.0),
    (words.AGE, 9.0),
    (words.WHERE, 24.0),
    (words.PEOPLE_NOTES, 30.0),
    (words.MARK, 10.0),
    (words.WHY, 120.0),
)
SEEN: Final = 11
WHERE: Final = SEEN + 2
NOTES: Final = SEEN + 3
MARK: Final = SEEN + 4
"""Hidden: what tells alerts of one rule on one key apart, so that notes find their way back."""
WHY: Final = SEEN + 5
"""Folded away: what the row holds, the rule's conditions as written, the parameters in force, its source, file and line."""
HEADER_ROW: Final = 4

_DUE: Final = ("due_date", "due", "vencimiento", "vence", "expiry_date", "expiry", "caducidad", "plazo")
_CURRENCY: Final = ("currency", "moneda", "divisa")


class AlertsPlace(Struct, frozen=True):
    """Where the severities stand on the sheet of alerts: zero-based rows, both inclusive, in column A."""

    first_row: int
    last_row: int

    @property
    def severities(self) -> str:
        """The range of severities, without the sheet."""
        return f"$A${self.first_row + 1}:$A${self.last_row + 1}"


def write_alerts(page: Page, assessment: Assessment, alerts: Sequence[Alert]) -> AlertsPlace:
    """Write the sheet and return where its rows stand."""
    theme = page.theme
    counts = count_severities(assessment)
    page.set_widths([width for _, width in HEADINGS])
    page.sheet.set_column(NOTES, NOTES, HEADINGS[NOTES][1], theme.style("plain", text_wrap=True))
    page.sheet.set_column(MARK, MARK, HEADINGS[MARK][1], None, {"hidden": True})
    page.sheet.set_column(WHY, WHY, HEADINGS[WHY][1], None, {"hidden": True, "level": 1})
    page.sheet.set_column(WHY + 1, WHY + 1, None, None, {"collapsed": True})
    write_heading(page, words.ALERTS_TITLE, assessment)
    if alerts:
        page.text(2, 0, words.ALERTS_HINT, theme.style("subtitle"))
    else:
        page.text(2, 0, words.ALERTS_EMPTY, theme.status("green", "subtitle"), to=4)
    last = HEADER_ROW + max(1, len(alerts))
    place = AlertsPlace(HEADER_ROW + 1, last)
    if alerts:
        _write_groups(page, counts, place)
    _write_table(page, last)
    _write_rows(page, alerts, assessment)
    page.sheet.freeze_panes(HEADER_ROW + 1, 1)
    page.sheet.repeat_rows(HEADER_ROW)
    page.print_on_a4(assessment.profile.name, landscape=True)
    page.sheet.print_area(0, 0, last, NOTES)
    return place


def count_severities(assessment: Assessment) -> dict[Severity, int]:
    """Return how many findings there are of each severity, the worst first."""
    counts = dict.fromkeys(ORDER, 0)
    for finding in assessment.findings:
        counts[finding.severity] += 1
    return counts


def _write_groups(page: Page, counts: Mapping[Severity, int], place: AlertsPlace) -> None:
    """Write how many alerts of each severity there are, in the row above the heads."""
    first = place.first_row
    page.set_row(HEADER_ROW - 1, 18)
    for column, severity in enumerate(ORDER):
        word = page.say(words.SEVERITIES[severity])
        style = page.theme.status(
            severity if counts[severity] else "none",
            num_format=f'"{word}: "#,##0',
            align="left",
            shrink=True,
            bottom=0,
        )
        if counts[severity]:
            page.point(HEADER_ROW - 1, column, page.names["alerts"], f"A{first + 1}", style)
        formula = f'=COUNTIF({place.severities},"{word}")'
        page.formula(HEADER_ROW - 1, column, formula, counts[severity], style)
        first += counts[severity]


def _write_table(page: Page, last_row: int) -> None:
    # Excel draws the filter button over the right end of a head: the indent keeps the words clear of it.
    head, right = page.theme.style("head"), page.theme.style("head", align="right", indent=2)
    page.set_row(HEADER_ROW, 20)
    page.sheet.add_table(
        HEADER_ROW,
        0,
        last_row,
        len(HEADINGS) - 1,
        {
            "name": TABLE,
            "style": None,
            "columns": [
                {"header": page.say(title), "header_format": right if title is words.AMOUNT else head}
                for title, _ in HEADINGS
            ],
        },
    )
    # The lines between rows are a conditional format: blank cells then need not be written to carry them.
    first = HEADER_ROW + 2
    ends = {"type": "formula", "criteria": f"=$A{first}<>$A{first + 1}", "format": page.theme.group_end}
    page.sheet.conditional_format(HEADER_ROW + 1, 0, last_row, NOTES, ends)
    lines = {"type": "formula", "criteria": "=TRUE", "format": page.theme.lines}
    page.sheet.conditional_format(HEADER_ROW + 1, 0, last_row, NOTES, lines)
    keys = f"A{HEADER_ROW + 2}:{chr(ord('A') + len(HEADINGS) - 1)}{last_row + 1}"
    page.sheet.ignore_errors({"number_stored_as_text": keys})


def _write_rows(page: Page, alerts: Sequence[Alert], assessment: Assessment) -> None:
    language = page.language
    styles = _styles(page.theme)
    severities = {severity: page.say(word) for severity, word in words.SEVERITIES.items()}
    own = own_currency(assessment)
    cell, wrapped = styles["cell"], styles["wrapped"]
    risen = {
        id(told.finding): group.escalated_to
        for group in assessment.alerts
        if group.escalated_to is not None
        for told in group.told
        if told.escalated
    }
    twice = {alert.id[:3] for alert in alerts if alert.id.number > 1}
    # Column by column, no merging and no blank cells: this is most of the time that a large donor takes.
    lines = Runs(page, HEADER_ROW + 1)
    findings = [alert.finding for alert in alerts]
    lines.texts(0, [severities[each.severity] for each in findings], [styles[each.severity] for each in findings])
    owners = [each.owner.to(language) if each.owner else "" for each in findings]
    for row, each in enumerate(findings):
        if id(each) in risen:
            owners[row] = f"{owners[row]} ▲ {risen[id(each)].to(language)}"
    lines.texts(1, [each.rule for each in findings], cell)
    lines.texts(2, [each.title.to(language) for each in findings], wrapped)
    lines.texts(3, [each.key for each in findings], wrapped)
    lines.texts(4, [each.message.to(language) for each in findings], wrapped)
    lines.texts(8, [each.level.to(language) or each.label for each in findings], wrapped)
    lines.texts(9, [each.action.to(language) for each in findings], wrapped)
    lines.texts(10, owners, wrapped)
    _write_values(page, lines, findings, own)
    day = page.theme.style("plain", num_format=page.theme.date, align="left")
    days = page.theme.style("plain", num_format="0", align="center")
    lines.dates(SEEN, [alert.first_seen for alert in alerts], day)
    lines.numbers(SEEN + 1, [(assessment.as_of - alert.first_seen).days for alert in alerts], days)
    places = [(each.sheet, where(each)) if each.sheet else None for each in findings]
    lines.links(WHERE, places, [f"{place[0]}!{place[1]}" if place else None for place in places], styles["link"])
    lines.texts(MARK, [write_mark(alert.id) if alert.id[:3] in twice else None for alert in alerts], cell)
    locale = locale_of(language, assessment.profile.country)
    lines.texts(WHY, [row_reason(each, locale) for each in findings], cell)
    for row, alert in enumerate(alerts, HEADER_ROW + 1):
        if alert.note is not None:
            page.note(row, NOTES, alert.note, "plain")


def _styles(theme: Theme) -> dict[str, Format]:
    """Return the formats of the rows, by severity and by use."""
    return {
        **{severity: theme.status(severity, "plain") for severity in ORDER},
        "cell": theme.style("plain"),
        "wrapped": theme.style("plain", text_wrap=True),
        "link": theme.style("plain", font_color=LINK, underline=1),
    }


def _write_values(page: Page, lines: Runs, findings: Sequence[Finding], own_currency: str) -> None:
    """Write amounts, currencies and due dates, for findings that have them."""
    theme = page.theme
    amounts = [read_amount(each.values) for each in findings]
    currencies = [
        None if amount is None else _first(each.values, _CURRENCY) or own_currency
        for each, amount in zip(findings, amounts, strict=True)
    ]
    looks = [
        (currency or "", amount is None or amount == amount.to_integral_value())
        for currency, amount in zip(currencies, amounts, strict=True)
    ]
    styles = {look: theme.style("plain", num_format=_amount_format(*look)) for look in dict.fromkeys(looks)}
    lines.numbers(5, amounts, [styles[look] for look in looks])
    lines.texts(6, currencies, theme.style("plain", align="left", indent=1))
    due = theme.style("plain", num_format=theme.date, align="left")
    lines.dates(7, [_date(_first(each.values, _DUE)) for each in findings], due)


@lru_cache(maxsize=256)
def _amount_format(currency: str, whole: bool) -> str:
    return money_format(currency, (Decimal(1 if whole else "0.5"),))


def own_currency(assessment: Assessment) -> str:
    """Return the currency that amounts without one are in."""
    return assessment.profile.currency or (assessment.ageing[0].currency if assessment.ageing else "")


def where(finding: Finding) -> str:
    """Return the cell that a finding is about ("" when it is about no single place)."""
    if finding.cell:
        return finding.cell
    if finding.row:
        return f"A{finding.row}"
    return "A1" if finding.sheet else ""


def _first(values: Mapping[str, str], names: tuple[str, ...]) -> str:
    for name in named(tuple(values), names):
        if values[name]:
            return values[name]
    return ""


@lru_cache(maxsize=1024)
def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
