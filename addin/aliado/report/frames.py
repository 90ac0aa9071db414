"""An assessment as pandas tables, for notebooks and further analysis; pandas is imported only here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from aliado.formula.values import Column, State
from aliado.rules.assessment import BANDS, Assessment
from aliado.tables.table import Table

if TYPE_CHECKING:
    from pandas import DataFrame


def to_frame(table: Table) -> DataFrame:
    """Return a client's table: one column per canonical field, indexed by worksheet row.

    Amounts are exact Decimals, dates are dates; blank, unknown and error cells are None.
    """
    import pandas as pd

    columns = {name: pd.Series(_values(column), dtype=object) for name, column in table.columns.items()}
    return pd.DataFrame(columns).set_axis(pd.Index(table.rows.tolist(), name="row"))


def ageing_frame(assessment: Assessment) -> DataFrame:
    """Return open balance by currency and customer (rows) and band (columns), as Decimals; rows sum to `outstanding`."""
    import pandas as pd

    rows = [
        {
            "currency": ageing.currency,
            "customer": row.customer,
            **dict(zip(BANDS, row.bands, strict=True)),
            "outstanding": row.outstanding,
        }
        for ageing in assessment.ageing
        for row in ageing.customers
    ]
    return pd.DataFrame(rows, columns=["currency", "customer", *BANDS, "outstanding"]).set_index(
        ["currency", "customer"]
    )


def kpi_frame(assessment: Assessment) -> DataFrame:
    """Return the indicators by id: value and target as Decimals (None where there is none), unit and status."""
    import pandas as pd

    rows = [(kpi.id, kpi.value, kpi.unit, kpi.status, kpi.target) for kpi in assessment.kpis]
    return pd.DataFrame(rows, columns=["kpi", "value", "unit", "status", "target"], dtype=object).set_index("kpi")


def _values(column: Column) -> Sequence[object]:
    values = [column.value(index) for index in range(len(column))]
    return [None if isinstance(value, State) else value for value in values]
