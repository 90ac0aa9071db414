"""The indicators that belong to a sheet: value, target and light, each leading to how it was worked out."""

from __future__ import annotations

from collections.abc import Mapping

from aliado.report import words
from aliado.report.indicators import kpi_status, target_sign
from aliado.report.page import Page
from aliado.report.sheets import write_section
from aliado.report.theme import LINK, kpi_format
from aliado.rules.assessment import Assessment


def write_kpi_lines(
    page: Page, row: int, assessment: Assessment, prefixes: tuple[str, ...], methods: Mapping[str, int], last: int
) -> int:
    """Write the indicators whose id begins so, a line each over the first four columns; return the next row.

    methods: indicator -> zero-based row of its block on the audit sheet.
    """
    kpis = [kpi for kpi in assessment.kpis if kpi.id.startswith(prefixes) and kpi.value is not None]
    if not kpis:
        return row
    theme = page.theme
    row = write_section(page, row, words.KPIS, last)
    link = theme.style("line", font_color=LINK, underline=1, shrink=True)
    for kpi in kpis:
        page.link(row, 0, page.names["audit"], f"A{methods[kpi.id] + 1}", page.say(kpi.title), link)
        number = kpi_format(kpi, assessment.profile.currency, page.language)
        if kpi.value is not None:
            page.number(row, 1, kpi.value, theme.style("line", bold=True, shrink=True, num_format=number))
        if kpi.target is None:
            page.text(row, 2, "–", theme.style("line", align="right"))
        else:
            target = kpi_format(kpi, assessment.profile.currency, page.language, prefix=target_sign(kpi))
            page.number(row, 2, kpi.target, theme.style("line", shrink=True, num_format=target))
        word, status = kpi_status(kpi)
        page.text(row, 3, word, theme.status(status, indent=1, shrink=True), to=4)
        row += 1
    return row + 1
