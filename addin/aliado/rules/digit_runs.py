"""The runs of digits in many texts, found all at once: what makes a document number that number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from msgspec import Struct

Integers = npt.NDArray[np.int64]
Keys = npt.NDArray[np.uint64]

EXACT_DIGITS: Final = 18
"""Runs of more digits than this have a value modulo 2**64: still the same for the same digits."""
LONG: Final = 64
"""Characters of a beginning that is still compared character by character over all texts."""
_LINE_BREAK = 10
_POWERS: Final = np.array([10**place for place in range(EXACT_DIGITS + 1)], dtype=np.uint64)
_ODD: Final = np.uint64(0x9E3779B97F4A7C15)
_OFFSET: Final = np.uint64(0x632BE59BD9B4E019)


class DigitRuns(Struct, frozen=True):
    """One entry per run, in order. text: index of the text; start: of its first digit there; size: digits as written.

    value: as a whole number, so that leading zeros do not count. count: how many texts there are.
    characters: of all texts, by their code points; begin: where each text begins there.
    """

    text: Integers
    start: Integers
    size: Integers
    value: Keys
    count: int
    characters: npt.NDArray[np.unsignedinteger[Any]]
    begin: Integers

    def take(self, chosen: npt.NDArray[np.intp]) -> DigitRuns:
        """Return the runs of the chosen texts (indices, which may come again)."""
        many = np.bincount(self.text, minlength=self.count)
        first, count = (np.cumsum(many) - many)[chosen], many[chosen]
        place = np.arange(int(count.sum())) + np.repeat(first - (np.cumsum(count) - count), count)
        text = np.repeat(np.arange(len(chosen)), count)
        runs = (self.start[place], self.size[place], self.value[place])
        return DigitRuns(text, *runs, len(chosen), self.characters, self.begin[chosen])

    def group_by_start(self, size: Integers, most: int) -> tuple[Integers, list[int]]:
        """Return a number for each text that tells its first `size` characters, and a text for each number.

        size: for each text. At most `most` beginnings are told, none long, and no more once one is rare; the other texts get -1.
        """
        group = np.full(self.count, -1, dtype=np.int64)
        left, found = np.flatnonzero(size <= LONG), list[int]()
        same = left
        while len(left) and len(found) < most and len(same) * most >= self.count:
            sample = int(left[0])
            length, begin = int(size[sample]), int(self.begin[sample])
            same = left[size[left] == length]
            for place in range(length):
                same = same[self.characters[self.begin[same] + place] == self.characters[begin + place]]
            group[same] = len(found)
            found.append(sample)
            left = left[group[left] < 0]
        return group, found

    def last(self) -> Integers:
        """Return for each text the index of its last run, -1 where it has none."""
        found = np.full(self.count, -1, dtype=np.int64)
        found[self.text] = np.arange(len(self.text))
        return found

    def keys(self) -> Keys:
        """Return a number per text that is the same wherever the runs are the same, in any order (and hardly ever elsewhere)."""
        return self._add_up(self.value, np.ones(len(self.value), dtype=bool))

    def keys_without_year(self, years: Integers) -> Keys:
        """Return `keys` of the texts as `numbering.without_year` leaves them. years: one for each text."""
        year = years[self.text].astype(np.uint64)
        several = np.bincount(self.text, minlength=self.count)[self.text] > 1
        kept = np.ones(len(self.text), dtype=bool)
        done = np.zeros(self.count, dtype=bool)
        for written, at_least in ((year, 0), (year % np.uint64(100), 10)):
            alike = np.flatnonzero(several & (self.value == written) & (written >= at_least) & ~done[self.text])
            texts, first = np.unique(self.text[alike], return_index=True)
            kept[alike[first]] = False
            done[texts] = True
        digits = np.searchsorted(_POWERS, self.value, side="right")
        exact = self.size <= EXACT_DIGITS
        rest = _POWERS[np.clip(digits - 4, 0, EXACT_DIGITS)]
        joined = exact & (digits >= 8) & (self.value // rest == year) & ~done[self.text]
        value = np.where(joined, self.value % rest, self.value)
        return self._add_up(np.where(exact, value, np.uint64(0)), kept)

    def _add_up(self, values: Keys, kept: npt.NDArray[np.bool_]) -> Keys:
        mixed = (values + _OFFSET) * (values + _OFFSET) * _ODD
        sums = np.zeros(self.count, dtype=np.uint64)
        np.add.at(sums, self.text[kept], mixed[kept])
        return sums


def find_runs(texts: Sequence[str]) -> DigitRuns:
    """Return the runs of the digits 0 to 9 in texts without line breaks."""
    together = "\n".join(texts) + "\n" if len(texts) else ""
    characters = _characters(together)
    digit = (characters >= ord("0")) & (characters <= ord("9"))
    edges = np.flatnonzero(np.diff(digit.view(np.int8), prepend=np.int8(0)))
    begin, end = edges[::2], edges[1::2]
    size = end - begin
    places = np.flatnonzero(digit)
    power = np.repeat(end, size) - 1 - places
    powers = np.cumprod(np.full(int(size.max(initial=1)), 10, dtype=np.uint64))
    powers = np.concatenate([np.ones(1, dtype=np.uint64), powers[:-1]])
    worth = (characters[places] - ord("0")).astype(np.uint64) * powers[power]
    value = np.add.reduceat(worth, np.cumsum(size) - size) if len(size) else worth
    lines = np.concatenate([np.zeros(1, dtype=np.int64), np.flatnonzero(characters == _LINE_BREAK) + 1])
    text = np.searchsorted(lines, begin, side="right") - 1
    return DigitRuns(text, begin - lines[text], size, value, len(texts), characters, lines[:-1])


def _characters(text: str) -> npt.NDArray[np.unsignedinteger[Any]]:
    try:
        return np.frombuffer(text.encode("latin-1"), dtype=np.uint8)
    except UnicodeEncodeError:
        return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


def come_again(keys: Sequence[npt.NDArray[Any]], among: npt.NDArray[np.bool_]) -> npt.NDArray[np.intp]:
    """Return the rows (of those that the mask has) whose keys may all be another such row's; the others' never are."""
    rows = np.flatnonzero(among)
    mixed = np.zeros(len(rows), dtype=np.uint64)
    for key in keys:
        mixed = mixed * _ODD + key[rows].astype(np.uint64)
        mixed ^= mixed >> np.uint64(29)
    order = np.argsort(mixed)
    same = mixed[order[1:]] == mixed[order[:-1]]
    again = np.zeros(len(rows), dtype=bool)
    again[order[1:][same]] = True
    again[order[:-1][same]] = True
    return rows[again]
