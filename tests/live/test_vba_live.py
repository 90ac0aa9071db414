"""The VBA of the template runs in LibreOffice, with a stand-in for the module that speaks to Python."""

from __future__ import annotations

from io import BytesIO

import pytest
from office import needs_office, run_office

from aliado.cells.registry import FUNCTIONS
from aliado.excel import build
from aliado.excel.buttons import BUTTONS
from aliado.excel.vba_project import Module, document_module, write_vba_project
from aliado.excel.vba_sources import read_module, read_modules

pytestmark = needs_office

STUB = """Attribute VB_Name = "AliadoPython"
Option Explicit

Public Sub RunPython(ByVal Command As String)
    ThisWorkbook.Worksheets(1).Range("Z1").Value = Command
End Sub

Public Function XLPy() As Object
    Set XLPy = New AliadoBridge
End Function
"""
BRIDGE = """Attribute VB_Name = "AliadoBridge"
Option Explicit

Public Function CallUDF(ByVal PythonModule As String, ByVal Name As String, ByVal Arguments As Variant, ByVal Book As Variant, ByVal Caller As Variant) As Variant
    If Arguments(0) = "#N/A" Then
        CallUDF = "#N/A"
    Else
        CallUDF = PythonModule & "." & Name & "/" & UBound(Arguments)
    End If
End Function
"""
PROBE = """Attribute VB_Name = "Probe"
Option Explicit

Public Function PROBE_STUB(ByVal Argument As Variant) As Variant
    PROBE_STUB = ALIADO_TAXID(Argument, "EC")
End Function

Public Function PROBE_ERROR(ByVal Argument As Variant) As Boolean
    PROBE_ERROR = IsError(ALIADO_TAXID(Argument, "EC"))
End Function

Public Sub PROBE_BUTTON()
    AliadoRefresh Nothing
End Sub
"""


@pytest.fixture(scope="module")
def opened(tmp_path_factory):
    """Return the template's VBA, in a workbook of one sheet, open in LibreOffice, and what runs one of its macros."""
    import xlsxwriter

    folder = tmp_path_factory.mktemp("vba")
    # LibreOffice knows neither Excel's window nor the settings that VBA keeps in the registry.
    unknown = {"CStr(Application.Hwnd)": '"7"', 'GetSetting("Aliado", "Ribbon", "TypedOn")': '""'}
    ours = []
    for module in read_modules():
        if module.name != "AliadoPython":
            source = module.source
            for words, instead in unknown.items():
                source = source.replace(words, instead)
            ours.append(Module(module.name, source))
    modules = [
        document_module("ThisWorkbook", workbook=True),
        document_module("HojaUna"),
        Module("AliadoPython", STUB),
        Module("AliadoBridge", BRIDGE, "class"),
        *ours,
        read_module("AliadoTemplate"),
        Module("Probe", PROBE),
    ]
    path = folder / "probe.xlsm"
    book = xlsxwriter.Workbook(str(path))
    book.add_vba_project(
        BytesIO(write_vba_project("Prueba", "{8B1F6D0E-52A4-4C3B-9E61-0D1C7A5B2F11}", modules)), is_stream=True
    )
    book.set_vba_name("ThisWorkbook")
    sheet = book.add_worksheet("Una")
    sheet.set_vba_name("HojaUna")
    book.close()
    with run_office(folder) as office:
        document = office.open(path, MacroExecutionMode=4)
        provider = document.getScriptProvider()
        [library] = [name for name in document.BasicLibraries.ElementNames if name != "Standard"]

        def run(name, *arguments):
            script = provider.getScript(f"vnd.sun.star.script:{library}.{name}?language=Basic&location=document")
            return script.invoke(arguments, (), ())[0]

        yield document, run
        document.close(True)


def test_a_function_hands_its_arguments_to_python_by_name(opened):
    _, run = opened
    assert run("Probe.PROBE_STUB", "1790012344001") == "aliado.excel.functions.ALIADO_TAXID/2"


def test_the_text_of_an_error_becomes_an_error(opened):
    _, run = opened
    assert run("Probe.PROBE_ERROR", "#N/A") is True
    assert run("Probe.PROBE_ERROR", "1") is False


@pytest.mark.parametrize("spec", FUNCTIONS, ids=lambda spec: spec.name)
def test_every_stub_runs_under_every_name(opened, spec):
    _, run = opened
    count = len(spec.parameters)
    for name in (spec.name, *spec.aliases):
        answer = run(f"AliadoFunctions.{name}", *["x"] * count)
        assert answer == f"aliado.excel.functions.{spec.name}/{count}"


def test_a_button_says_which_it_is(opened):
    document, run = opened
    run("Probe.PROBE_BUTTON")
    command = document.Sheets.getByIndex(0).getCellRangeByName("Z1").String
    assert command.startswith("from aliado.excel import ribbon; ribbon.run('Refresh', ")
    assert command.endswith(", '')")
    assert {button.name for button in BUTTONS} >= {"Refresh"}


def test_the_template_itself_opens(tmp_path):
    path = tmp_path / "Aliado.xlsm"
    path.write_bytes(build.build_template())
    with run_office(tmp_path) as office:
        document = office.open(path, MacroExecutionMode=4)
        assert "Panel" in document.Sheets.ElementNames
        modules = document.BasicLibraries.getByName(build.PROJECTS["Aliado.xlsm"]).ElementNames
        assert {"AliadoPython", "AliadoRibbon", "AliadoFunctions", "AliadoTemplate"} <= set(modules)
        document.close(True)
