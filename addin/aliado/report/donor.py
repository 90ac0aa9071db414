"""The donor workbook: an assessment rendered as sheets, to be laid into the client's workbook."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time
from io import BytesIO
from typing import TYPE_CHECKING, Final

from aliado.language import Language, Text
from aliado.report import words
from aliado.report.state import State
from aliado.rules.assessment import Assessment

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook

SHEETS: Final[Mapping[str, Text]] = {
    "panel": words.PANEL,
    "alerts": words.ALERTS,
    "changes": words.CHANGES,
    "ageing": words.AGEING,
    "calendar": words.CALENDAR,
    "compliance": words.COMPLIANCE,
    "history": words.HISTORY,
    "rejected": words.REJECTED,
    "audit": words.AUDIT,
}
"""Role -> the name that its sheet gets where the client has none of that name; in the order of the tabs."""

_OPTIONS: Final = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def render(
    assessment: Assessment,
    *,
    language: Language,
    names: Mapping[str, str],
    version: str,
    state: State | None = None,
) -> bytes:
    """Return the donor workbook (.xlsx): one sheet per role of `SHEETS`, named as in `names`.

    names: role -> final sheet name; formulas and links between the sheets use these names.
    state: what our sheets in the client's workbook held before (`read_state`), so that notes and history go on.
    The same input gives the same bytes.
    """
    # Imported here: reading rules and workbooks must not pay for writing.
    from xlsxwriter.workbook import Workbook

    from aliado.report import ageing, alerts, audit, calendar, changes, compliance, history, panel, rejected
    from aliado.report.page import Page
    from aliado.report.places import Places
    from aliado.report.theme import NAVY, Theme
    from aliado.report.timeline import read_timeline
    from aliado.report.worksheet import CellSheet

    timeline = read_timeline(assessment, state or State())
    buffer = BytesIO()
    workbook = Workbook(buffer, _OPTIONS)
    workbook.set_properties({"created": datetime.combine(assessment.as_of, time()), "comments": f"Aliado {version}"})
    theme = Theme(workbook, language)
    final = {role: names.get(role) or title.to(language) for role, title in SHEETS.items()}
    pages = {role: Page(workbook.add_worksheet(final[role], CellSheet), theme, final) for role in SHEETS}
    for page in pages.values():
        page.sheet.set_tab_color(NAVY)
    alerts_place = alerts.write_alerts(pages["alerts"], assessment, timeline.alerts)
    changes.write_changes(pages["changes"], assessment, timeline)
    ageing_places = ageing.write_ageing(pages["ageing"], assessment)
    calendar.write_calendar(pages["calendar"], assessment)
    compliance.write_compliance(pages["compliance"], assessment)
    history_place = history.write_history(pages["history"], assessment, timeline)
    rejected.write_rejected(pages["rejected"], assessment)
    methods = audit.write_audit(pages["audit"], assessment, version)
    places = Places(alerts_place, ageing_places, history_place, methods)
    panel.write_panel(pages["panel"], workbook, assessment, version, places, timeline)
    _close(workbook)
    return buffer.getvalue()


def _close(workbook: Workbook) -> None:
    """Write the donor without packing it: it is unpacked again at once, and packing is a tenth of a refresh."""
    import zipfile

    from xlsxwriter import workbook as module

    packed = module.ZIP_DEFLATED
    module.ZIP_DEFLATED = zipfile.ZIP_STORED  # the library has no option for it
    try:
        workbook.close()
    finally:
        module.ZIP_DEFLATED = packed
