"""The board's first sheet: the run in figures, and every client, worst first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from aliado.language import Text, write_date
from aliado.report.page import Page, cell_letters, lines_needed
from aliado.report.portfolio import words
from aliado.report.portfolio.board import Board, Entry
from aliado.report.portfolio.figures import remark, responsible_of
from aliado.report.portfolio.summary import ClientSummary
from aliado.report.theme import LINK, MIST, NAVY, PAPER, STATUS, money_format

if TYPE_CHECKING:
    from xlsxwriter.format import Format

HEADS: Final[Mapping[str, tuple[Text, float]]] = {
    "rank": (words.RANK, 6),
    "client": (words.CLIENT, 36),
    "responsible": (words.RESPONSIBLE, 18),
    "country": (words.COUNTRY, 7),
    "state": (words.STATE, 13),
    "red": (words.RED, 10),
    "amber": (words.AMBER, 10),
    "overdue_duties": (words.OVERDUE_DUTIES, 13),
    "due_soon": (words.DUE_SOON, 11),
    "overdue_tasks": (words.OVERDUE_TASKS, 10),
    "rejected": (words.REJECTED, 11),
    "ties": (words.TIES, 9),
    "currency": (words.CURRENCY, 9),
    "outstanding": (words.OUTSTANDING, 16),
    "overdue": (words.OVERDUE, 15),
    "share": (words.SHARE_OVERDUE, 10),
    "remark": (words.REMARK, 50),
}
COLUMN: Final = {name: place for place, name in enumerate(HEADS)}
LAST: Final = len(HEADS) - 1
COUNTED: Final = ("red", "amber", "overdue_duties", "due_soon", "overdue_tasks")
_REMARK_CHARACTERS: Final = 55
_CARDS: Final[Sequence[tuple[int, int, str, Text]]] = (
    (0, 1, "clients", words.CLIENTS),
    (2, 2, "up_to_date", words.UP_TO_DATE),
    (3, 4, "not_read", words.NOT_READ),
    (5, 6, "red", words.RED),
    (7, 8, "overdue_duties", words.OVERDUE_DUTIES),
    (9, 10, "overdue_tasks", words.OVERDUE_TASKS),
)


class Place(Struct, frozen=True):
    """Where the clients stand: sheet name as in formulas, first and last row (1-based)."""

    sheet: str
    first: int
    last: int

    def range(self, name: str) -> str:
        """Return the cells of a column, with their sheet."""
        letters = cell_letters(COLUMN[name])
        return f"{self.sheet}!${letters}${self.first}:${letters}${self.last}"


def write_heading(page: Page, board: Board, title: Text) -> None:
    """Write a sheet's title and, under it, the date and how many clients there are."""
    page.set_row(0, 30)
    page.text(0, 0, title, page.theme.style("title"))
    line = words.AS_OF.format(date=write_date(board.as_of, page.language), count=len(board.entries))
    page.text(1, 0, page.say(line), page.theme.style("subtitle"))


def write_overview(page: Page, board: Board) -> Place:
    """Write the sheet and return where the clients stand."""
    page.set_widths([width for _, width in HEADS.values()])
    write_heading(page, board, words.TITLE)
    head = 6
    place = Place(page.ref("overview"), head + 2, max(head + 1 + len(board.entries), head + 2))
    _write_cards(page, 3, board, place)
    page.text(5, 0, words.ORDER, page.theme.style("footer", font_size=9))
    write_heads(page, head, [title for title, _ in HEADS.values()], left=(1, 2, 4, 16))
    for row, entry in enumerate(board.entries, head + 1):
        _write_entry(page, row, row - head, entry)
    page.sheet.autofilter(head, 0, place.last - 1, LAST)
    page.sheet.freeze_panes(head + 1, 2)
    page.sheet.repeat_rows(head)
    page.print_on_a4(page.say(words.TITLE), landscape=True)
    return place


def write_heads(page: Page, row: int, titles: Sequence[Text | str], left: Sequence[int]) -> None:
    """Write the heads of a table; left: the columns that hold text."""
    for column, title in enumerate(titles):
        page.text(row, column, title, page.theme.style("head", align="left" if column in left else "center"))
    page.set_row(row, 32)


