"""How filings and documents look: the light of each status, the link to the client's row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from aliado.report import words
from aliado.report import words_deadlines as deadlines
from aliado.report.page import Page
from aliado.rules.assessment import DocumentStatus, Filing, FilingStatus

if TYPE_CHECKING:
    from xlsxwriter.format import Format

FILING_LIGHTS: Final[Mapping[FilingStatus, str]] = {
    "filed_on_time": "green",
    "filed_late": "amber",
    "overdue": "red",
    "due_soon": "amber",
    "pending": "none",
    "unknown": "none",
}
DOCUMENT_LIGHTS: Final[Mapping[DocumentStatus, str]] = {
    "valid": "green",
    "expiring": "amber",
    "undated": "amber",
    "expired": "red",
    "missing": "red",
}


def symbol(status: FilingStatus) -> str:
    """Return the shape of a status, the same in both languages."""
    return deadlines.FILING_STATUSES[status].es[0]


def title_of(page: Page, filing: Filing) -> str:
    """Return a filing's title, with a word of warning where its deadline is not verified."""
    title = page.say(filing.title)
    return title if filing.verified else page.say(words.UNVERIFIED.format(title=title))


def write_linked(
    page: Page, row: int, column: int, text: str, place: tuple[str | None, int | None], style: Format
) -> None:
    """Write text that leads to a row of the client's where there is one."""
    sheet, line = place
    if sheet and line:
        page.link(row, column, sheet, f"A{line}", text, style)
    else:
        page.text(row, column, text, style)
