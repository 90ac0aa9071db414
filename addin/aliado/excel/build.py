"""Build the workbooks that ship: Aliado.xlsm, Aliado.xltx and Aliado.xlam, from text, the same bytes every time.

`python -m aliado.excel.build [FOLDER]`; without a folder, into the checkout's workbook/, whose README is filled in too.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import Any

import xlwings
from msgspec.structs import replace

from aliado import __version__
from aliado.excel.buttons import BUTTONS
from aliado.excel.icons import draw_icon
from aliado.excel.ribbon import write_ribbon
from aliado.excel.template import CODE_NAMES, write_template
from aliado.excel.template_data import AS_OF
from aliado.excel.vba_project import Module, document_module, write_vba_project
from aliado.excel.vba_sources import read_module, read_modules
from aliado.intake import new_client
from aliado.intake.known import Known
from aliado.language import Language
from aliado.resources import workbook_folder
from aliado.rules.packs import Pack
from aliado.workbook.archive import STORED, write_members
from aliado.workbook.ownership import read_own_sheets
from aliado.workbook.package import TYPES_PART, Package, read_package
from aliado.workbook.reader import read_sheets

PROJECTS = {"Aliado.xlsm": "AliadoTemplateProject", "Aliado.xlam": "AliadoAddin"}
_IDS = {
    "Aliado.xlsm": "{8B1F6D0E-52A4-4C3B-9E61-0D1C7A5B2F10}",
    "Aliado.xlam": "{2E7C94A1-6F3D-4B58-8A0C-91D4E5F6A720}",
}
_TEMPLATE_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.template.main+xml"
_ADDIN_TYPE = "application/vnd.ms-excel.addin.macroEnabled.main+xml"
_EXTENSIBILITY = "http://schemas.microsoft.com/office/2007/relationships/ui/extensibility"
_IMAGE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"
_RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
_RIBBON = "customUI/customUI14.xml"
_CALC_ID = "191029"
"""The calculation engine of today's Excel: with an older number it would recalculate on opening, and a machine without
Python would show errors in place of the values that the workbook holds."""


def build_all() -> dict[str, bytes]:
    """Return file name -> content of every workbook that ships."""
    return {"Aliado.xlsm": build_template(), "Aliado.xltx": build_plain_template(), "Aliado.xlam": build_addin()}


def build_template() -> bytes:
    """Return the template with macros: ribbon, functions, input sheets with a sample, and its output sheets."""
    roles = read_own_sheets(_with_output(read_package(write_template(None))))
    package = _with_ribbon(read_package(write_template(_template_vba(roles))))
    package = _name_code(_without_recalculation(_with_output(package)))
    return _settle(package)


def build_plain_template() -> bytes:
    """Return the template without macros: the input and output sheets only."""
    package = _without_recalculation(_with_output(read_package(write_template(None))))
    return _settle(_retype(package, _TEMPLATE_TYPE))


def build_addin() -> bytes:
    """Return the add-in: ribbon and functions for any workbook."""
    package = _with_ribbon(read_package(_write_addin_book()))
    return _settle(_retype(package, _ADDIN_TYPE))


def build_client(pack: Pack, language: Language, day: date, known: Known) -> bytes:
    """Return a new client's workbook with macros: every input table empty, our ribbon and our functions."""
    names = ["ThisWorkbook", *(f"Hoja{name}" for name in new_client.CODE_NAMES)]
    documents = [document_module(each, workbook=each == "ThisWorkbook") for each in names]
    vba = _vba("Aliado.xlsm", [*documents, *read_modules()])
    book = new_client.write_new_client(pack, language, day, known, vba=vba)
    return _with_ribbon(read_package(book)).to_bytes()


def _template_vba(roles: Iterable[str]) -> bytes:
    sheets = [f"Hoja{name}" for name in (*CODE_NAMES, *(role.title() for role in roles))]
    documents = [document_module("ThisWorkbook", workbook=True), *(document_module(name) for name in sheets)]
    return _vba("Aliado.xlsm", [*documents, *read_modules(), read_module("AliadoTemplate")])


def _vba(file: str, modules: list[Module]) -> bytes:
    return write_vba_project(PROJECTS[file], _IDS[file], modules)


def _write_addin_book() -> bytes:
    import xlsxwriter

    documents = [document_module("ThisWorkbook", workbook=True), document_module("HojaAliado")]
    buffer = BytesIO()
    book: Any = xlsxwriter.Workbook(buffer, {"in_memory": True})
    comments = f"Aliado {__version__}, xlwings {xlwings.__version__}"  # `aliado addin doctor` reads it
    book.set_properties({"title": "Aliado", "created": datetime.combine(AS_OF, time()), "comments": comments})
    book.add_vba_project(BytesIO(_vba("Aliado.xlam", [*documents, *read_modules()])), is_stream=True)
    book.set_vba_name("ThisWorkbook")
    book.add_worksheet("Aliado").set_vba_name("HojaAliado")
    book.close()
    return buffer.getvalue()


