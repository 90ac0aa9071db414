"""The workbooks that ship are what their sources say, and hold together; what only Excel can show is in EXCEL_CHECKLIST.md."""

from __future__ import annotations

import json
import re
import subprocess
import warnings
from datetime import date
from io import BytesIO
from pathlib import Path

import olefile
import openpyxl
import pytest
from lxml import etree
from python_calamine import CalamineWorkbook

from aliado.batch.outcome import Job, Options
from aliado.batch.refresh import refresh
from aliado.cells.registry import FUNCTIONS
from aliado.excel import build
from aliado.excel.buttons import BUTTONS, GROUPS
from aliado.excel.icons import draw_icon
from aliado.excel.template_data import AS_OF, SHOWN
from aliado.excel.vba_project import encode_source
from aliado.excel.vba_sources import read_module, read_modules
from aliado.resources import workbook_folder
from aliado.workbook.package import read_package
from aliado.workbook.reader import read_sheets

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from oletools.olevba import VBA_Parser

UI = "{http://schemas.microsoft.com/office/2009/07/customui}"
WITH_MACROS = ("Aliado.xlsm", "Aliado.xlam")


@pytest.fixture(scope="module")
def built():
    return build.build_all()


@pytest.fixture(scope="module", params=WITH_MACROS)
def with_macros(request, built):
    return read_package(built[request.param])


def sources_of(package, tmp_path):
    path = tmp_path / "vbaProject.bin"
    path.write_bytes(package.read("xl/vbaProject.bin"))
    parser = VBA_Parser(str(path))
    found = {stream.rpartition("/")[2]: code for _, stream, _, code in parser.extract_macros()}
    parser.close()
    return found


def code(module):
    """Return a module's lines that do something: no comments, no attributes."""
    lines = (line.strip() for line in module.source.splitlines())
    return [line for line in lines if line and not line.startswith(("'", "Attribute"))]


@pytest.mark.parametrize("name", ["Aliado.xlsm", "Aliado.xltx", "Aliado.xlam"])
def test_the_shipped_workbooks_are_those_that_the_sources_build(built, name):
    assert (workbook_folder() / name).read_bytes() == built[name], "run: python -m aliado.excel.build"


def test_olevba_reads_exactly_our_sources(with_macros, tmp_path):
    found = sources_of(with_macros, tmp_path)
    for module in [*read_modules(), *([read_module("AliadoTemplate")] if "AliadoTemplate" in found else [])]:
        assert found.pop(module.name) == encode_source(module).decode("cp1252")
    assert all("VB_Base" in source and "Sub" not in source for source in found.values()), "documents hold no code"


CFB = Path.home() / ".cache" / "aliado-tools" / "node_modules" / "cfb"
READ_STREAMS = """
const CFB = require(process.argv[1]);
const file = CFB.read(require("fs").readFileSync(process.argv[2]), {type: "buffer"});
const found = {};
file.FullPaths.forEach((path, i) => {
  if (file.FileIndex[i].type === 2) found[path] = Buffer.from(file.FileIndex[i].content).toString("hex");
});
process.stdout.write(JSON.stringify(found));
"""


@pytest.mark.skipif(not CFB.is_dir(), reason="npm's cfb is not installed (.ci/run installs it)")
def test_two_other_readers_see_the_same_streams(with_macros, tmp_path):
    path = tmp_path / "vbaProject.bin"
    path.write_bytes(with_macros.read("xl/vbaProject.bin"))
    told = subprocess.run(
        ["node", "-e", READ_STREAMS, str(CFB), str(path)], capture_output=True, text=True, check=True
    ).stdout
    theirs = {name.split("/", 1)[1]: bytes.fromhex(content) for name, content in json.loads(told).items()}
    with olefile.OleFileIO(str(path)) as file:
        ours = {"/".join(stream): file.openstream(stream).read() for stream in file.listdir()}
    assert {name: content for name, content in theirs.items() if "Sh33tJ5" not in name} == ours
    assert "VBA/dir" in ours


def test_every_sheet_has_a_module_of_its_code_name(with_macros, tmp_path):
    documents = {name for name, source in sources_of(with_macros, tmp_path).items() if "VB_Base" in source}
    named = set()
    for part in with_macros.names:
        if part.startswith("xl/worksheets/sheet"):
            found = re.search(rb'<sheetPr[^>]*codeName="(\w+)"', with_macros.read(part))
            assert found, part
            named.add(found[1].decode())
    assert documents == {*named, "ThisWorkbook"}


def test_every_relationship_leads_somewhere(with_macros):
    for part in [*with_macros.names, ""]:
        if not part.endswith(".rels"):
            for link in with_macros.relationships(part):
                assert link.external or link.target in with_macros, (part, link)


