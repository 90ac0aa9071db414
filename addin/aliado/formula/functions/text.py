"""Text: pieces, searches, changes and numbers read from it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np

from aliado.formula.data import Data
from aliado.formula.formats import DateFormat, NumberFormat, read_format
from aliado.formula.function import FunctionSpec, parameter
from aliado.formula.kinds import aligned
from aliado.formula.numbers import as_float, exact_column, number_column
from aliado.formula.states import States, operand_state, spread, with_state
from aliado.formula.texts import (
    MAX_TEXT,
    find_piece,
    mapped_texts,
    read_number,
    search_pieces,
    texts_from,
    vocabulary,
)
from aliado.formula.values import Column, Kind, State
from aliado.language import Text

_LONGEST = 10 * MAX_TEXT


def _each(change: Callable[..., str | None], first: Column, *others: Column) -> Column:
    """Return `change` of every row's texts and whole numbers; None gives #VALUE!. Each distinct text once if it can."""
    state = spread(first, *others)
    if all(len(other) == 1 for other in others) and first.kind is Kind.TEXT:
        fixed = [_plain(other)[0] for other in others]
        known = vocabulary(first)
        return texts_from((change(word, *fixed) for word in known.words), len(known.words), state, known.codes)
    rows = _rows(first, *others)
    return texts_from((change(*row) for row in rows), len(rows), state)


def _rows(*columns: Column) -> list[tuple[Any, ...]]:
    length = max((len(column) for column in columns), default=1)
    if any(len(column) == 0 for column in columns):
        return []
    lists = [_plain(column) if len(column) == length else _plain(column) * length for column in columns]
    return list(zip(*lists, strict=True))


def _plain(column: Column) -> list[Any]:
    if column.kind is Kind.TEXT:
        texts: list[Any] = column.data.tolist()
        return texts
    whole = np.clip(np.trunc(as_float(column)), -_LONGEST, _LONGEST)
    numbers: list[Any] = whole.astype(np.int64).tolist()
    return numbers


def _left(_data: Data, text: Column, count: Column | None = None) -> Column:
    if count is None:
        return _each(lambda word: word[:1], text)
    return _each(lambda word, size: word[:size] if size >= 0 else None, text, count)


def _right(_data: Data, text: Column, count: Column | None = None) -> Column:
    if count is None:
        return _each(lambda word: word[-1:], text)
    return _each(lambda word, size: None if size < 0 else word[max(len(word) - size, 0) :], text, count)


def _mid(_data: Data, text: Column, start: Column, count: Column) -> Column:
    def middle(word: str, first: int, size: int) -> str | None:
        return None if first < 1 or size < 0 else word[first - 1 : first - 1 + size]

    return _each(middle, text, start, count)


def _len(_data: Data, text: Column) -> Column:
    known = vocabulary(text)
    sizes = np.array([len(word) for word in known.words], dtype=np.int64)
    return Column(
        Kind.NUMBER, sizes[known.codes] if len(sizes) else np.zeros(0, dtype=np.int64), operand_state(text), 0
    )


def _trim(_data: Data, text: Column) -> Column:
    return mapped_texts(text, lambda word: " ".join(part for part in word.split(" ") if part), operand_state(text))


def _upper(_data: Data, text: Column) -> Column:
    return mapped_texts(text, str.upper, operand_state(text))


def _lower(_data: Data, text: Column) -> Column:
    return mapped_texts(text, str.lower, operand_state(text))


def _proper(_data: Data, text: Column) -> Column:
    return mapped_texts(text, str.title, operand_state(text))


def _concat(_data: Data, *texts: Column) -> Column:
    rows = _rows(*texts)
    return texts_from(("".join(row) for row in rows), len(rows), spread(*texts))


def _textjoin(_data: Data, separator: Column, skip: Column, *texts: Column) -> Column:
    rows = _rows(separator, skip, *texts)
    joined = (mark.join([word for word in words if word or not without]) for mark, without, *words in rows)
    return texts_from(joined, len(rows), spread(separator, skip, *texts))


def _wide(state: States | None, length: int) -> States | None:
    return state if state is None or len(state) == length else np.broadcast_to(state, length)


