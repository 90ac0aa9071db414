"""A small Excel for tests, behind xlwings' own engine interface: the ribbon's actions run on it unchanged.

It does what Excel does to references when sheets are copied between books, renamed and deleted, and counts what it is
asked for cells. `fail_at` makes one call raise, as a busy or dying Excel would.
"""

from __future__ import annotations

import re
import warnings
from collections import Counter
from datetime import date, datetime, time
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import openpyxl
import xlwings as xw
from openpyxl.utils import get_column_letter

from aliado.workbook.package import read_package
from aliado.workbook.reader import read_sheets

NAME = "aliado-fake"


class Engine:
    name = NAME
    type = "desktop"
    apps: list[App] = []  # noqa: RUF012 -- the one that is open, as xlwings asks for it

    @staticmethod
    def prepare_xl_data_element(value, _date_format):
        return value

    @staticmethod
    def clean_value_data(data, datetime_builder, empty_as, number_builder, err_to_str):
        del datetime_builder, number_builder
        blank_error = lambda cell: None if isinstance(cell, str) and cell.startswith("#") and cell != "#" else cell  # noqa: E731
        return [
            [empty_as if cell in ("", None) else cell if err_to_str else blank_error(cell) for cell in row]
            for row in data
        ]


class App:
    def __init__(self) -> None:
        self.engine = Engine
        self.books = Books(self)
        self.pid = 1
        self.screen_updating = True
        self.display_alerts = True
        self.enable_events = True
        self.calculation = "automatic"
        self.status_bar: Any = False
        self.shown: list[str] = []
        self.calls: Counter[str] = Counter()
        self.fail_at: str | None = None
        self.fills_columns = True
        """Whether a table that grows has its columns of formulas filled, as Excel does with calculated columns."""
        self.api = SimpleNamespace(GetOpenFilename=lambda _filters, _index, _title: self.picked)
        self.picked: str | bool = False
        """The file that the user chooses."""
        self.selection: Any = None

    def __setattr__(self, name, value):
        if name == "status_bar" and isinstance(value, str):
            self.shown.append(value)
        super().__setattr__(name, value)

    def count(self, what):
        self.calls[what] += 1
        if self.fail_at == f"{what} {self.calls[what]}":
            raise RuntimeError(f"Excel is busy: {what}")

    def activate(self, steal_focus):
        pass

    def alert(self, prompt, title, buttons, mode, callback):
        del title, buttons, mode, callback
        self.shown.append(prompt)


class Books:
    def __init__(self, app) -> None:
        self.app = app
        self.api = None
        self.items: list[Book] = []

    def __call__(self, name):
        for book in self.items:
            if book.name == name:
                return book
        raise KeyError(name)

    def __iter__(self):
        return iter(self.items)

    def __len__(self):
        return len(self.items)

    @property
    def active(self):
        return self.items[-1]

    def open(self, fullname, *settings):
        del settings
        self.app.count("open")
        book = Book(self.app, Path(fullname))
        self.items.append(book)
        if self.app.selection is None:
            book.list[0].select()
        return book


class Book:
    def __init__(self, app, path) -> None:
        self.app = app
        self.path = path
        self.name = path.name
        self.api = SimpleNamespace(ProtectStructure=False)
        self.names = Names(self)
        data = path.read_bytes()
        formulas = _load(data)
        values = {sheet.name: sheet for sheet in read_sheets(read_package(data))}
        self.list: list[Sheet] = [Sheet(self, each, values[each.title]) for each in formulas.worksheets]
        for key, defined in formulas.defined_names.items():
            self.names.items.append(Name(self.names, key, "=" + defined.attr_text, visible=not defined.hidden))
        self.sheets = Sheets(self)
        self.shown = self.list[0]

    @property
    def fullname(self):
        return str(self.path)

    def activate(self):
        pass

    def to_pdf(self, path, quality):
        del quality
        shown = [sheet.name for sheet in self.list if sheet.visible]
        Path(path).write_text("%PDF " + ", ".join(shown), encoding="utf-8")

    def close(self):
        self.app.books.items.remove(self)

    def rewrite(self, change):
        """Apply a change to every formula and name of the book."""
        for sheet in self.list:
            for place, text in sheet.formulas.items():
                sheet.formulas[place] = change(text)
            for series in sheet.series:
                series.Formula = change(series.Formula)
        for name in self.names.items:
            name.refers_to = change(name.refers_to)


