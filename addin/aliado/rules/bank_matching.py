"""Bank movements matched with receipts and payments: by amount and date, one to one, then one to several.

Every step is bounded, so that a year of a busy bank takes no longer than reading it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from aliado.formula.values import State
from aliado.language import Text, fold, write_amount
from aliado.rules.assessment import Evidence
from aliado.rules.marked import Marked, evidence, flagged_table
from aliado.rules.models import Flag
from aliado.rules.numbering import number_tokens
from aliado.rules.receivables import money
from aliado.rules.standing import Standing, row_currencies
from aliado.tables.open_items import PAID_DATE, OpenItems
from aliado.tables.table import Table

MOST_PARTS = 6
"""Entries that one movement may stand for (or movements that one entry may), at most."""

MOST_CANDIDATES = 14
"""Entries in the window that combinations are tried with; with more of them only whole parties and days are."""

DAYS = 5
"""How far apart the dates may be where the pack does not say (parameter dias_conciliacion)."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Money in (positive cents) or out: a bank movement, or a receipt or payment. row: index in its table."""

    day: int
    cents: int
    currency: str
    row: int
    table: str
    party: str = ""
    words: frozenset[tuple[str, ...]] = frozenset()


@dataclass(slots=True)
class Matched:
    """What is left over on both sides, and how many were matched."""

    movements: list[Entry] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    pairs: int = 0


class _Open:
    """Entries not yet matched, found by amount and by date."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        ordered = sorted(entries, key=lambda item: (item.day, item.table, item.row))
        self.used: set[tuple[str, int]] = set()
        self.by_amount: dict[tuple[str, int], list[Entry]] = defaultdict(list)
        self.by_sign: dict[tuple[str, bool], list[Entry]] = defaultdict(list)
        for item in ordered:
            self.by_amount[item.currency, item.cents].append(item)
            self.by_sign[item.currency, item.cents > 0].append(item)
        self.days = {key: [item.day for item in items] for key, items in self.by_sign.items()}

    def free(self, item: Entry) -> bool:
        return (item.table, item.row) not in self.used

    def take(self, items: Iterable[Entry]) -> None:
        self.used.update((item.table, item.row) for item in items)

    def same_amount(self, movement: Entry, window: int) -> list[Entry]:
        found = self.by_amount.get((movement.currency, movement.cents), [])
        return [item for item in found if self.free(item) and abs(item.day - movement.day) <= window]

    def near(self, movement: Entry, window: int) -> list[Entry]:
        key = (movement.currency, movement.cents > 0)
        days = self.days.get(key, [])
        chosen = self.by_sign[key][bisect_left(days, movement.day - window) : bisect_right(days, movement.day + window)]
        return [item for item in chosen if self.free(item) and abs(item.cents) < abs(movement.cents)]

    def left(self) -> list[Entry]:
        return [item for items in self.by_sign.values() for item in items if self.free(item)]


def match(movements: Sequence[Entry], entries: Sequence[Entry], window: int) -> Matched:
    """Return what no movement and what no entry matches, within `window` days either way.

    Same amount first (a shared number or name decides among several, then the nearest day); then one movement for
    several entries; then several movements for one entry.
    """
    books = _Open(entries)
    left: list[Entry] = []
    for sure in (True, False):
        rest = left if not sure else sorted(movements, key=lambda item: (item.day, item.row))
        left = []
        for movement in rest:
            found = books.same_amount(movement, window)
            found = [item for item in found if item.words & movement.words] if sure else found
            if found:
                books.take([min(found, key=lambda item: (abs(item.day - movement.day), item.table, item.row))])
            else:
                left.append(movement)
    several = []
    for movement in left:
        parts = _parts(movement, books.near(movement, window))
        if parts:
            books.take(parts)
        else:
            several.append(movement)
    bank = _Open(several)
    unmatched = []
    for entry in sorted(books.left(), key=lambda item: (item.day, item.table, item.row)):
        parts = _parts(entry, bank.near(entry, window))
        if parts:
            bank.take(parts)
        else:
            unmatched.append(entry)
    alone = [item for item in several if bank.free(item)]
    return Matched(alone, unmatched, len(movements) - len(alone))


def _parts(whole: Entry, candidates: Sequence[Entry]) -> list[Entry]:
    """Return entries that add up to `whole`: all of one party or of one day, else a few of them."""
    for name in ("party", "day"):
        groups: dict[str | int, list[Entry]] = defaultdict(list)
        for item in candidates:
            groups[getattr(item, name)].append(item)
        for key, items in groups.items():
            if key != "" and len(items) > 1 and sum(item.cents for item in items) == whole.cents:
                return items
    named = [item for item in candidates if item.words & whole.words]
    chosen = named if len(candidates) > MOST_CANDIDATES and len(named) > 1 else candidates
    return _few(whole.cents, chosen) if 1 < len(chosen) <= MOST_CANDIDATES else []


def _few(target: int, candidates: Sequence[Entry]) -> list[Entry]:
    """Return at most `MOST_PARTS` entries that add up to `target` cents; none where nothing does. All have its sign."""
    sums: dict[int, tuple[int, ...]] = {0: ()}
    for index, item in enumerate(candidates):
        for total, chosen in list(sums.items()):
            new = total + item.cents
            if len(chosen) < MOST_PARTS and abs(new) <= abs(target):
                sums.setdefault(new, (*chosen, index))
        if target in sums:
            return [candidates[number] for number in sums[target]]
    return []


def movements_of(bank: Table, own: str) -> list[Entry]:
    """Return the bank's movements, without those that the client marked as matched."""
    amounts, dates = bank.columns.get("amount"), bank.columns.get("date")
    if amounts is None or dates is None:
        return []
    matched = bank.columns.get("matched")
    texts = [bank.columns[name].data for name in ("reference", "description") if name in bank.columns]
    codes = row_currencies(bank, own)
    found = []
    for row, (day, cents) in enumerate(zip(dates.data.tolist(), amounts.data.tolist(), strict=True)):
        known = all(column.state is None or column.state[row] == State.VALUE for column in (amounts, dates))
        if known and cents and not (matched is not None and bool(matched.data[row])):
            words = frozenset(word for text in texts for word in _words(str(text[row])))
            found.append(Entry(day, cents, own if codes is None else str(codes[row]), row, "bank", "", words))
    return found


