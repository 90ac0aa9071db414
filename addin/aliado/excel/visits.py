"""Buttons that sum up one of our sheets and go to it: what changed, the calendar, the documents; and the panel as PDF."""

from __future__ import annotations

from datetime import date
from typing import Any

from aliado.cells.question import NoValue, language_of
from aliado.excel.actions import assess_live
from aliado.excel.answer import Answer, write_list
from aliado.excel.book import LiveBook, read_live_book, read_owned, saving_path
from aliado.language import Language, Text, write_date
from aliado.report import words_deadlines as deadlines
from aliado.report.donor import SHEETS
from aliado.rules.assessment import Assessment


def changes(book: Any, as_of: date) -> Answer:
    """Go to what changed since the refresh before the last; raises NoValue where there is no such sheet yet."""
    del as_of
    return Answer("", _our_sheet(book, "changes"))


def calendar(book: Any, as_of: date) -> Answer:
    """Return the filings that are still to be made, the next deadline first, and go to the calendar."""
    live, assessment, language = _assess(book, as_of)
    waiting = sorted(
        (item for item in assessment.calendar if item.filed is None and not item.status.startswith("filed")),
        key=lambda item: (item.due, item.obligation, item.period),
    )
    if not waiting:
        return Answer(_NOTHING_DUE.to(language), live.owned.get("calendar"))
    lines = [
        f"{write_date(item.due, language)} · {item.title.to(language)} {item.period} · "
        f"{deadlines.FILING_STATUSES[item.status].to(language)}"
        for item in waiting
    ]
    head = _DUE.format(count=len(waiting), date=write_date(as_of, language)).to(language)
    return Answer(write_list(head, lines, language), live.owned.get("calendar"))


def documents(book: Any, as_of: date) -> Answer:
    """Return the documents that are missing or expire, the worst first, and go to the compliance sheet."""
    live, assessment, language = _assess(book, as_of)
    order = list(deadlines.DOCUMENT_STATUSES)[::-1]  # they stand best first
    lacking = [item for item in assessment.documents if item.status != "valid"]
    if not lacking:
        count = len(assessment.documents)
        return Answer(_ALL_VALID.format(count=count).to(language), live.owned.get("compliance"))
    lines = []
    for item in sorted(lacking, key=lambda item: (order.index(item.status), item.expiry or date.max)):
        until = f" · {write_date(item.expiry, language)}" if item.expiry else ""
        lines.append(f"{deadlines.DOCUMENT_STATUSES[item.status].to(language)}: {item.title.to(language)}{until}")
    head = _LACKING.format(count=len(lacking), all=len(assessment.documents)).to(language)
    return Answer(write_list(head, lines, language), live.owned.get("compliance"))


def save_pdf(book: Any, as_of: date) -> Answer:
    """Save the panel, as it stands, as a PDF beside the workbook; in the user's documents when that has no folder."""
    del as_of
    panel = book.sheets[_our_sheet(book, "panel")]
    language: Language = "en" if read_owned(book).get("alerts") == SHEETS["alerts"].en else "es"
    target = saving_path(book).with_suffix(".pdf")
    panel.to_pdf(str(target))
    return Answer(_SAVED.format(file=target).to(language), panel.name)


def _our_sheet(book: Any, role: str) -> str:
    name = read_owned(book).get(role)
    if name is None:
        raise NoValue(_NO_SHEET.format(es=SHEETS[role].es, en=SHEETS[role].en))
    return name


def _assess(book: Any, as_of: date) -> tuple[LiveBook, Assessment, Language]:
    live = read_live_book(book)
    assessment = assess_live(live, as_of)
    return live, assessment, language_of(assessment.profile)


_NO_SHEET = Text(
    "Aún no hay hoja «{es}»: pulse Actualizar.", "There is no sheet “{en}” yet: press Actualizar (Refresh)."
)
_NOTHING_DUE = Text("Nada pendiente de presentar en el calendario.", "Nothing on the calendar is waiting to be filed.")
_DUE = Text("{count} presentaciones pendientes al {date}:", "{count} filings to be made on {date}:")
_ALL_VALID = Text("Los {count} documentos exigidos están vigentes.", "All {count} required documents are valid.")
_LACKING = Text("{count} de {all} documentos exigidos faltan o caducan:", "{count} of {all} required documents are missing or expire:")  # fmt: skip
_SAVED = Text("Panel guardado en {file}", "Panel saved as {file}")
