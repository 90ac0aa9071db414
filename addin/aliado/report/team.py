"""The sheet of the team: workload by person, whom each process hangs on, who is told what, and the steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from aliado.report import words_work as words
from aliado.report.kpi_lines import write_kpi_lines
from aliado.report.listing import widths_of, write_list_head
from aliado.report.page import Page
from aliado.report.sheets import write_heading, write_section
from aliado.report.theme import BAR, LINK
from aliado.report.words import DUE, NEXT_DUE, NOBODY, OPEN, OWNER, PERIOD, SEVERITIES, SEVERITY, STATUS
from aliado.report.words_deadlines import OVERDUE_COUNT
from aliado.rules.assessment import AlertGroup, Assessment, StepCheck
from aliado.rules.workload import FEWEST_TASKS, Hands, Workload, count_tasks, people_by_process

TABLES: Final = {
    "workload": "AliadoWorkload",
    "hands": "AliadoHands",
    "notices": "AliadoNotices",
    "steps": "AliadoSteps",
}
WORKLOAD: Final = (
    (words.PERSON, 42.0),
    (OPEN, 15.0),
    (OVERDUE_COUNT, 15.0),
    (words.NEXT_DAYS, 19.0),
    (NEXT_DUE, 20.0),
)
HANDS: Final = (
    (words.PROCESS, 42.0),
    (words.TASKS_COUNT, 15.0),
    (words.PEOPLE, 15.0),
    (words.MOST_SHARE, 19.0),
    (words.MOST, 20.0),
    (STATUS, 32.0),
)
NOTICES: Final = (
    (words.TELL, 42.0),
    (words.NOTICE_COUNT, 15.0),
    (words.EVERY, 15.0),
    (words.BUSINESS_DAYS, 19.0),
    (words.GROUP, 30.0),
    (SEVERITY, 32.0),
    (words.OLDEST, 14.0),
    (words.GOES_UP, 22.0),
    (words.SINCE_WHEN, 13.0),
)
STEPS: Final = (
    (words.PROCESS, 42.0),
    (PERIOD, 15.0),
    (DUE, 15.0),
    (words.DONE_ON, 19.0),
    (STATUS, 20.0),
    (words.STEP, 32.0),
    (OWNER, 14.0),
    (words.WAITS_FOR, 22.0),
)
LAST: Final = len(NOTICES) - 1
MOST_NOTICES: Final = 40
LIGHTS: Final = {
    "overdue": "red",
    "blocked": "amber",
    "due_soon": "amber",
    "pending": "none",
    "late": "amber",
    "on_time": "green",
}
"""Status of a step -> its light, in the order in which the list shows them."""


def write_team(page: Page, assessment: Assessment, methods: Mapping[str, int]) -> dict[str, int]:
    """Write the sheet and return the row of each person's workload, by name."""
    page.set_widths(widths_of(NOTICES))
    write_heading(page, words.TEAM_TITLE, assessment)
    table = assessment.tables.get("tasks")
    people: dict[str, int] = {}
    row = 3
    if table is not None:
        place = (table.sheet, f"A{max(table.header_row, 1)}")
        row = _write_workload(page, row, count_tasks(table, assessment.as_of), place, people)
        row = _write_hands(page, row, people_by_process(table, assessment.as_of))
    row = _write_notices(page, row, assessment.alerts)
    row = write_kpi_lines(page, row, assessment, ("OPS-",), methods, 4)
    row = _write_steps(page, row, assessment.steps)
    if row == 3:
        page.text(row, 0, words.NO_TEAM, page.theme.style("note", font_size=11, text_wrap=False))
    page.sheet.freeze_panes(2, 1)
    page.print_on_a4(assessment.profile.name, landscape=True)
    page.sheet.print_area(0, 0, row, LAST)
    return people


def _write_workload(
    page: Page, row: int, work: Sequence[Workload], place: tuple[str, str], people: dict[str, int]
) -> int:
    if not work:
        return row
    theme = page.theme
    row = write_section(page, row, words.WORKLOAD, len(WORKLOAD) - 1)
    row = write_list_head(page, row, TABLES["workload"], WORKLOAD, len(work), numbers=(1, 2, 3))
    first = row
    link = theme.style("line", font_color=LINK, underline=1, shrink=True)
    number = '#,##0;-#,##0;"–"'
    count, late = theme.style("line", num_format=number), theme.status("red", num_format=number)
    day = theme.style("line", num_format=theme.date, align="left", indent=1)
    for each in work:
        people[each.owner] = row
        page.link(row, 0, *place, each.owner or page.say(NOBODY), link)
        for column, value in ((1, each.open), (2, each.overdue), (3, each.due_soon)):
            page.number(row, column, value, late if column == 2 and value else count)
        if each.next_due is None:
            page.text(row, 4, "–", theme.style("line", indent=1))
        else:
            page.date(row, 4, each.next_due, day)
        row += 1
    bars = {
        "type": "data_bar",
        "data_bar_2010": True,
        "bar_solid": True,
        "bar_color": BAR,
        "min_type": "num",
        "min_value": 0,
    }
    page.sheet.conditional_format(first, 1, row - 1, 1, bars)
    return row + 1


