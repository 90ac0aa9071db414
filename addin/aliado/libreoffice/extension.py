"""The extension for LibreOffice (.oxt): every custom function and every button, from the registry and the ribbon.

It holds no engine: what it runs in LibreOffice needs nothing but that program's own Python, and starts the Python that
Aliado is installed in. The same registry, ribbon and interpreter give the same bytes.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from aliado import __version__
from aliado.cells.function import CellFunction
from aliado.cells.registry import FUNCTIONS
from aliado.excel.buttons import BUTTONS
from aliado.excel.icons import draw_icon
from aliado.language import Text
from aliado.libreoffice.type_library import ARRAY, VALUE, Method, write_type_library

IDENTIFIER = "org.aliado.calc"
SETTINGS = "settings.json"
_SERVICE = "org.aliado.calc.Functions"
_HANDLER = "org.aliado.calc.Buttons"
_PROTOCOL = "org.aliado.button:"
_DATE = (1980, 1, 1, 0, 0, 0)
_MODULES = ("wire", "helper", "host", "opened", "books", "sheets", "ranges", "cells", "formulas")
_SHEETS = "com.sun.star.sheet.SpreadsheetDocument"

_CONFIGURATIONS = ("CalcAddIns.xcu", "Addons.xcu", "ProtocolHandler.xcu", "CalcWindowState.xcu")

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_COMPONENT = (
    '<oor:component-data xmlns:oor="http://openoffice.org/2001/registry" '
    'xmlns:xs="http://www.w3.org/2001/XMLSchema" oor:name="{name}" oor:package="org.openoffice.{package}">\n{inside}\n'
    "</oor:component-data>\n"
)


def build_extension(interpreter: Path | str) -> bytes:
    """Return the .oxt. interpreter: the Python that answers, of the environment that Aliado is installed in."""
    content = BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in sorted(_members(str(interpreter))):
            package.writestr(zipfile.ZipInfo(name, _DATE), data, zipfile.ZIP_DEFLATED)
    return content.getvalue()


def _methods() -> list[Method]:
    """Return every name of every custom function as a method."""
    return [
        Method(
            name,
            tuple(parameter.name for parameter in function.parameters),
            ARRAY if function.result == "array" else VALUE,
        )
        for function in FUNCTIONS
        for name in (function.name, *function.aliases)
    ]


def _members(interpreter: str) -> Iterator[tuple[str, bytes]]:
    results = {name: function.result for function in FUNCTIONS for name in (function.name, *function.aliases)}
    yield "META-INF/manifest.xml", _manifest().encode()
    yield "description.xml", _description().encode()
    yield "CalcAddIns.xcu", write_functions().encode()
    yield "Addons.xcu", write_buttons().encode()
    yield "ProtocolHandler.xcu", _protocol().encode()
    yield "CalcWindowState.xcu", _toolbar_state().encode()
    yield "functions.rdb", write_type_library(_methods())
    yield "methods.json", json.dumps(results, indent=1).encode()
    yield SETTINGS, json.dumps({"python": interpreter, "version": __version__}, indent=1).encode()
    for button in BUTTONS:
        for size in (16, 26):
            yield f"icons/{button.name}_{size}.png", draw_icon(button.icon, size)
    source = files("aliado.libreoffice") / "inside"
    yield "component.py", (source / "component.py").read_bytes()
    for package in ("aliado", "aliado/libreoffice", "aliado/libreoffice/inside"):
        yield f"pythonpath/{package}/__init__.py", b""
    for module in _MODULES:
        yield f"pythonpath/aliado/libreoffice/inside/{module}.py", (source / f"{module}.py").read_bytes()


def write_functions() -> str:
    """Return CalcAddIns.xcu: names, help and arguments of the custom functions."""
    nodes = "\n".join(
        _function(function, name) for function in FUNCTIONS for name in (function.name, *function.aliases)
    )
    inside = (
        f'<node oor:name="AddInInfo"><node oor:name="{_SERVICE}" oor:op="replace"><node oor:name="AddInFunctions">\n'
        f"{nodes}\n</node></node></node>"
    )
    return _HEAD + _COMPONENT.format(name="CalcAddIns", package="Office", inside=inside)


def write_buttons() -> str:
    """Return Addons.xcu: a toolbar and a menu with the ribbon's buttons, and their icons."""
    entries = "\n".join(_button(number) for number in range(len(BUTTONS)))
    images = "\n".join(
        f'<node oor:name="{IDENTIFIER}.{button.name}" oor:op="replace">{_prop("URL", _PROTOCOL + button.name)}'
        f'<node oor:name="UserDefinedImages">{_prop("ImageSmallURL", f"%origin%/icons/{button.name}_16.png")}'
        f"{_prop('ImageBigURL', f'%origin%/icons/{button.name}_26.png')}</node></node>"
        for button in BUTTONS
    )
    inside = (
        '<node oor:name="AddonUI">\n'
        f'<node oor:name="OfficeToolBar"><node oor:name="{IDENTIFIER}.toolbar" oor:op="replace">\n'
        f"{entries}\n</node></node>\n"
        f'<node oor:name="OfficeMenuBar"><node oor:name="{IDENTIFIER}.menu" oor:op="replace">'
        f'{_prop("Context", _SHEETS)}{_prop("Title", "Aliado")}{_prop("Target", "_self")}<node oor:name="Submenu">\n'
        f"{entries}\n</node></node></node>\n"
        f'<node oor:name="Images">\n{images}\n</node>\n</node>'
    )
    return _HEAD + _COMPONENT.format(name="Addons", package="Office", inside=inside)


