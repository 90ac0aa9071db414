"""The sheet of changes: alerts that are new, worse, better or closed since the run before, indicators, notes kept."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Final

from aliado.language import Text, write_date
from aliado.report import words
from aliado.report.alert_log import AlertId, Change, read_amount
from aliado.report.alerts import own_currency, where
from aliado.report.indicators import change_status, shown_change
from aliado.report.notes import Note, write_mark
from aliado.report.page import Page, lines_needed
from aliado.report.sheets import write_heading, write_section
from aliado.report.theme import LINK, kpi_format, money_format, shown_places
from aliado.report.timeline import Timeline, change_of
from aliado.rules.assessment import Assessment, Kpi

TABLE: Final = "AliadoChanges"
HEADINGS: Final = (
    (words.CHANGE, 15.0),
    (words.SEVERITY_BEFORE, 14.0),
    (words.SEVERITY_NOW, 14.0),
    (words.RULE, 13.0),
    (words.SUBJECT, 26.0),
    (words.KEY, 20.0),
    (words.MESSAGE, 52.0),
    (words.AMOUNT_BEFORE, 16.0),
    (words.AMOUNT_NOW, 16.0),
    (words.DIFFERENCE, 13.5),
    (words.OWNER, 15.0),
    (words.FIRST_SEEN, 12.0),
    (words.WHERE, 19.0),
)
LAST: Final = len(HEADINGS) - 1
MARK: Final = LAST + 1
KIND_STATUS: Final[Mapping[str, str]] = {"new": "amber", "worse": "red", "better": "green", "closed": "green"}
COUNTS_ROW: Final = 4
KIND_ORDER: Final = ("worse", "new", "better", "closed")


def write_changes(page: Page, assessment: Assessment, timeline: Timeline) -> None:
    """Write the sheet."""
    page.set_widths([width for _, width in HEADINGS])
    page.sheet.set_column(MARK, MARK, 10, None, {"hidden": True})
    write_heading(page, words.CHANGES_TITLE, assessment)
    row = 4
    if timeline.since is None:
        page.text(2, 0, words.SINCE_NOTHING, page.theme.style("subtitle"))
    else:
        since = words.SINCE.format(date=write_date(timeline.since.as_of, page.language))
        page.text(2, 0, since, page.theme.style("subtitle"))
        row = _write_alerts(page, row, assessment, timeline)
        row = _write_kpis(page, row + 1, assessment, timeline) + 1
    if timeline.kept:
        row = _write_kept(page, row, timeline.kept, timeline)
    page.sheet.freeze_panes(3, 0)
    page.print_on_a4(assessment.profile.name, landscape=True)
    page.sheet.print_area(0, 0, row, LAST)


def _write_alerts(page: Page, row: int, assessment: Assessment, timeline: Timeline) -> int:
    theme = page.theme
    changes = sorted(timeline.changes, key=lambda change: KIND_ORDER.index(change.kind))
    row = write_section(page, row, words.CHANGED_ALERTS, LAST)
    if not changes:
        page.text(row, 0, words.NO_CHANGES, theme.style("note", font_size=10))
        return row + 1
    page.set_row(row, 6)
    row += 1
    table = row + len(KIND_ORDER) + 1
    first, last = table + 1, table + len(changes)
    for number, kind in enumerate(KIND_ORDER):
        word = page.say(words.CHANGE_KINDS[kind])
        count = sum(change.kind == kind for change in changes)
        page.text(row + number, 0, word, theme.status(KIND_STATUS[kind] if count else "none", indent=1))
        formula = f'=COUNTIF($A${first + 1}:$A${last + 1},"{word}")'
        page.formula(row + number, 1, formula, count, theme.style("line", bold=True, num_format="#,##0"))
    figures = {words.AMOUNT_BEFORE, words.AMOUNT_NOW, words.DIFFERENCE}
    head, right = theme.style("head"), theme.style("head", align="right", indent=2)
    columns = [
        {"header": page.say(title), "header_format": right if title in figures else head} for title, _ in HEADINGS
    ]
    page.sheet.add_table(table, 0, last, LAST, {"name": TABLE, "style": None, "columns": columns})
    page.sheet.ignore_errors({"number_stored_as_text": f"A{first + 1}:{chr(ord('A') + LAST)}{last + 1}"})
    page.set_row(table, 20)
    for line, change in enumerate(changes, first):
        _write_change(page, line, change, assessment, timeline)
    return last + 1


def _write_change(page: Page, row: int, change: Change, assessment: Assessment, timeline: Timeline) -> None:
    theme, finding, before = page.theme, change.finding, change.before
    cell, wrapped = theme.style("cell"), theme.style("cell", text_wrap=True)
    page.text(row, 0, words.CHANGE_KINDS[change.kind], theme.status(KIND_STATUS[change.kind], "cell"))
    for column, severity in ((1, before.severity if before else None), (2, finding.severity if finding else None)):
        if severity is None:
            page.text(row, column, "–", cell)
        else:
            page.text(row, column, words.SEVERITIES[severity], theme.status(severity, "cell"))
    page.text(row, 3, change.alert.rule, cell)
    subject = finding.title if finding else timeline.state.subjects.get(change.alert.rule, change.alert.rule)
    page.text(row, 4, subject, wrapped)
    page.text(row, 5, change.alert.key, wrapped)
    page.text(row, 6, finding.message if finding else _farewell(page, change, assessment), wrapped)
    _write_amounts(page, row, change, assessment)
    owner = theme.style("cell", text_wrap=True, align="left", indent=1)
    page.text(row, 10, finding.owner if finding and finding.owner else "", owner)
    page.date(row, 11, change.first_seen, theme.style("cell", num_format=theme.date, align="left"))
    place = where(finding) if finding else ""
    if finding and finding.sheet and place:
        link = theme.style("cell", font_color=LINK, underline=1)
        page.link(row, 12, finding.sheet, place, f"{finding.sheet}!{place}", link)
    else:
        page.text(row, 12, "", cell)


def _farewell(page: Page, change: Change, assessment: Assessment) -> str:
    days = (assessment.as_of - change.first_seen).days
    return page.say(words.CLOSED_MESSAGE.format(date=write_date(change.first_seen, page.language), days=days))


def _write_amounts(page: Page, row: int, change: Change, assessment: Assessment) -> None:
    before = _decimal(change.before.amount) if change.before else None
    now = read_amount(change.finding.values) if change.finding else None
    amounts = [amount for amount in (before, now) if amount is not None]
    currency = change.finding.values.get("currency", "") if change.finding else ""
    style = page.theme.style("cell", num_format=money_format(currency or own_currency(assessment), amounts))
    for column, amount in ((7, before), (8, now)):
        if amount is None:
            page.text(row, column, "", style)
        else:
            page.number(row, column, amount, style)
    if before is None or now is None:
        page.text(row, 9, "", style)
    else:
        page.formula(row, 9, f"=I{row + 1}-H{row + 1}", now - before, style)


def _write_kpis(page: Page, row: int, assessment: Assessment, timeline: Timeline) -> int:
    theme = page.theme
    row = write_section(page, row, words.CHANGED_KPIS, LAST)
    head, right = theme.style("head"), theme.style("head", align="right")
    for column, last, title, style in (
        (0, 4, words.KPI, head),
        (5, 5, words.RULE, head),
        (6, 6, words.CHANGE, head),
        (7, 7, words.SEVERITY_BEFORE, right),
        (8, 8, words.SEVERITY_NOW, right),
        (9, 9, words.DIFFERENCE, right),
    ):
        page.text(row, column, title, style, to=last)
    page.set_row(row, 20)
    for kpi in assessment.kpis:
        row += 1
        _write_kpi(page, row, kpi, assessment, timeline)
    return row + 1


def _write_kpi(page: Page, row: int, kpi: Kpi, assessment: Assessment, timeline: Timeline) -> None:
    theme = page.theme
    number = kpi_format(kpi, assessment.profile.currency, page.language)
    style = theme.style("line", num_format=number)
    before = timeline.since.kpis.get(kpi.id) if timeline.since else None
    change = shown_change(change_of(kpi.value, timeline.since, kpi.id), number)
    page.text(row, 0, kpi.title, theme.style("line"), to=4)
    page.text(row, 5, kpi.id, theme.style("line"))
    word, status = direction(kpi, change)
    page.text(row, 6, word, theme.status(status, indent=1))
    for column, value in ((7, before), (8, kpi.value)):
        if value is None:
            page.text(row, column, words.NOT_AVAILABLE, theme.style("line", align="right"))
        else:
            page.number(row, column, value, style)
    if change is None:
        page.text(row, 9, "", style)
    else:
        page.formula(row, 9, f"=ROUND(I{row + 1}-H{row + 1},{shown_places(number)})", change, style)


def direction(kpi: Kpi, change: Decimal | None) -> tuple[Text | str, str]:
    """Return the word for an indicator's change, and the status whose colour it takes."""
    if change is None or kpi.better == "none":
        return "–", "none"
    status = change_status(kpi, change)
    return {"none": words.SAME, "green": words.BETTER, "red": words.WORSE}[status], status


