"""A new client's workbook: every input table, empty, and the profile filled in with what is known."""

from __future__ import annotations

from datetime import date, datetime, time
from io import BytesIO
from typing import Any, Final, get_args

from aliado import __version__
from aliado.intake.input_sheet import Cell, write_input
from aliado.intake.inputs import INPUTS, choices
from aliado.intake.known import KINDS, Known
from aliado.intake.look import Styles
from aliado.intake.start_sheet import FIRST_STEPS, NAME, write_start
from aliado.language import Language
from aliado.rules.packs import Pack

CODE_NAMES: Final = ("Inicio", *(item.sheet.es for item in INPUTS))
"""The names by which VBA knows the sheets, in their order."""

_LANGUAGES: Final = get_args(Language)


def write_new_client(pack: Pack, language: Language, day: date, known: Known, *, vba: bytes | None = None) -> bytes:
    """Return an empty client workbook (.xlsx, or .xlsm with a VBA project) for the country of a pack.

    day: when it is made. vba: a project that has a module for each of `CODE_NAMES`.
    """
    import xlsxwriter

    buffer = BytesIO()
    book: Any = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_urls": False, "strings_to_numbers": False})
    created = datetime.combine(day, time())
    book.set_properties({"title": known.name or "Aliado", "created": created, "comments": f"Aliado {__version__}"})
    if vba is not None:
        book.add_vba_project(BytesIO(vba), is_stream=True)
        book.set_vba_name("ThisWorkbook")
    styles = Styles(book)
    write_start(book.add_worksheet(NAME.to(language)), styles, language, steps=FIRST_STEPS, inputs=INPUTS, linked=())
    profile: dict[str, Cell] = {
        "name": known.name or None,
        "tax_id": known.tax_id or None,
        "country": pack.country,
        "currency": pack.currency,
        "language": choices("profile", "language")[_LANGUAGES.index(language)].to(language),
        "kind": choices("profile", "kind")[KINDS.index(known.kind)].to(language),
    }
    for item in INPUTS:
        columns = item.columns(pack.tables[item.table].fields, further=True)
        rows = [[profile.get(column.name) for column in columns]] if item.table == "profile" else []
        write_input(book.add_worksheet(item.sheet.to(language)), item, columns, rows, styles, language)
    if vba is not None:
        for sheet, code_name in zip(book.worksheets(), CODE_NAMES, strict=True):
            sheet.set_vba_name(f"Hoja{code_name}")
    book.close()
    return buffer.getvalue()
