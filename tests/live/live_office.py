"""A LibreOffice with the live host in it, and what tests ask of its documents."""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager
from pathlib import Path

from office import run_office

from aliado.libreoffice.answering import HostFailed
from aliado.libreoffice.engine import connect
from aliado.libreoffice.inside.host import Host


class Live:
    """An xlwings app over LibreOffice that counts round trips, and fails at one when told to (`fail_at`)."""

    def __init__(self, office) -> None:
        self.office = office
        self.host = Host(office.context)
        self.calls: Counter[str] = Counter()
        self.fail_at: str | None = None
        self.app = connect(self.ask)

    def ask(self, operation, *arguments):
        self.calls[operation] += 1
        if self.fail_at == f"{operation} {self.calls[operation]}":
            raise RuntimeError(f"LibreOffice is busy: {operation}")
        try:
            return self.host.answer(operation, list(arguments))
        except Exception as error:  # noqa: BLE001 -- UNO's exceptions cannot be raised through a with statement
            raise HostFailed(f"{operation} {arguments}: {error}") from None

    @contextmanager
    def opened(self, path: Path):
        """Yield a workbook open in LibreOffice; it is closed without being saved."""
        book = self.app.books.open(str(path), update_links=False, add_to_mru=False)
        try:
            yield book
        finally:
            self.fail_at = None
            book.close()

    def model(self, book):
        """Return the document itself."""
        return self.host._books[book.impl.number]

    def contents(self, book):
        """Return sheet -> what its cells hold, after a full recalculation."""
        self.model(book).calculateAll()
        return {sheet.name: _rows(sheet, self.host.values) for sheet in book.sheets}

    def formulas(self, book):
        """Return sheet -> the formulas of its cells, and what the others hold."""
        return {sheet.name: _rows(sheet, self.host.formulas) for sheet in book.sheets}


def _rows(sheet, read):
    area = sheet.used_range.impl.area
    return area, read(sheet.impl.number, area)


@contextmanager
def run_live(folder: Path):
    """Yield a LibreOffice of our own with the live host in it."""
    with run_office(folder) as office:
        yield Live(office)
