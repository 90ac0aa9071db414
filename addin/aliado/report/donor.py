"""The donor workbook: an assessment rendered as sheets, to be laid into the client's workbook."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, time
from typing import TYPE_CHECKING, Final

from aliado.language import Language, Text
from aliado.locales import locale_of
from aliado.report import words, words_work
from aliado.report.state import State
from aliado.rules.assessment import Assessment

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook

    from aliado.report.page import Page
    from aliado.report.places import Places
    from aliado.report.timeline import Timeline
    from aliado.workbook.loose import LooseWorkbook

SHEETS: Final[Mapping[str, Text]] = {
    "panel": words.PANEL,
    "alerts": words.ALERTS,
    "warnings": words_work.WARNINGS,
    "changes": words.CHANGES,
    "ageing": words.AGEING,
    "dunning": words_work.DUNNING,
    "payables": words_work.PAYABLES,
    "budget": words_work.BUDGET,
    "calendar": words.CALENDAR,
    "compliance": words.COMPLIANCE,
    "team": words_work.TEAM,
    "history": words.HISTORY,
    "rejected": words.REJECTED,
    "audit": words.AUDIT,
}
"""Role -> the name that its sheet gets where the client has none of that name; in the order of the tabs."""

OPTIONAL: Final[Mapping[str, Callable[[Assessment], bool]]] = {
    "warnings": lambda assessment: bool(assessment.warnings),
    "dunning": lambda assessment: bool(assessment.dunning),
    "payables": lambda assessment: bool(assessment.payables),
    "budget": lambda assessment: bool(assessment.budget),
    "team": lambda assessment: bool("tasks" in assessment.tables or assessment.alerts),
}
"""Sheets that are laid only when there is something for them."""

OPTIONS: Final = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
"""How XlsxWriter is to write: what looks like a formula, a link or a number in a text stays text."""


def plan_sheets(assessment: Assessment, language: Language, present: Iterable[str] = ()) -> dict[str, str]:
    """Return role -> wanted name of the sheets to lay, in the order of the tabs.

    present: roles that the client's workbook has already; they stay, for the client's own formulas may speak of them.
    """
    there = set(present)
    return {
        role: title.to(language)
        for role, title in SHEETS.items()
        if role in there or role not in OPTIONAL or OPTIONAL[role](assessment)
    }


def render(
    assessment: Assessment,
    *,
    language: Language,
    names: Mapping[str, str],
    version: str,
    state: State | None = None,
) -> bytes:
    """Return the donor workbook as a file (.xlsx); all else is as in `render_parts`."""
    from aliado.report.loose_writer import pack  # late, as in `render_parts`

    return pack(render_parts(assessment, language=language, names=names, version=version, state=state))


def render_parts(
    assessment: Assessment,
    *,
    language: Language,
    names: Mapping[str, str],
    version: str,
    state: State | None = None,
) -> LooseWorkbook:
    """Return the donor workbook: one sheet per role of `plan_sheets`.

    names: role -> final sheet name, of every role that is to be there whatever it holds; formulas and links between the sheets use these names.
    state: what our sheets in the client's workbook held before (`read_state`), so that notes and history go on.
    The same input gives the same bytes.
    """
    # Imported here: reading rules and workbooks must not pay for writing.
    from aliado.report import ageing, alerts, audit, calendar, changes, compliance, history, panel, rejected, team
    from aliado.report.loose_writer import LooseWriter
    from aliado.report.page import Page
    from aliado.report.places import Places
    from aliado.report.theme import NAVY, Theme
    from aliado.report.timeline import read_timeline

    timeline = read_timeline(assessment, state or State())
    workbook = LooseWriter(OPTIONS)
    workbook.set_properties({"created": datetime.combine(assessment.as_of, time()), "comments": f"Aliado {version}"})
    theme = Theme(workbook, locale_of(language, assessment.profile.country))
    planned = plan_sheets(assessment, language, present=names)
    final = {role: names.get(role) or title for role, title in planned.items()}
    pages = {role: Page(workbook.add_cell_sheet(name), theme, final) for role, name in final.items()}
    for page in pages.values():
        page.sheet.set_tab_color(NAVY)
    alerts_place = alerts.write_alerts(pages["alerts"], assessment, timeline.alerts)
    changes.write_changes(pages["changes"], assessment, timeline)
    ageing_places = ageing.write_ageing(pages["ageing"], assessment)
    calendar.write_calendar(pages["calendar"], assessment)
    matrix = compliance.write_compliance(pages["compliance"], assessment)
    history_place = history.write_history(pages["history"], assessment, timeline)
    rejected.write_rejected(pages["rejected"], assessment)
    methods = audit.write_audit(pages["audit"], assessment, version)
    people = team.write_team(pages["team"], assessment, methods) if "team" in pages else {}
    places = Places(alerts_place, ageing_places, history_place, methods, matrix, people)
    _write_optional(pages, workbook, assessment, places, timeline)
    panel.write_panel(pages["panel"], workbook, assessment, version, places, timeline)
    return workbook.take_apart()


def _write_optional(
    pages: Mapping[str, Page], workbook: Workbook, assessment: Assessment, places: Places, timeline: Timeline
) -> None:
    """Write the sheets of `OPTIONAL` that there is something for."""
    if "warnings" in pages:
        from aliado.report.early_warnings import write_warnings

        write_warnings(pages["warnings"], assessment, places, timeline)
    if "dunning" in pages:
        from aliado.report.dunning import write_dunning

        write_dunning(pages["dunning"], assessment)
    if "payables" in pages:
        from aliado.report.payables import write_payables

        write_payables(pages["payables"], assessment, places.methods)
    if "budget" in pages:
        from aliado.report.budget import write_budget

        write_budget(pages["budget"], workbook, assessment, places.methods)