def _function(function: CellFunction, name: str) -> str:
    arguments = "".join(
        f'<node oor:name={quoteattr(parameter.name)} oor:op="replace">{_prop("DisplayName", parameter.name)}'
        f"{_prop('Description', parameter.help)}</node>"
        for parameter in function.parameters
    )
    # Calc resolves a name in Excel's files by CompatibilityName, and takes the English one for its own.
    return (
        f'<node oor:name="{name}" oor:op="replace">{_prop("DisplayName", Text(name, name))}'
        f"{_prop('Description', function.summary)}{_prop('Category', 'Add-In')}"
        f'{_prop("CompatibilityName", Text(name, name))}<node oor:name="Parameters">{arguments}</node></node>'
    )


def _button(number: int) -> str:
    button = BUTTONS[number]
    return (
        f'<node oor:name="m{number:02}" oor:op="replace">{_prop("URL", _PROTOCOL + button.name)}'
        f"{_prop('Title', Text(button.label, button.label))}{_prop('Context', _SHEETS)}{_prop('Target', '_self')}</node>"
    )


def _prop(name: str, value: str | Text) -> str:
    """Return a property; a text in both languages as one value for each, English for all other languages."""
    if isinstance(value, Text):
        values = "".join(
            f"<value xml:lang={quoteattr(tag)}>{escape(text)}</value>"
            for tag, text in (("en-US", value.en), ("es", value.es))
        )
    else:
        values = f"<value>{escape(value)}</value>"
    return f'<prop oor:name="{name}">{values}</prop>'


def _protocol() -> str:
    inside = (
        f'<node oor:name="HandlerSet"><node oor:name="{_HANDLER}" oor:op="replace">'
        f'<prop oor:name="Protocols"><value>{_PROTOCOL}*</value></prop></node></node>'
    )
    return _HEAD + _COMPONENT.format(name="ProtocolHandler", package="Office", inside=inside)


def _toolbar_state() -> str:
    """Return what gives the toolbar its name, and its place below the others instead of floating."""
    inside = (
        '<node oor:name="UIElements"><node oor:name="States">'
        f'<node oor:name="private:resource/toolbar/addon_{IDENTIFIER}.toolbar" oor:op="replace">'
        f"{_prop('UIName', Text('Aliado', 'Aliado'))}{_prop('Docked', 'true')}{_prop('DockingArea', '0')}"
        f"{_prop('DockPos', '0,2')}{_prop('Visible', 'true')}</node></node></node>"
    )
    return _HEAD + _COMPONENT.format(name="CalcWindowState", package="Office.UI", inside=inside)


def _manifest() -> str:
    configuration = "application/vnd.sun.star.configuration-data"
    entries = [
        ("functions.rdb", "application/vnd.sun.star.uno-typelibrary;type=RDB"),
        ("component.py", "application/vnd.sun.star.uno-component;type=Python"),
        *((name, configuration) for name in _CONFIGURATIONS),
    ]
    lines = "\n".join(
        f' <manifest:file-entry manifest:full-path="{path}" manifest:media-type="{kind}"/>' for path, kind in entries
    )
    return f'{_HEAD}<manifest:manifest xmlns:manifest="http://openoffice.org/2001/manifest">\n{lines}\n</manifest:manifest>\n'


def _description() -> str:
    return (
        f'{_HEAD}<description xmlns="http://openoffice.org/extensions/description/2006">\n'
        f' <identifier value="{IDENTIFIER}"/>\n <version value="{__version__}"/>\n'
        ' <display-name><name lang="es">Aliado</name><name lang="en">Aliado</name></display-name>\n'
        "</description>\n"
    )