def _load(data):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what openpyxl does not keep is not looked at here
        return openpyxl.load_workbook(BytesIO(data))


class Sheets:
    def __init__(self, book) -> None:
        self.book = book
        self.api = None

    @property
    def active(self):
        return self.book.shown

    def __call__(self, key):
        if isinstance(key, int):
            return self.book.list[key - 1]
        for sheet in self.book.list:
            if sheet.name.casefold() == key.casefold():
                return sheet
        raise KeyError(key)

    def __len__(self):
        return len(self.book.list)

    def __iter__(self):
        return iter(list(self.book.list))


def _sheet_pattern(name):
    return re.compile(rf"(?:'{re.escape(name)}'|(?<![\w.'\]]){re.escape(name)})!", re.IGNORECASE)


class Sheet:
    def __init__(self, book, formulas=None, values=None) -> None:
        self.book = book
        self.visible: Any = -1
        self.formulas: dict[tuple[int, int], str] = {}
        self.values: dict[tuple[int, int], Any] = {}
        self.formats: dict[tuple[int, int], str] = {}
        self.column_formats: dict[int, str] = {}
        self.table_list: list[Table] = []
        self.series: list[Any] = []
        """The series of the sheet's one chart, when there are any."""
        self.api = SimpleNamespace(
            Tab=SimpleNamespace(ColorIndex=-4142, Color=0), ProtectContents=False, HasSpill=False
        )
        if formulas is None:
            return
        self._name = formulas.title
        self.visible = {"visible": -1, "hidden": 0, "veryHidden": 2}[formulas.sheet_state]
        self.api.ProtectContents = formulas.protection.sheet
        if formulas.sheet_properties.tabColor is not None:
            self.api.Tab.ColorIndex, self.api.Tab.Color = 5, formulas.sheet_properties.tabColor.rgb
        for width in formulas.column_dimensions.values():
            for column in range(width.min or 1, (width.max or 1) + 1):
                self.column_formats[column] = width.number_format
        for row in formulas.iter_rows():
            for cell in row:
                self.formats[cell.row, cell.column] = cell.number_format
                if cell.data_type == "f" and isinstance(cell.value, str):
                    self.formulas[cell.row, cell.column] = cell.value
        for i, row in enumerate(values.rows):
            for j, value in enumerate(row):
                if value is not None and value != "":
                    self.values[values.first_row + i, values.first_column + j] = _as_excel(value)
        self.table_list = [
            Table(self, each.name, each.ref, each.totalsRowCount or 0) for each in formulas.tables.values()
        ]

    @property
    def index(self):
        return self.book.list.index(self) + 1

    @property
    def name(self):
        return self._name

    @name.setter
    def name(self, value):
        self.book.app.count("rename")
        if any(sheet is not self and sheet.name.casefold() == value.casefold() for sheet in self.book.list):
            raise RuntimeError(f"the name {value} is taken")
        pattern, new = _sheet_pattern(self._name), "'" + value.replace("'", "''") + "'!"
        self.book.rewrite(lambda text: pattern.sub(lambda _: new, text))
        self._name = value

    @property
    def tables(self):
        return Tables(self)

    @property
    def charts(self):
        series = SimpleNamespace(Count=len(self.series), Item=lambda number: self.series[number - 1])
        chart = SimpleNamespace(api=(None, SimpleNamespace(SeriesCollection=lambda: series)))
        return [chart] if self.series else []

    @property
    def used_range(self):
        places = self.values.keys() | self.formulas.keys()
        if not places:
            return Range(self, 1, 1, 1, 1)
        rows, columns = [place[0] for place in places], [place[1] for place in places]
        return Range(self, min(rows), min(columns), max(rows), max(columns))

    def range(self, first, last=None):
        if isinstance(first, str):
            left, top, right, bottom = openpyxl.utils.range_boundaries(first)
            return Range(self, top, left, bottom, right)
        places = [(item.top, item.left) if isinstance(item, Range) else item for item in (first, last or first)]
        return Range(self, *places[0], *places[1])

    @property
    def cells(self):
        return Range(self, 1, 1, 1048576, 16384)

    def select(self):
        self.book.shown = self
        self.book.app.selection = Range(self, 1, 1, 1, 1)

    def delete(self):
        self.book.app.count("delete")
        self.book.list.remove(self)
        pattern = _sheet_pattern(self._name)
        self.book.rewrite(lambda text: pattern.sub("#REF!", text))
        if self.book.shown is self:
            self.book.shown = self.book.list[0]

    def copy(self, before, after):
        self.book.app.count("copy")
        beside = before or after
        book = beside.book
        other = Sheet(book)
        taken = {sheet.name.casefold() for sheet in book.list}
        other._name = next(
            name
            for n in range(1, 99)
            if (name := self._name if n == 1 else f"{self._name} ({n})").casefold() not in taken
        )
        mine = {sheet.name for sheet in self.book.list}
        other.formulas = {place: _externally(text, self, mine) for place, text in self.formulas.items()}
        other.values = dict(self.values)
        other.visible = self.visible
        other.api.Tab = SimpleNamespace(**vars(self.api.Tab))
        used = {table._name.casefold() for sheet in book.list for table in sheet.table_list}
        for table in self.table_list:
            name = table._name if table._name.casefold() not in used else f"{table._name}{len(used)}"
            other.table_list.append(Table(other, name, table.ref, table.totals))
        book.list.insert(book.list.index(beside) + (after is not None), other)
        book.shown = other