def _write_hands(page: Page, row: int, hands: Sequence[Hands]) -> int:
    if not hands:
        return row
    theme = page.theme
    row = write_section(page, row, words.HANDS, len(HANDS) - 1)
    row = write_list_head(page, row, TABLES["hands"], HANDS, len(hands), numbers=(1, 2, 3))
    count = theme.style("line", num_format="#,##0")
    share = theme.style("line", num_format=theme.percent)
    link = theme.style("line", font_color=LINK, underline=1, shrink=True)
    for each in hands:
        page.link(row, 0, each.sheet, f"A{each.row}", each.process, link)
        page.number(row, 1, each.tasks, count)
        page.number(row, 2, each.people, count)
        page.number(row, 3, each.share, share)
        page.text(row, 4, each.most, theme.style("line", shrink=True, indent=1))
        if each.people > 1:
            word, light = words.MANY_PEOPLE, "green"
        elif each.tasks < FEWEST_TASKS:
            word, light = words.FEW_TASKS, "none"
        else:
            word, light = words.ONE_PERSON, "red"
        page.text(row, 5, word, theme.status(light, indent=1, shrink=True))
        row += 1
    return row + 1


def _write_notices(page: Page, row: int, groups: Sequence[AlertGroup]) -> int:
    if not groups:
        return row
    theme = page.theme
    row = write_section(page, row, words.NOTICES, LAST)
    page.text(row, 0, words.NOTICES_HINT, theme.style("note", font_size=10), to=LAST)
    row = write_list_head(page, row + 1, TABLES["notices"], NOTICES, min(len(groups), MOST_NOTICES), numbers=(1, 3))
    line, count = theme.style("line", shrink=True), theme.style("line", num_format="#,##0")
    day = theme.style("line", num_format=theme.date, align="left")
    indented = theme.style("line", shrink=True, indent=1)
    for group in groups[:MOST_NOTICES]:
        page.text(row, 0, group.to, line)
        page.number(row, 1, len(group.told), count)
        page.text(row, 2, words.FREQUENCIES.get(group.every, group.every), indented)
        page.number(row, 3, max(told.age for told in group.told), count)
        page.text(row, 4, group.group or group.alert, indented)
        page.text(row, 5, SEVERITIES[group.severity], theme.status(group.severity, indent=1))
        page.date(row, 6, min(told.first_seen for told in group.told), day)
        if group.escalated_to is None or group.since is None:
            page.text(row, 7, "–", line)
            page.text(row, 8, "", line)
        else:
            up = f"▲ {page.say(group.escalated_to)}"
            page.text(row, 7, up, theme.status("red", indent=1, shrink=True))
            page.date(row, 8, group.since, day)
        row += 1
    if len(groups) > MOST_NOTICES:
        more = words.MORE_NOTICES.format(count=len(groups) - MOST_NOTICES, sheet=page.names["alerts"])
        page.text(row, 0, more, theme.style("footer", font_size=9))
        row += 1
    return row + 1


def _write_steps(page: Page, row: int, steps: Sequence[StepCheck]) -> int:
    if not steps:
        return row
    theme = page.theme
    order = list(LIGHTS)
    row = write_section(page, row, words.STEPS, len(STEPS) - 1)
    row = write_list_head(page, row, TABLES["steps"], STEPS, len(steps))
    line, day = theme.style("line", shrink=True), theme.style("line", num_format=theme.date, align="left")
    link = theme.style("line", font_color=LINK, underline=1, shrink=True)
    for step in sorted(steps, key=lambda step: (order.index(step.status), -step.due.toordinal(), step.process)):
        page.text(row, 0, step.title, line)
        page.text(row, 1, step.period, line)
        page.date(row, 2, step.due, day)
        if step.done is None:
            page.text(row, 3, "–", line)
        else:
            page.date(row, 3, step.done, day)
        page.text(row, 4, words.STEP_STATUSES[step.status], theme.status(LIGHTS[step.status], indent=1, shrink=True))
        if step.row is None:
            page.text(row, 5, step.step_title, line)
        else:
            page.link(row, 5, step.sheet, f"A{step.row}", page.say(step.step_title), link)
        page.text(row, 6, step.responsible or (page.say(step.owner) if step.owner else ""), line)
        page.text(row, 7, ", ".join(page.say(title) for title in step.waits_for) or "–", line)
        row += 1
    return row + 1
