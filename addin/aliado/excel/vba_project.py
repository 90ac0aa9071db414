"""A VBA project written from source text (MS-OVBA), without compiled code: Excel compiles it when it is opened."""

from __future__ import annotations

import re
import struct
from collections.abc import Sequence
from typing import Literal

from msgspec import Struct

from aliado.excel.compound import write_compound
from aliado.excel.ovba import compress, obfuscate

CODE_PAGE = "cp1252"

_WORKBOOK = "0{00020819-0000-0000-C000-000000000046}"
_SHEET = "0{00020820-0000-0000-C000-000000000046}"
_HOST = "&H00000001={3832D640-CF90-11CF-8E43-00A0C911005A};VBE;&H00000000"
_REFERENCES = {
    "stdole": r"*\G{00020430-0000-0000-C000-000000000046}#2.0#0#C:\Windows\System32\stdole2.tlb#OLE Automation",
    "Office": r"*\G{2DF8D04C-5BFA-101B-BDE5-00AA0044DE52}#2.0#0#C:\Program Files\Common Files\Microsoft Shared\OFFICE16\MSO.DLL#Microsoft Office 16.0 Object Library",
}
_PLAIN_COMPILED = bytes.fromhex("CC61FFFF000100")
"""The `_VBA_PROJECT` stream of a project without compiled code; it is never compressed."""

_SEEDS = {"CMG": 0x1D, "DPB": 0x4B, "GC": 0x79}


class Module(Struct, frozen=True):
    """One module. source: its text, attributes and all, in any line ends. document: the workbook's or a sheet's own."""

    name: str
    source: str
    kind: Literal["standard", "class", "document"] = "standard"


def document_module(name: str, *, workbook: bool = False) -> Module:
    """Return the empty module that the workbook and every sheet must have; its name is their code name."""
    flags = {
        "VB_GlobalNameSpace": False,
        "VB_Creatable": False,
        "VB_PredeclaredId": True,
        "VB_Exposed": True,
        "VB_TemplateDerived": False,
        "VB_Customizable": True,
    }
    lines = [f'Attribute VB_Name = "{name}"', f'Attribute VB_Base = "{_WORKBOOK if workbook else _SHEET}"']
    lines += [f"Attribute {flag} = {value}" for flag, value in flags.items()]
    return Module(name, "\n".join(lines) + "\n", "document")


def write_vba_project(name: str, project_id: str, modules: Sequence[Module]) -> bytes:
    """Return vbaProject.bin.

    name: of the project, unlike every module's. project_id: a fixed GUID in braces; it only salts the project's keys.
    Raises ValueError for text that VBA cannot hold (outside Windows-1252) or names that clash.
    """
    _check_names(name, modules)
    sources = {module.name: encode_source(module) for module in modules}
    vba: dict[str, bytes] = {"_VBA_PROJECT": _PLAIN_COMPILED, "dir": compress(_write_dir(name, modules))}
    vba |= {module: compress(source) for module, source in sources.items()}
    return write_compound(
        {
            "VBA": vba,
            "PROJECT": _write_project(name, project_id, modules).encode(CODE_PAGE),
            "PROJECTwm": _write_names(modules),
        }
    )


def encode_source(module: Module) -> bytes:
    """Return a module's source as VBA stores it: Windows-1252, CRLF, no class header."""
    text = re.sub(r"\AVERSION .*?^END\s*$\n", "", module.source, flags=re.DOTALL | re.MULTILINE)
    text = "\r\n".join(text.rstrip("\n").splitlines()) + "\r\n"
    try:
        return text.encode(CODE_PAGE)
    except UnicodeEncodeError as error:
        line = text.count("\n", 0, error.start) + 1
        raise ValueError(
            f"{module.name}:{line}: {text[error.start]!r} is not in {CODE_PAGE}; VBA source cannot hold it"
        ) from error


