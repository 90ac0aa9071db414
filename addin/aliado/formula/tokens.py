"""Words of a formula, each with its place: Excel's spelling, in Spanish or English punctuation."""

from __future__ import annotations

import re
from decimal import Decimal
from enum import StrEnum

from msgspec import Struct

from aliado.formula.mistakes import FormulaMistakeError, Mistake
from aliado.language import Text, fold

MAX_LENGTH = 8192
"""Longest formula in characters, as in Excel."""


class Lexeme(StrEnum):
    """What a token is."""

    NUMBER = "number"
    TEXT = "text"
    NAME = "name"
    REFERENCE = "reference"
    OPERATOR = "operator"
    OPEN = "("
    CLOSE = ")"
    SEPARATOR = "separator"
    END = "end"


class Token(Struct, frozen=True, gc=False):
    """One word. text: as written. number: value of a NUMBER. column, this_row: what a REFERENCE names."""

    lexeme: Lexeme
    text: str
    start: int
    end: int
    number: Decimal | None = None
    column: str = ""
    this_row: bool = False


class Words(Struct, frozen=True, gc=False):
    """A formula's tokens. decimal_comma: a `;` separates arguments, so `,` is the decimal comma."""

    tokens: tuple[Token, ...]
    decimal_comma: bool


_SPACE = re.compile(r"[\s\u00a0]+")
_NAME = re.compile(r"[^\W\d][\w.]*")
_POINT_NUMBER = re.compile(r"([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")
_COMMA_NUMBER = re.compile(r"([0-9]+([.,][0-9]+)?|[.,][0-9]+)([eE][+-]?[0-9]+)?")
_THOUSANDS = re.compile(r"[1-9][0-9]{0,2}(\.[0-9]{3})+(,[0-9]+)?(?![0-9])")
_OPERATORS = ("<>", "<=", ">=", "+", "-", "*", "/", "^", "&", "=", "<", ">", "%")
_LOOKALIKES = {
    "==": "=",
    "!=": "<>",
    "&&": "Y(...) / AND(...)",
    "||": "O(...) / OR(...)",
    "≤": "<=",
    "≥": ">=",
    "≠": "<>",
    "×": "*",
    "·": "*",
    "÷": "/",
    "−": "-",
    "–": "-",
    "“": '"',
    "”": '"',
    "«": '"',
    "»": '"',
    "'": '"',
    "‘": '"',
    "’": '"',
    "{": "O(...) / OR(...)",
}
_COMMON = re.compile(r"""[\s\u00a0]*(?:([^\W\d][\w.]*)|(\()|(\))|(<>|<=|>=|[-+*/^%<>]|=(?!=)|&(?!&)))""")
"""The words that need no second look, with the space before them."""
_GROUPS = (Lexeme.END, Lexeme.NAME, Lexeme.OPEN, Lexeme.CLOSE, Lexeme.OPERATOR)
"""What each group of `_COMMON` is."""
_SIMPLE_REFERENCE = re.compile(r"\[(@?)(?:([^\[\]'@#]+)|\[([^\[\]'@#]+)\])\]")
"""[@Col], [Col], [@[Col x]] or [[Col x]], without anything escaped or special."""
_PLAIN_START = re.compile(r"""(?:[^;"\[]+|"[^"]*"|\[[^\[\]']*\])*""")
"""What can be passed over in search of a `;`: texts, column names and everything else without one."""
_THIS_ROW = {"#this row", "#esta fila"}
_SPECIAL = {"#all", "#data", "#headers", "#totals", "#todo", "#datos", "#encabezados", "#totales"}


