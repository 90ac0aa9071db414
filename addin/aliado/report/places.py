"""Where the figures stand that the panel points at."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from aliado.report.ageing import AgeingPlace
from aliado.report.alerts import AlertsPlace
from aliado.report.history import HistoryPlace
from aliado.report.page import Page


class Places(Struct, frozen=True):
    """ageing: by currency. methods: indicator -> row of its block on the audit sheet. compliance: rows of the matrix.

    people: person -> row of the workload on the team sheet.
    """

    alerts: AlertsPlace
    ageing: Mapping[str, AgeingPlace]
    history: HistoryPlace
    methods: Mapping[str, int]
    compliance: range
    people: Mapping[str, int]

    def method_of(self, page: Page, kpi: str) -> tuple[str, str] | None:
        """Return the sheet and cell that explain an indicator."""
        row = self.methods.get(kpi)
        return None if row is None else (page.names["audit"], f"A{row + 1}")

    def before(self, page: Page, row: int) -> str:
        """Return the cell of the period before, with its sheet, in a row of the history."""
        return f"{page.ref('history')}!{self.history.month_cell(row, back=1)}"

    def months(self, page: Page, row: int) -> str:
        """Return the range of all months, with its sheet, of a row of the history."""
        return f"{page.ref('history')}!{self.history.months(row)}"