def test_every_button_has_its_callback_its_icon_and_its_tips(with_macros, tmp_path):
    source = sources_of(with_macros, tmp_path)["AliadoRibbon"]
    subs = set(re.findall(r"^Public Sub (\w+)\(control As IRibbonControl", source, re.MULTILINE))
    root = etree.fromstring(with_macros.read("customUI/customUI14.xml"))
    images = {link.id: link.target for link in with_macros.relationships("customUI/customUI14.xml")}
    assert [group.get("id") for group in root.iter(f"{UI}group")] == [f"Aliado{group}Group" for group in GROUPS]
    callbacks = set()
    for control in [*root.iter(f"{UI}button"), *root.iter(f"{UI}editBox")]:
        callbacks |= {control.get(name) for name in ("onAction", "getText", "onChange") if control.get(name)}
        assert control.get("screentip")
        assert control.get("supertip")
    assert callbacks == subs
    for control in root.iter(f"{UI}button"):
        png = with_macros.read(images[control.get("image")])
        size = 32 if control.get("size") == "large" else 16
        assert png[:8] == b"\x89PNG\r\n\x1a\n"
        assert int.from_bytes(png[16:20], "big") == int.from_bytes(png[20:24], "big") == size
    keys = [control.get("keytip") for control in root.iter() if control.get("keytip")]
    assert len(set(keys)) == len(keys)
    ids = [control.get("id") for control in root.iter() if control.get("id")]
    assert len(set(ids)) == len(ids)


def test_every_button_has_a_group_and_an_icon_of_its_own():
    assert {button.group for button in BUTTONS} == set(GROUPS)
    for size in (16, 32):
        assert len({draw_icon(button.icon, size) for button in BUTTONS}) == len(BUTTONS)


def test_every_function_has_a_stub_under_every_name():
    source = "\n".join(line for line in read_modules()[2].source.splitlines())
    stubs = re.findall(r"^Public Function (\w+)\((.*)\) As Variant$", source, re.MULTILINE)
    wanted = {name: spec for spec in FUNCTIONS for name in (spec.name, *spec.aliases)}
    assert [name for name, _ in stubs] == list(wanted)
    for name, arguments in stubs:
        given = arguments.split(", ")
        assert given == [("Optional " if p.optional else "") + p.name for p in wanted[name].parameters]
        assert f'CallUDF("aliado.excel.functions", "{wanted[name].name}", ' in source
    helps = re.findall(r'VB_Description = "(.*)"$', source, re.MULTILINE)
    assert len(helps) == len(stubs)
    assert all(len(text.replace('""', '"')) <= 255 for text in helps)
    assert all(len(line) < 1000 for line in source.splitlines())


def test_no_workbook_can_choose_the_interpreter_or_its_path():
    python = read_modules()[0]
    text = "\n".join(code(python))
    for word in (
        "ActiveWorkbook",
        "ThisWorkbook",
        "Worksheets",
        "Sheets(",
        "FullName",
        "CurDir",
        "PYTHONPATH",
        "prepare_sys_path",
        "LICENSE",
    ):
        assert word not in text, word
    assert re.findall(r'Environ\$\("(\w+)"\)', text) == ["HOME", "USERPROFILE", "HOME", "USERPROFILE"]
    runs = [line for line in code(python) if "-c " in line and "-B" in line]
    assert len(runs) == 2
    assert all(" -P -B -c " in line for line in runs), "the current folder, perhaps a client's, stays off sys.path"


def test_no_cell_can_run_python_of_its_choice():
    python = read_modules()[0]
    lines = code(python)
    assert "Option Private Module" in lines
    public = [line for line in lines if line.startswith("Public")]
    assert [line.split("(")[0] for line in public] == [
        "Public Sub RunPython",
        "Public Function XLPy",
        "Public Function Setting",
        "Public Function SettingsFile",
    ], "a Public Function that takes a command could be called from a client's cell"


def test_buttons_pass_nothing_that_a_person_typed():
    [run] = [line for line in code(read_modules()[1]) if "RunPython" in line]
    assert (
        run
        == 'RunPython "from aliado.excel import ribbon; ribbon.run(\'" & Name & "\', " & Window & ", \'" & AsOf() & "\')"'
    )
    typed = [line for line in code(read_modules()[1]) if '"AsOf",' in line]
    assert typed == [
        'SaveSetting "Aliado", "Ribbon", "AsOf", ""',
        'SaveSetting "Aliado", "Ribbon", "AsOf", Format$(CDate(text), "yyyy-mm-dd")',
    ]


def test_nothing_runs_when_a_workbook_is_opened(with_macros, tmp_path):
    for source in sources_of(with_macros, tmp_path).values():
        assert not re.search(r"Sub (Workbook_Open|Auto_Open|AutoExec)", source, re.IGNORECASE)


