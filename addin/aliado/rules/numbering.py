"""Document numbers: the same one written in two ways."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt

from aliado.formula.texts import vocabulary
from aliado.formula.values import EXCEL_DAY_ZERO
from aliado.language import Text, fold
from aliado.rules.digit_runs import DigitRuns, come_again, find_runs
from aliado.rules.marked import MOST_EVIDENCE, Marked, evidence, flagged_table
from aliado.rules.models import Flag
from aliado.rules.standing import Standing
from aliado.tables.as_of import BIRTH
from aliado.tables.open_items import CREDIT_NOTE
from aliado.tables.table import Table

Tokens = tuple[str, ...]
Integers = npt.NDArray[np.int64]

_TOKEN = re.compile(r"[a-z]+|\d+", re.ASCII)
_WORDS: Final = frozenset(
    {"factura", "fact", "fac", "fra", "invoice", "inv", "bill", "no", "nro", "num", "numero", "n", "number"}
)
"""What people write before a number that is no part of it."""

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


def runs_of(table: Table, field: str) -> DigitRuns:
    """Return the digits in the distinct words of a text field, folded, found once per table."""
    found: DigitRuns | None = table.memo.get(("digit_runs", field))
    if found is None:
        found = table.memo["digit_runs", field] = find_runs(vocabulary(table.columns[field]).names)
    return found


def find_duplicate_documents(flag: Flag, standing: Standing) -> Iterator[Marked]:
    """Yield every row whose number (`of`) is another row's with the same `by` fields, however it is written.

    Same number in one year, or in two years for the same total: the flag's severity. The number without its year, for
    the same total: amber. The same number in two years for different totals: info, numberings do start again.
    """
    table = flagged_table(flag, standing)
    field = flag.of[0]
    if field not in table.columns or any(name not in table.columns for name in flag.by):
        return
    numbers, years = table.columns[field].data.tolist(), issue_years(table)
    words = vocabulary(table.columns[field])
    names = words.of_words(words.names)
    written = names != ""
    groups = group_codes(table, flag.by)
    runs = runs_of(table, field).take(words.codes)
    totals = table.integers("total")[0] if "total" in table.columns else np.zeros(len(table), dtype=np.int64)
    # Whatever is the same number has the same digits: the few rows that may be are then looked at word by word.
    tokens = {row: number_tokens(numbers[row]) for row in come_again([groups, runs.keys()], written).tolist()}
    told: set[int] = set()
    for rows in _alike((row, (int(groups[row]), token)) for row, token in tokens.items() if token):
        told.update(rows)
        for row in rows:
            yield _duplicate(table, field, row, rows[:MOST_TOGETHER], years, totals)
    others_of_year = written & (years > 0)
    others_of_year[list(told)] = False
    keys = [groups, totals, runs.keys_without_year(years)]
    stripped = (
        (row, (int(groups[row]), without_year(token, int(years[row])), int(totals[row])))
        for row in come_again(keys, others_of_year).tolist()
        if (token := number_tokens(numbers[row]))
    )
    for rows in _alike(stripped):
        for row in rows:
            others = [other for other in rows if other != row]
            text = Text(
                f"{numbers[row]} parece {numbers[others[0]]} (fila {_rows(table, others)}) sin el año, por el mismo importe",
                f"{numbers[row]} looks like {numbers[others[0]]} (row {_rows(table, others)}) without the year, for the same amount",
            )
            yield Marked(row, text, field, evidence(table, others, TOLD, field), "amber", "year")


_LEVELS = {
    "same": Text("Repetida", "Repeated"),
    "written": Text("Escrita de otro modo", "Written differently"),
    "restarted": Text("De otro año", "Of another year"),
}


def _duplicate(table: Table, field: str, row: int, rows: Sequence[int], years: Integers, totals: Integers) -> Marked:
    numbers = table.columns[field].data
    others = [other for other in rows if other != row]
    alike = [other for other in others if years[other] == years[row] or 0 in (years[other], years[row])]
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
        return Marked(row, text, field, rows_told, None, label, _LEVELS[label])
    text = Text(f"{text.es}, en otro año y por otro importe", f"{text.en}, in another year for another amount")
    return Marked(row, text, field, rows_told, "info", "restarted", _LEVELS["restarted"])


def group_codes(table: Table, by: Sequence[str]) -> Integers:
    """Return a number per row for what keeps numbers apart: the `by` fields, and a kind such as credit note."""
    code = np.zeros(len(table), dtype=np.int64)
    for name in (*by, "doc_type"):
        column = table.columns.get(name)
        if column is None:
            continue
        words = vocabulary(column)
        names = words.names if name in by else [word if word in _OTHERS_KIND else "" for word in words.names]
        numbers = {word: number for number, word in enumerate(dict.fromkeys(names))}
        code = code * len(numbers) + words.of_words([numbers[word] for word in names], np.int64)
        code = np.unique(code, return_inverse=True)[1]
    return code


def _alike(keys: Iterable[tuple[int, object]]) -> Iterator[list[int]]:
    """Yield the rows of each key that comes more than once."""
    rows: dict[object, list[int]] = defaultdict(list)
    for row, key in keys:
        rows[key].append(row)
    for found in rows.values():
        if len(found) > 1:
            yield found


def _rows(table: Table, rows: Sequence[int]) -> str:
    shown = ", ".join(str(int(table.rows[row])) for row in rows[:MOST_EVIDENCE])
    return shown if len(rows) <= MOST_EVIDENCE else f"{shown}…"


def issue_years(table: Table) -> Integers:
    """Return the year in which each row came to be, 0 where it does not say."""
    days, known = table.integers(BIRTH.get(table.spec.name, ""))
    years = (np.datetime64(EXCEL_DAY_ZERO, "D") + days).astype("datetime64[Y]").astype(np.int64) + 1970
    return np.where(known, years, 0)
