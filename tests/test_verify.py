"""The proof that nothing was lost: what it calls harmless, and what it does not let pass."""

import io
import json
from zipfile import ZipFile

import pytest
import xlsxwriter
from click.testing import CliRunner

from aliado.commands.transplant import transplant as transplant_command
from aliado.commands.verify import verify as verify_command
from aliado.workbook.package import read_package
from aliado.workbook.patch import patch_cells
from aliado.workbook.transplant import plan_names, transplant
from aliado.workbook.verify import compare
from builders import open_workbook
from rich_donor import rich_donor


def client(heading="Aliado"):
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    sheet = book.add_worksheet("Facturas")
    sheet.write_row("A1", ["Factura", "Total", heading])
    for row in range(1, 4):
        sheet.write_row(row, 0, [f"F-{row}", 10.5 * row])
    book.add_worksheet("Notas").write("A1", "no tocar")
    book.close()
    return stream.getvalue()


def lay_in(data):
    package = read_package(data)
    return transplant(package, rich_donor(), plan_names(package, {"panel": "Panel", "alerts": "Alertas"}))


def patched(data, cells, sheet="Facturas"):
    return patch_cells(read_package(data), sheet, cells).to_bytes()


def changed(before, after):
    return [c for c in compare(before, after) if c.change not in ("identical", "ours", "appended")]


def test_cells_of_the_status_column_are_listed_and_harmless():
    before = client()
    (change,) = changed(before, patched(before, {"C2": "▲ vencida", "C4": "carta"}))
    assert change.harmless
    assert change.patched
    assert change.sheet == "Facturas"
    assert [(c.cell, c.before, c.after) for c in change.cells] == [("C2", None, "▲ vencida"), ("C4", None, "carta")]


@pytest.mark.parametrize(
    "cells", [{"B2": 99}, {"C2": "x", "B3": 1}, {"A2": None}], ids=["another column", "both", "emptied"]
)
def test_any_other_cell_is_a_loss_and_is_named(cells):
    before = client()
    (change,) = changed(before, patched(before, cells))
    assert not change.harmless
    assert set(cells) <= {c.cell for c in change.cells}


def test_part_names_in_another_letter_case_are_the_same_parts():
    stream = io.BytesIO()
    with ZipFile(io.BytesIO(client())) as source, ZipFile(stream, "w") as target:
        for name in source.namelist():
            target.writestr(name.lower(), source.read(name))
    before = stream.getvalue()
    after = lay_in(before)
    assert changed(before, after) == []


def test_the_heading_decides_not_the_place():
    before = client(heading="Estado")
    (change,) = changed(before, patched(before, {"C2": "x"}))
    assert not change.harmless


def test_a_change_beside_the_cells_or_in_their_format_is_a_loss():
    before = patched(client(), {"C2": "x"})
    package = read_package(patched(before, {"C2": "y"}))
    name = "xl/worksheets/sheet1.xml"
    for old, new in ((b'defaultRowHeight="15"', b'defaultRowHeight="99"'), (b'<c r="C2"', b'<c r="C2" s="1"')):
        xml = package.read(name)
        assert old in xml
        (change,) = changed(before, package.with_parts({name: xml.replace(old, new)}).to_bytes())
        assert not change.harmless


def run(command, *arguments):
    return CliRunner().invoke(command, [str(a) for a in arguments])


def test_the_commands_say_what_they_did_and_end_with_their_codes(tmp_path):
    before, donor, after = (tmp_path / name for name in ("antes.xlsx", "origen.xlsx", "después.xlsx"))
    before.write_bytes(client())
    donor.write_bytes(rich_donor("Facturas", "Otra"))
    done = run(transplant_command, before, donor, "--out", after)
    assert done.exit_code == 0, done.output
    assert "«Facturas (2)»" in done.output
    proof = run(verify_command, before, after)
    assert proof.exit_code == 0
    assert proof.output.splitlines()[-1].startswith("No se ha perdido nada del cliente")
    document = json.loads(run(verify_command, before, after, "--json", "--lang", "en").output)
    assert document["lost"] is False
    assert document["verdict"].startswith("Nothing of the client's was lost")
    assert {part["change"] for part in document["parts"]} == {"identical", "ours", "appended"}
    lost = run(verify_command, after, before)
    assert lost.exit_code == 0  # our sheets may go
    after.write_bytes(patched(client(), {"A1": "otro"}, "Notas"))
    lost = run(verify_command, before, after, "--lang", "en")
    assert lost.exit_code == 1
    assert "A1: no tocar -> otro" in lost.output
    assert "WAS LOST" in lost.output.splitlines()[-1]


def test_checkboxes_that_become_their_values_are_told(tmp_path):
    before, donor, after = (tmp_path / name for name in ("antes.xlsx", "origen.xlsx", "después.xlsx"))
    before.write_bytes(client())
    book = xlsxwriter.Workbook(str(donor))
    book.add_worksheet("Tareas").insert_checkbox("A1", boolean=True)
    book.close()
    done = run(transplant_command, before, donor, "--out", after)
    assert done.exit_code == 0
    assert "casillas de verificación" in done.output
    assert open_workbook(after)["Tareas"]["A1"].value is True
    donor.write_bytes(rich_donor("Otra"))
    assert "casillas" not in run(transplant_command, before, donor, "--out", after).output


def test_what_cannot_be_read_or_written_is_refused_naming_the_file(tmp_path):
    good, bad = tmp_path / "bueno.xlsx", tmp_path / "malo.xlsx"
    good.write_bytes(client())
    bad.write_bytes(b"PK\3\4 roto")
    for command, *arguments in (
        (verify_command, good, bad),
        (verify_command, tmp_path / "no.xlsx", good),
        (transplant_command, good, bad, "--out", tmp_path / "x.xlsx"),
        (transplant_command, bad, good, "--out", tmp_path / "x.xlsx"),
        (transplant_command, tmp_path / "no.xlsx", good, "--out", tmp_path / "x.xlsx"),
        (transplant_command, good, good, "--out", tmp_path / "falta" / "x.xlsx"),
    ):
        ended = run(command, *arguments)
        assert ended.exit_code == 2, ended.output
        assert ("malo.xlsx" in ended.output) or ("no.xlsx" in ended.output) or ("falta" in ended.output)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["bueno.xlsx", "malo.xlsx"]


def test_the_donor_is_never_overwritten_and_the_client_only_when_asked(tmp_path):
    first, donor = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    first.write_bytes(client())
    donor.write_bytes(rich_donor("Uno", "Dos"))
    kept = donor.read_bytes()
    assert run(transplant_command, first, donor, "--out", donor).exit_code == 2
    assert donor.read_bytes() == kept
    before = first.read_bytes()
    assert run(transplant_command, first, donor, "--out", first).exit_code == 0
    assert all(c.harmless for c in compare(before, first.read_bytes()))
    (tmp_path / "~$a.xlsx").write_bytes(b"\x03Ana")
    opened = run(transplant_command, first, donor, "--out", first)
    assert opened.exit_code == 2
    assert "abierto" in opened.output
