"""Named checks that look across rows: what a condition on one row cannot say."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise

import numpy as np

from aliado.formula.values import Column, State
from aliado.language import Text, fold, same
from aliado.rules.models import Flag
from aliado.rules.values import at, to_json
from aliado.tables.table import Table

Marked = tuple[int, Text, str | None]
"""Row index, what to say of it, and the field to point at."""

Check = Callable[[Flag, Table, Mapping[str, Column]], Iterator[Marked]]

_NUMBER = re.compile(r"(.*?)(\d+)\D*", re.ASCII | re.DOTALL)
LARGEST_GAP = 1000
"""A jump larger than this is a new numbering, not lost documents."""


def find_duplicates(flag: Flag, table: Table, columns: Mapping[str, Column]) -> Iterator[Marked]:
    """Yield every row whose `by` fields, all filled, are the same as another row's (text without accents, case or spaces)."""
    rows: dict[tuple[str, ...], list[int]] = defaultdict(list)
    fields = [name for name in flag.by if name in columns]
    if len(fields) < len(flag.by):
        return
    for index in range(len(table)):
        key = tuple(fold(to_json(at(columns[name], index))) for name in fields)
        if all(key):
            rows[key].append(index)
    for same_key in rows.values():
        if len(same_key) > 1:
            for index in same_key:
                others = ", ".join(str(int(table.rows[other])) for other in same_key if other != index)
                shown = " · ".join(to_json(at(columns[name], index)) for name in fields)
                yield (
                    index,
                    _repeated(shown, others, len(same_key) - 1),
                    fields[0],
                )


def _repeated(shown: str, others: str, count: int) -> Text:
    if count == 1:
        return Text(f"{shown} se repite en la fila {others}", f"{shown} is repeated in row {others}")
    return Text(f"{shown} se repite en las filas {others}", f"{shown} is repeated in rows {others}")


def find_gaps(flag: Flag, table: Table, columns: Mapping[str, Column]) -> Iterator[Marked]:
    """Yield the row after each gap in a sequence of numbers, per `by` fields and per text before the digits."""
    field = flag.of[0] if flag.of else table.spec.key
    if field not in columns:
        return
    series: dict[tuple[str, ...], dict[int, int]] = defaultdict(dict)
    for index in range(len(table)):
        text = to_json(at(columns[field], index))
        match = _NUMBER.fullmatch(text)
        if match:
            group = tuple(fold(to_json(at(columns[name], index))) for name in flag.by if name in columns)
            series[(*group, fold(match[1]))].setdefault(int(match[2]), index)
    for numbers in series.values():
        for before, after in pairwise(sorted(numbers)):
            missing = after - before - 1
            if 0 < missing <= LARGEST_GAP:
                shown = to_json(at(columns[field], numbers[after]))
                first, last = before + 1, after - 1
                span = str(first) if missing == 1 else f"{first}-{last}"
                yield (
                    numbers[after],
                    Text(
                        f"Antes de {shown} {'falta' if missing == 1 else 'faltan'} {missing}: {span}",
                        f"{missing} missing before {shown}: {span}",
                    ),
                    field,
                )


def find_missing(flag: Flag, table: Table, columns: Mapping[str, Column]) -> Iterator[Marked]:
    """Yield every row where one of the `of` fields is blank; a field without a column is passed over."""
    blank: dict[int, list[str]] = defaultdict(list)
    for name in flag.of:
        column = columns.get(name)
        if column is not None and column.state is not None:
            for index in np.flatnonzero(column.state == State.BLANK).tolist():
                blank[index].append(name)
    for index in sorted(blank):
        titles = [table.spec.fields[name].title or same(name) for name in blank[index]]
        es, en = ", ".join(title.es for title in titles), ", ".join(title.en for title in titles)
        key = columns.get(table.spec.key)
        shown = to_json(at(key, index)) if key is not None else ""
        yield index, Text(f"{shown} sin {es}".strip(), f"{shown} has no {en}".strip()), blank[index][0]


CHECKS: Mapping[str, Check] = {"duplicate": find_duplicates, "gap": find_gaps, "missing": find_missing}
