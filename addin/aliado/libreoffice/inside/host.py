"""LibreOffice's side of the live host: each operation does one thing to an open document, for whole ranges at a time.

Documents and sheets go by numbers; rows and columns count from 1. Cells are None, numbers, texts, booleans,
{"day": serial} for what is formatted as a date or time, {"error": "#N/A"}. Formulas are in Excel's English grammar.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from aliado.libreoffice.inside.cells import copy_formats, make_range, read_cells
from aliado.libreoffice.inside.formulas import Grammar, is_formula, unlink, write_formulas

Area = list[int]
"""Top, left, bottom, right."""

_MESSAGE_WITH_OK = 1
_OPEN_ONE_FILE = 0
"""com.sun.star.ui.dialogs.TemplateDescription.FILEOPEN_SIMPLE."""
_CHOSEN = 1
"""com.sun.star.ui.dialogs.ExecutableDialogResults.OK."""
_NO_COLOUR = -1
_READ_ONLY = 16
"""com.sun.star.beans.PropertyAttribute.READONLY."""
_HIDDEN = 16


class Host:
    """The open documents of one LibreOffice; `answer` is the one way in."""

    def __init__(self, context: Any) -> None:
        self._context = context
        self._desktop = self._service("com.sun.star.frame.Desktop")
        self._books: list[Any] = []
        self._sheets: list[tuple[Any, Any] | None] = []
        self._locked: list[Any] = []
        self._indicator: Any = None

    def answer(self, operation: str, arguments: list[Any]) -> Any:
        """Return what an operation gives; whatever UNO raises passes through."""
        done: Callable[..., Any] = getattr(self, operation)
        if operation.startswith("_"):
            raise AttributeError(operation)
        return done(*arguments)

    def _service(self, name: str) -> Any:
        return self._context.ServiceManager.createInstanceWithContext(name, self._context)

    # The program

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

    def _numbers(self) -> list[int]:
        found = []
        components = self._desktop.Components.createEnumeration()
        while components.hasMoreElements():
            model = components.nextElement()
            if hasattr(model, "supportsService") and model.supportsService("com.sun.star.sheet.SpreadsheetDocument"):
                found.append(self._number_of(model))
        return sorted(found)

    def _number_of(self, model: Any) -> int:
        for number, known in enumerate(self._books):
            if known == model:
                return number
        self._books.append(model)
        return len(self._books) - 1

    # A document

    def sheets(self, book: int) -> list[list[Any]]:
        """Return [number, name] of the sheets, in tab order."""
        model = self._books[book]
        known = self._numbers_of_sheets(model)
        names = model.Sheets.ElementNames
        return [
            [self._new_sheet(model, index) if (number := known.get(index)) is None else number, name]
            for index, name in enumerate(names)
        ]

    def is_protected(self, book: int) -> bool:
        """Return whether sheets can be neither added nor removed."""
        return bool(self._books[book].isProtected())

    def names(self, book: int) -> list[list[Any]]:
        """Return [name, what it refers to, scope] of the defined names; scope: a sheet's name, "" for the document."""
        model = self._books[book]
        found = [[item.Name, self._excel(model, item), ""] for item in self._named(model)]
        for sheet in self._in(book):
            found += [[item.Name, self._excel(model, item), sheet.Name] for item in self._named(sheet)]
        return found

    def set_name(self, book: int, name: str, refers_to: str, scope: str = "") -> None:
        """Define a name, or let it refer to something else."""
        model = self._books[book]
        names = self._scope(book, scope)
        content = Grammar(model).native(refers_to.removeprefix("="), _corner(0))
        if names.hasByName(name):
            names.getByName(name).Content = content
        else:
            # LibreOffice refuses to add a name with a dot in it, which it takes from Excel's files, and renames to.
            made = name.replace(".", "_")
            names.addNewByName(made, content, _corner(0), 0)
            names.getByName(made).Name = name

    def hide_name(self, book: int, name: str, hidden: bool) -> None:
        """Leave a name out of the lists that people see, or bring it back; LibreOffice 25.2 and later can."""
        item = self._books[book].NamedRanges.getByName(name)
        item.Type = item.Type | _HIDDEN if hidden else item.Type & ~_HIDDEN

    def delete_name(self, book: int, name: str, scope: str = "") -> None:
        """Remove a defined name."""
        self._scope(book, scope).removeByName(name)

    def selection(self, book: int) -> list[Any] | None:
        """Return [sheet, area] of the selection, None where it is no cell."""
        controller = self._books[book].CurrentController
        chosen: Any = None if controller is None else controller.getSelection()
        if hasattr(chosen, "RangeAddresses"):
            chosen = chosen.getByIndex(0)
        if not hasattr(chosen, "RangeAddress"):
            return None
        return [self._sheet_number(self._books[book], chosen.Spreadsheet), _area(chosen.RangeAddress)]

    def active_sheet(self, book: int) -> int:
        """Return the sheet that shows; in a document without a window, the first."""
        model = self._books[book]
        controller = model.CurrentController
        return self._sheet_number(model, model.Sheets.getByIndex(0) if controller is None else controller.ActiveSheet)

    def _in(self, book: int) -> Iterator[Any]:
        sheets = self._books[book].Sheets
        for index in range(sheets.Count):
            yield sheets.getByIndex(index)

    def _scope(self, book: int, scope: str) -> Any:
        model = self._books[book]
        return model.Sheets.getByName(scope).NamedRanges if scope else model.NamedRanges

    @staticmethod
    def _named(holder: Any) -> list[Any]:
        return [holder.NamedRanges.getByName(name) for name in holder.NamedRanges.ElementNames]

    @staticmethod
    def _excel(model: Any, item: Any) -> str:
        return "=" + Grammar(model).excel(item.Content, item.ReferencePosition)

    # A sheet

    def rename(self, sheet: int, name: str) -> None:
        """Rename a sheet; formulas follow."""
        _, known = self._sheet(sheet)
        known.Name = name
        if known.Name != name:
            raise ValueError(f"LibreOffice did not accept the sheet name {name!r}")

    def delete(self, sheet: int) -> None:
        """Delete a sheet and its tables."""
        model, known = self._sheet(sheet)
        for name, _ in self._tables(sheet):
            model.DatabaseRanges.removeByName(name)
        model.Sheets.removeByName(known.Name)
        self._sheets[sheet] = None

    def copy(self, sheet: int, book: int, index: int) -> None:
        """Copy a sheet with its tables into a document, to a place (0 = first); its names stay behind, as in Excel."""
        (origin, source), target = self._sheet(sheet), self._books[book]
        before = set(target.NamedRanges.ElementNames)
        place = target.Sheets.importSheet(origin, source.Name, index)
        _copy_page_style(origin, source, target, target.Sheets.getByIndex(place))
        for name in set(target.NamedRanges.ElementNames) - before:
            target.NamedRanges.removeByName(name)
        for name, table in self._tables(sheet):
            ranges = target.DatabaseRanges
            free = name
            while ranges.hasByName(free):
                free += "_"
            address = table.DataArea
            address.Sheet = place
            ranges.addNewByName(free, address)
            made = ranges.getByName(free)
            made.ContainsHeader, made.TotalsRow = table.ContainsHeader, table.TotalsRow
            made.AutoFilter = table.AutoFilter

    def about(self, sheet: int) -> list[Any]:
        """Return [name, place (0 = first), whether its tab shows] of a sheet."""
        _, known = self._sheet(sheet)
        return [known.Name, known.RangeAddress.Sheet, bool(known.IsVisible)]

    def show(self, sheet: int, shows: bool) -> None:
        """Show or hide a sheet's tab."""
        self._sheet(sheet)[1].IsVisible = shows

    def colour(self, sheet: int) -> int | None:
        """Return the colour of a tab, None for none."""
        value = self._sheet(sheet)[1].TabColor
        return None if value == _NO_COLOUR else int(value)

    def set_colour(self, sheet: int, colour: int | None) -> None:
        """Colour a tab."""
        self._sheet(sheet)[1].TabColor = _NO_COLOUR if colour is None else colour

    def select(self, sheet: int, area: Area | None = None) -> None:
        """Go to a sheet, or to cells on it; in a document without a window nothing happens."""
        model, known = self._sheet(sheet)
        controller = model.CurrentController
        if controller is not None:
            controller.setActiveSheet(known)
            if area is not None:
                controller.select(make_range(known, area))

    def is_sheet_protected(self, sheet: int) -> bool:
        """Return whether the cells of a sheet are protected."""
        return bool(self._sheet(sheet)[1].isProtected())

    def used(self, sheet: int) -> Area:
        """Return the used area of a sheet, its first cell where it is blank."""
        cursor = self._sheet(sheet)[1].createCursor()
        cursor.gotoStartOfUsedArea(False)
        cursor.gotoEndOfUsedArea(True)
        return _area(cursor.RangeAddress)

    def tables(self, sheet: int) -> list[list[Any]]:
        """Return [name, area, has headings, has totals] of the tables (named database ranges) of a sheet."""
        return [
            [name, _area(table.DataArea), bool(table.ContainsHeader), bool(table.TotalsRow)]
            for name, table in self._tables(sheet)
        ]

    def rename_table(self, sheet: int, old: str, new: str) -> None:
        """Rename a table; formulas follow."""
        ranges = self._sheet(sheet)[0].DatabaseRanges
        if ranges.hasByName(new):
            raise ValueError(f"there is a table {new!r} already")
        ranges.getByName(old).Name = new

    def resize_table(self, sheet: int, name: str, area: Area) -> None:
        """Have a table reach over other cells."""
        model, known = self._sheet(sheet)
        model.DatabaseRanges.getByName(name).setDataArea(make_range(known, area).RangeAddress)

    def _tables(self, number: int) -> list[tuple[str, Any]]:
        model, sheet = self._sheet(number)
        ranges, index = model.DatabaseRanges, sheet.RangeAddress.Sheet
        found = [(name, ranges.getByName(name)) for name in ranges.ElementNames]
        return [(name, table) for name, table in found if table.DataArea.Sheet == index and table.IsUserDefined]

    def _sheet(self, number: int) -> tuple[Any, Any]:
        known = self._sheets[number]
        if known is None:
            raise ValueError("the sheet was deleted")
        return known

    def _sheet_number(self, model: Any, sheet: Any) -> int:
        index = sheet.RangeAddress.Sheet
        number = self._numbers_of_sheets(model).get(index)
        return self._new_sheet(model, index) if number is None else number

    def _numbers_of_sheets(self, model: Any) -> dict[int, int]:
        """Return place -> number of the known sheets; LibreOffice makes a new object for a sheet each time it is asked."""
        known = enumerate(self._sheets)
        return {item[1].RangeAddress.Sheet: number for number, item in known if item is not None and item[0] is model}

    def _new_sheet(self, model: Any, index: int) -> int:
        self._sheets.append((model, model.Sheets.getByIndex(index)))
        return len(self._sheets) - 1

    # Cells

    def values(self, sheet: int, area: Area) -> list[list[Any]]:
        """Return what cells hold."""
        model, known = self._sheet(sheet)
        return read_cells(model, make_range(known, area))

    def set_values(self, sheet: int, area: Area, rows: list[list[Any]]) -> None:
        """Fill cells with numbers, texts and blanks."""
        filled = tuple(tuple("" if cell is None else cell for cell in row) for row in rows)
        make_range(self._sheet(sheet)[1], area).setDataArray(filled)

    def formulas(self, sheet: int, area: Area) -> list[list[str]]:
        """Return the formulas of cells; of those without, what they hold, as text."""
        model, known = self._sheet(sheet)
        grammar, cells = Grammar(model), make_range(known, area)
        return [
            [
                grammar.formula(text, cells, row, column) if is_formula(text) else text
                for column, text in enumerate(line)
            ]
            for row, line in enumerate(cells.getFormulaArray())
        ]

    def set_formula(self, sheet: int, area: Area, formula: str, array: bool) -> None:
        """Write a formula into a cell; array: one that fills all of the area."""
        model, known = self._sheet(sheet)
        cells = make_range(known, area)
        tokens = Grammar(model).tokens(formula.removeprefix("="), cells.getCellByPosition(0, 0).CellAddress)
        if array:
            cells.setArrayTokens(tokens)
        else:
            cells.getCellByPosition(0, 0).setTokens(tokens)

    def set_formulas(self, sheet: int, area: Area, rows: list[list[str]]) -> None:
        """Write a formula into each cell; "" empties it."""
        model, known = self._sheet(sheet)
        write_formulas(Grammar(model), make_range(known, area), rows)

    def number_format(self, sheet: int, row: int, column: int) -> str:
        """Return the code by which a cell shows what it holds."""
        model, known = self._sheet(sheet)
        key = known.getCellByPosition(column - 1, row - 1).NumberFormat
        return str(model.NumberFormats.getByKey(key).FormatString)

    def fill_formats(self, sheet: int, source: Area, target: Area) -> None:
        """Give the cells of each column of an area the formats of its cell in another."""
        _, known = self._sheet(sheet)
        copy_formats(make_range(known, source), make_range(known, target))

    def array_around(self, sheet: int, row: int, column: int) -> Area | None:
        """Return the cells that one array formula fills, of which this is one; None where it is another formula."""
        _, known = self._sheet(sheet)
        cell = known.getCellByPosition(column - 1, row - 1)
        if not make_range(known, [row, column, row, column]).getArrayFormula():
            return None
        cursor = known.createCursorByRange(cell)
        cursor.collapseToCurrentArray()
        return _area(cursor.RangeAddress)

    def unlink(self, sheet: int, area: Area, book: str) -> None:
        """Let formulas that speak of another document's sheets speak of the sheets of that name in this one."""
        _, known = self._sheet(sheet)
        cells = make_range(known, area)
        for row, line in enumerate(cells.getFormulaArray()):
            for column, text in enumerate(line):
                local = unlink(text, book)
                if local != text:
                    cells.getCellByPosition(column, row).setFormula(local)


def _copy_page_style(origin: Any, source: Any, target: Any, copied: Any) -> None:
    """Give a copied sheet the paper, margins, scale and headers of its source, which importSheet leaves behind."""
    style = origin.StyleFamilies.getByName("PageStyles").getByName(source.PageStyle)
    family = target.StyleFamilies.getByName("PageStyles")
    name = f"Aliado {source.Name}"
    if not family.hasByName(name):
        family.insertByName(name, target.createInstance("com.sun.star.style.PageStyle"))
    made = family.getByName(name)
    for item in style.PropertySetInfo.Properties:
        if not item.Attributes & _READ_ONLY:
            made.setPropertyValue(item.Name, style.getPropertyValue(item.Name))
    copied.PageStyle = name


def _corner(index: int) -> Any:
    from com.sun.star.table import CellAddress

    address = CellAddress()
    address.Sheet = index
    return address


def _area(address: Any) -> Area:
    return [address.StartRow + 1, address.StartColumn + 1, address.EndRow + 1, address.EndColumn + 1]
