"""The sheet of alerts: one row per finding, worst first, each with a link to where it comes from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from aliado.formula.values import to_serial
from aliado.report import words
from aliado.report.alert_log import ORDER, named, read_amount
from aliado.report.notes import write_mark
from aliado.report.page import Page, clean
from aliado.report.sheets import write_heading
from aliado.report.theme import LINK, Theme, money_format
from aliado.report.timeline import Alert
from aliado.rules.assessment import Assessment, Finding, Severity

if TYPE_CHECKING:
    from xlsxwriter.format import Format

TABLE: Final = "AliadoAlerts"
"""Name of the Excel table, the same in both languages so that clients' formulas survive a change of language."""

HEADINGS: Final = (
    (words.SEVERITY, 13.5),
    (words.RULE, 13.0),
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
    (words.WHY, 70.0),
)
SEEN: Final = 11
WHERE: Final = SEEN + 2
NOTES: Final = SEEN + 3
MARK: Final = SEEN + 4
"""Hidden: what tells alerts of one rule on one key apart, so that notes find their way back."""
WHY: Final = SEEN + 5
"""Folded away: the rule's conditions as written, its file and line, its source."""
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
        hint = words.ALERTS_COUNT.format(**counts)
        page.text(2, 0, f"{page.say(hint)}.  {page.say(words.ALERTS_HINT)}", theme.style("subtitle"))
    else:
        page.text(2, 0, words.ALERTS_EMPTY, theme.status("green", "subtitle"), to=4)
    last = HEADER_ROW + max(1, len(alerts))
    _write_table(page, last)
    _write_rows(page, alerts, assessment)
    page.sheet.freeze_panes(HEADER_ROW + 1, 1)
    page.sheet.repeat_rows(HEADER_ROW)
    page.print_on_a4(assessment.profile.name, landscape=True)
    page.sheet.print_area(0, 0, last, NOTES)
    return AlertsPlace(HEADER_ROW + 1, last)


def count_severities(assessment: Assessment) -> dict[Severity, int]:
    """Return how many findings there are of each severity, the worst first."""
    counts = dict.fromkeys(ORDER, 0)
    for finding in assessment.findings:
        counts[finding.severity] += 1
    return counts


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
    # One call per cell, no merging and no blank cells: this loop is most of the time that a large donor takes.
    write_string, write_number = page.sheet.write_string, page.sheet.write_number
    day, days = (
        page.theme.style("plain", num_format=page.theme.date, align="left"),
        page.theme.style("plain", num_format="0", align="center"),
    )
    today = to_serial(assessment.as_of)
    for row, alert in enumerate(alerts, HEADER_ROW + 1):
        finding, seen = alert.finding, to_serial(alert.first_seen)
        write_string(row, 0, severities[finding.severity], styles[finding.severity])
        owner = finding.owner.to(language) if finding.owner else ""
        if id(finding) in risen:
            owner = f"{owner} ▲ {risen[id(finding)].to(language)}"
        for column, text, style in (
            (1, finding.rule, cell),
            (2, finding.title.to(language), wrapped),
            (3, finding.key, wrapped),
            (4, finding.message.to(language), wrapped),
            (8, finding.level.to(language) or finding.label, wrapped),
            (9, finding.action.to(language), wrapped),
            (10, owner, wrapped),
        ):
            if text:
                write_string(row, column, clean(text), style)
        _write_values(page, row, finding, own)
        place = where(finding)
        write_number(row, SEEN, seen, day)
        write_number(row, SEEN + 1, today - seen, days)
        if finding.sheet and place:
            page.link(row, WHERE, finding.sheet, place, f"{finding.sheet}!{place}", styles["link"])
        elif finding.sheet:
            page.text(row, WHERE, finding.sheet, cell)
        if alert.note is not None:
            page.note(row, NOTES, alert.note, "plain")
        if alert.id[:3] in twice:
            write_string(row, MARK, write_mark(alert.id), cell)
        why = finding.explanation.to(language)
        if why:
            write_string(row, WHY, clean(why), cell)


def _styles(theme: Theme) -> dict[str, Format]:
    """Return the formats of the rows, by severity and by use."""
    return {
        **{severity: theme.status(severity, "plain") for severity in ORDER},
        "cell": theme.style("plain"),
        "wrapped": theme.style("plain", text_wrap=True),
        "link": theme.style("plain", font_color=LINK, underline=1),
    }


def _write_values(page: Page, row: int, finding: Finding, own_currency: str) -> None:
    """Write amount, currency and due date, for findings that have them."""
    values = finding.values
    amount, due = read_amount(values), _date(_first(values, _DUE))
    if amount is not None:
        currency = _first(values, _CURRENCY) or own_currency
        whole = amount == amount.to_integral_value()
        page.number(row, 5, amount, page.theme.style("plain", num_format=_amount_format(currency, whole)))
        if currency:
            page.text(row, 6, currency, page.theme.style("plain", align="left", indent=1))
    if due is not None:
        page.date(row, 7, due, page.theme.style("plain", num_format=page.theme.date, align="left"))


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
    return next((values[name] for name in named(tuple(values), names) if values[name]), "")


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