def _substitute(_data: Data, text: Column, old: Column, new: Column, which: Column | None = None) -> Column:
    if which is None:
        return _each(_replace_all, text, old, new)
    return _each(_replace_one, text, old, new, which)


def _replace_all(word: str, old: str, new: str) -> str | None:
    if not old:
        return word
    if len(word) + word.count(old) * (len(new) - len(old)) > MAX_TEXT:
        return None
    return word.replace(old, new)


def _replace_one(word: str, old: str, new: str, which: int) -> str | None:
    if which < 1:
        return None
    if not old:
        return word
    at = -1
    for _ in range(which):
        at = word.find(old, at + 1 if at < 0 else at + len(old))
        if at < 0:
            return word
    return word[:at] + new + word[at + len(old) :]


def _replace(_data: Data, text: Column, start: Column, count: Column, new: Column) -> Column:
    def replaced(word: str, first: int, size: int, instead: str) -> str | None:
        return None if first < 1 or size < 0 else word[: first - 1] + instead + word[first - 1 + size :]

    return _each(replaced, text, start, count, new)


def _rept(_data: Data, text: Column, times: Column) -> Column:
    def repeated(word: str, many: int) -> str | None:
        return None if many < 0 or len(word) * many > MAX_TEXT else word * many

    return _each(repeated, text, times)


def _find(_data: Data, wanted: Column, text: Column, start: Column | None = None) -> Column:
    return _positions(wanted, text, start, lambda piece, word, at: word.find(piece, at))


def _search(_data: Data, wanted: Column, text: Column, start: Column | None = None) -> Column:
    return _positions(wanted, text, start, lambda piece, word, at: _search_from(piece, word.casefold(), at))


def _search_from(pattern: str, word: str, start: int) -> int:
    """Return where a pattern with wildcards first fits inside a word, from `start`, or -1."""
    pieces = search_pieces(pattern)
    while pieces and not pieces[-1]:
        pieces.pop()
    while pieces and not pieces[0]:
        pieces.pop(0)
        if not pieces:
            return start if start <= len(word) else -1
        return start if find_piece(word, pieces[0], start, len(word)) >= 0 else -1
    if not pieces:
        return start if start <= len(word) else -1
    first = find_piece(word, pieces[0], start, len(word))
    at = first
    for piece, before in zip(pieces[1:], pieces, strict=False):
        if at < 0:
            return -1
        at = find_piece(word, piece, at + len(before), len(word))
    return first if at >= 0 else -1


def _positions(wanted: Column, text: Column, start: Column | None, search: Callable[[str, str, int], int]) -> Column:
    """Return the place (from 1) of each wanted text; #VALUE! where it is not found."""
    columns = (wanted, text) if start is None else (wanted, text, start)
    state = spread(*columns)
    if start is None and len(wanted) == 1 and len(text) > 1:
        known = vocabulary(text)
        piece = str(wanted.data[0])
        found = np.array([search(piece, word, 0) for word in known.words], dtype=np.int64)[known.codes] + 1
    else:
        places = []
        for piece, word, *first in _rows(*columns):
            at = first[0] if first else 1
            places.append(search(piece, word, at - 1) + 1 if 1 <= at <= len(word) + 1 else 0)
        found = np.array(places, dtype=np.int64)
    return Column(Kind.NUMBER, found, with_state(_wide(state, len(found)), found < 1, State.VALUE_ERROR), 0)


def _exact(_data: Data, left: Column, right: Column) -> Column:
    return Column(Kind.BOOL, np.asarray(left.data == right.data, dtype=np.bool_), spread(left, right))


def _value(_data: Data, text: Column) -> Column:
    """Return the numbers that texts hold; #VALUE! where they hold none."""
    known = vocabulary(text)
    numbers = [read_number(word) for word in known.words]
    wrong = np.array([number is None for number in numbers], dtype=np.bool_)
    columns = [number_column(number if number is not None else Decimal(0)) for number in numbers]
    if not columns:
        return Column(Kind.NUMBER, np.zeros(0, dtype=np.int64), None, 0)
    data, scale = aligned(columns)
    pool = np.concatenate(data)[known.codes]
    state = with_state(_wide(operand_state(text), len(pool)), wrong[known.codes], State.VALUE_ERROR)
    return Column(Kind.NUMBER, pool, state) if scale is None else exact_column(pool, state, scale)


