"""`aliado new`: an empty workbook that Aliado reads back as what it says, in both languages."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import openpyxl
import pytest

from aliado.batch.outcome import Options
from aliado.batch.refresh import assess_package
from aliado.excel.build import build_client
from aliado.intake.inputs import CHOICES, INPUTS, choices
from aliado.intake.known import Known
from aliado.intake.new_client import CODE_NAMES, write_new_client
from aliado.intake.start_sheet import OUTPUTS
from aliado.language import fold
from aliado.report.donor import SHEETS
from aliado.rules.choose import choose_pack
from aliado.rules.packs import shipped_packs
from aliado.tables.cells import read_bool
from aliado.tables.recognition import recognise
from aliado.tables.schema import FieldType
from aliado.workbook.package import read_package
from aliado.workbook.reader import read_sheets
from test_cli import aliado

DAY = date(2026, 11, 30)
COUNTRIES = [name for name in shipped_packs() if len(name) == 2]
BASE = choose_pack([]).tables


def new_client(country="ec", language="es", known=None):
    return write_new_client(choose_pack([], given=country), language, DAY, known or Known())


def test_every_canonical_table_is_offered_with_every_required_column():
    assert {item.table for item in INPUTS} == set(BASE)
    for item in INPUTS:
        offered = {column.name for column in item.columns(BASE[item.table].fields, further=True)}
        assert {name for name, field in BASE[item.table].fields.items() if field.required} <= offered
        assert not offered & set(item.left_out)
        assert set(item.left_out) < set(BASE[item.table].fields)


@pytest.mark.parametrize("language", ["es", "en"])
def test_every_word_of_a_list_is_understood(language):
    for item in INPUTS:
        spec = BASE[item.table]
        for field in item.columns(spec.fields, further=True):
            known = {fold(typed) for typed in spec.values.get(field.name, {})}
            for word in choices(item.table, field.name):
                if field.type is FieldType.BOOL:
                    assert isinstance(read_bool(word.to(language)), bool)
                elif known:
                    assert fold(word.to(language)) in known, (item.table, field.name, word)


def test_every_list_belongs_to_a_field_and_every_country_is_offered():
    for name in CHOICES:
        table, _, field = name.rpartition(".")
        assert any(field in spec.fields for key, spec in BASE.items() if table in ("", key)), name
    assert {word.es for word in CHOICES["country"]} == {name.upper() for name in COUNTRIES}


def test_the_first_sheet_tells_of_every_sheet_that_a_refresh_lays():
    assert set(OUTPUTS) == set(SHEETS)


@pytest.mark.parametrize(("country", "language"), [("ec", "es"), ("es", "en"), ("pa", "es")])
def test_every_table_is_recognised_as_itself(country, language):
    sheets = read_sheets(read_package(new_client(country, language)))
    found = recognise(sheets, choose_pack(sheets).tables)
    assert {name: match.region.sheet.name for name, match in found.matches.items()} == {
        item.table: item.sheet.to(language) for item in INPUTS
    }
    for item in INPUTS:
        fields = found.matches[item.table].spec.fields
        assert set(found.matches[item.table].columns) == {each.name for each in item.columns(fields, further=True)}
    assert not found.notes


@pytest.mark.parametrize("country", ["co", "ec", "es"])
def test_a_refresh_right_after_shows_the_countrys_obligations_and_says_what_is_empty(country, tmp_path):
    pack = choose_pack([], given=country)
    known = Known("Uno", "1790012344001" if country == "ec" else "")
    package = read_package(write_new_client(pack, "en", DAY, known))
    assessment = assess_package(package, tmp_path / "uno.xlsx", Options(DAY))
    assert (assessment.profile.name, assessment.profile.country, assessment.profile.currency) == (
        "Uno", country.upper(), pack.currency,
    )  # fmt: skip
    assert assessment.profile.language == "en"
    assert assessment.calendar or assessment.unscheduled
    assert not assessment.rejections
    assert any("is empty" in note.en for note in assessment.notes)


def test_openpyxl_reads_tables_validations_and_no_sample_row():
    book = openpyxl.load_workbook(BytesIO(new_client()))
    assert book.sheetnames == ["Inicio", *(item.sheet.es for item in INPUTS)]
    for item in INPUTS:
        sheet = book[item.sheet.es]
        assert list(sheet.tables) == [item.sheet.es]
        assert len(sheet.data_validations.dataValidation) == sheet.max_column
        values = [cell.value for row in sheet.iter_rows(min_row=2) for cell in row if cell.value is not None]
        assert values == (["EC", "USD", "Español", "Sociedad"] if item.table == "profile" else [])


def test_the_same_client_and_day_give_the_same_bytes():
    assert new_client() == new_client()


def test_with_macros_it_has_the_ribbon_and_a_module_for_each_sheet():
    package = read_package(build_client(choose_pack([], given="mx"), "es", DAY, Known()))
    assert "customUI/customUI14.xml" in package
    assert "xl/vbaProject.bin" in package
    for number, name in enumerate(CODE_NAMES, 1):
        assert f'codeName="Hoja{name}"'.encode() in package.read(f"xl/worksheets/sheet{number}.xml")


def test_the_command_refuses_to_overwrite_and_names_what_it_expected(tmp_path):
    path = tmp_path / "deep" / "uno.xlsx"
    made = aliado("new", path, "--country", "Perú", "--name", "Uno")
    assert made.returncode == 0, made.stderr
    assert "PE, PEN" in made.stdout
    before = path.read_bytes()
    again = aliado("new", path, "--country", "PE", "--lang", "en")
    assert again.returncode == 2
    assert "exists and was left as it is" in again.stderr
    assert path.read_bytes() == before
    assert "EC, ES" in aliado("new", tmp_path / "dos.xlsx", "--country", "FR").stderr
    assert "NOMBRE.xlsx" in aliado("new", tmp_path / "dos.ods", "--country", "PE").stderr
    assert [item.name for item in tmp_path.iterdir()] == ["deep"]
