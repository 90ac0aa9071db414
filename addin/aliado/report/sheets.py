"""What the sheets behind the panel have in common: their heading and their sections."""

from __future__ import annotations

from aliado.language import Text, write_date
from aliado.report import words
from aliado.report.page import Page
from aliado.rules.assessment import Assessment


def write_heading(page: Page, title: Text, assessment: Assessment) -> None:
    """Write a sheet's title and, under it, the client and the date (rows 0 and 1)."""
    page.set_row(0, 30)
    page.text(0, 0, title, page.theme.style("title"))
    client = assessment.profile.name or page.say(words.NO_CLIENT)
    day = write_date(assessment.as_of, page.language)
    page.text(1, 0, page.say(words.SUBTITLE).format(client=client, date=day), page.theme.style("subtitle"))


def write_section(page: Page, row: int, title: Text, last_column: int) -> int:
    """Write a section's title over a rule and return the next row."""
    page.text(row, 0, title, page.theme.style("section"), to=last_column)
    page.set_row(row, 20)
    return row + 1
