"""A donor workbook with everything our sheets may hold, for tests of the package engine."""

import io
from base64 import b64decode
from datetime import UTC, date, datetime
from functools import cache

import xlsxwriter

PICTURE = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAIAAAACUFjqAAAAEklEQVR4nGP8z4APMOGVHbHSAEEsAROxCnMTAAAAAElFTkSuQmCC"
)


def quoted(name):
    return "'" + name.replace("'", "''") + "'"


@cache
def rich_donor(panel="Panel", alerts="Alertas", *, rows=30, variant=0):
    """Return the bytes of a donor. variant: another chart, more styles and other figures when not 0."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    book.set_properties({"created": datetime(2020, 1, 1, tzinfo=UTC)})
    formats = {
        "title": book.add_format({"bold": 1, "font_color": "#FF0000", "bg_color": "#FFEE00", "border": 1}),
        "money": book.add_format({"num_format": '#,##0.00 "€"', "align": "right"}),
        "date": book.add_format({"num_format": "dd/mm/yyyy"}),
        "bad": book.add_format({"bg_color": "#FFC7CE", "font_color": "#9C0006", "num_format": '0.000 "x"'}),
        "italic": book.add_format({"italic": 1}),
    }
    first, second = book.add_worksheet(panel), book.add_worksheet(alerts)
    _fill_panel(book, first, formats, quoted(alerts), rows, variant)
    _fill_alerts(second, formats, rows)
    if variant:
        chart = book.add_chart({"type": "line"})
        chart.add_series({"values": [panel, 9, 1, 16, 1]})
        second.insert_chart("J2", chart)
        first.write("Z9", variant, book.add_format({"num_format": "0.0000", "rotation": 45}))
    book.define_name("Aliado_DSO", f"={quoted(panel)}!$B$3")
    book.define_name(f"{quoted(alerts)}!local_x", f"={quoted(panel)}!$B$3")
    book.close()
    return stream.getvalue()


def _fill_panel(book, sheet, formats, alerts, rows, variant):
    sheet.write("A1", "Título & <resumen>", formats["title"])
    sheet.write_rich_string("A2", "uno ", formats["title"], "dos", " tres")
    sheet.write("B3", 1234.5, formats["money"])
    sheet.write_datetime("B4", date(2024, 5, 6), formats["date"])
    sheet.write_formula("B5", f"=SUM({alerts}!B2:B{rows})", formats["money"], 99.5)
    sheet.write_formula("C5", '=IF(TRUE,"sí","no")', None, "sí")
    sheet.write_boolean("C6", True)
    sheet.write_string("C7", "=1+1")
    sheet.write_array_formula("D1:D2", "{=SUM(B1:B3*1)}", None, 1)
    for i in range(8):
        sheet.write_row(9 + i, 0, [f"m{i}", i * 3 + variant, i * i])
    for kind, place in (("column", "F2"), ("doughnut", "F20")):
        chart = book.add_chart({"type": kind})
        name = sheet.get_name()
        chart.add_series({"name": "s", "categories": [name, 9, 0, 16, 0], "values": [name, 9, 1, 16, 1]})
        sheet.insert_chart(place, chart)
    sheet.insert_image("A30", "logo.png", {"image_data": io.BytesIO(PICTURE)})
    sheet.conditional_format("B10:B17", {"type": "data_bar", "data_bar_2010": True})
    sheet.conditional_format("C10:C17", {"type": "icon_set", "icon_style": "3_traffic_lights"})
    sheet.conditional_format("B10:B17", {"type": "cell", "criteria": ">", "value": 5, "format": formats["bad"]})
    sheet.conditional_format("C10:C17", {"type": "3_color_scale"})
    sheet.add_sparkline("D10", {"range": f"{quoted(sheet.get_name())}!B10:C10"})
    sheet.freeze_panes(1, 1)
    sheet.print_area("A1:H40")
    sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_header("&LAliado")
    sheet.write_url("A20", f"internal:{alerts}!A1", string="ir")
    sheet.write_url("A21", "https://example.com/?a=1&b=2")
    sheet.data_validation("E1", {"validate": "list", "source": ["a", "b"]})
    sheet.write_comment("A1", "nota")
    sheet.set_tab_color("#00AA00")
    sheet.set_column("A:A", 20, formats["italic"])
    sheet.merge_range("A25:C25", "unidas", formats["title"])


def _fill_alerts(sheet, formats, rows):
    columns = [
        {"header": "k"},
        {"header": "v", "format": formats["money"]},
        {"header": "f", "formula": "=Alertas_tabla[@v]*2"},
        {"header": "d", "format": formats["date"]},
    ]
    data = [[f"k{i}", i] for i in range(rows)]
    sheet.add_table(0, 0, rows, 3, {"name": "Alertas_tabla", "columns": columns, "data": data})
    sheet.conditional_format(
        "A1:A20", {"type": "text", "criteria": "containing", "value": "k", "format": formats["italic"]}
    )
    sheet.insert_image("H30", "logo.png", {"image_data": io.BytesIO(PICTURE)})
    sheet.autofilter(rows + 10, 0, rows + 15, 2)
    sheet.set_row(3, 30, formats["title"])
    sheet.protect()
