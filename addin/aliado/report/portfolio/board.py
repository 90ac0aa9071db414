"""The board: every client of a run, worst first, and what follows for who answers for them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Final, Literal

from msgspec import Struct
from msgspec.structs import replace

from aliado.language import Language, Text, fold, same
from aliado.locales import Locale, locale_of
from aliado.report.portfolio.summary import Balance, ClientSummary, Duty, Indicator
from aliado.rules.workload import Workload

Status = Literal["refreshed", "unchanged", "skipped", "refused", "failed"]
DONE: Final = ("refreshed", "unchanged")


class Entry(Struct, frozen=True):
    """One client of the run. file: its workbook, from the board's folder, with "/" between folders.

    client: None where the workbook was not assessed; reason then says why.
    """

    file: str
    status: Status
    reason: Text | None
    client: ClientSummary | None

    @property
    def name(self) -> str:
        """What the client is called: as its profile says, else as its file."""
        known = self.client.name.strip() if self.client else ""
        return known or self.file.rpartition("/")[2].rpartition(".")[0] or self.file

    @property
    def done(self) -> bool:
        """Whether the client was assessed."""
        return self.client is not None


class ResponsibleLine(Struct, frozen=True):
    """What one person of the firm answers for."""

    name: str
    clients: int
    with_red: int
    red: int
    amber: int
    overdue_duties: int
    due_soon: int
    overdue_tasks: int


class OwnerLine(Struct, frozen=True):
    """Findings of one kind of work (collections, tax, ...) over all clients; owner None = nobody's."""

    owner: Text | None
    clients: int
    red: int
    amber: int
    info: int


class TaskLine(Struct, frozen=True):
    """Open tasks of one person over all clients ("" = nobody's)."""

    owner: str
    clients: int
    open: int
    overdue: int
    due_soon: int
    next_due: date | None


class CurrencyLine(Struct, frozen=True):
    """Open receivables of all clients in one currency; currencies are never added together."""

    currency: str
    clients: int
    outstanding: Decimal
    overdue: Decimal


