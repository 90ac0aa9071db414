"""XlsxWriter's workbook as loose parts: one that is laid into another at once need not be packed and unpacked."""

from __future__ import annotations

from io import BytesIO, StringIO
from typing import Any
from zipfile import ZipFile, ZipInfo

from xlsxwriter.packager import Packager
from xlsxwriter.workbook import Workbook

from aliado.report.stylesheet import loose_styles
from aliado.report.tags import use_tag_writer
from aliado.report.worksheet import CellSheet
from aliado.workbook.loose import STYLES_PART, LooseWorkbook


class LooseWriter(Workbook):  # type: ignore[misc]
    """A workbook of `CellSheet`s that is never a file. options: XlsxWriter's."""

    def __init__(self, options: dict[str, bool]) -> None:
        super().__init__(BytesIO(), options)
        self._packager = _LoosePackager()

    def add_cell_sheet(self, name: str) -> CellSheet:
        """Return a new worksheet."""
        sheet: CellSheet = self.add_worksheet(name, CellSheet)
        sheet.apart = True
        return sheet

    def add_chart(self, options: dict[str, Any]) -> Any:
        """Return a new chart, as the library's method does."""
        chart = super().add_chart(options)
        use_tag_writer(chart)
        return chart

    def take_apart(self) -> LooseWorkbook:
        """Close the workbook and return its parts."""
        self.close()
        parts = {name: _content(file) for file, name, _ in self._packager.made}
        cells = {f"xl/worksheets/sheet{n}.xml": sheet.write_cells for n, sheet in enumerate(self.worksheets(), 1)}
        # Nothing is to point in circles, so that it all leaves memory with its parts.
        self._packager.workbook = None
        for sheet in self.worksheets():
            sheet.workbook_add_format = None
        return LooseWorkbook(parts, cells, loose_styles(self.xf_formats, self.dxf_formats))

    def _prepare_format_properties(self) -> None:
        self._prepare_formats()  # puts them in the order of their numbers: the stylesheet is written later, if at all

    def _has_feature_property_bags(self) -> set[str]:
        # The library looks through all formats for boxes to tick; ours have none.
        bags: set[str] = self.feature_property_bags
        return bags

    def _get_packager(self) -> Packager:
        return self._packager


class _LoosePackager(Packager):  # type: ignore[misc]
    """Keeps the parts to itself; the library then packs none."""

    def __init__(self) -> None:
        super().__init__()
        self.made: list[tuple[StringIO | BytesIO, str, bool]] = []

    def _create_package(self) -> list[tuple[StringIO | BytesIO, str, bool]]:
        self.made = super()._create_package()
        return []

    def _write_styles_file(self) -> None:
        self._filename(STYLES_PART)  # a place among the parts; see `LooseWorkbook`


def pack(workbook: LooseWorkbook) -> bytes:
    """Return a workbook as a file, not compressed."""
    buffer = BytesIO()
    with ZipFile(buffer, "w") as package:
        for name in workbook.parts:
            package.writestr(ZipInfo(name), workbook.whole(name))  # dated 1980: the same input gives the same bytes
    return buffer.getvalue()


def _content(file: StringIO | BytesIO) -> bytes:
    return file.getvalue() if isinstance(file, BytesIO) else file.getvalue().encode()
