"""A client's rows under canonical fields, each still knowing the cell it came from."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
from msgspec import Struct
from msgspec.structs import replace

from aliado.formula.values import Column
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


class Table(Struct, frozen=True):
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

    def with_columns(self, columns: Mapping[str, Column]) -> Table:
        """Return the table with columns added or replaced."""
        return replace(self, columns={**self.columns, **columns})

    def take(self, chosen: npt.NDArray[np.intp] | npt.NDArray[np.bool_]) -> Table:
        """Return the chosen rows (indices or mask)."""
        columns = {name: column.take(chosen) for name, column in self.columns.items()}
        return replace(self, columns=columns, rows=self.rows[chosen])
