"""Document numbers: the same one written in two ways, numbers that are missing, numbers out of date order."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Final, NamedTuple

from aliado.formula.values import Column, State, from_serial
from aliado.language import Text, fold, write_date
from aliado.rules.marked import MOST_EVIDENCE, Marked, evidence, flagged_table
from aliado.rules.models import Flag
from aliado.rules.standing import Standing
from aliado.tables.as_of import BIRTH
from aliado.tables.open_items import CREDIT_NOTE
from aliado.tables.table import Table

Tokens = tuple[str, ...]

_TOKEN = re.compile(r"[a-z]+|\d+", re.ASCII)
_LAST_NUMBER = re.compile(r"(.*?)(\d+)\D*", re.ASCII | re.DOTALL)
_WORDS: Final = frozenset(
    {"factura", "fact", "fac", "fra", "invoice", "inv", "bill", "no", "nro", "num", "numero", "n", "number"}
)
"""What people write before a number that is no part of it."""

LARGEST_GAP = 1000
"""A jump larger than this is a new numbering, not lost documents."""

MOST_TOGETHER = 100
"""Rows of one number that are compared with each other, at most."""

TOLD = ("number", "supplier", "customer", "issue_date", "total")
_OTHERS_KIND: Final = (CREDIT_NOTE, fold("Nota de débito"))


@lru_cache(maxsize=32768)
def number_tokens(text: str) -> Tokens:
    """Return what makes a document number that number: letters and digits in order, without leading zeros.

    "Fra. A-2026/00012", "a 2026 12" and "A2026-12" are one; "A-1-11" and "A-11-1" are two.
    """
    found = [token.lstrip("0") or "0" if token.isdigit() else token for token in _TOKEN.findall(fold(text))]
    while len(found) > 1 and found[0] in _WORDS:
        del found[0]
    return tuple(found)


def without_year(tokens: Tokens, year: int) -> Tokens:
    """Return the tokens without the year of the document, written 2026, 26, or run together as in 20260012."""
    for written in (str(year), f"{year % 100:02d}"):
        if written in tokens and sum(token.isdigit() for token in tokens) > 1:
            at = tokens.index(written)
            return tokens[:at] + tokens[at + 1 :]
    return tuple(
        token[4:].lstrip("0") or "0" if len(token) >= 8 and token.startswith(str(year)) else token for token in tokens
    )


def find_duplicate_documents(flag: Flag, standing: Standing) -> Iterator[Marked]:
    """Yield every row whose number (`of`) is another row's with the same `by` fields, however it is written.

    Same number in one year, or in two years for the same total: the flag's severity. The number without its year, for
    the same total: amber. The same number in two years for different totals: info, numberings do start again.
    """
    table = flagged_table(flag, standing)
    field = flag.of[0]
    if field not in table.columns or any(name not in table.columns for name in flag.by):
        return
    numbers, years = table.columns[field].data.tolist(), _years(table)
    groups = _groups(table, flag.by)
    tokens = [number_tokens(text) if text else () for text in numbers]
    totals = table.columns["total"].data.tolist() if "total" in table.columns else [0] * len(table)
    told: set[int] = set()
    for rows in _alike([(group, token) if token else None for group, token in zip(groups, tokens, strict=True)]):
        told.update(rows)
        for row in rows:
            yield _duplicate(table, field, row, rows[:MOST_TOGETHER], years, totals)
    stripped = [
        (group, without_year(token, year), total) if token and year and row not in told else None
        for row, (group, token, year, total) in enumerate(zip(groups, tokens, years, totals, strict=True))
    ]
    for rows in _alike(stripped):
        for row in rows:
            others = [other for other in rows if other != row]
            text = Text(
                f"{numbers[row]} parece {numbers[others[0]]} (fila {_rows(table, others)}) sin el año, por el mismo importe",
                f"{numbers[row]} looks like {numbers[others[0]]} (row {_rows(table, others)}) without the year, for the same amount",
            )
            yield Marked(row, text, field, evidence(table, others, TOLD, field), "amber", "year")


def _duplicate(
    table: Table, field: str, row: int, rows: Sequence[int], years: Sequence[int | None], totals: Sequence[int]
) -> Marked:
    numbers = table.columns[field].data
    others = [other for other in rows if other != row]
    alike = [other for other in others if years[other] == years[row] or None in (years[other], years[row])]
    paid_alike = [other for other in others if totals[other] == totals[row]]
    shown, where = str(numbers[row]), _rows(table, others)
    plural = len(others) > 1
    if all(fold(str(numbers[other])) == fold(shown) for other in others):
        text = Text(
            f"{shown} se repite en {'las filas' if plural else 'la fila'} {where}",
            f"{shown} is repeated in {'rows' if plural else 'row'} {where}",
        )
        label = "same"
    else:
        written = ", ".join(dict.fromkeys(str(numbers[other]) for other in others))
        text = Text(
            f"{shown} es la misma que {written} ({'filas' if plural else 'fila'} {where}), escrita de otro modo",
            f"{shown} is the same as {written} ({'rows' if plural else 'row'} {where}), written differently",
        )
        label = "written"
    rows_told = evidence(table, others, TOLD, field)
    if alike or paid_alike:
        return Marked(row, text, field, rows_told, None, label)
    text = Text(f"{text.es}, en otro año y por otro importe", f"{text.en}, in another year for another amount")
    return Marked(row, text, field, rows_told, "info", "restarted")


def _groups(table: Table, by: Sequence[str]) -> list[tuple[str, ...]]:
    """Return what keeps the numbers of each row apart from others': the `by` fields, and a kind such as credit note."""
    columns = [[fold(text) if text else "" for text in table.columns[name].data.tolist()] for name in by]
    kinds = table.columns.get("doc_type")
    if kinds is not None:
        folded = (fold(text) if text else "" for text in kinds.data.tolist())
        columns.append([kind if kind in _OTHERS_KIND else "" for kind in folded])
    return list(zip(*columns, strict=True)) if columns else [()] * len(table)


