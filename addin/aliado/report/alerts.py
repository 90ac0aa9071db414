"""The sheet of alerts: one row per finding, worst first, each with a link to where it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Final

from aliado.language import fold
from aliado.report import words
from aliado.report.page import Page
from aliado.report.sheets import write_heading
from aliado.report.theme import LINK, money_format
from aliado.rules.assessment import Assessment, Finding, Severity

if TYPE_CHECKING:
    from xlsxwriter.format import Format

TABLE: Final = "AliadoAlerts"
"""Name of the Excel table, the same in both languages so that clients' formulas survive a change of language."""

HEADINGS: Final = (
    (words.SEVERITY, 14.0),
    (words.RULE, 10.0),
    (words.SUBJECT, 24.0),
    (words.KEY, 18.0),
    (words.MESSAGE, 58.0),
    (words.AMOUNT, 14.0),
    (words.CURRENCY, 9.0),
    (words.DUE, 12.0),
    (words.LEVEL, 10.0),
    (words.ACTION, 14.0),
    (words.OWNER, 16.0),
    (words.WHERE, 18.0),
    (words.PEOPLE_NOTES, 30.0),
)
HEADER_ROW: Final = 4
ORDER: Final[dict[Severity, int]] = {"red": 0, "amber": 1, "info": 2}

_AMOUNTS: Final = ("balance", "saldo", "pendiente", "amount", "importe", "monto", "total", "value", "valor")
_DUE: Final = ("due_date", "due", "vencimiento", "vence", "expiry_date", "expiry", "caducidad", "plazo")
_CURRENCY: Final = ("currency", "moneda", "divisa")


@dataclass(frozen=True, slots=True)
class AlertsPlace:
    """Where the severities stand on the sheet of alerts: zero-based rows, both inclusive, in column A."""

    first_row: int
    last_row: int

    @property
    def severities(self) -> str:
        """The range of severities, without the sheet."""
        return f"$A${self.first_row + 1}:$A${self.last_row + 1}"


def write_alerts(page: Page, assessment: Assessment) -> AlertsPlace:
    """Write the sheet and return where its rows stand."""
    findings = sorted(assessment.findings, key=lambda f: (ORDER[f.severity], f.rule, f.key))
    theme = page.theme
    counts = count_severities(assessment)
    page.set_widths([width for _, width in HEADINGS])
    write_heading(page, words.ALERTS_TITLE, assessment)
    if findings:
        hint = words.ALERTS_COUNT.format(**counts)
        page.text(2, 0, f"{page.say(hint)}.  {page.say(words.ALERTS_HINT)}", theme.style("subtitle"))
    else:
        page.text(2, 0, words.ALERTS_EMPTY, theme.status("green", "subtitle"), to=4)
    last = HEADER_ROW + max(1, len(findings))
    _write_table(page, last)
    _write_rows(page, findings, assessment)
    page.sheet.freeze_panes(HEADER_ROW + 1, 1)
    page.sheet.repeat_rows(HEADER_ROW)
    page.print_on_a4(assessment.profile.name, landscape=True)
    page.sheet.print_area(0, 0, last, len(HEADINGS) - 1)
    return AlertsPlace(HEADER_ROW + 1, last)


def count_severities(assessment: Assessment) -> dict[Severity, int]:
    """Return how many findings there are of each severity, the worst first."""
    counts = dict.fromkeys(ORDER, 0)
    for finding in assessment.findings:
        counts[finding.severity] += 1
    return counts


def _write_table(page: Page, last_row: int) -> None:
    head = page.theme.style("head")
    page.set_row(HEADER_ROW, 20)
    page.sheet.add_table(
        HEADER_ROW,
        0,
        last_row,
        len(HEADINGS) - 1,
        {
            "name": TABLE,
            "style": None,
            "columns": [{"header": page.say(title), "header_format": head} for title, _ in HEADINGS],
        },
    )
    keys = f"A{HEADER_ROW + 2}:{chr(ord('A') + len(HEADINGS) - 1)}{last_row + 1}"
    page.sheet.ignore_errors({"number_stored_as_text": keys})


def _write_rows(page: Page, findings: list[Finding], assessment: Assessment) -> None:
    theme, language = page.theme, page.language
    severity = {s: theme.status(s, "cell") for s in ORDER}
    severity_word = {s: page.say(words.SEVERITIES[s]) for s in ORDER}
    cell, wrapped = theme.style("cell"), theme.style("cell", text_wrap=True)
    day = theme.style("cell", num_format=theme.date, align="left")
    link = theme.style("cell", font_color=LINK, underline=1)
    money: dict[str, Format] = {}
    own_currency = assessment.profile.currency or (assessment.ageing[0].currency if assessment.ageing else "")
    sheet = page.sheet
    for row, finding in enumerate(findings, HEADER_ROW + 1):
        sheet.write_string(row, 0, severity_word[finding.severity], severity[finding.severity])
        page.text(row, 1, finding.rule, cell)
        page.text(row, 2, finding.title.to(language), wrapped)
        page.text(row, 3, finding.key, cell)
        page.text(row, 4, finding.message.to(language), wrapped)
        values = {fold(name): value for name, value in finding.values.items()}
        amount, currency = _amount(values), _first(values, _CURRENCY) or own_currency
        if amount is None:
            sheet.write_blank(row, 5, None, cell)
            sheet.write_blank(row, 6, None, cell)
        else:
            number = money_format(currency, [amount])
            if number not in money:
                money[number] = theme.style("cell", num_format=number)
            page.number(row, 5, amount, money[number])
            page.text(row, 6, currency, cell)
        due = _date(_first(values, _DUE))
        if due is None:
            sheet.write_blank(row, 7, None, cell)
        else:
            page.date(row, 7, due, day)
        page.text(row, 8, finding.label, cell)
        page.text(row, 9, finding.action, wrapped)
        page.text(row, 10, finding.owner.to(language) if finding.owner else "", cell)
        place = where(finding)
        if finding.sheet and place:
            page.link(row, 11, finding.sheet, place, f"{finding.sheet}!{place}", link)
        else:
            page.text(row, 11, finding.sheet or "", cell)
        sheet.write_blank(row, 12, None, wrapped)


def where(finding: Finding) -> str:
    """Return the cell that a finding is about ("" when it is about no single place)."""
    if finding.cell:
        return finding.cell
    if finding.row:
        return f"A{finding.row}"
    return "A1" if finding.sheet else ""


def _first(values: dict[str, str], names: tuple[str, ...]) -> str:
    return next((values[name] for name in names if values.get(name)), "")


def _amount(values: dict[str, str]) -> Decimal | None:
    for name in _AMOUNTS:
        try:
            amount = Decimal(values[name])
        except (KeyError, InvalidOperation):
            continue
        if amount.is_finite():
            return amount
    return None


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
