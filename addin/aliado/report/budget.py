"""The sheet of variances: budget against actual per account over the fiscal year so far, with totals and a chart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from aliado.language import Text
from aliado.locales import write_amount
from aliado.report import words_work as words
from aliado.report.kpi_lines import write_kpi_lines
from aliado.report.listing import widths_of, write_list_head
from aliado.report.page import Page, lines_needed
from aliado.report.sheets import write_heading
from aliado.report.theme import BAND_COLOURS, BAR, FONT, HAIR, INK, LINK, NAVY, STATUS, money_format, padded
from aliado.report.words import DIFFERENCE
from aliado.report.words import STATUS as STATUS_HEAD
from aliado.rules.assessment import Assessment, BudgetLine

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook

TABLE: Final = "AliadoBudget"
HEADINGS: Final = (
    (words.ACCOUNT, 42.0),
    (words.KIND, 12.0),
    (words.BUDGETED, 17.0),
    (words.ACTUAL, 17.0),
    (DIFFERENCE, 17.0),
    (words.FAVOURABLE, 17.0),
    (words.FAVOURABLE_SHARE, 18.0),
    (STATUS_HEAD, 22.0),
    (words.ROWS, 24.0),
)
BUDGETED, ACTUAL, GAP, FAVOURABLE, SHARE, LIGHT, PLACE = range(2, 9)
HEADER_ROW: Final = 4
CHARTED: Final = 14
"""Accounts that the chart can show and still be read."""
FAR: Final = Decimal("0.25")
"""A variance of a quarter of the budget fills its bar."""


def write_budget(page: Page, workbook: Workbook, assessment: Assessment, methods: Mapping[str, int]) -> None:
    """Write the sheet."""
    lines, currency = assessment.budget, assessment.profile.currency
    last = len(HEADINGS) - 1
    page.set_widths(widths_of(HEADINGS))
    write_heading(page, words.BUDGET_TITLE, assessment)
    hint = page.say(words.BUDGET_HINT)
    page.text(2, 0, hint, page.theme.style("prose"), to=last)
    page.set_row(2, 15 * lines_needed(hint, 160) + 3)
    first = write_list_head(page, HEADER_ROW, TABLE, HEADINGS, len(lines), numbers=range(BUDGETED, SHARE + 1))
    number = padded(money_format(currency, [figure for line in lines for figure in (line.budget, line.actual)]))
    for row, line in enumerate(lines, first):
        _write_line(page, row, line, number)
    if not lines:
        page.text(first, 0, words.NO_BUDGET, page.theme.style("good"))
    bottom = first + max(1, len(lines)) - 1
    _draw_bars(page, first, bottom)
    row = _write_totals(page, bottom + 1, lines, number, (first, bottom))
    row = write_kpi_lines(page, row + 1, assessment, ("BUD-",), methods, last)
    if lines:
        _insert_chart(page, workbook, row, lines, (first, bottom), currency)
    page.sheet.freeze_panes(first, 1)
    page.sheet.repeat_rows(HEADER_ROW)
    page.print_on_a4(assessment.profile.name, landscape=True)
    page.sheet.print_area(0, 0, row + _chart_rows(lines), last)


def _write_line(page: Page, row: int, line: BudgetLine, number: str) -> None:
    theme, cell = page.theme, row + 1
    money, text = theme.style("line", num_format=number), theme.style("line", shrink=True)
    page.text(row, 0, line.account, text)
    page.text(row, 1, words.KINDS.get(line.kind, line.kind), text)
    page.number(row, BUDGETED, line.budget, money)
    page.number(row, ACTUAL, line.actual, money)
    page.formula(row, GAP, f"=D{cell}-C{cell}", line.actual - line.budget, money)
    light = "none" if line.favourable is None else "green" if line.favourable >= 0 else "amber"
    if line.favourable is None:
        page.text(row, FAVOURABLE, "–", theme.style("line", align="right"))
        page.text(row, SHARE, "–", theme.style("line", align="right"))
    else:
        sign = "-" if line.kind == "gasto" else ""
        bold = theme.style("line", num_format=number, bold=True, font_color=STATUS[light][0])
        page.formula(row, FAVOURABLE, f"={sign}E{cell}", line.favourable, bold)
        _write_share(page, row, line.favourable, line.budget, "line")
    page.text(row, LIGHT, words.BUDGET_STATES[light], theme.status(light, indent=1, shrink=True))
    rows = ", ".join(str(row) for row in line.rows)
    link = theme.style("line", font_color=LINK, underline=1, shrink=True)
    page.link(row, PLACE, line.sheet, f"A{line.rows[0]}", f"{line.sheet}: {rows}", link)


def _write_share(page: Page, row: int, favourable: Decimal, budget: Decimal, style: str) -> None:
    """Write a favourable variance as a share of its budget, a dash where nothing was budgeted."""
    percent = page.theme.style(style, num_format=padded(page.theme.percent), align="right")
    value: Decimal | str = favourable / abs(budget) if budget else "–"
    page.formula(row, SHARE, f'=IF(C{row + 1}=0,"–",F{row + 1}/ABS(C{row + 1}))', value, percent)


def _draw_bars(page: Page, first: int, last: int) -> None:
    """Draw each share as a bar from the middle: to the right what is better, to the left what is worse."""
    bars = {
        "type": "data_bar",
        "data_bar_2010": True,
        "bar_solid": True,
        "bar_color": BAR,
        "bar_negative_color": BAND_COLOURS[2],
        "bar_axis_position": "middle",
        "min_type": "num",
        "min_value": -float(FAR),
        "max_type": "num",
        "max_value": float(FAR),
    }
    page.sheet.conditional_format(first, SHARE, last, SHARE, bars)


def _write_totals(page: Page, row: int, lines: Sequence[BudgetLine], number: str, rows: tuple[int, int]) -> int:
    """Write income, expense and the result as sums over the list; return the next row."""
    sides = {kind: [line for line in lines if line.kind == kind] for kind in ("ingreso", "gasto")}
    sums = {kind: [_sum(own, "budget"), _sum(own, "actual")] for kind, own in sides.items()}
    titles: tuple[tuple[str, Text], ...] = (("ingreso", words.INCOME_TOTAL), ("gasto", words.EXPENSE_TOTAL))
    for kind, title in titles:
        word = page.say(words.KINDS[kind])
        criteria = f'$B${rows[0] + 1}:$B${rows[1] + 1},"{word}"'
        cells = [f"=SUMIF({criteria},{letter}${rows[0] + 1}:{letter}${rows[1] + 1})" for letter in "CD"]
        _write_total(page, row, title, cells, sums[kind], number, sign=-1 if kind == "gasto" else 1)
        row += 1
    cells = [f"={letter}{row - 1}-{letter}{row}" for letter in "CD"]
    result = [income - expense for income, expense in zip(sums["ingreso"], sums["gasto"], strict=True)]
    _write_total(page, row, words.RESULT, cells, result, number, style="total")
    return row + 1


def _sum(lines: Sequence[BudgetLine], name: str) -> Decimal:
    return sum((getattr(line, name) for line in lines), Decimal(0))


def _write_total(
    page: Page,
    row: int,
    title: Text,
    formulas: Sequence[str],
    values: Sequence[Decimal],
    number: str,
    *,
    sign: int = 1,
    style: str = "subtotal",
) -> None:
    theme, cell = page.theme, row + 1
    money = theme.style(style, num_format=number)
    page.text(row, 0, title, theme.style(style), to=1)
    for column, formula, value in zip((BUDGETED, ACTUAL), formulas, values, strict=True):
        page.formula(row, column, formula, value, money)
    gap = values[1] - values[0]
    page.formula(row, GAP, f"=D{cell}-C{cell}", gap, money)
    page.formula(row, FAVOURABLE, f"={'-' if sign < 0 else ''}E{cell}", sign * gap, money)
    _write_share(page, row, sign * gap, values[0], style)
    for column in (LIGHT, PLACE):
        page.text(row, column, "", theme.style(style))


def _chart_rows(lines: Sequence[BudgetLine]) -> int:
    return 4 + 2 * min(len(lines), CHARTED)


def _insert_chart(
    page: Page, workbook: Workbook, row: int, lines: Sequence[BudgetLine], rows: tuple[int, int], currency: str
) -> None:
    last = min(rows[1], rows[0] + CHARTED - 1)
    sheet, font = page.ref("budget"), {"name": FONT, "size": 9, "color": INK}
    chart: Any = workbook.add_chart({"type": "bar"})
    for letter, head, colour in (("C", words.BUDGETED, BAR), ("D", words.ACTUAL, NAVY)):
        chart.add_series(
            {
                "name": page.say(head),
                "categories": f"={sheet}!$A${rows[0] + 1}:$A${last + 1}",
                "values": f"={sheet}!${letter}${rows[0] + 1}:${letter}${last + 1}",
                "fill": {"color": colour},
                "gap": 60,
            }
        )
    title = f"{page.say(words.BUDGET_CHART_TITLE)} · {currency}"
    chart.set_title({"name": title, "name_font": {**font, "bold": False}, "overlay": False})
    chart.set_legend({"position": "bottom", "font": font})
    chart.set_x_axis(
        {"num_format": "#,##0", "num_font": font, "major_gridlines": {"visible": True, "line": {"color": HAIR}}}
    )
    chart.set_y_axis({"reverse": True, "num_font": font, "label_position": "low", "major_tick_mark": "none"})
    chart.set_chartarea({"border": {"none": True}, "fill": {"none": True}})
    chart.set_size({"width": 1_000, "height": 20 * (_chart_rows(lines) - 1)})
    told = "; ".join(
        f"{line.account}: {write_amount(line.budget, page.locale)} / {write_amount(line.actual, page.locale)}"
        for line in lines[:CHARTED]
    )
    description = page.say(words.BUDGET_CHART.format(accounts=told))
    page.sheet.insert_chart(
        row, 0, chart, {"x_offset": 8, "y_offset": 6, "description": description[:2_000], "object_position": 1}
    )
