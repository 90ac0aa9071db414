"""Tags are written as the library writes them, whatever their values hold."""

from __future__ import annotations

from io import StringIO

import pytest
from xlsxwriter.chart_column import ChartColumn
from xlsxwriter.xmlwriter import XMLwriter

from aliado.report.tags import TagWriter, use_tag_writer

VALUES = ["", "Ventas", 'a "b"', "a & b", "<a>", "a\nb", '=""', "ñ \t", "_x0041_", "a\x01b\x0bc", 7, 0.5, None, True]


def written(writer: XMLwriter, value: object) -> str:
    writer.fh = StringIO()
    for attributes in ([], [("a", value)], [("a", 1), ("b", value), ("c", "d")]):
        writer._xml_start_tag("t", attributes)
        writer._xml_data_element("t", value, attributes)
        writer._xml_empty_tag("t", attributes)
    writer._xml_empty_tag("t")
    return writer.fh.getvalue()


@pytest.mark.parametrize("value", VALUES)
def test_any_value_is_written_as_the_library_writes_it(value):
    assert written(TagWriter(), value) == written(XMLwriter(), value)


def test_a_chart_stays_what_it_was():
    chart, other = ChartColumn(), ChartColumn()
    for each in (chart, other):
        each.add_series({"values": "='A & B'!$A$1:$A$3", "name": "Uno <dos>"})
    use_tag_writer(chart)
    for each in (chart, other):
        each.fh = StringIO()
        each._assemble_xml_file()
    assert isinstance(chart, ChartColumn)
    assert chart.fh.getvalue() == other.fh.getvalue()
