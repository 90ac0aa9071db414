"""The button that imports a CSV file into the table of the open workbook that it belongs to."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any, Final

from aliado.cells.question import language_of
from aliado.excel.answer import Answer, write_list
from aliado.excel.append import append_live
from aliado.excel.book import read_live_book
from aliado.intake.csv_file import read_csv
from aliado.intake.imported import describe
from aliado.intake.importing import plan_import
from aliado.language import Text
from aliado.rules.choose import choose_pack
from aliado.rules.standing import read_profile
from aliado.tables.gather import gather
from aliado.tables.schema import Formats
from aliado.workbook.cells import write_cell


def import_file(book: Any, as_of: date) -> Answer:
    """Ask for a CSV file, add its rows to the table that they belong to, and say what went in and what did not, and why.

    As `aliado import` does: rows that are there already stay out, and a cell that is not understood keeps all rows out.
    The workbook is not saved. Raises AliadoError.
    """
    del as_of
    path = choose_file(book.app)
    if path is None:
        return Answer("")
    live = read_live_book(book)
    pack = choose_pack(live.sheets, live.path)
    language = language_of(read_profile(gather(live.sheets, pack.tables).tables.get("profile"), pack))
    done = plan_import(live.sheets, pack.tables, read_csv(path), table=None, formats=Formats())
    lines = list(describe(path, done, language))
    if done.unread:
        return Answer(write_list(_NOTHING.to(language), lines, language))
    if not done.rows:
        return Answer(write_list(_NO_NEWS.to(language), lines, language))
    place = done.place
    read = next(sheet for sheet in live.sheets if sheet.name == place.sheet)
    append_live(book, read, place, [row.values for row in done.rows])
    head = _ADDED.format(count=len(done.rows), sheet=place.sheet).to(language)
    return Answer(write_list(head, lines, language), place.sheet, write_cell(place.first, place.left))


def choose_file(app: Any) -> Path | None:
    """Return the CSV file that the user picks, None for none.

    Excel's own dialogue, by the name that it has in Excel for Windows and in our LibreOffice host; on a Mac the system's.
    """
    ask = getattr(app.api, "GetOpenFilename", None)
    if ask is not None:
        found = ask(_FILTER, 1, _TITLE)
        return Path(found) if isinstance(found, str) and found else None
    if sys.platform == "darwin":
        script = f'POSIX path of (choose file with prompt "{_TITLE}" of type {{"csv", "txt", "tsv"}})'
        answer = subprocess.run(["/usr/bin/osascript", "-e", script], capture_output=True, text=True, check=False)  # noqa: S603
        return Path(answer.stdout.strip()) if answer.returncode == 0 and answer.stdout.strip() else None
    raise NotImplementedError("this program has no dialogue to choose a file")


_FILTER: Final = "CSV (*.csv;*.txt;*.tsv),*.csv;*.txt;*.tsv"
_TITLE: Final = "Aliado: importar CSV / import CSV"
_NOTHING = Text(
    "No se ha añadido nada: corrija en el fichero las celdas que no se entienden y repita.",
    "Nothing was added: correct the cells of the file that are not understood and repeat.",
)
_NO_NEWS = Text("No hay filas nuevas; el libro queda como estaba.", "There are no new rows; the workbook is as it was.")
_ADDED = Text(
    "{count} filas nuevas en «{sheet}». El libro no se ha guardado; pulse Actualizar para verlas en el panel.",
    "{count} new rows on “{sheet}”. The workbook was not saved; press Actualizar (Refresh) to see them on the panel.",
)
