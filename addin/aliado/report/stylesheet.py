"""The stylesheet of our sheets, as XlsxWriter writes it, of as many of their formats as are asked for."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from copy import copy
from io import BytesIO, StringIO
from typing import TYPE_CHECKING

from xlsxwriter.styles import Styles
from xlsxwriter.workbook import Workbook

from aliado.workbook.loose import LooseStyles

if TYPE_CHECKING:
    from xlsxwriter.format import Format


def loose_styles(formats: Sequence[Format], differential: Sequence[Format]) -> LooseStyles:
    """Return the formats of a workbook. formats: of cells, the default one first. differential: of conditional formats and tables."""

    def write(cells: Sequence[int], dxfs: Sequence[int]) -> bytes:
        return write_stylesheet([formats[index] for index in cells], [differential[index] for index in dxfs])

    return LooseStyles(_keys(formats), _keys(differential), write)


def _keys(formats: Sequence[Format]) -> list[Hashable]:
    return [each._get_format_key() for each in formats]  # noqa: SLF001 -- by which the library tells them apart


def write_stylesheet(formats: Sequence[Format], differential: Sequence[Format]) -> bytes:
    """Return styles.xml with these formats."""
    book = Workbook(BytesIO(), {"in_memory": True})
    # Copies: the library swaps the colours of some formats, and would do so again in the next stylesheet.
    book.xf_formats, book.dxf_formats = [copy(each) for each in formats], [copy(each) for each in differential]
    book._prepare_fonts()  # noqa: SLF001
    book._prepare_num_formats()  # noqa: SLF001
    book._prepare_borders()  # noqa: SLF001
    book._prepare_fills()  # noqa: SLF001
    counts = book.font_count, book.num_formats, book.border_count, book.fill_count
    styles, stream = Styles(), StringIO()
    styles._set_style_properties([book.xf_formats, book.palette, *counts, [], book.dxf_formats, False])  # noqa: SLF001
    styles._set_xml_writer(stream)  # noqa: SLF001
    styles._assemble_xml_file()  # noqa: SLF001
    return stream.getvalue().encode()