def _write_cards(page: Page, row: int, board: Board, place: Place) -> None:
    theme = page.theme
    page.set_row(row, 17)
    page.set_row(row + 1, 30)
    done = len(board.clients)
    read = f'{place.range("rank")},"<>",{place.range("red")},"<>–"'
    figures: Mapping[str, tuple[str, int]] = {
        "clients": (f"=COUNT({place.range('rank')})", len(board.entries)),
        "up_to_date": (f"=COUNTIFS({read})", done),
        "not_read": (f'=COUNTIF({place.range("red")},"–")', len(board.entries) - done),
        "red": (f"=SUM({place.range('red')})", sum(client.count("red") for _, client in board.clients)),
        "overdue_duties": (
            f"=SUM({place.range('overdue_duties')})",
            sum(client.overdue_duties for _, client in board.clients),
        ),
        "overdue_tasks": (
            f"=SUM({place.range('overdue_tasks')})",
            sum(client.overdue_tasks for _, client in board.clients),
        ),
    }
    for first, last, name, title in _CARDS:
        formula, value = figures[name]
        light = "red" if value and name not in {"clients", "up_to_date"} else "none"
        colour = STATUS[light][0] if light == "red" else NAVY
        edges = {"left": 5, "left_color": PAPER, "bg_color": MIST, "indent": 1}
        page.text(row, first, title, theme.style("label", top=5, top_color=colour, **edges), to=last)
        style = theme.style("title", font_color=colour, align="left", num_format="#,##0", **edges)
        page.formula(row + 1, first, formula, value, style, to=last)


def _write_entry(page: Page, row: int, rank: int, entry: Entry) -> None:
    theme, say = page.theme, page.say
    centre = theme.style("line", align="center")
    page.number(row, COLUMN["rank"], rank, centre)
    page.open_file(row, COLUMN["client"], entry.file, None, entry.name, link_style(page))
    page.text(row, COLUMN["responsible"], responsible_of(entry, page.language), theme.style("line", shrink=True))
    page.text(
        row, COLUMN["state"], say(words.STATUSES[entry.status]), theme.status(words.LIGHTS[entry.status], indent=1)
    )
    said = remark(entry, page.locale)
    lines = lines_needed(said, _REMARK_CHARACTERS)
    page.text(row, COLUMN["remark"], said, theme.style("line", font_size=9, indent=1, text_wrap=lines > 1))
    page.set_row(row, max(16.5, 12.5 * min(lines, 8) + 4))
    if entry.client is None:
        for name in ("country", *COUNTED, "rejected", "ties", "currency", "outstanding", "overdue", "share"):
            page.text(row, COLUMN[name], "–", centre)
        return
    client = entry.client
    page.text(row, COLUMN["country"], client.country, centre)
    counts = {
        "red": (client.count("red"), "red"),
        "amber": (client.count("amber"), "amber"),
        "overdue_duties": (client.overdue_duties, "red"),
        "due_soon": (client.due_soon, "none"),
        "overdue_tasks": (client.overdue_tasks, "amber"),
        "rejected": (client.rejected, "amber"),
    }
    for name, (count, light) in counts.items():
        write_count(page, row, COLUMN[name], count, light)
    ties, light = (words.TIES_NO, "red") if client.broken else (words.TIES_YES, "green")
    page.text(row, COLUMN["ties"], ties, theme.style("line", align="center", font_color=STATUS[light][0], bold=True))
    _write_balance(page, row, client)


def _write_balance(page: Page, row: int, client: ClientSummary) -> None:
    theme = page.theme
    centre = theme.style("line", align="center")
    page.text(row, COLUMN["currency"], client.currency or "–", centre)
    if not client.balances:
        for name in ("outstanding", "overdue", "share"):
            page.text(row, COLUMN[name], "–", theme.style("line", align="right"))
        return
    own = client.balances[0]
    number = theme.style("line", num_format=money_format(own.currency, (own.outstanding, own.overdue)))
    page.number(row, COLUMN["outstanding"], own.outstanding, number)
    page.number(row, COLUMN["overdue"], own.overdue, number)
    write_share(page, row, COLUMN["share"], COLUMN["outstanding"], own.outstanding, own.overdue)


def write_share(page: Page, row: int, column: int, whole: int, outstanding: Decimal, overdue: Decimal) -> None:
    """Write overdue / outstanding, the overdue amount standing right of the outstanding one; a dash without debt."""
    top, bottom = f"{cell_letters(whole + 1)}{row + 1}", f"{cell_letters(whole)}{row + 1}"
    value: Decimal | str = overdue / outstanding if outstanding > 0 else "–"
    style = page.theme.style("line", num_format=page.theme.percent, align="right")
    page.formula(row, column, f'=IF({bottom}>0,{top}/{bottom},"–")', value, style)


def write_count(page: Page, row: int, column: int, count: int, light: str) -> None:
    """Write a count, coloured where there is something; "none" is never coloured."""
    page.number(row, column, count, count_style(page, count, light))


def count_style(page: Page, count: int, light: str) -> Format:
    """Return the style of a count in the colour of a light, plain where it is 0 or the light is "none"."""
    if count and light != "none":
        return page.theme.status(light, align="center")
    return page.theme.style("line", align="center")


def link_style(page: Page) -> Format:
    """Return the style of links to workbooks."""
    return page.theme.style("line", font_color=LINK, underline=1, shrink=True)
