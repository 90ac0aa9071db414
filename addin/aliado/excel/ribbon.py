"""The ribbon: its buttons, in one list, and what happens when one is clicked.

A new button is one entry in `BUTTONS`: its VBA callback, its place on the ribbon, its icon and its tips follow from it.
"""

from __future__ import annotations

import os
import traceback
from collections.abc import Callable
from datetime import date
from typing import Any
from xml.sax.saxutils import quoteattr

import xlwings as xw
from msgspec import Struct

from aliado import __version__
from aliado.cells.question import NoValue
from aliado.errors import AliadoError
from aliado.excel import actions, look
from aliado.excel.look import Answer
from aliado.excel.quiet import quiet
from aliado.language import Language, Text, write_date

Action = Callable[[Any, date], Answer]


class Button(Struct, frozen=True):
    """One button. name: of its control, its callback (`Aliado` + name) and its icon. key: its key tip."""

    name: str
    group: str
    label: str
    tip: Text
    key: str
    action: Action
    large: bool = False


def _refresh(book: Any, as_of: date) -> Answer:
    assessment = actions.refresh(book, as_of)
    language: Language = "en" if assessment.profile.language == "en" else "es"
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


GROUPS = {"Refresh": "Actualizar", "Look": "Mirar", "Rules": "Reglas", "Help": "Ayuda"}

BUTTONS = (
    Button(
        "Refresh",
        "Refresh",
        "Actualizar",
        Text("Calcula todo a la fecha de corte y pone al día nuestras hojas.", "Compute everything at the cut-off date and bring our sheets up to date."),
        "A",
        _refresh,
        large=True,
    ),
    Button("Check", "Look", "Validar", Text("Las celdas que no se entienden, y qué se esperaba.", "The cells that cannot be understood, and what was expected."), "V", look.check, large=True),
    Button("Overdue", "Look", "Vencidas", Text("Las facturas vencidas, de la más antigua a la más reciente.", "The overdue invoices, oldest first."), "F", look.overdue, large=True),
    Button("Explain", "Look", "Explicar selección", Text("Qué dicen las reglas de la fila seleccionada, o cómo se calcula el indicador.", "What the rules say of the selected row, or how the indicator is computed."), "E", look.explain),
    Button("Source", "Look", "Ir al origen", Text("De una alerta, un rechazo o un cliente de nuestras hojas a su fila.", "From an alert, a rejected cell or a customer on our sheets to its row."), "O", look.go_to_source),
    Button("Rules", "Rules", "Reglas en uso", Text("Los paquetes de reglas que se aplican a este libro.", "The rule packs that apply to this workbook."), "R", look.rules_in_use, large=True),
    Button("Doctor", "Help", "Diagnóstico", Text("Comprueba la instalación y dice cómo arreglar lo que falle.", "Check the installation and say how to cure what fails."), "D", _doctor),
    Button("About", "Help", "Acerca de", Text("Versión y licencia.", "Version and licence."), "I", _about),
)  # fmt: skip


def run(name: str, window: int = 0, as_of: str = "") -> None:
    """Do what a button says on the workbook that the user is looking at; every failure is told, none is raised.

    name: of a `Button`. window: of the Excel that was clicked (0 = the only one). as_of: yyyy-mm-dd, "" = today.
    """
    app = _app(window)
    try:
        button = {button.name: button for button in BUTTONS}[name]
        answer = click(button, _active_book(app), as_of)
    except AliadoError as error:
        _tell(app, error.text.to(_language(app)))
        return
    except Exception as error:  # noqa: BLE001 -- a traceback is nothing to show to a person at work
        if os.environ.get("ALIADO_DEBUG"):
            traceback.print_exc()
        _tell(app, _FAULT.format(what=f"{type(error).__name__}: {error}"[:300]).to(_language(app)))
        return
    if answer.text:
        _tell(app, answer.text)


def click(button: Button, book: Any, as_of: str = "") -> Answer:
    """Return the answer of a button on a book, having gone where it points."""
    day = date.fromisoformat(as_of) if as_of else date.today()  # noqa: DTZ011 -- the user's own day
    if button.name == "Refresh":
        answer = button.action(book, day)
    else:
        with quiet(book.app):
            answer = button.action(book, day)
    if answer.sheet is not None:
        sheet = book.sheets[answer.sheet]
        sheet.select()
        if answer.cell is not None:
            sheet.range(answer.cell).select()
    return answer


def write_ribbon(frame: str) -> str:
    """Return the ribbon's XML: the frame with the groups and their buttons in it."""
    groups = []
    for group, label in GROUPS.items():
        controls = [_write_button(button) for button in BUTTONS if button.group == group]
        if group == "Refresh":
            controls.append(_AS_OF)
        inside = "\n".join(controls)
        groups.append(f'        <group id="Aliado{group}Group" label={quoteattr(label)}>\n{inside}\n        </group>')
    return frame.replace("<!-- groups -->", "\n".join(groups))


def write_callbacks() -> str:
    """Return the VBA callbacks of the buttons, each of one line that names its button."""
    return "\n".join(
        f'Public Sub Aliado{button.name}(control As IRibbonControl)\n    RunAction "{button.name}"\nEnd Sub\n'
        for button in BUTTONS
    )


def _write_button(button: Button) -> str:
    values = {
        "id": f"Aliado{button.name}Button",
        "label": button.label,
        "screentip": button.tip.es,
        "supertip": button.tip.en,
        "keytip": button.key,
        "image": f"aliado_{button.name.lower()}_{32 if button.large else 16}",
        "size": "large" if button.large else "normal",
        "onAction": f"Aliado{button.name}",
    }
    return "          <button " + " ".join(f"{key}={quoteattr(value)}" for key, value in values.items()) + " />"


_AS_OF = (
    '          <editBox id="AliadoAsOfBox" label="Fecha de corte" sizeString="88/88/8888x" keytip="C" '
    'screentip="Fecha de corte, inclusive; en blanco, hoy. Vale durante el día en que se escribe." '
    'supertip="Cut-off date, inclusive; blank means today. It holds for the day on which it is typed." '
    'getText="AliadoAsOfShown" onChange="AliadoAsOfTyped" />'
)


def _app(window: int) -> Any:
    for app in xw.apps:
        if window and app.hwnd == window:
            return app
    return xw.apps.active


def _active_book(app: Any) -> Any:
    if not len(app.books):
        raise NoValue(_NO_BOOK)
    return app.books.active


def _tell(app: Any, text: str) -> None:
    app.alert(text, title="Aliado")


_ENGLISH = 9
"""The primary language of Windows' English locales; Spanish is 10."""


def _language(app: Any) -> Language:
    """Return the language of Excel's own menus, Spanish where it cannot be told."""
    try:
        code = int(app.api.LanguageSettings.LanguageID(2))
    except Exception:  # noqa: BLE001 -- other programs have no such thing
        return "es"
    return "en" if code & 0x3FF == _ENGLISH else "es"


_DONE = Text(
    "Actualizado al {date}: {red} alertas críticas, {amber} de atención, {rejected} celdas rechazadas.",
    "Refreshed as of {date}: {red} critical alerts, {amber} warnings, {rejected} rejected cells.",
)
_NO_BOOK = Text("Abra un libro y repita.", "Open a workbook and repeat.")
_FAULT = Text(
    "Algo ha fallado y el libro ha quedado como estaba ({what}). Repita; si sigue, ejecute «aliado addin doctor».",
    "Something failed and the workbook was left as it was ({what}). Repeat; if it persists, run “aliado addin doctor”.",
)
