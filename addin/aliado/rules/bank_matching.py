"""Bank movements matched with receipts and payments: by amount and date, one to one, then one to several.

Every step is bounded, so that a year of a busy bank takes no longer than reading it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from msgspec import Struct, field

from aliado.rules.numbering import number_tokens

MOST_PARTS = 6
"""Entries that one movement may stand for (or movements that one entry may), at most."""

MOST_CANDIDATES = 14
"""Entries in the window that combinations are tried with; with more of them only whole parties and days are."""


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


class Matched(Struct):
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
    left = _clear_pairs(sorted(movements, key=lambda item: (item.day, item.row)), books, window)
    for sure in (True, False):
        rest, left = left, []
        for movement in rest:
            found = books.same_amount(movement, window)
            found = [item for item in found if item.shares(movement)] if sure else found
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


@lru_cache(maxsize=4096)
def _named(texts: tuple[str, ...]) -> frozenset[tuple[str, ...]]:
    """Return what may name a document in some texts: the whole of each, and each of its words with a digit."""
    parts = (number_tokens(part) for text in texts for part in (text, *text.split()))
    return frozenset(tokens for tokens in parts if any(token.isdigit() and token.strip("0") for token in tokens))
