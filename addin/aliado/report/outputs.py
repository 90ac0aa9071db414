"""Workbooks that we make to be looked at or sent, and how they are told from clients' workbooks."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Final

from aliado.report.donor import OPTIONS

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook

MARK: Final = "AliadoOutput"
"""Name of the document property that they carry; it stays when somebody saves them in Excel."""


def open_output(buffer: BytesIO, kind: str) -> Workbook:
    """Return a new workbook, marked as ours so that no refresh takes it for a client's."""
    from xlsxwriter.workbook import Workbook  # late: reading must not pay for writing

    workbook = Workbook(buffer, OPTIONS)
    workbook.set_custom_property(MARK, kind, "text")
    return workbook