def _text(_data: Data, value: Column, pattern: Column) -> Column:
    """Return numbers or dates written in a format, each distinct one once."""
    mark, written = str(pattern.data[0])[:1], str(pattern.data[0])[1:]
    style = read_format(written, of_date=value.kind is Kind.DATE, decimal_comma=mark == ",")
    distinct, codes = np.unique(value.data, return_inverse=True)
    plain = Column(value.kind, distinct, None, value.scale)
    words = (_styled(plain.value(index), style) for index in range(len(distinct)))
    return texts_from(words, len(distinct), spread(value), codes.astype(np.intp))


def _styled(value: object, style: DateFormat | NumberFormat | None) -> str | None:
    if isinstance(style, DateFormat) and isinstance(value, date):
        return style.write(value)
    if isinstance(style, NumberFormat) and isinstance(value, (Decimal, float)):
        number = value if isinstance(value, Decimal) else Decimal(f"{value:.15g}")
        return style.write(number) if number.adjusted() < 20 else None
    return None


_TEXT = parameter("text", "text", "texto", "text")
_START = parameter("start", "number", "posición inicial, desde 1", "first position, from 1")
_COUNT = parameter("count", "number", "cuántos caracteres", "how many characters")
_COUNT_OPTIONAL = parameter(
    "count", "number", "cuántos caracteres (1 si falta)", "how many characters (1 if left out)", optional=True
)
_FROM = parameter("start", "number", "desde qué posición", "from which position", optional=True)
_WANTED = parameter("wanted", "text", "texto que se busca", "text to look for")
_NEW = parameter("new", "text", "texto nuevo", "new text")
_MANY = parameter("text", "text", "texto", "text", repeats=True)