def test_errors_reach_the_cell_as_errors():
    source = read_modules()[2].source
    assert source.count("CVErr(xlErrValue)") == 1 + sum(1 + len(spec.aliases) for spec in FUNCTIONS)
    assert "Err.Description" not in source


def test_the_project_needs_no_trust_and_has_no_password(with_macros):
    with olefile.OleFileIO(BytesIO(with_macros.read("xl/vbaProject.bin"))) as file:
        project = file.openstream("PROJECT").read().decode("cp1252")
        assert file.openstream("VBA/_VBA_PROJECT").read().hex() == "cc61ffff000100"
    assert "\r\nModule=AliadoFunctions\r\n" in project
    assert not any("VBProject" in module.source for module in read_modules())


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Aliado.xlsm", "application/vnd.ms-excel.sheet.macroEnabled.main+xml"),
        ("Aliado.xltx", "application/vnd.openxmlformats-officedocument.spreadsheetml.template.main+xml"),
        ("Aliado.xlam", "application/vnd.ms-excel.addin.macroEnabled.main+xml"),
    ],
)
def test_each_file_is_of_its_kind_and_opens_elsewhere(built, name, kind):
    package = read_package(built[name])
    assert package.content_type(package.workbook_part) == kind
    with CalamineWorkbook.from_filelike(BytesIO(built[name])) as book:
        names = book.sheet_names
    if name == "Aliado.xlam":  # openpyxl knows no add-ins: it reads this one as the workbook that it else is
        types = package.read("[Content_Types].xml").replace(b"vnd.ms-excel.addin.", b"vnd.ms-excel.sheet.")
        built = {name: package.with_parts({"[Content_Types].xml": types}).to_bytes()}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert openpyxl.load_workbook(BytesIO(built[name])).sheetnames == names


def test_the_template_is_refreshed_already(built, tmp_path):
    path = tmp_path / "Aliado.xlsm"
    path.write_bytes(built["Aliado.xlsm"])
    outcome = refresh(Job(path, path), Options(AS_OF))
    assert outcome.status == "unchanged", outcome.reason
    assert not outcome.record["rejected"]
    assert all(tie["ok"] for tie in outcome.record["ties"])
    assert outcome.count("red")


def test_a_refresh_at_another_date_keeps_macros_and_ribbon(built, tmp_path):
    path = tmp_path / "Aliado.xlsm"
    path.write_bytes(built["Aliado.xlsm"])
    assert refresh(Job(path, path), Options(date(2026, 12, 31))).status == "refreshed"
    before, after = read_package(built["Aliado.xlsm"]), read_package(path.read_bytes())
    for part in before.names:
        if part.startswith("customUI") or part == "xl/vbaProject.bin":
            assert after.read(part) == before.read(part)
    assert after.content_type("xl/workbook.xml") == before.content_type("xl/workbook.xml")


def test_cells_of_the_template_hold_the_values_that_the_engine_gives(built):
    sheets = {sheet.name: sheet for sheet in read_sheets(read_package(built["Aliado.xlsm"]))}
    rows = [row for row in sheets["Indicadores"].rows if row and row[0]]
    kpis = {str(row[0]): row[1] for row in rows}
    panel = {str(cell) for row in sheets["Panel"].rows for cell in row}
    assert {name.split(" (")[0] for name in kpis} & panel
    assert kpis["% de saldo vencido (AR-OVERDUE)"] == pytest.approx(3882.65 / 5176.4, abs=1e-6)
    assert kpis["Total"] == 1293.75
    assert not sheets["Indicadores"].uncached


def test_the_plain_template_calls_no_functions_and_holds_no_macros(built):
    package = read_package(built["Aliado.xltx"])
    assert not any("vba" in name.lower() or "customui" in name.lower() for name in package.names)
    formulas = [
        text
        for name in package.names
        if name.startswith("xl/worksheets/sheet")
        for text in re.findall(rb"<f[^>]*>([^<]*)", package.read(name))
    ]
    assert formulas
    assert not any(b"ALIADO_" in text for text in formulas)


def test_opening_does_not_recalculate(built):
    for name in ("Aliado.xlsm", "Aliado.xltx"):
        xml = read_package(built[name]).read("xl/workbook.xml")
        assert b'<calcPr calcId="191029"/>' in xml
        assert b"fullCalcOnLoad" not in xml


def test_every_input_table_is_recognised_as_itself(built):
    from aliado.rules.choose import choose_pack
    from aliado.tables.recognition import recognise

    sheets = read_sheets(read_package(built["Aliado.xltx"]))
    matches = recognise(sheets, choose_pack(sheets).tables).matches
    assert {match.region.excel_table: name for name, match in matches.items()} == {
        item.sheet.es: item.table for item in SHOWN
    }
    for item in SHOWN:
        assert set(matches[item.table].columns) == set(item.fields)