def _externally(text, sheet, names):
    """A formula copied to another book: what it says of other sheets of its book becomes a link to that book."""
    for name in names - {sheet.name}:
        text = _sheet_pattern(name).sub(f"'[{sheet.book.name}]{name}'!", text)
    return text


class CellError(str):
    """An error in a cell, which xlwings hands over as its text."""

    __slots__ = ()


def _as_typed(value):
    """What a cell holds when Excel is given a value: a text is read as if it were typed, but for one marked as text."""
    if not isinstance(value, str):
        return value
    if value.startswith("'"):
        return value[1:]
    if value in {"#N/A", "#REF!", "#DIV/0!"}:
        return CellError(value)
    if re.fullmatch(r"[0-9]+([.][0-9]+)?", value):
        return float(value)
    found = re.fullmatch(r"([0-9]{1,2})[-/]([0-9]{1,2})", value)
    return datetime(2026, int(found[2]), int(found[1])) if found else value  # noqa: DTZ001


def _as_excel(value):
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        if isinstance(value, date) and not isinstance(value, datetime):
            return datetime(value.year, value.month, value.day)  # noqa: DTZ001
        return value if not isinstance(value, time) else datetime.combine(date(1899, 12, 30), value)
    return float(value)


class Range:
    max_cells_per_read = None
    max_cells_per_write = None

    def __init__(self, sheet, top, left, bottom, right) -> None:
        self.sheet, self.top, self.left, self.bottom, self.right = sheet, top, left, bottom, right
        self.api = SimpleNamespace(HasSpill=False)

    row = property(lambda self: self.top)
    column = property(lambda self: self.left)
    shape = property(lambda self: (self.bottom - self.top + 1, self.right - self.left + 1))
    coords = property(lambda self: (self.top, self.left, *self.shape))
    address = property(lambda self: f"${get_column_letter(self.left)}${self.top}")
    has_array = False

    columns = property(lambda self: [None] * self.shape[1])

    def __call__(self, i, j=None):
        row, column = (self.top + i - 1, self.left + (j or 1) - 1)
        return Range(self.sheet, row, column, row, column)

    def __len__(self):
        return self.shape[0] * self.shape[1]

    def _grid(self, cells):
        rows = [
            [cells.get((row, column)) for column in range(self.left, self.right + 1)]
            for row in range(self.top, self.bottom + 1)
        ]
        return rows[0][0] if self.shape == (1, 1) else rows

    @property
    def raw_value(self):
        self.sheet.book.app.count("read")
        return self._grid(self.sheet.values)

    @raw_value.setter
    def raw_value(self, rows):
        self.sheet.book.app.count("write values")
        for i, row in enumerate(rows if isinstance(rows, list) else [[rows]]):
            for j, value in enumerate(row):
                place = (self.top + i, self.left + j)
                self.sheet.values.pop(place, None)
                self.sheet.formulas.pop(place, None)
                if isinstance(value, str) and value.startswith("="):
                    self.sheet.formulas[place] = value
                elif value not in {None, ""}:
                    self.sheet.values[place] = _as_typed(value)

    @property
    def formula(self):
        self.sheet.book.app.count("read")
        return self._grid(self.sheet.formulas)

    @formula.setter
    def formula(self, rows):
        self.sheet.book.app.count("write formulas")
        for i, row in enumerate(rows):
            for j, text in enumerate(row):
                self.sheet.formulas.pop((self.top + i, self.left + j), None)
                if text:
                    self.sheet.formulas[self.top + i, self.left + j] = text

    @property
    def number_format(self):
        return self.sheet.formats.get((self.top, self.left)) or self.sheet.column_formats.get(self.left, "General")

    def autofill(self, destination, type_):
        assert type_ == "fill_formats"
        self.sheet.book.app.count("fill formats")
        area = destination.impl
        assert (area.left, area.right) == (self.left, self.right)
        assert self.top == self.bottom
        assert self.top in {area.top, area.bottom}, "Excel fills down or up from where it begins"
        for column in range(self.left, self.right + 1):
            for row in range(area.top, area.bottom + 1):
                self.sheet.formats[row, column] = Range(self.sheet, self.top, column, self.top, column).number_format

    @property
    def formula2(self):
        return self.formula

    @formula2.setter
    def formula2(self, text):
        self.sheet.book.app.count("write")
        text = text[0][0] if isinstance(text, list) else text
        known = {sheet.name.casefold() for sheet in self.sheet.book.list}
        for name in re.findall(r"'((?:[^']|'')+)'!", text):
            if name.casefold() not in known:
                raise RuntimeError(f"Excel would ask for a file: {text}")
        self.sheet.formulas[self.top, self.left] = text

    def select(self):
        self.sheet.book.shown = self.sheet
        self.sheet.book.app.selection = self

    def replace_all(self, old, new, whole, match_case):
        del whole, match_case
        self.sheet.book.app.count("replace")
        for place, text in self.sheet.formulas.items():
            self.sheet.formulas[place] = text.replace(old, new)


