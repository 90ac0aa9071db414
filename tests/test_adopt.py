"""Any workbook is read into a proposal that a person reviews: what is which field, how sure, with samples."""

import io
from datetime import date

import pytest
import xlsxwriter
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from aliado.commands.adopt import adopt
from aliado.rules.choose import load_source
from aliado.rules.client_pack import pack_id, write_client_pack
from aliado.rules.loader import load_bytes
from aliado.tables.gather import gather
from aliado.tables.headings import Headings
from aliado.tables.proposal import propose
from aliado.workbook.package import read_package
from aliado.workbook.reader import read_sheets

SPECS = load_source("base").tables
SALES = [
    ["Nº de fra.", "Razon soc. cliente", "Fec. emisión", "F. venc.", "Iva", "Tot. c/IVA", "Pdte.", "Zona"],
    ["F-101", "Alfa, S.L.", "13/03/2026", "13/04/2026", "210,10", "1.210,60", "0,00", "N"],
    ["F-102", "Beta: #taller", "02/03/2026", "02/04/2026", "21,00", "121,00", "121,00", "S"],
]


def workbook(**sheets):
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "default_date_format": "dd/mm/yyyy"})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                if isinstance(value, str):
                    sheet.write_string(number, column, value)
                elif value is not None:
                    sheet.write(number, column, value)
    book.close()
    return stream.getvalue()


def sheets_of(data):
    return read_sheets(read_package(data))


def proposed(**sheets):
    return {table.spec.name: table for table in propose(sheets_of(workbook(**sheets)), SPECS)}


def headings(table):
    return {item.name: item.heading for item in table.fields}


def run(tmp_path, *arguments, data=None, name="Talleres Gómez.xlsx"):
    path = tmp_path / name
    path.write_bytes(workbook(Ventas=[["Libro de ventas"], [], *SALES]) if data is None else data)
    result = CliRunner().invoke(adopt, [str(path), *arguments])
    return result, path, path.with_name(f"{path.stem}.aliado.yaml")


def test_abbreviated_headings_are_told_by_their_words_and_values():
    table = proposed(Ventas=[["Libro de ventas"], [], *SALES])["invoices"]
    assert headings(table) == {
        "number": "Nº de fra.",
        "customer": "Razon soc. cliente",
        "issue_date": "Fec. emisión",
        "due_date": "F. venc.",
        "vat": "Iva",
        "total": "Tot. c/IVA",
        "balance": "Pdte.",
    }
    assert table.unused == ("Zona",)
    assert (table.formats.date, table.formats.decimal, table.sure_date) == ("dmy", ",", True)
    assert all(0.5 <= item.confidence <= 1 for item in table.fields)
    assert table.fields[0].samples == ("F-101", "F-102")


def test_a_heading_mistyped_is_still_that_heading():
    assert Headings(SPECS["invoices"]).scores("Vencimeinto")["due_date"] > 0.8


@pytest.mark.parametrize("heading", ["", "???", "Zona", "Xyzzy"])
def test_a_heading_that_says_nothing_is_no_field(heading):
    assert Headings(SPECS["invoices"]).scores(heading) == {}


def test_values_speak_against_a_heading():
    rows = [
        ["Factura", "Cliente", "Fecha", "Vencimiento", "Total"],
        ["F-1", "Alfa", date(2026, 1, 2), "pronto", 10],
    ]
    assert "due_date" not in headings(proposed(Hoja1=rows)["invoices"])


def test_a_required_field_without_a_heading_is_guessed_from_its_values_and_says_so():
    rows = [
        ["Factura", "A quién", "Fecha", "Total"],
        *[[f"F-{n}", "Alfa", date(2026, 1, n), 10.5] for n in (1, 2, 3)],
    ]
    table = proposed(Facturas=rows)["invoices"]
    (guess,) = (item for item in table.fields if item.name == "customer")
    assert (guess.heading, guess.confidence) == ("A quién", 0.35)


def test_each_sheet_goes_to_the_table_that_it_fits_best():
    day = date(2026, 1, 31)
    found = proposed(
        Hoja1=[["Nº doc", "Proveedor", "Fecha fra", "Vto", "Importe total"], ["9", "Luz", day, day, 33.5]],
        Hoja2=[["Tarea", "Encargado", "Fecha límite"], ["Cerrar mes", "Ana", day]],
        Hoja3=SALES,
    )
    assert {name: table.region.sheet.name for name, table in found.items()} == {
        "bills": "Hoja1", "tasks": "Hoja2", "invoices": "Hoja3",
    }  # fmt: skip


