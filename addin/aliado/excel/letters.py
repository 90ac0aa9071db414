"""Buttons that write to customers: reminders and statements of account, as files beside the workbook; nothing is sent."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from aliado.batch.reminders import find_templates, write_reminders
from aliado.batch.statements import write_statements
from aliado.cells.question import language_of
from aliado.excel.actions import assess_live
from aliado.excel.answer import Answer, write_list
from aliado.excel.book import read_live_book, saving_path
from aliado.excel.look import selected_row
from aliado.language import Text, fold


def reminders(book: Any, as_of: date) -> Answer:
    """Write the letters and mails that are due, as drafts, and say where they are and what to do with them."""
    assessment = assess_live(read_live_book(book), as_of)
    language = language_of(assessment.profile)
    folder = _folder(book, _REMINDERS.to(language))
    done = write_reminders(assessment, folder, templates=find_templates(folder))
    return Answer("\n\n".join(text.to(language) for text in done.say(folder)))


def statements(book: Any, as_of: date) -> Answer:
    """Write the statement of the customer on the selected row; of everybody who owes where the row names none."""
    assessment = assess_live(read_live_book(book), as_of)
    language = language_of(assessment.profile)
    folder = _folder(book, _STATEMENTS.to(language))
    known = {fold(line.customer): line.customer for ageing in assessment.ageing for line in ageing.customers}
    _, _, texts = selected_row(book)
    chosen = sorted({known[fold(text)] for text in texts if fold(text) in known})
    drafts = write_statements(assessment, folder, customers=chosen)
    if not drafts:
        return Answer(_NOBODY_OWES.to(language))
    kept = {draft.path for draft in drafts if draft.kept}
    lines = [f"{draft.path.name}{f' ({_KEPT.to(language)})' if draft.path in kept else ''}" for draft in drafts]
    return Answer(write_list(_WRITTEN.format(folder=folder).to(language), lines, language))


def _folder(book: Any, name: str) -> Path:
    path = saving_path(book)
    return path.with_name(f"{path.stem} - {name}")


_REMINDERS = Text("Recordatorios", "Reminders")
_STATEMENTS = Text("Estados de cuenta", "Statements")
_NOBODY_OWES = Text("Ningún cliente debe nada a esta fecha.", "No customer owes anything as of this date.")
_WRITTEN = Text("Estados de cuenta en {folder}:", "Statements of account in {folder}:")
_KEPT = Text("ya estaba y es distinto: no se ha tocado", "was there already and differs: left alone")
