"""A LibreOffice with the live host in it, and what tests ask of its documents."""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue

from office import run_office

from aliado.libreoffice.answering import HostFailed
from aliado.libreoffice.engine import connect
from aliado.libreoffice.inside.host import Host

_SECONDS = 180
"""After which a call that LibreOffice does not answer has failed."""


class MainThread:
    """Runs calls on LibreOffice's main thread, where it also runs what a click on its toolbar does.

    What comes in from another process runs beside the main thread, and LibreOffice 25.2 now and then dies of it: a sheet
    is deleted while its view still waits to be told of an earlier one (FmFormView::HideSdrPage, Application::RemoveUserEvent).
    """

    def __init__(self, office) -> None:
        import unohelper
        from com.sun.star.awt import XCallback

        class Callback(unohelper.Base, XCallback):
            def notify(self, _):
                work, answer = waiting.pop()
                try:
                    answer.put((work(), None))
                except BaseException as error:  # noqa: BLE001 -- told to the one who waits for the answer
                    answer.put((None, error))

        waiting = self._waiting = []
        self._callback = Callback()
        self._service = office.service("com.sun.star.awt.AsyncCallback")

    def __call__(self, work, name):
        """Return what `work` gives; whatever UNO raises becomes HostFailed."""
        answer = SimpleQueue()
        self._waiting.append((work, answer))
        try:
            self._service.addCallback(self._callback, None)
            found, error = answer.get(timeout=_SECONDS)
        except Exception as gone:  # noqa: BLE001 -- UNO's own: LibreOffice is no more
            raise HostFailed(f"{name}: {gone!r}") from None
        if error is not None:
            raise HostFailed(f"{name}: {error}") from None
        return found


class Live:
    """An xlwings app over LibreOffice that counts round trips, and fails at one when told to (`fail_at`)."""

    def __init__(self, office) -> None:
        self.office = office
        self.host, self.main = Host(office.context), MainThread(office)
        self.calls: Counter[str] = Counter()
        self.fail_at: str | None = None
        self.app = connect(self.ask)

    def ask(self, operation, *arguments):
        self.calls[operation] += 1
        if self.fail_at == f"{operation} {self.calls[operation]}":
            raise RuntimeError(f"LibreOffice is busy: {operation}")
        return self.main(lambda: self.host.answer(operation, list(arguments)), f"{operation} {arguments}")

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