class Tables:
    def __init__(self, sheet) -> None:
        self.sheet = sheet
        self.api = None

    def __iter__(self):
        return iter(self.sheet.table_list)

    def __len__(self):
        return len(self.sheet.table_list)


class Table:
    show_headers = True

    def __init__(self, sheet, name, ref, totals) -> None:
        self.sheet, self._name, self.ref, self.totals = sheet, name, ref, totals

    @property
    def name(self):
        return self._name

    @name.setter
    def name(self, value):
        self.sheet.book.app.count("table name")
        if any(
            table._name.casefold() == value.casefold() for each in self.sheet.book.list for table in each.table_list
        ):
            raise RuntimeError(f"the table name {value} is taken")
        pattern = re.compile(rf"(?<![\w.]){re.escape(self._name)}\[")
        self.sheet.book.rewrite(lambda text: pattern.sub(value + "[", text))
        self._name = value

    @property
    def range(self):
        left, top, right, bottom = openpyxl.utils.range_boundaries(self.ref)
        return Range(self.sheet, top, left, bottom, right)

    def resize(self, area):
        self.sheet.book.app.count("resize table")
        cells = area.impl
        last = self.range.bottom
        if self.sheet.book.app.fills_columns:
            for column in range(cells.left, cells.right + 1):
                for row in range(last + 1, cells.bottom + 1):
                    if (last, column) in self.sheet.formulas:
                        self.sheet.formulas[row, column] = self.sheet.formulas[last, column]
        self.ref = f"{get_column_letter(cells.left)}{cells.top}:{get_column_letter(cells.right)}{cells.bottom}"

    show_totals = property(lambda self: bool(self.totals))


class Names:
    def __init__(self, book) -> None:
        self.book = book
        self.api = None
        self.items: list[Name] = []

    def snapshot(self):
        return [(name.name, name) for name in self.items]

    def __call__(self, key):
        return next(name for name in self.items if name.name == key)

    def contains(self, key):
        return any(name.name == key for name in self.items)

    def __len__(self):
        return len(self.items)

    def add(self, name, refers_to):
        self.book.app.count("add name")
        self.items.append(Name(self, name, refers_to, visible=True))
        return self.items[-1]


class Name:
    def __init__(self, names, name, refers_to, *, visible) -> None:
        self.names, self.name, self.refers_to = names, name, refers_to
        self.api = SimpleNamespace(Visible=visible)

    def delete(self):
        self.names.items.remove(self)


def open_in_excel(path) -> tuple[xw.Book, App]:
    """Return a workbook open in a new fake Excel, as an xlwings book, and that Excel."""
    if NAME not in [engine.name for engine in xw.engines]:
        xw.engines.add(xw.Engine(impl=Engine))
    xw.engines[NAME].activate()
    app = App()
    Engine.apps[:] = [app]
    return xw.Book(impl=app.books.open(path)), app