FUNCTIONS = (
    FunctionSpec(
        "LEFT",
        ("IZQUIERDA",),
        "text",
        (_TEXT, _COUNT_OPTIONAL),
        Kind.TEXT,
        Text("Los primeros caracteres.", "The first characters."),
        ("=IZQUIERDA([@Factura]; 2)",),
        _left,
    ),
    FunctionSpec(
        "RIGHT",
        ("DERECHA",),
        "text",
        (_TEXT, _COUNT_OPTIONAL),
        Kind.TEXT,
        Text("Los últimos caracteres.", "The last characters."),
        ("=DERECHA([@Factura]; 4)",),
        _right,
    ),
    FunctionSpec(
        "MID",
        ("EXTRAE",),
        "text",
        (_TEXT, _START, _COUNT),
        Kind.TEXT,
        Text("Caracteres de en medio.", "Characters from the middle."),
        ("=EXTRAE([@Factura]; 3; 4)",),
        _mid,
    ),
    FunctionSpec(
        "LEN",
        ("LARGO",),
        "text",
        (_TEXT,),
        Kind.NUMBER,
        Text("Cuántos caracteres tiene.", "How many characters it has."),
        ("=LARGO([@Factura])<>9",),
        _len,
    ),
    FunctionSpec(
        "TRIM",
        ("ESPACIOS",),
        "text",
        (_TEXT,),
        Kind.TEXT,
        Text("Sin espacios de más.", "Without extra spaces."),
        ("=ESPACIOS([@Cliente])",),
        _trim,
    ),
    FunctionSpec(
        "UPPER",
        ("MAYUSC",),
        "text",
        (_TEXT,),
        Kind.TEXT,
        Text("En mayúsculas.", "In capitals."),
        ("=MAYUSC([@Cliente])",),
        _upper,
    ),
    FunctionSpec(
        "LOWER",
        ("MINUSC",),
        "text",
        (_TEXT,),
        Kind.TEXT,
        Text("En minúsculas.", "In small letters."),
        ("=MINUSC([@Cliente])",),
        _lower,
    ),
    FunctionSpec(
        "PROPER",
        ("NOMPROPIO",),
        "text",
        (_TEXT,),
        Kind.TEXT,
        Text("Cada palabra con mayúscula inicial.", "Each word with a capital."),
        ("=NOMPROPIO([@Cliente])",),
        _proper,
    ),
    FunctionSpec(
        "CONCAT",
        ("CONCATENAR", "CONCATENATE"),
        "text",
        (_MANY,),
        Kind.TEXT,
        Text("Textos unidos, como &.", "Texts joined, as &."),
        ('=CONCAT([@Serie]; "-"; [@Factura])',),
        _concat,
    ),
    FunctionSpec(
        "TEXTJOIN",
        ("UNIRCADENAS",),
        "text",
        (
            parameter("separator", "text", "separador", "separator"),
            parameter("skip_empty", "bool", "sin los vacíos", "leave empty ones out"),
            _MANY,
        ),
        Kind.TEXT,
        Text("Textos unidos con un separador.", "Texts joined with a separator."),
        ('=UNIRCADENAS("-"; VERDADERO; [@Serie]; [@Factura])',),
        _textjoin,
    ),
    FunctionSpec(
        "SUBSTITUTE",
        ("SUSTITUIR",),
        "text",
        (
            _TEXT,
            parameter("old", "text", "texto que se cambia", "text to change"),
            _NEW,
            parameter(
                "which", "number", "cuál de ellos (todos si falta)", "which of them (all if left out)", optional=True
            ),
        ),
        Kind.TEXT,
        Text("Un texto cambiado por otro.", "One text changed for another."),
        ('=SUSTITUIR([@NIF]; "-"; "")',),
        _substitute,
    ),
    FunctionSpec(
        "REPLACE",
        ("REEMPLAZAR",),
        "text",
        (_TEXT, _START, _COUNT, _NEW),
        Kind.TEXT,
        Text("Unos caracteres cambiados por otros.", "Some characters changed for others."),
        ('=REEMPLAZAR([@Factura]; 1; 2; "F-")',),
        _replace,
    ),
    FunctionSpec(
        "REPT",
        ("REPETIR",),
        "text",
        (_TEXT, parameter("times", "number", "cuántas veces", "how many times")),
        Kind.TEXT,
        Text("Un texto repetido.", "A text repeated."),
        ('=REPETIR("0"; 9-LARGO([@Factura]))&[@Factura]',),
        _rept,
    ),
    FunctionSpec(
        "FIND",
        ("ENCONTRAR",),
        "text",
        (_WANTED, _TEXT, _FROM),
        Kind.NUMBER,
        Text("Dónde está un texto, con mayúsculas.", "Where a text is, case counts."),
        ('=ENCONTRAR("-"; [@Factura])',),
        _find,
    ),
    FunctionSpec(
        "SEARCH",
        ("HALLAR",),
        "text",
        (_WANTED, _TEXT, _FROM),
        Kind.NUMBER,
        Text("Dónde está un texto; admite * y ?.", "Where a text is; takes * and ?."),
        ('=ESNUMERO(HALLAR("anticipo"; [@Factura]))',),
        _search,
    ),
    FunctionSpec(
        "EXACT",
        ("IGUAL",),
        "text",
        (parameter("left", "text", "texto", "text"), parameter("right", "text", "otro texto", "another text")),
        Kind.BOOL,
        Text("Iguales también en mayúsculas.", "Equal in case too."),
        ("=IGUAL([@Serie]; MAYUSC([@Serie]))",),
        _exact,
    ),
    FunctionSpec(
        "VALUE",
        ("VALOR",),
        "text",
        (_TEXT,),
        Kind.NUMBER,
        Text("El número escrito en un texto.", "The number written in a text."),
        ("=VALOR(DERECHA([@Factura]; 4))",),
        _value,
    ),
    FunctionSpec(
        "TEXT",
        ("TEXTO",),
        "text",
        (
            parameter("value", "any", "número o fecha", "number or date"),
            parameter(
                "format",
                "format",
                'formato entre comillas: "dd/mm/aaaa", "aaaa-mm", "0,00", "#.##0,00", "0%"',
                'format in quotes: "dd/mm/yyyy", "yyyy-mm", "0.00", "#,##0.00", "0%"',
            ),
        ),
        Kind.TEXT,
        Text("Un número o una fecha escritos en un formato.", "A number or a date written in a format."),
        ('=TEXTO([@Fecha]; "aaaa-mm")', '=TEXTO([@Saldo]; "#.##0,00")'),
        _text,
    ),
)
