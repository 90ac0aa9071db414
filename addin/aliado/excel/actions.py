"""What the ribbon's buttons do, each to an open workbook.

The same steps as the batch: read, choose the rules, assess, render; then Excel itself takes the sheets in.
"""

from __future__ import annotations

import tempfile
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from aliado import __version__
from aliado.cells.question import language_of
from aliado.errors import WorkbookRefused
from aliado.excel.book import LiveBook, read_live_book
from aliado.excel.laying import lay_in
from aliado.excel.quiet import quiet
from aliado.excel.status import plan_live_column
from aliado.language import Language, Text
from aliado.report.donor import plan_sheets, render
from aliado.report.state import read_state
from aliado.rules.assess import assess
from aliado.rules.assessment import Assessment
from aliado.rules.choose import choose_pack
from aliado.tables.gather import gather
from aliado.workbook.files import files_beside
from aliado.workbook.ownership import choose_names

DONOR = "aliado-hojas.xlsx"
"""The file that carries our sheets to Excel, in a folder of its own that is gone when they are in."""


def refresh(
    book: Any, as_of: date | None = None, *, rules: Path | str | None = None, language: Language | None = None
) -> Assessment:
    """Refresh an open workbook and return its assessment; the book itself is not saved.

    as_of: today if left out. rules: as in `choose_pack`. Raises AliadoError; then nothing has changed in the book.
    """
    _check_structure(book)
    active = book.sheets.active.name
    with quiet(book.app) as show:
        show(_READING.to(language or "es"))
        live = read_live_book(book)
        assessment = assess_live(live, as_of or date.today(), rules)  # noqa: DTZ011 -- the user's own day
        chosen = language or language_of(assessment.profile)
        show(_WRITING.to(chosen))
        column = plan_live_column(book, assessment, live.sheets, chosen)
        if column is not None:
            assessment = replace(assessment, notes=(*assessment.notes, column.note))
        names = plan_live_names(live, assessment, chosen)
        content = render(assessment, language=chosen, names=names, version=__version__, state=read_state(live.sheets))
        write_back = column.write() if column is not None else None
        try:
            _take_in(book, content, names, live.owned)
        except BaseException:
            if write_back is not None:
                write_back()
            raise
        _show_sheet(book, active if live.owned else names["panel"])
    return assessment


def assess_live(live: LiveBook, as_of: date, rules: Path | str | None = None) -> Assessment:
    """Return the assessment of an open workbook, under the rules that the batch would choose for it."""
    pack = choose_pack(live.sheets, live.path, rules)
    state = read_state(live.sheets)
    exists = files_beside(live.path) if live.path is not None else None
    gathered = gather(live.sheets, pack.tables)
    past = state.missing(as_of)
    return assess(gathered, pack, as_of, past=past, history=state.runs, first_seen=state.first_seen, exists=exists)


def plan_live_names(live: LiveBook, assessment: Assessment, language: Language) -> dict[str, str]:
    """Return role -> the name that its sheet has, or will have, in an open workbook."""
    return choose_names(
        plan_sheets(assessment, language), present=live.owned, taken=[sheet.name for sheet in live.sheets]
    )


def _take_in(book: Any, content: bytes, names: dict[str, str], owned: dict[str, str]) -> None:
    with tempfile.TemporaryDirectory(prefix="aliado-", ignore_cleanup_errors=True) as folder:
        path = Path(folder) / DONOR
        path.write_bytes(content)
        donor = book.app.books.open(str(path), update_links=False, add_to_mru=False)
        try:
            lay_in(book, donor, names, owned)
        finally:
            donor.close()


def _check_structure(book: Any) -> None:
    if getattr(book.api, "ProtectStructure", False) is True:
        raise WorkbookRefused(_PROTECTED.format(book=book.name))


def _show_sheet(book: Any, name: str) -> None:
    present = {sheet.name: sheet for sheet in book.sheets}
    if name in present:
        with suppress(Exception):  # the figures are in; a hidden sheet, or a window that is busy, is no failure
            present[name].select()


_READING = Text("leyendo las tablas…", "reading the tables…")
_WRITING = Text("preparando las hojas…", "preparing the sheets…")
_PROTECTED = Text(
    "La estructura de {book} está protegida y no se pueden añadir hojas. Quite la protección (Revisar > Proteger libro) y repita.",
    "The structure of {book} is protected and no sheets can be added. Unprotect it (Review > Protect Workbook) and repeat.",
)