def read_words(text: str) -> Words:
    """Return the tokens of a formula (a leading "=" is skipped); raise FormulaMistakeError where it can't be read."""
    if len(text) > MAX_LENGTH:
        _stop(
            "F107",
            MAX_LENGTH,
            f"la fórmula tiene {len(text)} caracteres; caben {MAX_LENGTH}",
            f"the formula has {len(text)} characters; at most {MAX_LENGTH} fit",
            hint=Text("repártala en varias reglas o columnas", "split it over several rules or columns"),
        )
    decimal_comma = _has_semicolon(text)
    tokens: list[Token] = []
    at = _skip_space(text, 0)
    if text.startswith("=", at):
        at += 1
    while True:
        if (common := _COMMON.match(text, at)) is not None:
            group = common.lastindex or 0
            start, at = common.span(group)
            tokens.append(Token(_GROUPS[group], text[start:at], start, at))
            continue
        if (at := _skip_space(text, at)) >= len(text):
            break
        token = _read_token(text, at, decimal_comma=decimal_comma)
        tokens.append(token)
        at = token.end
    tokens.append(Token(Lexeme.END, "", len(text), len(text)))
    return Words(tuple(tokens), decimal_comma)


def _read_token(text: str, at: int, *, decimal_comma: bool) -> Token:
    char = text[at]
    if char == '"':
        return _read_text(text, at)
    if char == "[":
        return _read_reference(text, at)
    if char in "()":
        return Token(Lexeme(char), char, at, at + 1)
    if (number := (_COMMA_NUMBER if decimal_comma else _POINT_NUMBER).match(text, at)) is not None:
        return _read_number(text, number, decimal_comma=decimal_comma)
    if char in ",;":
        return Token(Lexeme.SEPARATOR, char, at, at + 1)
    if (name := _NAME.match(text, at)) is not None:
        return Token(Lexeme.NAME, name.group(), at, name.end())
    for wrong, right in _LOOKALIKES.items():
        if text.startswith(wrong, at):
            _stop(
                "F101",
                at,
                f"'{wrong}' no se usa en fórmulas",
                f"'{wrong}' is not used in formulas",
                hint=Text(f"escriba {right}", f"write {right}"),
            )
    for operator in _OPERATORS:
        if text.startswith(operator, at):
            return Token(Lexeme.OPERATOR, operator, at, at + len(operator))
    hint = None
    if char in "!$:":
        hint = Text(
            "las celdas (A1, Hoja!A1) no se usan en reglas; nombre la columna: [@Columna]",
            "cell addresses (A1, Sheet!A1) are not used in rules; name the column: [@Column]",
        )
    _stop("F101", at, f"no se esperaba el carácter {char!r}", f"unexpected character {char!r}", hint=hint)
    raise AssertionError  # _stop always raises


def _read_text(text: str, at: int) -> Token:
    end = at + 1
    while True:
        end = text.find('"', end)
        if end < 0:
            _stop(
                "F102",
                at,
                'falta la comilla que cierra el texto (")',
                'the closing quote of the text is missing (")',
                hint=Text('una comilla dentro del texto se escribe ""', 'a quote inside a text is written ""'),
            )
        if text.startswith('""', end):
            end += 2
            continue
        return Token(Lexeme.TEXT, text[at + 1 : end].replace('""', '"'), at, end + 1)


def _read_number(text: str, number: re.Match[str], *, decimal_comma: bool) -> Token:
    start, end = number.span()
    if decimal_comma and (grouped := _THOUSANDS.match(text, start)) is not None:
        written = grouped.group()
        plain = written.replace(".", "")
        readings = (
            f"{plain} / {written.replace('.', ',', 1)}" if written.count(".") == 1 and "," not in written else plain
        )
        _stop(
            "F104",
            start,
            f"'{written}' puede llevar punto de miles o decimal",
            f"the point in '{written}' may group thousands or start decimals",
            hint=Text(f"escriba {readings}", f"write {readings}"),
        )
    if (name := _NAME.match(text, end)) is not None:
        _stop(
            "F101",
            end,
            f"no se esperaba '{name.group()}' pegado al número {number.group()}",
            f"unexpected '{name.group()}' right after the number {number.group()}",
        )
    exponent = number.group(3)
    if exponent and abs(int(exponent[1:][:6])) > 300:
        _stop("F101", start, f"el número {number.group()} no cabe", f"the number {number.group()} is out of range")
    return Token(Lexeme.NUMBER, number.group(), start, end, number=Decimal(number.group().replace(",", ".")))


