"""Bank movements matched with receipts and payments: by amount and date, one to one, then one to several.

Every step is bounded, so that a year of a busy bank takes no longer than reading it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict, deque
from collections.abc import Hashable, Iterable, Sequence
from functools import lru_cache
from operator import attrgetter
from typing import NamedTuple

from msgspec import Struct, field

from aliado.rules.numbering import number_tokens

MOST_PARTS = 6
"""Entries that one movement may stand for (or movements that one entry may), at most."""

MOST_CANDIDATES = 14
"""Entries in the window that combinations are tried with; with more of them only whole parties and days are."""

MOST_NEAR = 5_000
"""Entries in the window among which parts are looked for at all."""

MOST_LOOKS = 2_000_000
"""Entries looked at in all for parts of others: some seconds. What comes after that is matched one to one only."""


class Entry(NamedTuple):
    """Money in (positive cents) or out: a bank movement, or a receipt or payment. row: index in its table.

    texts: what may name a document; read only where amount and date leave a choice.
    """

    day: int
    cents: int
    currency: str
    row: int
    table: str
    party: str = ""
    texts: tuple[str, ...] = ()

    def shares(self, other: Entry) -> bool:
        """Return whether both name the same document."""
        return not _named(self.texts).isdisjoint(_named(other.texts))


BY_DAY = attrgetter("day", "table", "row")
"""The order in which entries are looked at."""


class Matched(Struct):
    """What is left over on both sides, and how many were matched. hurried: parts were not looked for everywhere."""

    movements: list[Entry] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    pairs: int = 0
    hurried: bool = False


class _Shelves:
    """Free entries by key and day; those taken are passed over once and never looked at again."""

    def __init__(self, used: set[tuple[str, int]]) -> None:
        self._used = used
        self._days: dict[Hashable, dict[int, deque[Entry]]] = {}

    def put(self, key: Hashable, item: Entry) -> None:
        """Add an entry; entries of one day come in the order of table and row."""
        self._days.setdefault(key, {}).setdefault(item.day, deque()).append(item)

    def nearest(self, key: Hashable, day: int, window: int) -> Entry | None:
        """Return the free entry nearest to a day, the first by table and row of two as near; None when none is within the window."""
        days = self._days.get(key)
        if days is None:
            return None
        for far in range(window + 1):
            found = [item for at in {day - far, day + far} if (item := self._first(days.get(at))) is not None]
            if found:
                return min(found, key=lambda item: (item.table, item.row))
        return None

    def _first(self, items: deque[Entry] | None) -> Entry | None:
        while items and (items[0].table, items[0].row) in self._used:
            items.popleft()
        return items[0] if items else None


class _Open:
    """Entries not yet matched, found by amount and by date."""

    def __init__(self, entries: Iterable[Entry], looks: int = MOST_LOOKS) -> None:
        self.looks, self.hurried = looks, False
        ordered = sorted(entries, key=BY_DAY)
        self.used: set[tuple[str, int]] = set()
        self.by_amount: dict[tuple[str, int], list[Entry]] = defaultdict(list)
        self.by_sign: dict[tuple[str, bool], list[Entry]] = defaultdict(list)
        for item in ordered:
            self.by_amount[item.currency, item.cents].append(item)
            self.by_sign[item.currency, item.cents > 0].append(item)
        self.days = {key: [item.day for item in items] for key, items in self.by_sign.items()}
        self.alike, self.named = _Shelves(self.used), _Shelves(self.used)
        self.shelved: set[tuple[str, int]] = set()

    def free(self, item: Entry) -> bool:
        return (item.table, item.row) not in self.used

    def take(self, items: Iterable[Entry]) -> None:
        self.used.update((item.table, item.row) for item in items)

    def same_amount(self, movement: Entry, window: int, *, sure: bool) -> Entry | None:
        """Return the free entry of the same amount that is nearest in time. sure: only of those that name the same document."""
        key = (movement.currency, movement.cents)
        if key not in self.by_amount:
            return None
        if key not in self.shelved:
            self.shelved.add(key)
            for item in self.by_amount[key]:
                self.alike.put(key, item)
                for name in _named(item.texts):
                    self.named.put((*key, name), item)
        if not sure:
            return self.alike.nearest(key, movement.day, window)
        nearest = (self.named.nearest((*key, name), movement.day, window) for name in _named(movement.texts))
        found = [item for item in nearest if item is not None]
        return min(found, key=lambda item: (abs(item.day - movement.day), item.table, item.row), default=None)

    def near(self, movement: Entry, window: int) -> list[Entry]:
        key = (movement.currency, movement.cents > 0)
        days = self.days.get(key)
        if days is None:
            return []
        first, last = bisect_left(days, movement.day - window), bisect_right(days, movement.day + window)
        if last - first > min(MOST_NEAR, self.looks):
            self.hurried = True
            return []
        self.looks -= last - first
        chosen = self.by_sign[key][first:last]
        return [item for item in chosen if self.free(item) and abs(item.cents) < abs(movement.cents)]

    def left(self) -> list[Entry]:
        return [item for items in self.by_sign.values() for item in items if self.free(item)]


def match(movements: Sequence[Entry], entries: Sequence[Entry], window: int) -> Matched:
    """Return what no movement and what no entry matches, within `window` days either way.

    Same amount first (a shared number or name decides among several, then the nearest day); then one movement for
    several entries; then several movements for one entry.
    """
    books = _Open(entries)
    left = _clear_pairs(sorted(movements, key=lambda item: (item.day, item.row)), books, window)
    for sure in (True, False):
        rest, left = left, []
        for movement in rest:
            found = books.same_amount(movement, window, sure=sure)
            if found is not None:
                books.take([found])
            else:
                left.append(movement)
    several = []
    for movement in left:
        parts = _parts(movement, books.near(movement, window))
        if parts:
            books.take(parts)
        else:
            several.append(movement)
    bank = _Open(several, books.looks)
    unmatched = []
    for entry in sorted(books.left(), key=BY_DAY):
        parts = _parts(entry, bank.near(entry, window))
        if parts:
            bank.take(parts)
        else:
            unmatched.append(entry)
    alone = [item for item in several if bank.free(item)]
    return Matched(alone, unmatched, len(movements) - len(alone), hurried=books.hurried or bank.hurried)


def _clear_pairs(movements: Sequence[Entry], books: _Open, window: int) -> list[Entry]:
    """Match each movement whose amount is nobody else's with the one entry of that amount; return the other movements."""
    alike = Counter((item.currency, item.cents) for item in movements)
    left = []
    for movement in movements:
        key = (movement.currency, movement.cents)
        found = books.by_amount.get(key, ()) if alike[key] == 1 else ()
        if len(found) == 1 and abs(found[0].day - movement.day) <= window:
            books.take(found)
        else:
            left.append(movement)
    return left


def _parts(whole: Entry, candidates: Sequence[Entry]) -> list[Entry]:
    """Return entries that add up to `whole`: all of one party or of one day, else a few of them."""
    if len(candidates) < 2:
        return []
    for name in ("party", "day"):
        groups: dict[str | int, list[Entry]] = defaultdict(list)
        for item in candidates:
            groups[getattr(item, name)].append(item)
        for key, items in groups.items():
            if key != "" and len(items) > 1 and sum(item.cents for item in items) == whole.cents:
                return items
    chosen = candidates
    if len(candidates) > MOST_CANDIDATES:
        named = [item for item in candidates if item.shares(whole)] if _named(whole.texts) else []
        chosen = named if len(named) > 1 else candidates
    return _few(whole.cents, chosen) if len(chosen) <= MOST_CANDIDATES else []


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


@lru_cache(maxsize=4096)
def _named(texts: tuple[str, ...]) -> frozenset[tuple[str, ...]]:
    """Return what may name a document in some texts: the whole of each, and each of its words with a digit."""
    parts = (number_tokens(part) for text in texts for part in (text, *text.split()))
    return frozenset(tokens for tokens in parts if any(token.isdigit() and token.strip("0") for token in tokens))
