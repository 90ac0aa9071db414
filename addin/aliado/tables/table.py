"""A client's rows under canonical fields, each still knowing the cell it came from."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from msgspec import Struct
from msgspec.structs import replace

from aliado.formula.kept import kept_property
from aliado.formula.values import Byte, Column, Rows, together
from aliado.language import Text
from aliado.tables.schema import TableSpec


class Rejection(Struct, frozen=True):
    """A cell (or row) that could not be understood. row_used: the rest of its row still counts.

    found: what the cell holds, as text. expected: what it should hold and what to do about it.
    """

    table: str
    sheet: str
    cell: str
    row: int
    found: str
    expected: Text
    row_used: bool


class Table(Struct, frozen=True, dict=True):
    """Rows of one canonical table.

    columns: field -> column of len(rows) values; a field that the client does not have is absent.
    rows: worksheet row number (1-based) of each row. cells: field -> worksheet column letters.
    rows_read: non-blank data rows seen in the sheet; rows_rejected: those left out of `rows`.
    keys_rejected: what the rows left out have in their key field, so that nobody takes them for missing.
    """

    spec: TableSpec
    sheet: str
    columns: Mapping[str, Column]
    rows: npt.NDArray[np.int64]
    cells: Mapping[str, str]
    rows_read: int = 0
    rows_rejected: int = 0
    excel_table: str | None = None
    header_row: int = 0
    keys_rejected: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.rows)

    @kept_property
    def memo(self) -> dict[Hashable, Any]:
        """What rules worked out about these rows once; never part of their value."""
        return {}

    def known(self, name: str) -> npt.NDArray[np.bool_]:
        """Return which rows have a value in a field."""
        column = self.columns.get(name)
        if column is None:
            return np.zeros(len(self), dtype=bool)
        return np.ones(len(self), dtype=bool) if column.state is None else column.state == Byte.VALUE

    def integers(self, name: str) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
        """Return a date field as Excel serial days, or a money field as cents, 0 where there is none, and which rows have one."""
        column, known = self.columns.get(name), self.known(name)
        if column is None:
            return np.zeros(len(self), dtype=np.int64), known
        if column.state is None:
            return column.data.astype(np.int64), known
        return np.where(known, column.data, 0).astype(np.int64, copy=False), known

    def with_columns(self, columns: Mapping[str, Column]) -> Table:
        """Return the table with columns added or replaced."""
        return replace(self, columns=_Replaced(self.columns, dict(columns)))

    def take(self, chosen: Rows | npt.NDArray[np.bool_]) -> Table:
        """Return the chosen rows (indices, a stretch or a mask)."""
        rows: Any = chosen  # mypy cannot tell a mask from indices
        if not isinstance(chosen, slice) and chosen.dtype == np.bool_:
            rows = together(np.flatnonzero(chosen))
        return replace(self, columns=_Taken(self.columns, rows), rows=self.rows[rows])


class _Replaced(Mapping[str, Column]):
    """Columns with some of them replaced or added."""

    def __init__(self, source: Mapping[str, Column], changed: dict[str, Column]) -> None:
        self._source = source
        self._changed = changed

    def __getitem__(self, name: str) -> Column:
        found = self._changed.get(name)
        return self._source[name] if found is None else found

    def get(self, name: str, default: Any = None) -> Any:
        """Return a column, `default` where there is none."""
        found = self._changed.get(name)
        return self._source.get(name, default) if found is None else found

    def __contains__(self, name: object) -> bool:
        return name in self._changed or name in self._source

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys((*self._source, *self._changed)))

    def __len__(self) -> int:
        return len({*self._source, *self._changed})


class _Taken(Mapping[str, Column]):
    """Columns of chosen rows (indices), each taken when it is first asked for: most rules look at a few of them."""

    def __init__(self, source: Mapping[str, Column], rows: Rows) -> None:
        self._source = source
        self._rows = rows
        self._found: dict[str, Column] = {}

    def __getitem__(self, name: str) -> Column:
        found = self._found.get(name)
        if found is None:
            found = self._found[name] = self._source[name].take(self._rows)
        return found

    def get(self, name: str, default: Any = None) -> Any:
        """Return a column, `default` where there is none."""
        found = self._found.get(name)
        return found if found is not None else self[name] if name in self._source else default

    def __contains__(self, name: object) -> bool:
        return name in self._source

    def __iter__(self) -> Iterator[str]:
        return iter(self._source)

    def __len__(self) -> int:
        return len(self._source)
