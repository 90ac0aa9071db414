"""The sheet of changes: alerts that are new, worse, better or closed since the run before, indicators, notes kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Final

from aliado.language import Text, same, write_date
from aliado.report import words
from aliado.report.alert_log import AlertId, Change, read_amount
from aliado.report.alerts import own_currency, where
from aliado.report.bodies import BLANK
from aliado.report.indicators import change_status, shown_change
from aliado.report.notes import Note, write_mark
from aliado.report.page import Page, lines_needed
from aliado.report.runs import Runs
from aliado.report.sheets import write_heading, write_section
from aliado.report.theme import LINK, kpi_format, money_format, shown_places
from aliado.report.timeline import Timeline, change_of
from aliado.rules.assessment import Assessment, Kpi, Severity

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
    _write_lines(page, first, changes, assessment, timeline)
    return last + 1


def _write_lines(page: Page, first: int, changes: Sequence[Change], assessment: Assessment, timeline: Timeline) -> None:
    theme, subjects = page.theme, timeline.state.subjects
    cell, wrapped = theme.style("cell"), theme.style("cell", text_wrap=True)
    lines = Runs(page, first, empty=BLANK)
    kinds = {kind: page.say(word) for kind, word in words.CHANGE_KINDS.items()}
    lights = {kind: theme.status(light, "cell") for kind, light in KIND_STATUS.items()}
    lines.texts(0, [kinds[each.kind] for each in changes], [lights[each.kind] for each in changes])
    said: dict[Severity | None, str] = {None: "–", **{key: page.say(word) for key, word in words.SEVERITIES.items()}}
    looks = {severity: cell if severity is None else theme.status(severity, "cell") for severity in said}
    for column, severities in (
        (1, [each.before.severity if each.before else None for each in changes]),
        (2, [each.finding.severity if each.finding else None for each in changes]),
    ):
        lines.texts(column, [said[each] for each in severities], [looks[each] for each in severities])
    lines.texts(3, [each.alert.rule for each in changes], cell)
    lines.texts(4, [page.say(_subject(each, subjects)) for each in changes], wrapped)
    lines.texts(5, [each.alert.key for each in changes], wrapped)
    messages = [
        page.say(each.finding.message) if each.finding else _farewell(page, each, assessment) for each in changes
    ]
    lines.texts(6, messages, wrapped)
    _write_amounts(page, lines, first, changes, assessment)
    owners = [page.say(each.finding.owner) if each.finding and each.finding.owner else None for each in changes]
    lines.texts(10, owners, theme.style("cell", text_wrap=True, align="left", indent=1))
    day = theme.style("cell", num_format=theme.date, align="left")
    lines.dates(11, [each.first_seen for each in changes], day)
    places = [
        (each.finding.sheet, where(each.finding)) if each.finding and each.finding.sheet else None for each in changes
    ]
    link = theme.style("cell", font_color=LINK, underline=1)
    texts = [f"{place[0]}!{place[1]}" if place else None for place in places]
    lines.links(12, places, texts, [link if place else cell for place in places])


def _subject(change: Change, subjects: Mapping[str, Text]) -> Text:
    """Return what an alert is about; one that has closed by what its rule said last."""
    return change.finding.title if change.finding else subjects.get(change.alert.rule) or same(change.alert.rule)


def _farewell(page: Page, change: Change, assessment: Assessment) -> str:
    days = (assessment.as_of - change.first_seen).days
    return page.say(words.CLOSED_MESSAGE.format(date=write_date(change.first_seen, page.language), days=days))


def _write_amounts(page: Page, lines: Runs, first: int, changes: Sequence[Change], assessment: Assessment) -> None:
    theme, own = page.theme, own_currency(assessment)
    before = [_decimal(each.before.amount) if each.before else None for each in changes]
    now = [read_amount(each.finding.values) if each.finding else None for each in changes]
    formats = [
        money_format(
            (each.finding.values.get("currency", "") if each.finding else "") or own,
            [amount for amount in pair if amount is not None],
        )
        for each, *pair in zip(changes, before, now, strict=True)
    ]
    made = {number: theme.style("cell", num_format=number) for number in dict.fromkeys(formats)}
    styles = [made[number] for number in formats]
    lines.numbers(7, before, styles)
    lines.numbers(8, now, styles)
    differences = [None if a is None or b is None else b - a for a, b in zip(before, now, strict=True)]
    rows = range(first + 1, first + 1 + len(changes))
    lines.formulas(9, [f"=I{row}-H{row}" for row in rows], differences, styles)


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
