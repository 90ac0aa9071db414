"""A letter as a document (.docx), on the firm's own letter paper where it has one."""

from __future__ import annotations

import zipfile
from datetime import datetime, time
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from aliado.language import Text, write_date
from aliado.report.letters import words
from aliado.report.letters.claim_table import TEXTS, ClaimTable, make_table
from aliado.report.letters.letter import Letter, Party
from aliado.report.letters.templates import ITEMS, TemplateRefused, Wording
from aliado.report.theme import FONT, GREY, NAVY

if TYPE_CHECKING:
    from docx.document import Document

PAPER: Final = "letter.docx"
"""Name of the firm's letter paper in its folder of templates: what it holds (head, foot, margins, styles) stays."""
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)


def render_document(letter: Letter, wording: Wording, paper: Path | None = None) -> bytes:
    """Return the letter as .docx; the same letter on the same paper gives the same bytes.

    Raises TemplateRefused when the paper cannot be read.
    """
    document = _open_paper(paper)
    if paper is None:
        _write_sender(document, letter.sender)
    _write_address(document, letter)
    _line(document, words.SUBJECT.format(subject=wording.subject).to(letter.language), bold=True, after=12)
    for paragraph in wording.paragraphs:
        if paragraph == (ITEMS,):
            for claim in letter.claims:
                _write_table(document, make_table(claim, letter.locale))
            if not letter.verified:
                _write_review(document, words.REVIEW.to(letter.language))
        else:
            _line(document, "\n".join(paragraph), after=8)
    _set_properties(document, letter, wording)
    buffer = BytesIO()
    document.save(buffer)
    return _settle(buffer.getvalue())


def find_paper(folder: Path | None) -> Path | None:
    """Return the firm's letter paper, None where it has none."""
    if folder is None or not (folder / PAPER).is_file():
        return None
    return folder / PAPER


def _open_paper(paper: Path | None) -> Document:
    import docx  # late: it brings lxml along
    from docx.shared import Cm, Pt

    if paper is not None:
        try:
            return docx.Document(str(paper))
        except Exception as error:  # python-docx lets through whatever a broken package makes it stumble over
            raise TemplateRefused(_BAD_PAPER.format(file=paper.name)) from error
    document = docx.Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.5)
    section.top_margin = section.bottom_margin = Cm(2.2)
    style: Any = document.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(11)
    return document


def _write_sender(document: Document, sender: Party) -> None:
    _line(document, sender.name, bold=True, size=16, colour=NAVY, after=0)
    tax_id = f"{sender.tax_id}" if sender.tax_id else ""
    facts = " · ".join(fact for fact in (tax_id, sender.address, sender.phone, sender.email) if fact)
    _line(document, facts, size=9, colour=GREY, after=24)


def _write_address(document: Document, letter: Letter) -> None:
    customer = letter.customer
    tax_id = words.TAX_ID.format(tax_id=customer.tax_id).to(letter.language) if customer.tax_id else ""
    lines = [line for line in (customer.name, customer.contact, customer.address, tax_id) if line]
    _line(document, "\n".join(lines), after=18)
    _line(document, write_date(letter.as_of, letter.language), after=12)


def _line(
    document: Document, text: str, *, bold: bool = False, size: float = 0, colour: str = "", after: float = 0
) -> None:
    from docx.shared import Pt, RGBColor

    paragraph = document.add_paragraph()
    paragraph.paragraph_format.space_after = Pt(after)
    run = paragraph.add_run(text)
    run.bold = bold or None
    if size:
        run.font.size = Pt(size)
    if colour:
        run.font.color.rgb = RGBColor.from_string(colour.lstrip("#"))


def _write_table(document: Document, table: ClaimTable) -> None:
    from docx.enum.table import WD_TABLE_ALIGNMENT

    made = document.add_table(rows=0, cols=len(table.heads))
    made.alignment = WD_TABLE_ALIGNMENT.CENTER
    made.autofit = False
    _write_row(made, table.heads, bold=True, edge=("bottom", 8))
    for cells in table.rows:
        _write_row(made, cells, bold=False, edge=("bottom", 2))
    _write_row(made, table.total, bold=True, edge=("bottom", 12))
    _repeat_head(made.rows[0])
    _set_widths(document, made, table)
    _line(document, "", after=4)


def _write_row(table: Any, cells: tuple[str, ...], *, bold: bool, edge: tuple[str, int]) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Pt

    for column, (cell, text) in enumerate(zip(table.add_row().cells, cells, strict=True)):
        paragraph = cell.paragraphs[0]
        paragraph.paragraph_format.space_after = paragraph.paragraph_format.space_before = Pt(2)
        paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT if column < TEXTS else WD_ALIGN_PARAGRAPH.RIGHT
        run = paragraph.add_run(text)
        run.bold, run.font.size = bold or None, Pt(10)
        borders, side = OxmlElement("w:tcBorders"), OxmlElement(f"w:{edge[0]}")
        for name, value in (("val", "single"), ("sz", str(edge[1])), ("space", "0"), ("color", NAVY.lstrip("#"))):
            side.set(qn(f"w:{name}"), value)
        borders.append(side)
        cell._tc.get_or_add_tcPr().append(borders)  # noqa: SLF001 -- python-docx has no borders of its own


def _set_widths(document: Document, made: Any, table: ClaimTable) -> None:
    """Share the width of the page out by what the columns hold."""
    section = document.sections[-1]
    room = (section.page_width or 0) - (section.left_margin or 0) - (section.right_margin or 0)
    longest = [
        max(len(cells[column]) for cells in (table.heads, *table.rows, table.total)) + 3
        for column in range(len(table.heads))
    ]
    widths = [room * length // sum(longest) for length in longest]
    for column, width in zip(made.columns, widths, strict=True):  # LibreOffice goes by the columns, Word by the cells
        column.width = width
    for row in made.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = width


def _repeat_head(row: Any) -> None:
    """Have the heads stand on every page that the table reaches, and be read out as heads."""
    from docx.oxml import OxmlElement

    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # noqa: SLF001


def _write_review(document: Document, text: str) -> None:
    from docx.enum.text import WD_COLOR_INDEX

    run = document.add_paragraph().add_run(text)
    run.bold = True
    run.font.highlight_color = WD_COLOR_INDEX.YELLOW


def _set_properties(document: Document, letter: Letter, wording: Wording) -> None:
    made = datetime.combine(letter.as_of, time())
    properties = document.core_properties
    properties.title, properties.author = wording.subject[:255], letter.sender.name[:255]
    properties.comments = ""
    properties.language = letter.language
    properties.created = properties.modified = made


def _settle(data: bytes) -> bytes:
    """Return a package whose parts do not tell when they were written."""
    buffer = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.infolist():
            part = zipfile.ZipInfo(item.filename, _EPOCH)
            part.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(part, old.read(item))
    return buffer.getvalue()


_BAD_PAPER: Final = Text(
    "El papel de cartas {file} no se puede abrir. Guárdelo en Word como .docx, o quítelo de la carpeta de plantillas.",
    "The letter paper {file} cannot be opened. Save it in Word as .docx, or take it out of the folder of templates.",
)