def _write_kept(page: Page, row: int, kept: Mapping[AlertId, Note], timeline: Timeline) -> int:
    theme = page.theme
    row = write_section(page, row, words.KEPT_NOTES, LAST)
    hint = page.say(words.KEPT_HINT)
    page.text(row, 0, hint, theme.style("prose"), to=LAST)
    page.set_row(row, 15 * lines_needed(hint, 220) + 2)
    row += 1
    head = theme.style("head")
    for column, last, title in (
        (0, 0, words.RULE),
        (1, 1, words.FIRST_SEEN),
        (2, 2, words.LAST_SEEN),
        (3, 4, words.SUBJECT),
        (5, 5, words.KEY),
        (6, 6, words.PEOPLE_NOTES),
        (MARK, MARK, words.MARK),
    ):
        page.text(row, column, title, head, to=last)
    page.set_row(row, 20)
    cell, day = theme.style("cell"), theme.style("cell", num_format=theme.date, align="left")
    for alert, note in kept.items():
        row += 1
        page.text(row, 0, alert.rule, cell)
        stood = [event.as_of for event in timeline.state.log.get(alert, ()) if event.severity is not None]
        for column, when in ((1, stood[:1]), (2, stood[-1:])):
            if when:
                page.date(row, column, when[0], day)
            else:
                page.text(row, column, "", cell)
        page.text(row, 3, timeline.state.subjects.get(alert.rule, ""), cell, to=4)
        page.text(row, 5, alert.key, cell)
        page.note(row, 6, note, "cell")
        page.text(row, MARK, write_mark(alert) if alert.table else "", cell)
    return row + 1


def _decimal(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None
