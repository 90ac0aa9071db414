"""What happens when a button of the ribbon is clicked, and the ribbon's XML and VBA, written from the list of buttons."""

from __future__ import annotations

import os
import traceback
from datetime import date
from typing import Any
from xml.sax.saxutils import quoteattr

import xlwings as xw

from aliado.cells.question import NoValue
from aliado.errors import AliadoError
from aliado.excel.answer import Answer
from aliado.excel.buttons import BUTTONS, GROUPS, Button
from aliado.excel.quiet import quiet
from aliado.language import Language, Text


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


_NO_BOOK = Text("Abra un libro y repita.", "Open a workbook and repeat.")
_FAULT = Text(
    "Algo ha fallado y el libro ha quedado como estaba ({what}). Repita; si sigue, ejecute «aliado addin doctor».",
    "Something failed and the workbook was left as it was ({what}). Repeat; if it persists, run “aliado addin doctor”.",
)
