"""How workbooks that we make to be looked at or sent are told from clients' workbooks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook

MARK: Final = "AliadoOutput"
"""Name of the document property that they carry; it stays when somebody saves them in Excel."""


def mark_output(workbook: Workbook, kind: str) -> None:
    """Mark a workbook as ours, so that no refresh takes it for a client's."""
    workbook.set_custom_property(MARK, kind, "text")