def _alike(keys: Sequence[object]) -> Iterator[list[int]]:
    """Yield the indices of each key that comes more than once; None is no key."""
    rows: dict[object, list[int]] = defaultdict(list)
    for row, key in enumerate(keys):
        if key is not None:
            rows[key].append(row)
    for found in rows.values():
        if len(found) > 1:
            yield found


def _rows(table: Table, rows: Sequence[int]) -> str:
    shown = ", ".join(str(int(table.rows[row])) for row in rows[:MOST_EVIDENCE])
    return shown if len(rows) <= MOST_EVIDENCE else f"{shown}…"


class Numbered(NamedTuple):
    """A row with its number in a series. day: serial issue day, None when it has none."""

    number: int
    row: int
    day: int | None


def series_of(flag: Flag, table: Table) -> Iterator[list[Numbered]]:
    """Yield the numbered rows of each series in order: per `by` fields, text before the digits, and start of numbering.

    A series that starts again in a new year is another series; of rows with one number the first counts.
    """
    field = flag.of[0] if flag.of else table.spec.key
    if field not in table.columns:
        return
    days = _issue_days(table)
    groups: dict[tuple[str, ...], list[Numbered]] = defaultdict(list)
    groups_of = _groups(table, [name for name in flag.by if name in table.columns])
    for row, text in enumerate(table.columns[field].data.tolist()):
        split = _split(text) if text else None
        if split is not None:
            groups[(*groups_of[row], split[0])].append(Numbered(split[1], row, days[row]))
    for found in groups.values():
        for block in _restarts(found):
            first: dict[int, Numbered] = {}
            for item in block:
                first.setdefault(item.number, item)
            yield [first[number] for number in sorted(first)]


@lru_cache(maxsize=32768)
def _split(text: str) -> tuple[str, int] | None:
    """Return the text before the last digits of a number, folded, and those digits; None where there are none."""
    match = _LAST_NUMBER.fullmatch(text)
    return None if match is None or len(match[2]) > 15 else (fold(match[1]), int(match[2]))