class Board(Struct, frozen=True, dict=True):
    """All clients at one date. entries: worst first; the order is `worst_first`'s."""

    as_of: date
    entries: tuple[Entry, ...]

    @cached_property
    def clients(self) -> tuple[tuple[Entry, ClientSummary], ...]:
        """The clients that were assessed."""
        return tuple((entry, entry.client) for entry in self.entries if entry.client is not None)

    def locale(self, language: Language) -> Locale:
        """Return how the board writes amounts: one way in all its columns, that of most of its clients' countries."""
        found = Counter(locale_of(language, client.country) for _, client in self.clients)
        return max(found, key=lambda each: (found[each], each), default=locale_of(language, ""))

    @cached_property
    def indicators(self) -> tuple[Indicator, ...]:
        """One of each indicator that has a target at some client, in the order of the rules."""
        found: dict[str, Indicator] = {}
        judged = {kpi.id for _, client in self.clients for kpi in client.indicators if kpi.status != "none"}
        for _, client in self.clients:
            for kpi in client.indicators:
                if kpi.id in judged:
                    found.setdefault(kpi.id, kpi)
        return tuple(found.values())

    @cached_property
    def obligations(self) -> tuple[Duty, ...]:
        """One of each obligation that some client has, by id."""
        found = {duty.obligation: duty for _, client in self.clients for duty in client.duties}
        return tuple(found[name] for name in sorted(found))

    @cached_property
    def responsible(self) -> tuple[ResponsibleLine, ...]:
        """What each responsible person has, the most red first; clients that were not assessed are nobody's here."""
        grouped: dict[str, list[ClientSummary]] = {}
        for _, client in self.clients:
            grouped.setdefault(client.responsible, []).append(client)
        lines = [_responsible(name, clients) for name, clients in grouped.items()]
        return tuple(sorted(lines, key=lambda line: (-line.red, -line.amber, fold(line.name))))

    @cached_property
    def owners(self) -> tuple[OwnerLine, ...]:
        """Findings by kind of work, the most red first."""
        found: dict[Text | None, list[int]] = {}
        for _, client in self.clients:
            for count in client.counts:
                line = found.setdefault(count.owner, [0, 0, 0, 0])
                for place, more in enumerate((1, count.red, count.amber, count.info)):
                    line[place] += more
        lines = [OwnerLine(owner, *numbers) for owner, numbers in found.items()]
        return tuple(sorted(lines, key=lambda line: (-line.red, -line.amber, line.owner or same(""))))

    @cached_property
    def tasks(self) -> tuple[TaskLine, ...]:
        """Open tasks by person, the most overdue first."""
        found: dict[str, list[Workload]] = {}
        for _, client in self.clients:
            for load in client.tasks:
                found.setdefault(fold(load.owner), []).append(load)
        lines = [_tasks(loads) for loads in found.values()]
        return tuple(sorted(lines, key=lambda line: (-line.overdue, -line.open, not line.owner, fold(line.owner))))

    @cached_property
    def balances(self) -> tuple[tuple[Entry, ClientSummary, Balance], ...]:
        """Every client's balance in each of its currencies, where there is one."""
        return tuple(
            (entry, client, balance)
            for entry, client in self.clients
            for balance in client.balances
            if balance.outstanding or balance.overdue
        )

    @cached_property
    def currencies(self) -> tuple[CurrencyLine, ...]:
        """Open receivables by currency, by code."""
        found: dict[str, list[Balance]] = {}
        for _, _, balance in self.balances:
            found.setdefault(balance.currency, []).append(balance)
        return tuple(
            CurrencyLine(
                code,
                len(lines),
                sum((line.outstanding for line in lines), Decimal(0)),
                sum((line.overdue for line in lines), Decimal(0)),
            )
            for code, lines in sorted(found.items())
        )


def make_board(entries: Iterable[Entry], as_of: date) -> Board:
    """Return the board of a run. A responsible person whose name is spelt in two ways counts once."""
    spelt: dict[str, str] = {}
    even = []
    for entry in entries:
        if entry.client is not None:
            name = " ".join(entry.client.responsible.split())
            known = spelt.setdefault(fold(name), name)
            even.append(replace(entry, client=replace(entry.client, responsible=known)))
        else:
            even.append(entry)
    return Board(as_of, tuple(sorted(even, key=worst_first)))


def worst_first(entry: Entry) -> tuple[bool, int, int, int, int, str, str]:
    """Return a key that puts first what could not be assessed, then the most red, overdue obligations, tasks and amber."""
    client = entry.client
    if client is None:
        return (False, 0, 0, 0, 0, fold(entry.name), entry.file)
    return (
        True,
        -client.count("red"),
        -client.overdue_duties,
        -client.overdue_tasks,
        -client.count("amber"),
        fold(entry.name),
        entry.file,
    )


def _responsible(name: str, clients: list[ClientSummary]) -> ResponsibleLine:
    return ResponsibleLine(
        name=name,
        clients=len(clients),
        with_red=sum(client.count("red") > 0 for client in clients),
        red=sum(client.count("red") for client in clients),
        amber=sum(client.count("amber") for client in clients),
        overdue_duties=sum(client.overdue_duties for client in clients),
        due_soon=sum(client.due_soon for client in clients),
        overdue_tasks=sum(client.overdue_tasks for client in clients),
    )


def _tasks(loads: list[Workload]) -> TaskLine:
    return TaskLine(
        owner=loads[0].owner,
        clients=len(loads),
        open=sum(load.open for load in loads),
        overdue=sum(load.overdue for load in loads),
        due_soon=sum(load.due_soon for load in loads),
        next_due=min((load.next_due for load in loads if load.next_due is not None), default=None),
    )
