"""Reminders of one workbook, written as drafts: a letter (.docx) and a mail (.eml) each. Nothing is ever sent."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from msgspec import Struct

from aliado.batch.drafts import KEPT, Draft, write_draft
from aliado.batch.file_names import Names, safe_name
from aliado.language import Language, Text
from aliado.report.letters.document import find_paper, render_document
from aliado.report.letters.letter import Letter, make_letters
from aliado.report.letters.mail import read_addresses, render_mail
from aliado.report.letters.templates import Templates
from aliado.rules.assessment import Assessment

TEMPLATES: Final = "aliado.letters"
"""Folder of a firm's templates: beside the workbook, or in any folder above it."""


class Reminders(Struct, frozen=True):
    """What was written for one workbook. held: invoices that must not be dunned; waiting: their letter was sent already."""

    letters: tuple[Letter, ...]
    drafts: tuple[Draft, ...]
    held: int
    waiting: int

    @property
    def documents(self) -> list[Path]:
        """The letters, without the mails."""
        return [draft.path for draft in self.drafts if draft.path.suffix == ".docx"]

    def say(self, folder: Path) -> list[Text]:
        """Return what a person should know, with the next step."""
        count = len(self.letters)
        said = [
            Text(
                f"Cartas: {count}, en {folder}. Nada se ha enviado.",
                f"Letters: {count}, in {folder}. Nothing has been sent.",
            )
            if count
            else Text("No toca ninguna carta.", "No letter is due.")
        ]
        without = sorted({letter.customer.name for letter in self.letters if not read_addresses(letter.customer.email)})
        counted = (
            (self.held, _HELD),
            (self.waiting, _WAITING),
            (sum(not letter.verified for letter in self.letters), _UNVERIFIED),
            (sum(draft.kept for draft in self.drafts), KEPT),
        )
        said += [text.format(count=number) for number, text in counted if number]
        if without:
            names = "; ".join(without[:5]) + ("; …" if len(without) > 5 else "")
            said.append(_NO_ADDRESS.format(count=len(without), names=names))
        if count:
            said.append(_MARK)
        return said


def write_reminders(
    assessment: Assessment,
    folder: Path,
    *,
    templates: Path | None = None,
    language: Language | None = None,
    interest: bool = True,
    overwrite: bool = False,
) -> Reminders:
    """Write the reminders that an assessment calls for into a folder.

    templates: folder of the firm's templates and letter paper. interest: whether interest and compensation are claimed.
    Raises AliadoError and OSError; a template with a mistake stops before anything is written.
    """
    letters = make_letters(assessment, language, interest=interest)
    wordings, paper = Templates(templates), find_paper(templates)
    made: list[tuple[str, bytes]] = []
    for letter, name in zip(letters, _name(letters), strict=True):
        wording = wordings.word(letter)
        made.append((f"{name}.docx", render_document(letter, wording, paper)))
        made.append((f"{name}.eml", render_mail(letter, wording)))
    drafts = [write_draft(folder / name, data, overwrite=overwrite) for name, data in made]
    states = [item.state for item in assessment.dunning]
    return Reminders(letters, tuple(drafts), states.count("blocked"), states.count("sent"))


def find_templates(workbook: Path) -> Path | None:
    """Return the nearest folder of a firm's templates, as rule packs are found: beside the workbook, or above it."""
    for folder in workbook.resolve().parents:
        if (folder / TEMPLATES).is_dir():
            return folder / TEMPLATES
    return None


def _name(letters: Sequence[Letter]) -> list[str]:
    """Return a file name per letter, without its ending: 2026-10-31 Alfa - 2 Segunda carta."""
    names = Names()
    found = []
    for letter in letters:
        who = safe_name(letter.customer.name, "cliente", 80)
        what = safe_name(letter.name.to(letter.language), "", 30)
        found.append(names.give(f"{letter.as_of.isoformat()} {who} - {letter.step + 1} {what}".rstrip()))
    return found


_HELD: Final = Text(
    "Facturas que no se reclaman, en disputa o de un cliente bloqueado: {count}.",
    "Invoices not dunned, disputed or of a blocked customer: {count}.",
)
_WAITING: Final = Text(
    "Facturas que esperan, con su carta ya enviada: {count}.",
    "Invoices that wait, their letter being sent already: {count}.",
)
_UNVERIFIED: Final = Text(
    "Cartas con intereses o compensación sin verificar, que lo dicen: {count}. Revíselas, o repita con --no-interest.",
    "Letters with interest or compensation that is not verified, which say so: {count}. Check them, or repeat with --no-interest.",
)
_NO_ADDRESS: Final = Text(
    "Sin un correo que valga en la tabla de clientes: {count} ({names}).",
    "Without a valid e-mail in the customers table: {count} ({names}).",
)
_MARK: Final = Text(
    "Cuando las envíe, anótelo en el libro (tabla «Reclamaciones»: Factura, Aviso, Enviado el; o las columnas «Último aviso» y «Fecha del último aviso» de las facturas): la siguiente actualización pasa a la carta siguiente cuando toque.",
    "Once you have sent them, note it in the workbook (table “Notices”: Invoice, Notice, Sent on; or the columns “Last notice” and “Last notice sent on” of the invoices): the next refresh moves on to the next letter when it is due.",
)
