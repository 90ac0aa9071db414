"""All canonical tables of a workbook, read from its sheets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from aliado.errors import WorkbookRefused
from aliado.language import Text
from aliado.tables.parties import unify_parties
from aliado.tables.reader import read_table
from aliado.tables.recognition import recognise
from aliado.tables.schema import TableSpec
from aliado.tables.table import Rejection, Table
from aliado.workbook.sheet import Sheet


class Gathered(Struct, frozen=True):
    """A client's tables, what could not be understood, and remarks on how they were found."""

    tables: Mapping[str, Table]
    rejections: tuple[Rejection, ...]
    notes: tuple[Text, ...]


def gather(sheets: Sequence[Sheet], specs: Mapping[str, TableSpec]) -> Gathered:
    """Return the canonical tables of a workbook.

    Raises WorkbookRefused when no table is recognised, or one cannot be told for sure.
    """
    found = recognise(sheets, specs)
    if not found.matches:
        raise WorkbookRefused(_nothing_found(sheets, specs))
    read = [read_table(found.matches[name]) for name in specs if name in found.matches]
    return Gathered(
        unify_parties({item.table.spec.name: item.table for item in read}),
        tuple(rejection for item in read for rejection in item.rejections),
        (*found.notes, *_remarks(sheets, [item.table for item in read])),
    )


def _nothing_found(sheets: Sequence[Sheet], specs: Mapping[str, TableSpec]) -> Text:
    names = ", ".join(sheet.name for sheet in sheets if sheet.role is None) or "—"
    invoices = specs.get("invoices")
    wanted = [item.names[0] for item in invoices.fields.values() if item.required and item.names] if invoices else []
    return Text(
        f"No se reconoce ninguna tabla (hojas: {names}). Hace falta una fila de encabezados, en las primeras 50 filas, con al menos: "
        f"{', '.join(wanted)}. Cambie los encabezados o indíquelos en un paquete de reglas (tables: invoices: map).",
        f"No table is recognised (sheets: {names}). A row of headings is needed, within the first 50 rows, with at least: "
        f"{', '.join(wanted)}. Rename the headings or name them in a rule pack (tables: invoices: map).",
    )


def _remarks(sheets: Sequence[Sheet], tables: Sequence[Table]) -> list[Text]:
    remarks = [
        Text(
            f"«{table.spec.title.es}» ({table.sheet}) está vacía.", f"“{table.spec.title.en}” ({table.sheet}) is empty."
        )
        for table in tables
        if not len(table) and not table.rows_rejected
    ]
    used = {table.sheet for table in tables}
    remarks += [
        Text(
            f"La hoja {sheet.name} está protegida; se ha leído y no se ha tocado.",
            f"Sheet {sheet.name} is protected; it was read and left as it is.",
        )
        for sheet in sheets
        if sheet.protected and sheet.name in used
    ]
    return remarks
