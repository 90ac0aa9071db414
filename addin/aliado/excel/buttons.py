"""The ribbon's buttons, in one list.

To add a button, add one entry to `BUTTONS`: its VBA callback, its place on the ribbon, its icon, its tips and its key
follow from it, and `python -m aliado.excel.build` builds the workbooks again. Its action is a function of the open
workbook (an `xlwings.Book`) and the cut-off date that returns an `Answer`: what to tell, and where to go. It may raise
AliadoError, which is told; Excel is kept quiet while it works. tests/test_excel_ribbon.py clicks every entry.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, Final

import xlwings as xw
from msgspec import Struct

from aliado import __version__
from aliado.cells.question import language_of
from aliado.excel import actions, importing, letters, look, rule_files, visits
from aliado.excel.answer import Answer
from aliado.excel.icons import AMBER, NAVY, RED, SHEET, TEAL, WHITE, Layers, box, disc, line, minus, ring, triangle
from aliado.language import Text, write_date

Action = Callable[[Any, date], Answer]


class Button(Struct, frozen=True):
    """One button. name: of its control and its callback (`Aliado` + name). group: one of `GROUPS`. key: its key tip.

    tip: screen tip, Spanish first. icon: drawn on a grid of 32. large: 32 pixels and the label below it, else 16.
    """

    name: str
    group: str
    label: str
    key: str
    tip: Text
    action: Action
    icon: Layers
    large: bool = False


GROUPS: Final = {
    "Refresh": "Actualizar",
    "Look": "Mirar",
    "Sheets": "Hojas",
    "Collect": "Cobrar",
    "Rules": "Reglas",
    "Help": "Ayuda",
}
"""Group -> its label, in the order of the ribbon."""


def _refresh(book: Any, as_of: date) -> Answer:
    assessment = actions.refresh(book, as_of)
    language = language_of(assessment.profile)
    counts = {severity: sum(item.severity == severity for item in assessment.findings) for severity in ("red", "amber")}
    return Answer(
        _DONE.format(date=write_date(as_of, language), rejected=len(assessment.rejections), **counts).to(language)
    )


def _about(book: Any, as_of: date) -> Answer:
    del book, as_of
    return Answer(f"Aliado {__version__}\nxlwings {xw.__version__}\nMIT · aliado addin doctor")


def _doctor(book: Any, as_of: date) -> Answer:
    del book, as_of
    from aliado.excel.doctor import examine, write_report
    from aliado.excel.machine import this_machine

    return Answer(write_report(examine(this_machine()), "es"))


_DONE = Text(
    "Actualizado al {date}: {red} alertas críticas, {amber} de atención, {rejected} celdas rechazadas.",
    "Refreshed as of {date}: {red} critical alerts, {amber} warnings, {rejected} rejected cells.",
)

BUTTONS: Final = (
    Button(
        "Refresh", "Refresh", "Actualizar", "A",
        Text("Calcula todo a la fecha de corte y pone al día nuestras hojas.", "Compute everything at the cut-off date and bring our sheets up to date."),
        _refresh,
        ((NAVY, minus(ring(16, 16, 10, 4), box(17, 0, 32, 13))), (TEAL, triangle((15, 0), (25, 6.5), (15, 13)))),
        large=True,
    ),
    Button(
        "Import", "Refresh", "Importar CSV", "G",
        Text("Añade las filas de un CSV a la tabla del libro a la que pertenecen; las que ya están no se repiten.", "Add the rows of a CSV file to the table of the workbook that they belong to; those already there are not repeated."),
        importing.import_file,
        ((NAVY, minus(box(3, 14, 29, 29), box(6, 20, 15, 26), box(17, 20, 26, 26))), (TEAL, box(14, 2, 18, 7)), (TEAL, triangle((9, 6), (23, 6), (16, 13)))),
        large=True,
    ),
    Button(
        "Check", "Look", "Validar", "V",
        Text("Las celdas que no se entienden, y qué se esperaba.", "The cells that cannot be understood, and what was expected."),
        look.check,
        ((NAVY, minus(box(3, 3, 29, 29), box(6, 6, 26, 26))), (TEAL, line(10, 16, 15, 22, 4)), (TEAL, line(15, 22, 24, 9, 4))),
        large=True,
    ),
    Button(
        "Overdue", "Look", "Vencidas", "F",
        Text("Las facturas vencidas, de la más antigua a la más reciente.", "The overdue invoices, oldest first."),
        look.overdue,
        ((NAVY, ring(16, 16, 12, 3.5)), (RED, line(16, 16, 16, 8.5, 3.5)), (RED, line(16, 16, 21.5, 19, 3.5))),
        large=True,
    ),
    Button(
        "Explain", "Look", "Explicar selección", "E",
        Text("Qué dicen las reglas de la fila seleccionada, o cómo se calcula el indicador.", "What the rules say of the selected row, or how the indicator is computed."),
        look.explain,
        ((NAVY, ring(13.5, 13.5, 8.5, 3.5)), (NAVY, line(20.5, 20.5, 28, 28, 4.5)), (TEAL, box(12, 12, 15, 18)), (TEAL, disc(13.5, 9.5, 1.8))),
    ),
    Button(
        "Source", "Look", "Ir al origen", "O",
        Text("De una alerta, un rechazo o un cliente de nuestras hojas a su fila.", "From an alert, a rejected cell or a customer on our sheets to its row."),
        look.go_to_source,
        ((NAVY, minus(box(3, 8, 20, 29), box(6, 11, 17, 26))), (TEAL, line(13, 19, 26, 6, 4)), (TEAL, triangle((17, 3), (29, 3), (29, 15)))),
    ),
    Button(
        "Changes", "Sheets", "Qué cambió", "Q",
        Text("Lo que es nuevo, lo que se resolvió y lo que se movió desde la actualización anterior.", "What is new, what was settled and what moved since the refresh before."),
        visits.changes,
        ((TEAL, triangle((10, 4), (18, 15), (2, 15))), (TEAL, box(7.5, 15, 12.5, 27)), (AMBER, triangle((14, 17), (30, 17), (22, 28))), (AMBER, box(19.5, 5, 24.5, 17))),
    ),
    Button(
        "Calendar", "Sheets", "Calendario", "L",
        Text("Lo que queda por presentar, lo más próximo primero; abre el calendario.", "What is still to be filed, the nearest first; opens the calendar."),
        visits.calendar,
        ((NAVY, minus(box(3, 5, 29, 29), box(6, 12, 26, 26))), (NAVY, box(8, 2, 11, 8)), (NAVY, box(21, 2, 24, 8)), (TEAL, box(9, 15, 13, 18)), (TEAL, box(15, 15, 19, 18)), (RED, box(15, 20.5, 19, 23.5))),
    ),
    Button(
        "Documents", "Sheets", "Documentos", "M",
        Text("Los documentos exigidos que faltan o caducan; abre Cumplimiento.", "The required documents that are missing or expire; opens the compliance sheet."),
        visits.documents,
        ((NAVY, minus(box(8, 2, 28, 25), box(11, 5, 25, 22))), (NAVY, minus(box(3, 8, 8, 30), box(6, 8, 8, 27))), (NAVY, box(3, 27, 22, 30)), (TEAL, line(14, 13, 17, 17, 3)), (TEAL, line(17, 17, 22.5, 9, 3))),
    ),
    Button(
        "Pdf", "Sheets", "PDF del panel", "P",
        Text("Guarda el Panel, tal como está, como PDF junto al libro.", "Save the panel, as it stands, as a PDF beside the workbook."),
        visits.save_pdf,
        ((NAVY, SHEET), (RED, box(2, 13, 22, 23)), (WHITE, box(5, 16, 19, 17.6)), (WHITE, box(5, 19, 14, 20.6))),
        large=True,
    ),
    Button(
        "Reminders", "Collect", "Recordatorios", "N",
        Text("Prepara las cartas y correos de cobro que tocan, en borrador, junto al libro. No envía nada.", "Prepare the dunning letters and mails that are due, as drafts, beside the workbook. Nothing is sent."),
        letters.reminders,
        ((NAVY, minus(box(2, 7, 30, 26), box(5, 10, 27, 23))), (TEAL, line(4, 9, 16, 18, 3)), (TEAL, line(16, 18, 28, 9, 3))),
        large=True,
    ),
    Button(
        "Statement", "Collect", "Estado de cuenta", "S",
        Text("El estado de cuenta del cliente de la fila seleccionada; si no hay ninguno, de todos los que deben.", "The statement of account of the customer on the selected row; of all who owe where there is none."),
        letters.statements,
        ((NAVY, SHEET), (TEAL, box(10, 9, 15, 11.5)), (TEAL, box(10, 14, 15, 16.5)), (AMBER, box(17, 9, 22, 11.5)), (AMBER, box(17, 14, 22, 16.5)), (NAVY, box(10, 20, 22, 22.5))),
        large=True,
    ),
    Button(
        "Rules", "Rules", "Reglas en uso", "R",
        Text("Los paquetes de reglas que se aplican a este libro.", "The rule packs that apply to this workbook."),
        rule_files.rules_in_use,
        ((NAVY, SHEET), (TEAL, box(11, 9, 21, 11.5)), (TEAL, box(11, 14.5, 21, 17)), (AMBER, box(11, 20, 17, 22.5))),
        large=True,
    ),
    Button(
        "OpenRules", "Rules", "Abrir", "B",
        Text("Abre el paquete de reglas de este libro para leerlo o cambiarlo.", "Open this workbook's rule pack to read or change it."),
        rule_files.open_rules,
        ((AMBER, box(3, 6, 13, 11)), (AMBER, box(3, 9, 29, 27)), (NAVY, box(6, 14, 29, 27))),
    ),
    Button(
        "CheckRules", "Rules", "Comprobar", "X",
        Text("Los errores de las reglas de este libro, con su línea.", "The mistakes in this workbook's rules, with their line."),
        rule_files.check_rules,
        ((NAVY, SHEET), (TEAL, line(11, 16, 15, 21, 4)), (TEAL, line(15, 21, 21.5, 10, 4))),
    ),
    Button(
        "TestRules", "Rules", "Probar", "T",
        Text("Ejecuta los ejemplos que acompañan a las reglas de este libro.", "Run the examples that go with this workbook's rules."),
        rule_files.test_rules,
        ((NAVY, SHEET), (TEAL, triangle((12, 9), (22, 16), (12, 23)))),
    ),
    Button(
        "Doctor", "Help", "Diagnóstico", "D",
        Text("Comprueba la instalación y dice cómo arreglar lo que falle.", "Check the installation and say how to cure what fails."),
        _doctor,
        ((RED, box(12, 4, 20, 28)), (RED, box(4, 12, 28, 20))),
    ),
    Button(
        "About", "Help", "Acerca de", "I",
        Text("Versión y licencia.", "Version and licence."),
        _about,
        ((NAVY, disc(16, 16, 13)), (WHITE, box(14, 14, 18, 24)), (WHITE, disc(16, 9.5, 2.4))),
    ),
)  # fmt: skip