def _read_reference(text: str, at: int) -> Token:
    if (simple := _SIMPLE_REFERENCE.match(text, at)) is not None and (name := (simple[2] or simple[3]).strip()):
        return Token(Lexeme.REFERENCE, simple[0], at, simple.end(), column=name, this_row=bool(simple[1]))
    end = _closing_bracket(text, at)
    inner = text[at + 1 : end].strip()
    this_row = inner.startswith("@")
    if this_row:
        inner = inner[1:].strip()
    if inner.startswith("["):
        parts = _bracketed_parts(inner, at)
        if len(parts) == 2 and fold(parts[0]) in _THIS_ROW:
            parts, this_row = parts[1:], True
        if len(parts) != 1:
            _stop_reference(text[at : end + 1], at)
        inner = parts[0]
    column = _unescape(inner).strip()
    if not column or fold(column) in _SPECIAL or fold(column) in _THIS_ROW or "[" in inner.replace("'[", ""):
        _stop_reference(text[at : end + 1], at)
    return Token(Lexeme.REFERENCE, text[at : end + 1], at, end + 1, column=column, this_row=this_row)


def _closing_bracket(text: str, at: int) -> int:
    depth = 0
    index = at
    while index < len(text):
        char = text[index]
        if char == "'" and text[index + 1 : index + 2] in {"[", "]", "#", "'", "@"}:
            index += 2
            continue
        depth += {"[": 1, "]": -1}.get(char, 0)
        if depth == 0:
            return index
        index += 1
    _stop("F103", at, "falta el corchete que cierra la columna (])", "the closing bracket of the column is missing (])")
    raise AssertionError  # _stop always raises


def _bracketed_parts(inner: str, at: int) -> list[str]:
    parts = []
    index = 0
    while index < len(inner):
        if inner[index] != "[":
            _stop_reference(f"[{inner}]", at)
        end = _closing_bracket(inner, index)
        parts.append(inner[index + 1 : end])
        index = _skip_space(inner, end + 1)
        if index < len(inner):
            if inner[index] not in ",;":
                _stop_reference(f"[{inner}]", at)
            index = _skip_space(inner, index + 1)
    return parts


def _unescape(name: str) -> str:
    return re.sub(r"'([\[\]#'@])", r"\1", name)


def _stop_reference(written: str, at: int) -> None:
    _stop(
        "F109",
        at,
        f"no se entiende la referencia {written}",
        f"the reference {written} is not understood",
        hint=Text(
            "[@Columna] es esta fila, [Columna] la columna entera, Tabla[Columna] la de otra tabla",
            "[@Column] is this row, [Column] the whole column, Table[Column] that of another table",
        ),
    )


def _has_semicolon(text: str) -> bool:
    """Return whether a `;` stands outside texts and column names."""
    index = _PLAIN_START.match(text).end()  # type: ignore[union-attr]  # it fits anything
    while index < len(text):
        char = text[index]
        if char == ";":
            return True
        if char == '"':
            index = text.find('"', index + 1)
            if index < 0:
                return False
        elif char == "[":
            try:
                index = _closing_bracket(text, index)
            except FormulaMistakeError:
                return False
        index += 1
    return False


def _skip_space(text: str, at: int) -> int:
    if at < len(text) and not text[at].isspace():
        return at
    space = _SPACE.match(text, at)
    return space.end() if space else at


def _stop(code: str, start: int, spanish: str, english: str, *, hint: Text | None = None) -> None:
    raise FormulaMistakeError(Mistake(code, start, Text(spanish, english), hint))