def _check_names(name: str, modules: Sequence[Module]) -> None:
    seen = {name.casefold()}
    for module in modules:
        if not re.fullmatch(r"[A-Za-z]\w{0,30}", module.name):
            raise ValueError(f"{module.name!r} is not a module name: a letter, then up to 30 letters, digits or _")
        if module.name.casefold() in seen:
            raise ValueError(f"two things are called {module.name!r}: every module and the project need their own name")
        seen.add(module.name.casefold())
        declared = re.search(r'^Attribute VB_Name = "(\w+)"', module.source, re.MULTILINE)
        if declared is None or declared[1] != module.name:
            raise ValueError(f'{module.name}: its source must say Attribute VB_Name = "{module.name}"')


def _record(identity: int, content: bytes) -> bytes:
    return struct.pack("<HI", identity, len(content)) + content


def _both(identity: int, unicode_identity: int, text: str) -> bytes:
    """Return a text record in the code page, followed by its Unicode twin."""
    return _record(identity, text.encode(CODE_PAGE)) + _record(unicode_identity, text.encode("utf-16-le"))


def _write_dir(name: str, modules: Sequence[Module]) -> bytes:
    head = [
        _record(0x01, struct.pack("<I", 3)),  # 64-bit Windows
        _record(0x02, struct.pack("<I", 0x409)),
        _record(0x14, struct.pack("<I", 0x409)),
        _record(0x03, struct.pack("<H", 1252)),
        _record(0x04, name.encode(CODE_PAGE)),
        _both(0x05, 0x40, ""),
        _record(0x06, b"") + _record(0x3D, b""),
        _record(0x07, struct.pack("<I", 0)),
        _record(0x08, struct.pack("<I", 0)),
        struct.pack("<HIIH", 0x09, 4, 1, 1),  # version: the size counts the major number alone
        _both(0x0C, 0x3C, ""),
    ]
    references = []
    for title, library in _REFERENCES.items():
        path = library.encode(CODE_PAGE)
        registered = struct.pack("<I", len(path)) + path + struct.pack("<IH", 0, 0)
        references.append(_both(0x16, 0x3E, title) + _record(0x0D, registered))
    count = _record(0x0F, struct.pack("<H", len(modules))) + _record(0x13, struct.pack("<H", 0xFFFF))
    body = [_write_module(module) for module in modules]
    return b"".join([*head, *references, count, *body, _record(0x10, b"")])


def _write_module(module: Module) -> bytes:
    standard = module.kind == "standard"
    return b"".join(
        [
            _both(0x19, 0x47, module.name),
            _both(0x1A, 0x32, module.name),
            _both(0x1C, 0x48, ""),
            _record(0x31, struct.pack("<I", 0)),  # the source begins the stream: no compiled code before it
            _record(0x1E, struct.pack("<I", 0)),
            _record(0x2C, struct.pack("<H", 0xFFFF)),
            _record(0x21 if standard else 0x22, b""),
            _record(0x2B, b""),
        ]
    )


def _write_project(name: str, project_id: str, modules: Sequence[Module]) -> str:
    words = {"standard": "Module={}", "class": "Class={}", "document": "Document={}/&H00000000"}
    keys = {"CMG": bytes(4), "DPB": bytes(1), "GC": b"\xff"}
    lines = [
        f'ID="{project_id}"',
        *(words[module.kind].format(module.name) for module in modules),
        f'Name="{name}"',
        'HelpContextID="0"',
        'VersionCompatible32="393222000"',
        *(f'{key}="{obfuscate(data, project_id, _SEEDS[key])}"' for key, data in keys.items()),
        "",
        "[Host Extender Info]",
        _HOST,
        "",
        "[Workspace]",
        *(f"{module.name}=0, 0, 0, 0, C" for module in modules),
    ]
    return "\r\n".join(lines) + "\r\n"


def _write_names(modules: Sequence[Module]) -> bytes:
    names = (module.name.encode(CODE_PAGE) + b"\0" + module.name.encode("utf-16-le") + b"\0\0" for module in modules)
    return b"".join(names) + b"\0\0"
