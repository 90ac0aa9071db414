"""Refreshes, copies and people's edits in any order: what people have stays, what is ours does not pile up."""

import io
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aliado.batch.outcome import Job, Options
from aliado.batch.refresh import refresh
from aliado.workbook.book import COPIES
from aliado.workbook.copies import copy_sheets
from aliado.workbook.ownership import read_own_sheets
from aliado.workbook.package import read_package
from aliado.workbook.transplant import transplant
from aliado.workbook.verify import compare
from builders import open_workbook
from rich_donor import rich_donor

AS_OF = date(2026, 10, 31)
ROLES = {"panel": "Panel", "alerts": "Alertas"}


def client():
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    sheet = book.add_worksheet("Facturas")
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    sheet.write_row(0, 0, ("Factura", "Cliente", "Fecha", "Vencimiento", "Total", "Aliado"))
    for row in range(1, 6):
        sheet.write_row(row, 0, (f"F-{row}", "Alfa"))
        sheet.write_datetime(row, 2, date(2026, row, 1), day)
        sheet.write_datetime(row, 3, date(2026, row + 1, 1), day)
        sheet.write(row, 4, 100 * row)
    notes = book.add_worksheet("Notas")
    notes.write("A1", "mío", book.add_format({"bold": 1, "num_format": '0.00 "x"'}))
    notes.write_formula("B1", "=SUM(Facturas!E2:E6)", None, 1500)
    book.define_name("Mi_total", "=Facturas!$E$2:$E$6")
    book.close()
    return stream.getvalue()


def edited(data, text):
    """Return the workbook as somebody leaves it who writes a note with another program and saves all of it."""
    book = open_workbook(io.BytesIO(data))
    book["Notas"]["A5"] = text
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def laid(data, variant):
    return transplant(read_package(data), rich_donor("Panel", "Alertas", variant=variant), ROLES)


STEPS = st.one_of(
    st.tuples(st.just("lay"), st.integers(0, 3)),
    st.tuples(st.just("copy"), st.integers(0, 3)),
    st.tuples(st.just("edit"), st.text("añ Z<&'", min_size=1, max_size=5)),
    st.tuples(st.just("out"), st.just(0)),
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(STEPS, min_size=1, max_size=6))
def test_any_order_of_refreshes_copies_and_edits_keeps_what_people_have(steps):
    data, note, copied, inside = client(), None, False, False
    for step, value in steps:
        before = data
        if step == "edit":
            data, note = edited(data, value), value
            continue
        if step == "lay":
            data, inside = laid(data, value), True
            assert laid(data, value) == data
        elif step == "copy":
            data, copied = copy_sheets(read_package(data), rich_donor("Uno", "Dos", variant=value), "d.xlsx")[0], True
        else:
            data, inside = transplant(read_package(data), rich_donor("Panel", "Alertas"), {}), False
        assert [c for c in compare(before, data) if not c.harmless or c.change == "added"] == []
    package = read_package(data)
    assert set(read_own_sheets(package)) == (set(ROLES) if inside else set())
    assert len(read_own_sheets(package, COPIES)) == (2 if copied else 0)
    book = open_workbook(io.BytesIO(data))
    assert book["Notas"]["A1"].value == "mío"
    assert book["Notas"]["A1"].number_format == '0.00 "x"'
    assert book["Notas"]["A5"].value == note
    assert book["Notas"]["B1"].value == "=SUM(Facturas!E2:E6)"
    assert book.defined_names["Mi_total"].value == "Facturas!$E$2:$E$6"


def test_refreshing_fifty_times_is_refreshing_once():
    once = laid(client(), 1)
    data = once
    for number in range(50):
        data = laid(data, (number + 1) % 4)
    assert data != once
    assert laid(data, 1) == once


@pytest.mark.slow
@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(["refresh", "june", "edit", "copy"]), min_size=2, max_size=5))
def test_whole_refreshes_between_edits_end_where_one_refresh_would(steps):
    with TemporaryDirectory() as folder:
        path = Path(folder) / "cliente.xlsx"
        path.write_bytes(client())
        for step in steps:
            before = path.read_bytes()
            if step == "edit":
                path.write_bytes(edited(before, "nota"))
            elif step == "copy":
                path.write_bytes(copy_sheets(read_package(before), rich_donor("Uno", "Dos"), "d.xlsx")[0])
            else:
                as_of = AS_OF if step == "refresh" else date(2026, 6, 30)
                assert refresh(Job(path, path), Options(as_of)).done
            if step != "edit":
                assert all(change.harmless for change in compare(before, path.read_bytes()))
        assert refresh(Job(path, path), Options(AS_OF)).done
        assert refresh(Job(path, path), Options(AS_OF)).status == "unchanged"
        book = open_workbook(path)
        assert [book["Facturas"].cell(row, 5).value for row in range(2, 7)] == [100, 200, 300, 400, 500]
        assert str(book["Facturas"]["F2"].value).startswith("▲ ")