def _words(text: str) -> Iterator[tuple[str, ...]]:
    """Yield what may name a document or a party in a text: the whole of it, and each of its words with a digit."""
    whole = number_tokens(text)
    if any(part.isdigit() for part in whole):
        yield whole
    for word in text.split():
        tokens = number_tokens(word)
        if any(part.isdigit() and part.strip("0") for part in tokens):
            yield tokens


def entries_of(standing: Standing) -> list[Entry]:
    """Return what the client's books say came in and went out: receipts, payments, and items paid on their paid date."""
    found: list[Entry] = []
    for name, items, sign, link in (
        ("receipts", standing.receivables, 1, "invoice"),
        ("payments", standing.payables, -1, "bill"),
    ):
        table = standing.tables.get(name)
        if table is not None:
            found += _settlements(table, sign, link, standing.profile.currency)
        if items is not None:
            found += _paid_at_once(items, sign, standing.day)
    return found


def _settlements(table: Table, sign: int, link: str, own: str) -> Iterator[Entry]:
    amounts, dates = table.columns.get("amount"), table.columns.get("date")
    if amounts is None or dates is None:
        return
    party = table.columns.get("customer") or table.columns.get("supplier")
    links = table.columns.get(link)
    codes = row_currencies(table, own)
    for row, (day, cents) in enumerate(zip(dates.data.tolist(), amounts.data.tolist(), strict=True)):
        if cents and all(column.state is None or column.state[row] == State.VALUE for column in (amounts, dates)):
            yield Entry(
                day,
                sign * cents,
                own if codes is None else str(codes[row]),
                row,
                table.spec.name,
                fold(str(party.data[row])) if party is not None else "",
                frozenset(_words(str(links.data[row]))) if links is not None else frozenset(),
            )


def _paid_at_once(items: OpenItems, sign: int, day: int) -> Iterator[Entry]:
    numbers = items.table.columns.get("number")
    rows = (items.method == PAID_DATE) & items.live & (items.paid_day <= day) & (items.total != 0)
    for row in rows.nonzero()[0].tolist():
        words = frozenset(_words(str(numbers.data[row]))) if numbers is not None else frozenset()
        yield Entry(
            int(items.paid_day[row]),
            sign * int(items.total[row]),
            str(items.currency[row]),
            row,
            items.table.spec.name,
            fold(str(items.party[row])),
            words,
        )


def find_unmatched(flag: Flag, standing: Standing) -> Iterator[Marked]:
    """Yield every bank movement that no receipt or payment matches."""
    bank = flagged_table(flag, standing)
    window = standing.number("dias_conciliacion", DAYS)
    entries = entries_of(standing)
    movements = movements_of(bank, standing.profile.currency)
    result = match(movements, entries, window)
    alike: dict[tuple[str, int], list[Entry]] = defaultdict(list)
    for item in result.entries:
        alike[item.currency, item.cents].append(item)
    for movement in sorted(result.movements, key=lambda item: item.row):
        shown = bank.columns["description"].data[movement.row] if "description" in bank.columns else ""
        near = alike[movement.currency, movement.cents][:3]
        yield Marked(
            movement.row, _text(str(shown), money(movement.cents), window), "amount", tuple(_evidence(near, standing))
        )


def _text(shown: str, amount: Decimal, window: int) -> Text:
    what = f"{shown}: " if shown else ""
    return Text(
        f"{what}{write_amount(amount, 'es')} sin cobro ni pago que coincida (±{window} días, uno o varios)",
        f"{what}{write_amount(amount, 'en')} with no receipt or payment to match (±{window} days, one or several)",
    )


def _evidence(entries: Iterable[Entry], standing: Standing) -> Iterator[Evidence]:
    fields = ("date", "paid_date", "number", "invoice", "bill", "customer", "supplier", "amount", "total")
    for item in entries:
        yield from evidence(standing.tables[item.table], [item.row], fields)