def _restarts(rows: Sequence[Numbered]) -> Iterator[list[Numbered]]:
    """Yield the rows cut where numbering starts again with a year: most of a year's numbers were used before, and low."""
    by_year: dict[int, list[Numbered]] = defaultdict(list)
    undated = []
    for item in rows:
        if item.day is None:
            undated.append(item)
        else:
            by_year[from_serial(item.day).year].append(item)
    block = list(undated)
    for year in sorted(by_year):
        numbers = [item.number for item in by_year[year]]
        used = [item.number for item in block if item.day is not None]
        if used:
            low, high = min(used), max(used)
            again = sum(number <= high for number in numbers) * 2 > len(numbers)
            if again and min(numbers) * 2 <= low + high:
                yield block
                block = []
        block += by_year[year]
    yield block


def find_gaps(flag: Flag, standing: Standing) -> Iterator[Marked]:
    """Yield the row after each gap in a series of numbers; a number whose row could not be read is not missing."""
    table = flagged_table(flag, standing)
    field = flag.of[0] if flag.of else table.spec.key
    unread = {(fold(match[1]), int(match[2])) for key in table.keys_rejected if (match := _LAST_NUMBER.fullmatch(key))}
    for numbers in series_of(flag, table):
        for before, after in pairwise(numbers):
            shown = str(table.columns[field].data[after.row])
            if not 0 < after.number - before.number - 1 <= LARGEST_GAP:
                continue
            match = _LAST_NUMBER.fullmatch(shown)
            prefix = fold(match[1]) if match else ""
            missing = [number for number in range(before.number + 1, after.number) if (prefix, number) not in unread]
            if missing:
                span = str(missing[0]) if len(missing) == 1 else f"{missing[0]}-{missing[-1]}"
                text = Text(
                    f"Antes de {shown} {'falta' if len(missing) == 1 else 'faltan'} {len(missing)}: {span}",
                    f"{len(missing)} missing before {shown}: {span}",
                )
                yield Marked(after.row, text, field, evidence(table, [before.row], TOLD, field))


def find_out_of_order(flag: Flag, standing: Standing) -> Iterator[Marked]:
    """Yield every row whose date does not follow that of the number before it: the fewest rows that explain the disorder."""
    table = flagged_table(flag, standing)
    field = flag.of[0] if flag.of else table.spec.key
    for numbers in series_of(flag, table):
        dated = [item for item in numbers if item.day is not None]
        kept = set(_longest_rising([item.day or 0 for item in dated]))
        for at, item in enumerate(dated):
            if at in kept:
                continue
            clash = _clash(dated, at, kept)
            other = table.columns[field].data[clash.row]
            day, beside = from_serial(item.day or 0), from_serial(clash.day or 0)
            shown = table.columns[field].data[item.row]
            text = Text(
                f"{shown} lleva fecha {write_date(day, 'es')} y {other}, {write_date(beside, 'es')}: el orden de los números y el de las fechas no coinciden",
                f"{shown} is dated {write_date(day, 'en')} and {other}, {write_date(beside, 'en')}: numbers and dates are not in the same order",
            )
            yield Marked(item.row, text, "issue_date", evidence(table, [clash.row], TOLD, field))


def _clash(dated: Sequence[Numbered], at: int, kept: set[int]) -> Numbered:
    """Return the nearest row kept in order whose date contradicts that of row `at`."""
    mine = dated[at].day or 0
    for step in range(1, len(dated)):
        for other, sign in ((at - step, 1), (at + step, -1)):
            if other in kept and 0 <= other < len(dated) and sign * ((dated[other].day or 0) - mine) > 0:
                return dated[other]
    return dated[at]  # never: a row left out of a longest run contradicts some row of it


def _longest_rising(values: Sequence[int]) -> list[int]:
    """Return the indices of a longest run of values that never falls."""
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
    return found


def _issue_days(table: Table) -> list[int | None]:
    column: Column | None = table.columns.get(BIRTH.get(table.spec.name, ""))
    if column is None:
        return [None] * len(table)
    days: list[int | None] = column.data.tolist()
    if column.state is None:
        return days
    return [day if state == State.VALUE else None for day, state in zip(days, column.state.tolist(), strict=True)]


def _years(table: Table) -> list[int | None]:
    return [None if day is None else from_serial(day).year for day in _issue_days(table)]
