"""Series of document numbers: numbers that are missing, numbers out of date order."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from aliado.formula.texts import Vocabulary, vocabulary
from aliado.formula.values import distinct, from_serial
from aliado.language import Text, fold, write_date
from aliado.rules.digit_runs import DigitRuns, find_runs
from aliado.rules.marked import Marked, evidence, flagged_table
from aliado.rules.models import Flag
from aliado.rules.numbering import TOLD, group_codes, issue_years, runs_of
from aliado.rules.standing import Standing
from aliado.tables.as_of import BIRTH
from aliado.tables.table import Table

Integers = npt.NDArray[np.int64]

_LAST_NUMBER = re.compile(r"(.*?)(\d+)\D*", re.ASCII | re.DOTALL)

MOST_DIGITS = 15
"""A longer run of digits is no number in a series (an access key, a bar code)."""

MOST_BEGINNINGS = 40
"""Beginnings of numbers that are told all at once; a workbook with more has them told one by one."""

LARGEST_GAP = 1000
"""A jump larger than this is a new numbering, not lost documents."""


class Series(NamedTuple):
    """The rows of one series in the order of their numbers, each number once. day: serial issue day, -1 where it has none."""

    number: Integers
    row: Integers
    day: Integers


def series_of(flag: Flag, table: Table) -> list[Series]:
    """Return the series of two rows or more: per `by` fields, text before the digits, and start of numbering.

    A series that starts again in a new year is another series; of rows with one number the first counts.
    """
    field = flag.of[0] if flag.of else table.spec.key
    by = tuple(name for name in flag.by if name in table.columns)
    found: list[Series] | None = table.memo.get(("series", field, by))
    if found is None:
        found = table.memo["series", field, by] = list(_series(table, field, by)) if field in table.columns else []
    return found


def _series(table: Table, field: str, by: Sequence[str]) -> Iterator[Series]:
    prefix, number = _split_all(vocabulary(table.columns[field]), runs_of(table, field))
    group = group_codes(table, by)
    group = group * (int(prefix.max(initial=0)) + 1) + prefix
    days, dated = table.integers(BIRTH.get(table.spec.name, ""))
    days, years = np.where(dated, days, -1), issue_years(table)
    rows = np.flatnonzero(number >= 0)
    rows = rows[np.argsort(group[rows], kind="stable")]
    for mine in np.split(rows, np.flatnonzero(np.diff(group[rows])) + 1):
        if len(mine) < 2:
            continue
        for block in _restarts(number[mine], years[mine]):
            numbers, first = np.unique(number[mine[block]], return_index=True)
            chosen = mine[block][first]
            yield Series(numbers, chosen, days[chosen])


def _split_all(words: Vocabulary, runs: DigitRuns | None = None) -> tuple[Integers, Integers]:
    """Return, for each row, a number for the folded text before its last digits, and these digits; -1 where there are none.

    runs: those of the folded words, where they are known.
    """
    runs = runs or find_runs(words.names)
    last = runs.last()
    fits = (last >= 0) & (runs.size[last] <= MOST_DIGITS) if len(runs.size) else last >= 0
    digits = np.where(fits, runs.value[last], 0).astype(np.int64) if len(runs.size) else np.zeros_like(last)
    number = np.where(fits, digits, -1)
    starts = np.where(last >= 0, runs.start[last], 0) if len(runs.size) else np.zeros_like(last)
    group, samples = runs.group_by_start(starts, MOST_BEGINNINGS)
    known: dict[str, int] = {}

    def code_of(text: str) -> int:
        return known.setdefault(text, len(known))

    codes = [code_of(words.names[place][: starts[place]].rstrip()) for place in samples]
    prefix = np.array([*codes, 0], dtype=np.int64)[group]
    for place in np.flatnonzero(group < 0).tolist():
        prefix[place] = code_of(words.names[place][: starts[place]].rstrip())
    for place, word in () if "".join(words.words).isascii() else enumerate(words.words):
        if not word.isascii():  # folding may make digits of marks, or the other way round: the text as written counts
            match = _LAST_NUMBER.fullmatch(word)
            number[place] = -1 if match is None or len(match[2]) > MOST_DIGITS else int(match[2])
            prefix[place] = code_of("" if match is None else fold(match[1]))
    return prefix[words.codes], number[words.codes]


def _restarts(numbers: Integers, years: Integers) -> Iterator[npt.NDArray[np.intp]]:
    """Yield the rows cut where numbering starts again with a year: most of a year's numbers were used before, and low."""
    block = [np.flatnonzero(years == 0)]
    used = numbers[:0]
    for year in distinct(years[years > 0]).tolist():
        mine = np.flatnonzero(years == year)
        new = numbers[mine]
        if len(used):
            again = int((new <= used.max()).sum()) * 2 > len(new)
            if again and int(new.min()) * 2 <= int(used.min()) + int(used.max()):
                yield np.concatenate(block)
                block, used = [], numbers[:0]
        block.append(mine)
        used = np.concatenate([used, new])
    yield np.concatenate(block)


