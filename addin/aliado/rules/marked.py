"""What a check says of a row, and the other rows it says it from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from aliado.formula.values import Byte
from aliado.language import Text, fold
from aliado.rules.assessment import Evidence, Severity
from aliado.rules.values import at, to_json
from aliado.tables.table import Table

if TYPE_CHECKING:
    from aliado.rules.models import Flag
    from aliado.rules.standing import Standing

MOST_EVIDENCE = 20
"""Rows told as evidence of one finding, at most: enough to look at, never a copy of the ledger."""


class Marked(NamedTuple):
    """A row (index into the flag's table) that a check marks.

    text: what to say of it; field: which cell to point at. severity: the flag's own where None.
    """

    row: int
    text: Text
    field: str | None = None
    evidence: tuple[Evidence, ...] = ()
    severity: Severity | None = None
    label: str = ""
    level: Text = Text("", "")


def evidence(table: Table, rows: Iterable[int], fields: Iterable[str], point: str = "") -> tuple[Evidence, ...]:
    """Return rows of a table (indices) as evidence, with the fields that tell what they are."""
    told = [name for name in fields if name in table.columns]
    column = table.cells.get(point) or next((table.cells[name] for name in told if name in table.cells), "A")
    found = []
    for row in list(rows)[:MOST_EVIDENCE]:
        number = int(table.rows[row])
        values = {name: to_json(at(table.columns[name], row)) for name in told}
        found.append(Evidence(table.spec.name, table.sheet, number, f"{column}{number}", values))
    return tuple(found)


def related_evidence(flag: Flag, standing: Standing, rows: Iterable[int]) -> dict[int, tuple[Evidence, ...]]:
    """Return, for each of these rows of the flag's table, the rows of another table that the rule says it rests on."""
    related = flag.evidence
    if related is None or related.table not in standing.tables:
        return {}
    mine, other = standing.tables[flag.table], standing.tables[related.table]
    if related.match not in mine.columns or related.match not in other.columns:
        return {}
    kept = list(range(len(other)))
    if related.when is not None:
        column = related.when.evaluate(standing.data(related.table))
        holds = np.broadcast_to(column.data.astype(bool), (len(other),))
        known = True if column.state is None else column.state == Byte.VALUE
        kept = np.flatnonzero(holds & known).tolist()
    found: dict[str, list[int]] = defaultdict(list)
    for row in kept:
        found[fold(to_json(at(other.columns[related.match], row)))].append(row)
    used = [name for owner, name in related.when.uses if owner == related.table] if related.when is not None else []
    fields = dict.fromkeys((other.spec.key, related.match, *sorted(used)))
    return {
        row: evidence(other, found.get(fold(to_json(at(mine.columns[related.match], row))), ()), fields) for row in rows
    }


def flagged_table(flag: Flag, standing: Standing) -> Table:
    """Return the table that a flag is about."""
    return standing.tables[flag.table]
