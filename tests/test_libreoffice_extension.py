"""The extension for LibreOffice holds every function and every button, and the same input gives the same bytes."""

from __future__ import annotations

import json
import os
import struct
import sys
import zipfile
from io import BytesIO
from pathlib import Path
from subprocess import CompletedProcess
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner

from aliado import __version__
from aliado.cells.registry import FUNCTIONS
from aliado.commands.libreoffice import libreoffice
from aliado.excel.buttons import BUTTONS
from aliado.libreoffice import install as installing
from aliado.libreoffice.answering import call_function
from aliado.libreoffice.cells import decode, encode, from_day
from aliado.libreoffice.doctor import examine
from aliado.libreoffice.extension import build_extension
from aliado.libreoffice.inside.formulas import unlink
from aliado.libreoffice.inside.helper import Helper, HelperFailed
from aliado.libreoffice.inside.wire import read_message, write_message
from aliado.libreoffice.program import Program
from aliado.libreoffice.type_library import ARRAY, Method, write_type_library

OOR = "{http://openoffice.org/2001/registry}"
NAMES = [name for function in FUNCTIONS for name in (function.name, *function.aliases)]


@pytest.fixture(scope="module")
def members():
    with zipfile.ZipFile(BytesIO(build_extension("/opt/python"))) as package:
        return {name: package.read(name) for name in package.namelist()}


def nodes(xml, inside):
    """Return the names of the nodes below the one of a name."""
    found = next(node for node in ET.fromstring(xml).iter("node") if node.get(OOR + "name") == inside)
    return [node.get(OOR + "name") for node in found.findall("node")]


def test_the_same_input_gives_the_same_bytes():
    assert build_extension("/opt/python") == build_extension("/opt/python")
    assert build_extension("/opt/python") != build_extension("/opt/other")


def test_everything_that_the_manifest_names_is_there_and_well_formed(members):
    manifest = ET.fromstring(members["META-INF/manifest.xml"])
    space = "{http://openoffice.org/2001/manifest}"
    paths = [entry.get(space + "full-path") for entry in manifest]
    assert len(paths) == 6
    assert set(paths) <= set(members)
    for name, content in members.items():
        if name.endswith((".xcu", ".xml")):
            ET.fromstring(content)
        if name.endswith(".py"):
            compile(content, name, "exec")
    assert json.loads(members["settings.json"]) == {"python": "/opt/python", "version": __version__}


def test_every_function_is_there_under_every_name_with_help_in_both_languages(members):
    assert nodes(members["CalcAddIns.xcu"], "AddInFunctions") == NAMES
    for name in NAMES:
        assert struct.pack("<I", len(name)) + name.encode() in members["functions.rdb"], name
    text = members["CalcAddIns.xcu"].decode()
    assert text.count('xml:lang="es"') == text.count('xml:lang="en-US"') > 5 * len(NAMES)


def test_every_button_is_on_the_toolbar_and_in_the_menu_with_its_icon(members):
    text = members["Addons.xcu"].decode()
    for button in BUTTONS:
        assert text.count(f"<value>org.aliado.button:{button.name}</value>") == 3, button.name
        for size in (16, 26):
            assert members[f"icons/{button.name}_{size}.png"].startswith(b"\x89PNG")
            assert f"%origin%/icons/{button.name}_{size}.png" in text


def test_nothing_of_the_engine_goes_into_libreoffice(members):
    for name, content in members.items():
        if name.endswith(".py"):
            imported = {
                line.split()[1] for line in content.decode().splitlines() if line.startswith(("import ", "from "))
            }
            for item in (item for item in imported if item.startswith("aliado")):
                assert item.startswith("aliado.libreoffice.inside."), name
                assert f"pythonpath/{item.replace('.', '/')}.py" in members, name
            assert not imported & {"xlwings", "numpy", "pandas", "openpyxl", "yaml", "msgspec"}, name


