"""LibreOffice's side of the live host: each operation does one thing to the program or to an open document.

Documents and sheets go by numbers; rows and columns count from 1. Cells are None, numbers, texts, booleans,
{"day": serial} for what is formatted as a date or time, {"error": "#N/A"}. Formulas are in Excel's English grammar.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from aliado.libreoffice.inside.books import Books
from aliado.libreoffice.inside.ranges import Ranges
from aliado.libreoffice.inside.sheets import Sheets

_MESSAGE_WITH_OK = 1
_OPEN_ONE_FILE = 0
"""com.sun.star.ui.dialogs.TemplateDescription.FILEOPEN_SIMPLE."""
_CHOSEN = 1
"""com.sun.star.ui.dialogs.ExecutableDialogResults.OK."""


class Host(Books, Sheets, Ranges):
    """The open documents of one LibreOffice; `answer` is the one way in. Its own operations are those on the program."""

    def __init__(self, context: Any) -> None:
        super().__init__(context)
        self._locked: list[Any] = []
        self._indicator: Any = None

    def answer(self, operation: str, arguments: list[Any]) -> Any:
        """Return what an operation gives; whatever UNO raises passes through."""
        done: Callable[..., Any] = getattr(self, operation)
        if operation.startswith("_"):
            raise AttributeError(operation)
        return done(*arguments)

    def books(self) -> list[list[Any]]:
        """Return [number, name, path or URL] of the open spreadsheets."""
        return [self.book(number) for number in self._numbers()]

    def book(self, number: int) -> list[Any]:
        """Return [number, name, path or URL] of one."""
        import uno

        model = self._books[number]
        url = model.URL
        path = uno.fileUrlToSystemPath(url) if url.startswith("file:") else url
        return [number, path.replace("\\", "/").rsplit("/", 1)[-1] or model.Title, path or model.Title]

    def active_book(self) -> int | None:
        """Return the number of the spreadsheet that the user is looking at, else of the one opened first."""
        current = self._desktop.getCurrentComponent()
        numbers = self._numbers()
        found = [number for number in numbers if self._books[number] == current] or numbers
        return found[0] if found else None

    def open(self, path: str) -> int:
        """Open a file without a window."""
        import uno
        from com.sun.star.beans import PropertyValue

        hidden = PropertyValue()
        hidden.Name, hidden.Value = "Hidden", True
        model = self._desktop.loadComponentFromURL(uno.systemPathToFileUrl(path), "_blank", 0, (hidden,))
        return self._number_of(model)

    def close(self, number: int) -> None:
        """Close a document without saving it."""
        model = self._books[number]
        self._sheets = [None if known is not None and known[0] is model else known for known in self._sheets]
        model.close(True)

    def save_pdf(self, book: int, path: str) -> None:
        """Save the sheets whose tabs show as a PDF file."""
        import uno
        from com.sun.star.beans import PropertyValue

        model = self._books[book]
        shown = model.createInstance("com.sun.star.sheet.SheetCellRanges")
        for sheet in model.Sheets:
            if sheet.IsVisible:
                cursor = sheet.createCursor()
                cursor.gotoEndOfUsedArea(True)
                for area in sheet.getPrintAreas() or (cursor.RangeAddress,):
                    shown.addRangeAddress(area, False)
        model.calculate()
        kind, only, data = PropertyValue(), PropertyValue(), PropertyValue()
        kind.Name, kind.Value = "FilterName", "calc_pdf_Export"
        only.Name, only.Value = "Selection", shown
        data.Name, data.Value = "FilterData", uno.Any("[]com.sun.star.beans.PropertyValue", (only,))
        model.storeToURL(uno.systemPathToFileUrl(path), (kind, data))

    def quiet(self, on: bool) -> None:
        """Stop redrawing the open documents, or go on with it."""
        if on:
            self._locked = [self._books[number] for number in self._numbers()]
            for model in self._locked:
                model.lockControllers()
        else:
            for model in self._locked:
                if model.hasControllersLocked():
                    model.unlockControllers()
            self._locked = []

    def calculates(self) -> bool:
        """Return whether the active document recalculates by itself."""
        number = self.active_book()
        return number is None or bool(self._books[number].isAutomaticCalculationEnabled())

    def calculate(self, by_itself: bool) -> None:
        """Have the open documents recalculate by themselves, or not until told."""
        for number in self._numbers():
            self._books[number].enableAutomaticCalculation(by_itself)

    def show_status(self, text: str) -> None:
        """Show progress on the status bar; "" ends it."""
        if self._indicator is not None:
            self._indicator.end()
            self._indicator = None
        number = self.active_book() if text else None
        controller = None if number is None else self._books[number].CurrentController
        if controller is not None:
            self._indicator = controller.Frame.createStatusIndicator()
            self._indicator.start(text, 0)

    def alert(self, text: str, title: str) -> None:
        """Show a message and wait until the user has read it."""
        from com.sun.star.awt.MessageBoxType import INFOBOX

        toolkit = self._service("com.sun.star.awt.Toolkit")
        frame = self._desktop.getActiveFrame() or self._desktop.getCurrentFrame()
        window = frame.ContainerWindow if frame is not None else None
        toolkit.createMessageBox(window, INFOBOX, _MESSAGE_WITH_OK, title, text).execute()

    def choose_file(self, title: str, name: str, pattern: str) -> str | None:
        """Return the path of the file that the user picks, None for none. pattern: such as "*.csv;*.txt"."""
        import uno

        picker = self._service("com.sun.star.ui.dialogs.FilePicker")
        picker.initialize((_OPEN_ONE_FILE,))
        picker.setTitle(title)
        picker.appendFilter(name, pattern)
        if picker.execute() != _CHOSEN:
            return None
        return str(uno.fileUrlToSystemPath(picker.getSelectedFiles()[0]))
