"""LibreOffice behind xlwings' engine interface: the ribbon's actions run on its open documents unchanged.

Only what those actions use is here. Everything asked of LibreOffice goes through one function, a round trip each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any, ClassVar

import xlwings as xw

from aliado.libreoffice.cells import CellError, Range, encode
from aliado.libreoffice.names import Names
from aliado.libreoffice.sheets import Sheet, Sheets

NAME = "libreoffice"

Ask = Callable[..., Any]
"""Asks LibreOffice for one operation of `inside.host.Host`: its name, then its arguments."""


def connect(ask: Ask) -> xw.App:
    """Return a LibreOffice as an xlwings app, and make it the one that xlwings goes to."""
    if NAME not in [engine.name for engine in xw.engines]:
        xw.engines.add(xw.Engine(impl=Engine))
    xw.engines[NAME].activate()
    Engine.apps[:] = [App(ask)]
    return xw.App(impl=Engine.apps[0])


class Engine:
    """What xlwings asks of an engine."""

    name = NAME
    type = "desktop"
    apps: ClassVar[list[App]] = []

    @staticmethod
    def prepare_xl_data_element(value: Any, date_format: Any) -> Any:
        """Return a Python value as the host takes it."""
        del date_format
        return encode(value)

    @staticmethod
    def clean_value_data(
        data: list[list[Any]], datetime_builder: Any, empty_as: Any, number_builder: Any, err_to_str: bool
    ) -> list[list[Any]]:
        """Return cells as Python values; an error is blank unless its text is asked for."""
        del datetime_builder, number_builder
        return [[_clean(cell, empty_as, err_to_str) for cell in row] for row in data]


def _clean(cell: Any, empty_as: Any, err_to_str: bool) -> Any:
    if cell is None:
        return empty_as
    if isinstance(cell, CellError):
        return str(cell) if err_to_str else None
    return cell


class App:
    """The running LibreOffice. Events and its own questions cannot be switched off; it asks none while we work."""

    enable_events = True
    display_alerts = True
    pid = 0
    hwnd = 0

    def __init__(self, ask: Ask) -> None:
        self.ask = ask
        self.engine = Engine
        self.api = SimpleNamespace(GetOpenFilename=self._choose_file)
        self.books = Books(self)
        self._drawing = True
        self._status: str | bool = False

    @property
    def screen_updating(self) -> bool:
        """Whether open documents are redrawn."""
        return self._drawing

    @screen_updating.setter
    def screen_updating(self, value: bool) -> None:
        if value != self._drawing:
            self.ask("quiet", not value)
            self._drawing = value

    @property
    def calculation(self) -> str:
        """How documents recalculate: "automatic" or "manual"."""
        return "automatic" if self.ask("calculates") else "manual"

    @calculation.setter
    def calculation(self, value: str) -> None:
        self.ask("calculate", value != "manual")

    @property
    def status_bar(self) -> str | bool:
        """What we show on the status bar, False for nothing."""
        return self._status

    @status_bar.setter
    def status_bar(self, value: str | bool) -> None:
        self._status = value
        self.ask("show_status", value if isinstance(value, str) else "")

    @property
    def selection(self) -> Range | None:
        """The selected cells, None where no cell is selected."""
        book = self.ask("active_book")
        found = None if book is None else self.ask("selection", book)
        return None if found is None else Range(Sheet(Book(self, book), found[0]), *found[1])

    def _choose_file(self, filters: str, index: int, title: str) -> str | bool:
        """Ask for a file to open, as Excel's GetOpenFilename does; False for none. filters: "name,pattern"."""
        del index
        name, _, pattern = filters.partition(",")
        found: str | None = self.ask("choose_file", title, name, pattern)
        return found or False

    def activate(self, steal_focus: bool = False) -> None:
        """Do nothing: whoever clicked is there already."""

    def alert(self, prompt: str, title: str | None, *more: Any) -> None:
        """Show a message."""
        del more
        self.ask("alert", prompt, title or "Aliado")


class Books:
    """The open spreadsheets."""

    api = None

    def __init__(self, app: App) -> None:
        self.app = app

    def __len__(self) -> int:
        return len(self.app.ask("books"))

    def __iter__(self) -> Iterator[Book]:
        return (Book(self.app, number) for number, _, _ in self.app.ask("books"))

    def __call__(self, key: int | str) -> Book:
        """Return one by its place or its name."""
        books = self.app.ask("books")
        if isinstance(key, int):
            return Book(self.app, books[key - 1][0])
        for number, name, _ in books:
            if name == key:
                return Book(self.app, number)
        raise KeyError(key)

    @property
    def active(self) -> Book:
        """The one that the user is looking at."""
        return Book(self.app, self.app.ask("active_book"))

    def open(self, fullname: str, *settings: Any) -> Book:
        """Open a file without a window."""
        del settings
        return Book(self.app, self.app.ask("open", fullname))


class Book:
    """An open document."""

    def __init__(self, app: App, number: int) -> None:
        self.app, self.ask, self.number = app, app.ask, number
        self.sheets = Sheets(self)
        self.names = Names(self)

    name = property(lambda self: self.ask("book", self.number)[1])
    fullname = property(lambda self: self.ask("book", self.number)[2])

    @property
    def api(self) -> SimpleNamespace:
        """What is asked of Excel's own object: whether sheets can be added."""
        return SimpleNamespace(ProtectStructure=self.ask("is_protected", self.number))

    def activate(self) -> None:
        """Do nothing: an action works on the document that is in front."""

    def to_pdf(self, path: str, quality: str = "standard") -> None:
        """Save the sheets that show as a PDF; LibreOffice has one quality."""
        del quality
        self.ask("save_pdf", self.number, path)

    def close(self) -> None:
        """Close without saving."""
        self.ask("close", self.number)
