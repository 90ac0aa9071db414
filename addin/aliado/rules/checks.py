"""Named checks that look across rows: what a condition on one row cannot say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping

import numpy as np
import numpy.typing as npt

from aliado.formula.values import Byte
from aliado.language import Text, fold, same
from aliado.rules.bank_statement import find_unmatched
from aliado.rules.controls import (
    find_blocked,
    find_budget_variances,
    find_missing_links,
    find_single_person,
    find_wrong_tax_ids,
)
from aliado.rules.marked import Marked, evidence, flagged_table
from aliado.rules.models import Flag
from aliado.rules.number_series import find_gaps, find_out_of_order
from aliado.rules.numbering import find_duplicate_documents
from aliado.rules.settlements import find_paid_twice, find_unapplied
from aliado.rules.standing import Standing
from aliado.rules.values import at, to_json
from aliado.tables.open_items import CREDIT_NOTE
from aliado.tables.table import Table

Check = Callable[[Flag, Standing], Iterator[Marked]]


def find_duplicates(flag: Flag, standing: Standing) -> Iterator[Marked]:
    """Yield every row whose `by` fields, all filled, are the same as another row's (text without accents, case or spaces)."""
    table = flagged_table(flag, standing)
    columns = table.columns
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
                others = [other for other in same_key if other != index]
                where = ", ".join(str(int(table.rows[other])) for other in others)
                shown = " · ".join(to_json(at(columns[name], index)) for name in fields)
                yield Marked(index, _repeated(shown, where, len(others)), fields[0], evidence(table, others, fields))


def _repeated(shown: str, others: str, count: int) -> Text:
    if count == 1:
        return Text(f"{shown} se repite en la fila {others}", f"{shown} is repeated in row {others}")
    return Text(f"{shown} se repite en las filas {others}", f"{shown} is repeated in rows {others}")


def find_missing(flag: Flag, standing: Standing) -> Iterator[Marked]:
    """Yield every row where one of the `of` fields is blank; a field without a column is passed over.

    A credit note need not say when it is due.
    """
    table = flagged_table(flag, standing)
    columns = table.columns
    blank: dict[int, list[str]] = defaultdict(list)
    for name in flag.of:
        column = columns.get(name)
        if column is not None and column.state is not None:
            lacking = column.state == Byte.BLANK
            lacking = lacking & ~_credit_notes(table) if name == "due_date" else lacking
            for index in np.flatnonzero(lacking).tolist():
                blank[index].append(name)
    for index in sorted(blank):
        titles = [table.spec.fields[name].title or same(name) for name in blank[index]]
        es, en = ", ".join(title.es for title in titles), ", ".join(title.en for title in titles)
        key = columns.get(table.spec.key)
        shown = to_json(at(key, index)) if key is not None else ""
        yield Marked(index, Text(f"{shown} sin {es}".strip(), f"{shown} has no {en}".strip()), blank[index][0])


def _credit_notes(table: Table) -> npt.NDArray[np.bool_]:
    kinds, totals = table.columns.get("doc_type"), table.columns.get("total")
    found = np.zeros(len(table), dtype=np.bool_) if totals is None else totals.data < 0
    if kinds is None:
        return found
    return found | np.array([fold(text or "") == CREDIT_NOTE for text in kinds.data.tolist()], dtype=np.bool_)


CHECKS: Mapping[str, Check] = {
    "duplicate": find_duplicates,
    "duplicate_document": find_duplicate_documents,
    "gap": find_gaps,
    "chronology": find_out_of_order,
    "missing": find_missing,
    "paid_twice": find_paid_twice,
    "unapplied": find_unapplied,
    "unmatched": find_unmatched,
    "tax_id": find_wrong_tax_ids,
    "link": find_missing_links,
    "single_person": find_single_person,
    "blocked": find_blocked,
    "budget": find_budget_variances,
}
"""Every check by the name that rules call it; `rules.keys.CHECKS` lists the same names."""