def test_the_proposal_written_as_a_pack_reads_the_workbook(tmp_path):
    result, path, pack = run(tmp_path, "--country", "España")
    assert result.exit_code == 0, result.output
    text = pack.read_text("utf-8")
    assert "extends: es\n" in text
    assert 'total: "Tot. c/IVA"  # 85%: 1.210,60 · 121,00' in text
    gathered = gather(sheets_of(path.read_bytes()), load_source(pack).tables)
    assert len(gathered.tables["invoices"]) == 2
    assert gathered.rejections == ()
    assert str(gathered.tables["invoices"].columns["total"].value(0)) == "1210.60"


def test_doubtful_dates_and_missing_columns_ask_for_review(tmp_path):
    rows = [["Factura", "Cliente", "Fecha", "Total"], ["F-1", "Alfa", "01/02/2026", 10]]
    result, _, pack = run(tmp_path, data=workbook(Facturas=rows))
    assert result.exit_code == 1
    assert "dd/mm/yyyy}  # REVISAR: las fechas" in pack.read_text("utf-8")
    result, _, pack = run(tmp_path, "--force", "--lang", "en", data=workbook(Facturas=[[*rows[0][:3]], rows[1][:3]]))
    assert result.exit_code == 1
    assert "missing: no column seems to be “Total” (total)" in pack.read_text("utf-8")


def test_a_pack_that_is_there_stays_unless_forced(tmp_path):
    _, _, pack = run(tmp_path)
    pack.write_text("mine", "utf-8")
    result, _, _ = run(tmp_path)
    assert (result.exit_code, pack.read_text("utf-8")) == (2, "mine")
    assert "--force" in result.output
    assert run(tmp_path, "--force")[0].exit_code == 0


def test_a_firms_pack_above_is_what_the_proposal_extends(tmp_path):
    (tmp_path / "aliado.yaml").write_text("pack: firma\nextends: ec\nversion: 1.0.0\ntitle: Firma\n", "utf-8")
    (tmp_path / "clientes").mkdir()
    result, _, pack = run(tmp_path / "clientes")
    assert result.exit_code == 0, result.output
    assert "extends: ../aliado.yaml\n" in pack.read_text("utf-8")


@pytest.mark.parametrize("arguments", [["--country", "Atlántida"], []], ids=["no such country", "no table"])
def test_what_cannot_be_done_is_said_and_nothing_is_written(tmp_path, arguments):
    data = None if arguments else workbook(Notas=[["cosas"], [1, 2, 3]])
    result, _, pack = run(tmp_path, *arguments, data=data)
    assert result.exit_code == 2
    assert "Atlántida" in result.output or "Notas" in result.output
    assert not pack.exists()


def test_the_clients_workbook_is_left_as_it_is(tmp_path):
    data = workbook(Ventas=[["Libro de ventas"], [], *SALES])
    _, path, _ = run(tmp_path, data=data)
    assert path.read_bytes() == data


def _storable(text):
    """XML 1.0 has no place for controls and halves of surrogate pairs."""
    return "".join(c for c in text if c in "\t\n" or (c >= " " and not "\ud800" <= c <= "\udfff" and c < "\ufffe"))


def test_a_heading_that_cannot_be_seen_whole_is_left_for_review(tmp_path):
    rows = [["Factura", "Cliente\u200b", "Fecha\nemisión", "Total"], ["F-1", "Alfa", date(2026, 1, 2), 10]]
    result, _, pack = run(tmp_path, data=workbook(Facturas=rows))
    assert result.exit_code == 1
    text = pack.read_text("utf-8")
    assert "# customer: REVISAR: «Cliente» tiene caracteres invisibles" in text
    assert 'issue_date: "Fecha emisión"' in text


@settings(max_examples=20, deadline=None)
@given(st.lists(st.text(min_size=1, max_size=20), min_size=4, max_size=4, unique=True), st.text(max_size=60))
def test_any_heading_and_value_gives_a_pack_that_the_loader_accepts(extra, value):
    rows = [["Factura", "Cliente", "Fecha", "Total", *extra], ["F-1", value, date(2026, 1, 2), 10, *extra]]
    clean = [[_storable(cell) if isinstance(cell, str) else cell for cell in row] for row in rows]
    tables = propose(sheets_of(workbook(Facturas=clean)), SPECS)
    loaded = load_bytes(write_client_pack(value, "base", tables, "es").encode(), "propuesta.yaml")
    assert loaded.source.problems == []


@pytest.mark.parametrize(
    ("name", "expected"), [("Talleres Gómez", "talleres-gomez"), ("3M", "cliente-3m"), ("株", "cliente")]
)
def test_a_pack_id_is_made_of_any_name(name, expected):
    assert pack_id(name) == expected