def test_the_type_library_is_what_unoidl_write_makes():
    """The bytes that LibreOffice 25.2's own unoidl-write gives for this interface, but for its remark in the head."""
    made = write_type_library([Method("ALIADO_A", ("one",)), Method("ALIADO_B", ("one", "two"))])
    assert made[:8] == b"UNOIDL\xff\0"
    root, count = struct.unpack_from("<II", made, 8)
    assert count == 1
    name, place = struct.unpack_from("<II", made, root)
    assert made[name : name + 4] == b"org\0"
    assert made[place] == 0
    start = made.index(b"\x05\x01\0\0\0\x1b\0\0\0com.sun.star.uno.XInterface")
    offset = start - 0x44  # where it stands in unoidl-write's file, whose remark is longer

    def moved(place):
        return struct.pack("<I", (place + offset) | 0x80000000)

    expected = (
        b"\x05\x01\0\0\0\x1b\0\0\0com.sun.star.uno.XInterface" + bytes(8) + b"\x02\0\0\0"
        b"\x08\0\0\0ALIADO_A\x03\0\0\0any\x02\0\0\0\0\x08\0\0\0document\x1f\0\0\0com.sun.star.beans.XPropertySet"
        b"\0\x03\0\0\0one" + moved(0x80) + bytes(4) + b"\x08\0\0\0ALIADO_B" + moved(0x80) + b"\x03\0\0\0"
        b"\0"
        + moved(0x8C)
        + moved(0x98)
        + b"\0"
        + moved(0xBC)
        + moved(0x80)
        + b"\0\x03\0\0\0two"
        + moved(0x80)
        + bytes(4)
    )
    assert made[start : start + len(expected)] == expected


def test_an_array_function_gives_rows():
    assert b"[][]any" in write_type_library([Method("A", (), ARRAY)])


def test_messages_pass_whole_and_an_end_is_told():
    stream = BytesIO()
    message = {"call": "ALIADO_KPI", "arguments": [[["Fáctura", 1.5, None, True]]], "path": None}
    write_message(stream, message)
    stream.seek(0)
    assert read_message(stream) == message
    with pytest.raises(EOFError):
        read_message(stream)


def test_a_function_takes_serial_days_and_gives_them():
    assert call_function("ALIADO_DIA_LAB", [46346.0, 1.0, "EC"], None) == {"value": 46349.0}
    head = ["Número", "Cliente", "Fecha", "Vencimiento", "Total"]
    rows = [head, ["1", "Alfa", 46000.0, 46030.0, 100.0], ["", "", "", "", ""]]
    found = call_function("ALIADO_VENCIDAS", [rows, 46346.0], None)["value"]
    assert found[1][0] == "1"
    assert found[1][2:5] == [46030.0, 316.0, 100.0]


@pytest.mark.parametrize(
    ("name", "arguments", "error"),
    [
        ("ALIADO_KPI", ["NADA", [["Número", "Cliente", "Fecha", "Total"]], 46346.0], "#VALUE!"),
        ("ALIADO_KPI", ["AR-DSO"], "#VALUE!"),
        ("ALIADO_NADA", [], "#NAME?"),
    ],
)
def test_what_cannot_be_computed_is_an_error(name, arguments, error):
    assert call_function(name, arguments, None) == {"error": error}


def test_the_helper_answers_from_a_process_of_its_own(tmp_path):
    (tmp_path / "settings.json").write_text(json.dumps({"python": sys.executable, "version": __version__}))
    helper = Helper(tmp_path)
    request = {"call": "ALIADO_WORKDAY", "arguments": ["2026-11-20", 1.0, "EC"], "path": None}
    assert helper.ask(request) == {"value": 46349.0}
    helper.stop()
    assert helper.ask(request) == {"value": 46349.0}
    helper.stop()


def test_an_interpreter_that_is_gone_is_told(tmp_path):
    (tmp_path / "settings.json").write_text(json.dumps({"python": str(tmp_path / "none"), "version": ""}))
    with pytest.raises(HelperFailed, match="none"):
        Helper(tmp_path).ask({"call": "ALIADO_KPI", "arguments": [], "path": None})


