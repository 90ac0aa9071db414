"""The VBA of our workbooks: our own text, with what comes from the registry, the ribbon and xlwings put in its place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from importlib.resources import files
from pathlib import Path

import xlwings

from aliado.cells.function import CellFunction
from aliado.cells.registry import FUNCTIONS
from aliado.excel.ribbon import write_callbacks
from aliado.excel.vba_project import CODE_PAGE, Module

PYTHON_MODULE = "aliado.excel.functions"
"""Stubs in workbooks out in the world call this name: it never changes."""

LONGEST_HELP = 255
_LINE = 900
"""VBA takes lines of at most 1,023 characters."""


def read_modules() -> list[Module]:
    """Return the standard modules of our workbooks, complete."""
    return [
        Module("AliadoPython", _put(_text("AliadoPython"), "'@declarations", read_declarations())),
        Module("AliadoRibbon", _put(_text("AliadoRibbon"), "'@buttons", write_callbacks())),
        Module("AliadoFunctions", _put(_text("AliadoFunctions"), "'@functions", write_stubs(FUNCTIONS))),
    ]


def read_module(name: str) -> Module:
    """Return a module whose text is complete as it stands."""
    return Module(name, _text(name))


def read_declarations() -> str:
    """Return how VBA reaches the bridge that ships with the installed xlwings, from xlwings' own module.

    Raises ValueError when that module is not as we know it: then this code has to be looked at again.
    """
    source = (Path(xlwings.__file__).parent / "xlwings_custom_addin.bas").read_text(encoding="utf-8")
    version = xlwings.__version__
    declared = {}
    for bits in ("64", "32"):
        name = f"xlwings{bits}-{version}.dll"
        found = re.search(
            rf'^ *(?:Private )?Declare PtrSafe (Function XLPyDLLActivateAuto Lib "{re.escape(name)}" .*)$',
            source,
            re.MULTILINE,
        )
        if found is None:
            raise ValueError(f"xlwings {version}: no declaration of XLPyDLLActivateAuto in {name}")
        declared[name] = found[1].strip()
    wide, narrow = (
        f'    Private Const XLPyDLLName As String = "{name}"\n    Private Declare PtrSafe {text}'
        for name, text in declared.items()
    )
    load = 'Private Declare PtrSafe Function LoadLibrary Lib "KERNEL32" Alias "LoadLibraryA" (ByVal lpLibFileName As String) As LongPtr'
    return (
        f'Private Const XLWINGS_VERSION As String = "{version}"\n'
        f"#If Mac Then\n#Else\n#If Win64 Then\n{wide}\n#Else\n{narrow}\n#End If\n{load}\n#End If\n"
    )


def write_stubs(functions: Sequence[CellFunction]) -> str:
    """Return a VBA function for every name of every custom function."""
    return "\n".join(_stub(spec, name) for spec in functions for name in (spec.name, *spec.aliases))


def write_help(spec: CellFunction) -> str:
    """Return the help of a function in Excel's wizard: both languages where they fit."""
    spanish, english = (_plain(text) for text in spec.summary)
    both = f"{spanish} / {english}"
    return both if len(both) <= LONGEST_HELP else spanish[:LONGEST_HELP]


def _plain(text: str) -> str:
    """Return a text in the letters that VBA source can hold."""
    return text.translate(_SIGNS).encode(CODE_PAGE, "replace").decode(CODE_PAGE)


_SIGNS = str.maketrans({"−": "-", "≤": "<=", "≥": ">=", "→": "->", "≠": "<>", "Σ": "sum"})


def _stub(spec: CellFunction, name: str) -> str:
    declared = ", ".join(("Optional " if item.optional else "") + item.name for item in spec.parameters)
    given = ", ".join([*(item.name for item in spec.parameters), "Nothing"])
    return "\n".join(
        [
            *_wrap(f"Public Function {name}({declared}) As Variant"),
            f'Attribute {name}.VB_Description = "{_quote(write_help(spec))}"',
            f'Attribute {name}.VB_ProcData.VB_Invoke_Func = " \\n14"',
            "    On Error GoTo Failed",
            *_wrap(
                f'    {name} = FromPython(XLPy.CallUDF("{PYTHON_MODULE}", "{spec.name}", Array({given}), '
                "ThisWorkbook, Application.Caller))"
            ),
            "    Exit Function",
            "Failed:",
            f"    {name} = CVErr(xlErrValue)",
            "End Function",
            "",
        ]
    )


def _quote(text: str) -> str:
    return text.replace('"', '""')


def _wrap(line: str) -> Iterator[str]:
    if len(line) > _LINE:
        raise ValueError(f"a line of VBA is too long: {line[:60]}…")
    yield line


def _text(name: str) -> str:
    return (files("aliado.excel") / "vba" / f"{name}.bas").read_text(encoding="utf-8")


def _put(text: str, mark: str, content: str) -> str:
    if text.count(mark) != 1:
        raise ValueError(f"{mark} stands {text.count(mark)} times in the source; it must stand once")
    return text.replace(mark, content)