def _with_output(package: Package) -> Package:
    """Return the template with our sheets laid in, by the very steps of the batch."""
    from aliado.batch.refresh import lay_in
    from aliado.report.state import read_state
    from aliado.rules.assess import assess
    from aliado.rules.choose import choose_pack
    from aliado.tables.gather import gather

    sheets = read_sheets(package)
    pack = choose_pack(sheets)
    state = read_state(sheets)
    assessment = assess(gather(sheets, pack.tables), pack, AS_OF, past=state.missing(AS_OF))
    return read_package(lay_in(package, assessment, "es", state))


def _with_ribbon(package: Package) -> Package:
    """Return the package with our ribbon and its icons."""
    frame = (files("aliado.excel") / "ribbon" / "customUI14.xml").read_text(encoding="utf-8")
    images = {
        _image(button.name, button.large): draw_icon(button.icon, 32 if button.large else 16) for button in BUTTONS
    }
    links = {name: f"images/{name}.png" for name in images}
    added = {_RIBBON: write_ribbon(frame).encode(), "customUI/_rels/customUI14.xml.rels": _links(links).encode()}
    added |= {f"customUI/images/{name}.png": content for name, content in images.items()}
    root = package.read("_rels/.rels").decode()
    link = f'<Relationship Id="rIdAliadoRibbon" Type="{_EXTENSIBILITY}" Target="{_RIBBON}"/>'
    changes = {"_rels/.rels": root.replace("</Relationships>", link + "</Relationships>").encode()}
    types = package.read(TYPES_PART).decode()
    if 'Extension="png"' not in types:
        types = re.sub(r"(<Types[^>]*>)", r'\1<Default Extension="png" ContentType="image/png"/>', types, count=1)
    return package.with_parts({**changes, TYPES_PART: types.encode()}, added)


def _image(name: str, large: bool) -> str:
    return f"aliado_{name.lower()}_{32 if large else 16}"


def _links(targets: Mapping[str, str]) -> str:
    inside = "".join(f'<Relationship Id="{key}" Type="{_IMAGE}" Target="{target}"/>' for key, target in targets.items())
    return f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Relationships xmlns="{_RELATIONSHIPS}">{inside}</Relationships>'


def _name_code(package: Package) -> Package:
    """Return the package with a code name on each of our sheets, which the VBA project has a module for."""
    from aliado.workbook.book import read_book

    own = {name: role for role, name in read_own_sheets(package).items()}
    changes = {}
    for sheet in read_book(package).sheets:
        if sheet.name in own and sheet.part:
            xml = package.read(sheet.part)
            named = f'<sheetPr codeName="Hoja{own[sheet.name].title()}"'.encode()
            changes[sheet.part] = xml.replace(b"<sheetPr", named, 1)
    return package.with_parts(changes)


def _without_recalculation(package: Package) -> Package:
    """Return the package such that Excel shows the values it holds instead of recalculating them on opening."""
    part = package.workbook_part
    xml = package.read(part).decode()
    changed = re.sub(r"<calcPr[^>]*/>", f'<calcPr calcId="{_CALC_ID}"/>', xml)
    return package.with_parts({part: changed.encode()})


def _retype(package: Package, content_type: str) -> Package:
    part = package.workbook_part
    types = package.read(TYPES_PART).decode()
    changed = re.sub(rf'(PartName="/{re.escape(part)}" ContentType=")[^"]*', rf"\g<1>{content_type}", types)
    if changed == types:
        raise ValueError(f"{TYPES_PART}: no content type for {part}")
    return package.with_parts({TYPES_PART: changed.encode()})


def _settle(package: Package) -> bytes:
    """Return the file with its members stored, not compressed: compression differs between machines."""
    stored = []
    for member in package.members:
        content = member.unpack()
        stored.append(replace(member, packed=memoryview(content), method=STORED, flags=0))
    return write_members(stored)


def main(folder: Path) -> None:
    """Write every workbook into a folder."""
    for name, content in build_all().items():
        (folder / name).write_bytes(content)
        sys.stdout.write(f"{name}: {len(content) // 1024} KB\n")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main(Path(sys.argv[1]))
    else:
        from aliado.excel.reference import write_reference

        main(workbook_folder())
        write_reference()