def test_dates_and_errors_of_cells_are_told_apart():
    moment = decode({"day": 46346.5})
    assert moment == from_day(46346.5)
    assert encode(moment) == 46346.5
    assert str(decode({"error": "#N/A"})) == "#N/A"
    assert decode("#12") == "#12"


def test_links_to_the_donor_go_and_others_stay():
    assert unlink("='file:///datos/O''Brien/d.xlsx'#$Panel.B8", "d.xlsx") == "=$Panel.B8"
    assert unlink("='file:///datos/e.xlsx'#$Panel.B8", "d.xlsx") == "='file:///datos/e.xlsx'#$Panel.B8"


class FakeProgram:
    def __init__(self, output="", failure=""):
        self.output, self.failure, self.calls = output, failure, []

    def run(self, *arguments):
        self.calls.append(arguments)
        return CompletedProcess(arguments, 1 if self.failure else 0, self.output, self.failure)


def test_install_hands_the_extension_over_and_uninstall_takes_it_away():
    program = FakeProgram("Identifier: org.aliado.calc")
    installing.install(program, shared=True)
    assert program.calls[-1][:4] == ("add", "--force", "--suppress-license", "--shared")
    assert program.calls[-1][-1].endswith("aliado.oxt")
    assert installing.uninstall(program)
    assert program.calls[-1] == ("remove", "org.aliado.calc")
    assert not installing.uninstall(FakeProgram("nothing"))


def test_the_systems_python_comes_before_that_of_a_virtual_environment(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}/opt")
    monkeypatch.setenv("VIRTUAL_ENV", str(tmp_path))
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    command = tmp_path / "unopkg"
    command.write_text('#!/bin/sh\necho "$PATH $VIRTUAL_ENV $PYTHONPATH $1"\n', encoding="ascii")
    command.chmod(0o755)
    assert Program(command).run("list").stdout.split() == [f"/usr/bin:/bin:{tmp_path}:/opt", "list"]


class InstalledFor:
    """A LibreOffice that has the extension for nobody ("no"), for this user ("own") or for all ("all"); root may ask for all only."""

    def __init__(self, whom, root=False):
        self.whom, self.root = whom, root
        self.unopkg = Path("/opt/program/unopkg")

    def run(self, *arguments):
        whom = "all" if "--shared" in arguments else "own"
        if self.root and whom == "own":
            return CompletedProcess(arguments, 1, "", "ERROR: Cannot run unopkg as root without --shared")
        return CompletedProcess(arguments, 0, "Identifier: org.aliado.calc" if whom == self.whom else "<none>", "")


@pytest.mark.parametrize(
    ("program", "found", "fails"),
    [
        (InstalledFor("own"), "installed; this", False),
        (InstalledFor("all"), "for all users", False),
        (InstalledFor("all", root=True), "for all users", False),
        (InstalledFor("no"), "not installed", True),
        (InstalledFor("no", root=True), "--shared", True),
    ],
)
def test_doctor_looks_for_the_extension_of_this_user_and_of_all(program, found, fails):
    check = examine(program)[1]
    assert found in check.found.en
    assert (check.cure is not None) == fails


@pytest.mark.parametrize(
    ("program", "words"),
    [
        (None, "ALIADO_UNOPKG"),
        (FakeProgram(failure="ERROR: Cannot run unopkg as root without"), "--shared"),
        (FakeProgram(failure="lock file"), "lock file"),
    ],
)
def test_a_refusal_says_what_to_do(program, words):
    with pytest.raises(installing.InstallRefused, match=words):
        installing.install(program)


def test_the_command_says_when_there_is_no_libreoffice(monkeypatch):
    monkeypatch.setattr("aliado.libreoffice.program.find_program", lambda *_: None)
    for name in ("install", "uninstall", "doctor"):
        result = CliRunner().invoke(libreoffice, [name, "--lang", "en"])
        assert result.exit_code == 2, name
        assert "LibreOffice" in result.output