def find_gaps(flag: Flag, standing: Standing) -> Iterator[Marked]:
    """Yield the row after each gap in a series of numbers; a number whose row could not be read is not missing."""
    table = flagged_table(flag, standing)
    field = flag.of[0] if flag.of else table.spec.key
    unread = {(fold(match[1]), int(match[2])) for key in table.keys_rejected if (match := _LAST_NUMBER.fullmatch(key))}
    for numbers, rows, _ in series_of(flag, table):
        jumps = np.diff(numbers)
        for place in np.flatnonzero((jumps > 1) & (jumps <= LARGEST_GAP + 1)).tolist():
            before, after = int(numbers[place]), int(numbers[place + 1])
            shown = str(table.columns[field].data[rows[place + 1]])
            match = _LAST_NUMBER.fullmatch(shown)
            prefix = fold(match[1]) if match else ""
            missing = [number for number in range(before + 1, after) if (prefix, number) not in unread]
            if missing:
                span = str(missing[0]) if len(missing) == 1 else f"{missing[0]}-{missing[-1]}"
                text = Text(
                    f"Antes de {shown} {'falta' if len(missing) == 1 else 'faltan'} {len(missing)}: {span}",
                    f"{len(missing)} missing before {shown}: {span}",
                )
                told = evidence(table, [int(rows[place])], TOLD, field)
                yield Marked(int(rows[place + 1]), text, field, told)


def find_out_of_order(flag: Flag, standing: Standing) -> Iterator[Marked]:
    """Yield every row whose date does not follow that of the number before it: the fewest rows that explain the disorder."""
    table = flagged_table(flag, standing)
    field = flag.of[0] if flag.of else table.spec.key
    for _, all_rows, all_days in series_of(flag, table):
        dated = all_days >= 0
        if (np.diff(all_days[dated]) >= 0).all():
            continue
        rows, days = all_rows[dated].tolist(), all_days[dated].tolist()
        kept = _longest_rising(days)
        in_order = set(kept)
        for at, row in enumerate(rows):
            if at in in_order:
                continue
            clash = _clash(days, at, kept)
            other = table.columns[field].data[rows[clash]]
            day, beside = from_serial(days[at]), from_serial(days[clash])
            shown = table.columns[field].data[row]
            text = Text(
                f"{shown} lleva fecha {write_date(day, 'es')} y {other}, {write_date(beside, 'es')}: el orden de los números y el de las fechas no coinciden",
                f"{shown} is dated {write_date(day, 'en')} and {other}, {write_date(beside, 'en')}: numbers and dates are not in the same order",
            )
            yield Marked(row, text, "issue_date", evidence(table, [rows[clash]], TOLD, field))


def _clash(days: Sequence[int], at: int, kept: Sequence[int]) -> int:
    """Return the nearest row kept in order whose date contradicts that of row `at`; kept: ascending.

    Their dates never fall, so on either side the nearest contradicts if any does.
    """
    place = bisect_right(kept, at)
    found = [other for other in kept[max(place - 1, 0) : place] if days[other] > days[at]]
    found += [other for other in kept[place : place + 1] if days[other] < days[at]]
    return min(found, key=lambda other: abs(other - at))  # some row contradicts one left out of a longest run


def _longest_rising(values: Sequence[int]) -> list[int]:
    """Return the indices, ascending, of a longest run of values that never falls."""
    tails: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for index, value in enumerate(values):
        at = bisect_right(tails, value)
        before.append(ends[at - 1] if at else -1)
        if at == len(tails):
            tails.append(value)
            ends.append(index)
        else:
            tails[at], ends[at] = value, index
    found = []
    index = ends[-1] if ends else -1
    while index >= 0:
        found.append(index)
        index = before[index]
    return found[::-1]
