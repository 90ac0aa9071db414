"""The wording of letters: templates that a firm may replace, in a language that can only choose and repeat.

What of Jinja2's language is let through: see `sandbox`.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from msgspec import Struct

from aliado.errors import AliadoError
from aliado.language import Text, write_date
from aliado.report.letters.letter import Letter, Party, one_line

ITEMS: Final = "\ue000"
"""Stands in a rendered text where the table of invoices goes; no value holds it, for values have no private characters."""
NAME: Final = "reminder.{language}.txt"
LONGEST: Final = 20_000
"""Characters of a letter without its table."""


class TemplateRefused(AliadoError):
    """A template that is missing, has a mistake or asks for more than templates may do."""

    status = "refused"


class Wording(Struct, frozen=True):
    """A letter's text. paragraphs: in order, each of one or more lines; the table of invoices is a paragraph that is `ITEMS`."""

    subject: str
    paragraphs: tuple[tuple[str, ...], ...]


class Templates:
    """The templates in force: those in a firm's folder, else ours."""

    def __init__(self, folder: Path | None = None) -> None:
        """folder: of the firm's templates, None where it has none. Raises TemplateRefused where there is no such folder."""
        if folder is not None and not folder.is_dir():
            raise TemplateRefused(_NO_FOLDER.format(folder=folder))
        from aliado.report.letters.sandbox import LetterEnvironment  # late: Jinja2 is needed for letters only

        self._environment = LetterEnvironment(shipped_templates(), folder)

    def word(self, letter: Letter) -> Wording:
        """Return a letter's text; raises TemplateRefused with the template's name, line and what to do."""
        from jinja2 import TemplateError
        from jinja2.exceptions import SecurityError

        name = NAME.format(language=letter.language)
        try:
            template = self._environment.get_template(name)
            pieces, length = [], 0
            for piece in template.generate(_context(letter)):
                pieces.append(piece)
                length += len(piece)
                if length > LONGEST:
                    raise TemplateRefused(_TOO_LONG.format(name=name, longest=LONGEST))
        except SecurityError as error:
            raise TemplateRefused(_NOT_ALLOWED.format(what=error.message)) from error
        except TemplateError as error:
            line = getattr(error, "lineno", None)
            place = f"{getattr(error, 'name', None) or name}:{line}" if line else name
            raise TemplateRefused(_MISTAKE.format(place=place, what=error.message or "?")) from error
        except RecursionError as error:
            raise TemplateRefused(_MISTAKE.format(place=name, what="recursion")) from error
        return _read_wording("".join(pieces), name)


def shipped_templates() -> dict[str, str]:
    """Return our own templates by file name."""
    folder = files("aliado.report.letters").joinpath("wordings")
    return {item.name: item.read_text(encoding="utf-8") for item in folder.iterdir() if item.name.endswith(".txt")}


def _context(letter: Letter) -> Mapping[str, Any]:
    """Return what a template may speak of: texts, numbers and lists of texts only."""
    language = letter.language
    return {
        "sender": _party(letter.sender),
        "customer": _party(letter.customer),
        "date": write_date(letter.as_of, language),
        "level": letter.step + 1,
        "levels": letter.steps,
        "last": letter.step + 1 == letter.steps,
        "letter": one_line(letter.name.to(language)),
        "previous": one_line(letter.previous.to(language)) if letter.previous else "",
        "previous_date": write_date(letter.last_sent, language) if letter.last_sent else "",
        "count": len(letter.numbers),
        "numbers": [one_line(number) for number in letter.numbers],
        "reference": letter.reference,
        "claims_interest": any(claim.interest for claim in letter.claims),
        "claims_compensation": any(claim.compensation for claim in letter.claims),
        "items": ITEMS,
    }


def _party(party: Party) -> dict[str, str]:
    return {field: getattr(party, field) for field in party.__struct_fields__}


def _read_wording(text: str, name: str) -> Wording:
    """Return a rendered text as subject and paragraphs; the first paragraph is the subject."""
    found: list[tuple[str, ...]] = []
    lines: list[str] = []
    for line in [*text.split("\n"), ""]:
        plain = one_line(line)
        if plain and ITEMS not in line:
            lines.append(plain)
            continue
        if lines:
            found.append(tuple(lines))
            lines = []
        if ITEMS in line:
            found.append((ITEMS,))
    if len(found) < 2 or found[0] == (ITEMS,):
        raise TemplateRefused(_NO_SUBJECT.format(name=name))
    if (ITEMS,) not in found:
        raise TemplateRefused(_NO_ITEMS.format(name=name))
    return Wording(" ".join(found[0]), tuple(found[1:]))


_NO_FOLDER = Text(
    "No existe la carpeta de plantillas {folder}. Compruebe la ruta.",
    "There is no folder of templates {folder}. Check the path.",
)
_MISTAKE = Text(
    "La plantilla {place} tiene un error: {what}. Corríjala o quítela de la carpeta para usar la nuestra.",
    "Template {place} has a mistake: {what}. Correct it, or take it out of the folder to use ours.",
)
_NOT_ALLOWED = Text(
    "Plantilla no permitida ({what}): solo textos UTF-8 de hasta 100 kB con bloques, condiciones y bucles sencillos sobre los datos de la carta.",
    "Template not allowed ({what}): only UTF-8 texts of up to 100 kB with blocks, conditions and simple loops over the letter's data.",
)
_TOO_LONG = Text(
    "La carta de la plantilla {name} pasa de {longest} caracteres. Acórtela.",
    "The letter of template {name} is longer than {longest} characters. Shorten it.",
)
_NO_SUBJECT = Text(
    "La plantilla {name} ha de dar un asunto en su primer párrafo y, tras una línea en blanco, el texto.",
    "Template {name} must give a subject in its first paragraph and, after a blank line, the text.",
)
_NO_ITEMS = Text(
    "A la plantilla {name} le falta {{{{ items }}}}, la tabla de facturas.",
    "Template {name} lacks {{{{ items }}}}, the table of invoices.",
)
