"""The board as one page (.html) that needs nothing else: no script, font or picture from outside."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from decimal import Decimal
from importlib.resources import files
from typing import Final
from urllib.parse import quote

from msgspec import Struct

from aliado.language import Language, Text, write_date
from aliado.locales import Locale, write_amount
from aliado.report import words as sheet_words
from aliado.report.page import clean
from aliado.report.portfolio import words
from aliado.report.portfolio.board import Board, Entry
from aliado.report.portfolio.figures import (
    light_of,
    money,
    remark,
    responsible_of,
    say_duty,
    say_indicator,
    say_share,
    unlisted,
)
from aliado.report.portfolio.summary import ALERTS_LISTED, ClientSummary
from aliado.report.theme import STATUS


class Cell(Struct, frozen=True):
    """One cell. sort: what it is ordered by, a number or a text. light: a status, "" where it has none. link: a path. long: prose."""

    text: str
    sort: str = ""
    light: str = ""
    link: str = ""
    number: bool = False
    long: bool = False

    @property
    def style(self) -> str:
        """The classes of the cell."""
        marks = ("number" if self.number else "", "long" if self.long else "", self.light)
        return " ".join(mark for mark in marks if mark)


class Grid(Struct, frozen=True):
    """One table of the page; the first column of each row is its header. rows: (who answers for it, cells)."""

    id: str
    title: str
    hint: str
    heads: tuple[tuple[str, bool], ...]
    rows: tuple[tuple[str, tuple[Cell, ...]], ...]
    wide: bool = False


class Card(Struct, frozen=True):
    """One figure at the top of the page."""

    label: str
    value: str
    light: str


def render_page(board: Board, language: Language, version: str) -> str:
    """Return the board as an HTML page; the same board gives the same page.

    Only the page's own script and style run in it: the policy in its head names them by their SHA-256.
    """
    from jinja2 import Environment, StrictUndefined  # late: only the board needs it

    style = _read("board.css").replace("/* lights */", _write_lights())
    script = _read("board.js")
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(_read("board.html")).render(
        language=language,
        title=words.TITLE.to(language),
        subtitle=words.AS_OF.format(date=write_date(board.as_of, language), count=len(board.entries)).to(language),
        cards=_cards(board, language),
        grids=_grids(board, language),
        people=sorted({responsible_of(entry, language) for entry, _ in board.clients}, key=str.casefold),
        say=lambda name: getattr(words, name).to(language),
        made_with=words.MADE_WITH.format(version=version).to(language),
        style=style,
        script=script,
        style_hash=_hash(style),
        script_hash=_hash(script),
    )


def _read(name: str) -> str:
    return files("aliado.report.portfolio").joinpath(name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _write_lights() -> str:
    return "\n".join(f".{name} {{ color: {ink}; background: {fill}; }}" for name, (ink, fill) in STATUS.items())


def _cards(board: Board, language: Language) -> list[Card]:
    missing = len(board.entries) - len(board.clients)
    figures: tuple[tuple[Text, int, str], ...] = (
        (words.CLIENTS, len(board.entries), ""),
        (words.UP_TO_DATE, len(board.clients), ""),
        (words.NOT_READ, missing, "red"),
        (words.RED, sum(client.count("red") for _, client in board.clients), "red"),
        (words.OVERDUE_DUTIES, sum(client.overdue_duties for _, client in board.clients), "red"),
        (words.OVERDUE_TASKS, sum(client.overdue_tasks for _, client in board.clients), "amber"),
    )
    return [
        Card(title.to(language), write_amount(Decimal(count), board.locale(language), 0), light if count else "")
        for title, count, light in figures
    ]


def _grids(board: Board, language: Language) -> list[Grid]:
    return [
        _overview(board, language),
        _indicators(board, language),
        _obligations(board, language),
        _alerts(board, language),
        _responsible(board, language),
        _owners(board, language),
        _people(board, language),
        _currencies(board, language),
    ]


def _client(entry: Entry) -> Cell:
    return Cell(clean(entry.name), link=quote(entry.file, safe="/", errors="surrogateescape"))


def _count(count: int, light: str = "") -> Cell:
    return Cell(str(count), sort=str(count), light=light if count else "", number=True)


def _heads(language: Language, *titles: tuple[Text, bool]) -> tuple[tuple[str, bool], ...]:
    return tuple((title.to(language), number) for title, number in titles)


_TEXT: Final = False
_NUMBER: Final = True


def _overview(board: Board, language: Language) -> Grid:
    rows, locale = [], board.locale(language)
    for entry in board.entries:
        state = Cell(words.STATUSES[entry.status].to(language), light=words.LIGHTS[entry.status])
        who = responsible_of(entry, language)
        start = (_client(entry), Cell(clean(who)), state)
        client = entry.client
        if client is None:
            cells = (
                *start,
                *(Cell("–", sort="-1", number=True) for _ in range(8)),
                Cell(clean(remark(entry, locale)), long=True),
            )
        else:
            cells = (*start, *_figures(client, locale), Cell(clean(remark(entry, locale)), long=True))
        rows.append((who, cells))
    heads = _heads(
        language,
        (words.CLIENT, _TEXT),
        (words.RESPONSIBLE, _TEXT),
        (words.STATE, _TEXT),
        (words.RED, _NUMBER),
        (words.AMBER, _NUMBER),
        (words.OVERDUE_DUTIES, _NUMBER),
        (words.DUE_SOON, _NUMBER),
        (words.OVERDUE_TASKS, _NUMBER),
        (words.TIES, _TEXT),
        (words.OUTSTANDING, _NUMBER),
        (words.SHARE_OVERDUE, _NUMBER),
        (words.REMARK, _TEXT),
    )
    return Grid("clientes", words.OVERVIEW.to(language), words.ORDER.to(language), heads, tuple(rows))


def _figures(client: ClientSummary, locale: Locale) -> tuple[Cell, ...]:
    language = locale.language
    ties = (
        Cell(words.TIES_NO.to(language), light="red")
        if client.broken
        else Cell(words.TIES_YES.to(language), light="green")
    )
    debt = (Cell("–", sort="-1", number=True), Cell("–", sort="-1", number=True))
    if client.balances:
        own = client.balances[0]
        share = own.overdue / own.outstanding if own.outstanding > 0 else None
        amount = f"{money(own.outstanding, own.currency, locale)} {own.currency}"
        percent = "–" if share is None else say_share(share, locale)
        debt = (
            Cell(amount, sort=f"{own.outstanding:f}", number=True),
            Cell(percent, sort="-1" if share is None else f"{share:.6f}", number=True),
        )
    return (
        _count(client.count("red"), "red"),
        _count(client.count("amber"), "amber"),
        _count(client.overdue_duties, "red"),
        _count(client.due_soon),
        _count(client.overdue_tasks, "amber"),
        ties,
        *debt,
    )


def _matrix_rows(
    board: Board, language: Language, cells: Sequence[tuple[Cell, ...]]
) -> tuple[tuple[str, tuple[Cell, ...]], ...]:
    return tuple(
        (responsible_of(entry, language), (_client(entry), *line))
        for (entry, _), line in zip(board.clients, cells, strict=True)
    )


def _indicators(board: Board, language: Language) -> Grid:
    lines: list[tuple[Cell, ...]] = []
    locale = board.locale(language)
    for _, client in board.clients:
        known = {kpi.id: kpi for kpi in client.indicators}
        line = []
        for column in board.indicators:
            kpi = known.get(column.id)
            if kpi is None or kpi.value is None:
                line.append(
                    Cell("" if kpi is None else sheet_words.NOT_AVAILABLE.to(language), sort="-1e99", number=True)
                )
                continue
            text = f"{words.SYMBOLS[kpi.status]} {say_indicator(kpi, client.currency, locale)}"
            line.append(Cell(text, sort=f"{kpi.value:f}", light=kpi.status, number=True))
        lines.append(tuple(line))
    heads = _heads(language, (words.CLIENT, _TEXT), *((kpi.title, _NUMBER) for kpi in board.indicators))
    title, hint = words.INDICATORS.to(language), words.INDICATORS_HINT.to(language)
    return Grid("indicadores", title, hint, heads, _matrix_rows(board, language, lines), wide=True)


def _obligations(board: Board, language: Language) -> Grid:
    urgency = {"red": 0, "amber": 1, "none": 2, "green": 3}
    lines = []
    for _, client in board.clients:
        known = {duty.obligation: duty for duty in client.duties}
        line = []
        for column in board.obligations:
            duty = known.get(column.obligation)
            if duty is None:
                line.append(Cell("", sort="9"))
                continue
            light = light_of(duty)
            line.append(Cell(say_duty(duty, language), sort=f"{urgency[light]}{duty.due.isoformat()}", light=light))
        lines.append(tuple(line))
    titles = tuple((f"{duty.obligation} {duty.title.to(language)}", _TEXT) for duty in board.obligations)
    heads = (*_heads(language, (words.CLIENT, _TEXT)), *titles)
    title, hint = words.OBLIGATIONS.to(language), words.OBLIGATIONS_HINT.to(language)
    return Grid("obligaciones", title, hint, heads, _matrix_rows(board, language, lines), wide=True)


def _alerts(board: Board, language: Language) -> Grid:
    rows = []
    for entry, client in board.clients:
        who = responsible_of(entry, language)
        for alert in client.alerts:
            where = ""
            if alert.sheet and alert.row:
                where = words.ROW.format(sheet=alert.sheet, row=alert.row).to(language)
            cells = (
                _client(entry),
                Cell(clean(who)),
                Cell(
                    sheet_words.SEVERITIES[alert.severity].to(language),
                    sort="0" if alert.severity == "red" else "1",
                    light=alert.severity,
                ),
                Cell((alert.owner or words.NOBODY).to(language)),
                Cell(alert.rule),
                Cell(clean(alert.message.to(language)), long=True),
                Cell(clean(where)),
            )
            rows.append((who, cells))
        if unlisted(client):
            more = words.MORE_ALERTS.format(count=unlisted(client)).to(language)
            blank = Cell("")
            rows.append((who, (_client(entry), Cell(clean(who)), Cell("", sort="2"), blank, blank, Cell(more), blank)))
    heads = _heads(
        language,
        *((title, _TEXT) for title in (words.CLIENT, words.RESPONSIBLE, words.SEVERITY, words.OWNER)),
        *((title, _TEXT) for title in (words.RULE, words.MESSAGE, words.PLACE)),
    )
    hint = words.ALERTS_HINT.format(count=ALERTS_LISTED).to(language)
    return Grid("alertas", words.ALERTS.to(language), hint, heads, tuple(rows))


def _responsible(board: Board, language: Language) -> Grid:
    rows = []
    for line in board.responsible:
        name = line.name or words.NOBODY.to(language)
        counts = (
            _count(line.clients),
            _count(line.with_red, "red"),
            _count(line.red, "red"),
            _count(line.amber, "amber"),
            _count(line.overdue_duties, "red"),
            _count(line.due_soon),
            _count(line.overdue_tasks, "amber"),
        )
        rows.append((name, (Cell(clean(name)), *counts)))
    heads = _heads(
        language,
        (words.RESPONSIBLE, _TEXT),
        *((title, _NUMBER) for title in (words.CLIENTS, words.WITH_RED, words.RED, words.AMBER)),
        *((title, _NUMBER) for title in (words.OVERDUE_DUTIES, words.DUE_SOON, words.OVERDUE_TASKS)),
    )
    return Grid("responsables", words.BY_RESPONSIBLE.to(language), "", heads, tuple(rows))


def _owners(board: Board, language: Language) -> Grid:
    rows = tuple(
        (
            "",
            (
                Cell((line.owner or words.NOBODY).to(language)),
                _count(line.clients),
                _count(line.red, "red"),
                _count(line.amber, "amber"),
                _count(line.info),
            ),
        )
        for line in board.owners
    )
    titles = ((title, _NUMBER) for title in (words.CLIENTS, words.RED, words.AMBER, words.INFO))
    return Grid("areas", words.BY_OWNER.to(language), "", _heads(language, (words.OWNER, _TEXT), *titles), rows)


def _people(board: Board, language: Language) -> Grid:
    rows = []
    for line in board.tasks:
        due = line.next_due
        day = Cell("–", sort="9") if due is None else Cell(write_date(due, language), sort=due.isoformat())
        counts = (_count(line.clients), _count(line.open), _count(line.overdue, "amber"), _count(line.due_soon))
        rows.append(("", (Cell(clean(line.owner) or words.NOBODY.to(language)), *counts, day)))
    titles = ((title, _NUMBER) for title in (words.CLIENTS, words.OPEN_TASKS, words.OVERDUE_TASKS, words.TASKS_SOON))
    heads = _heads(language, (words.PERSON, _TEXT), *titles, (words.NEXT_DUE, _TEXT))
    return Grid("personas", words.BY_PERSON.to(language), "", heads, tuple(rows))


def _currencies(board: Board, language: Language) -> Grid:
    rows, locale = [], board.locale(language)
    for line in board.currencies:
        share = line.overdue / line.outstanding if line.outstanding > 0 else None
        cells = (
            Cell(clean(line.currency)),
            _count(line.clients),
            Cell(money(line.outstanding, line.currency, locale), sort=f"{line.outstanding:f}", number=True),
            Cell(money(line.overdue, line.currency, locale), sort=f"{line.overdue:f}", number=True),
            Cell(
                "–" if share is None else say_share(share, locale),
                sort="-1" if share is None else f"{share:.6f}",
                number=True,
            ),
        )
        rows.append(("", cells))
    titles = (words.CLIENTS, words.OUTSTANDING, words.OVERDUE, words.SHARE_OVERDUE)
    heads = _heads(language, (words.CURRENCY, _TEXT), *((title, _NUMBER) for title in titles))
    return Grid("monedas", words.BALANCES.to(language), words.BALANCES_HINT.to(language), heads, tuple(rows))
