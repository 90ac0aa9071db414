"""Text: pieces of it, changes to it, several made one."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from aliado.formula.data import Data
from aliado.formula.function import FunctionSpec, parameter
from aliado.formula.functions.text_rows import plain_values, rows_of
from aliado.formula.states import operand_state, spread
from aliado.formula.texts import (
    MAX_TEXT,
    mapped_texts,
    texts_from,
    vocabulary,
)
from aliado.formula.values import Column, Kind
from aliado.language import Text


def _each(change: Callable[..., str | None], first: Column, *others: Column) -> Column:
    """Return `change` of every row's texts and whole numbers; None gives #VALUE!. Each distinct text once if it can."""
    state = spread(first, *others)
    if all(len(other) == 1 for other in others) and first.kind is Kind.TEXT:
        fixed = [plain_values(other)[0] for other in others]
        known = vocabulary(first)
        return texts_from((change(word, *fixed) for word in known.words), len(known.words), state, known.codes)
    rows = rows_of(first, *others)
    return texts_from((change(*row) for row in rows), len(rows), state)


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
    rows = rows_of(*texts)
    return texts_from(("".join(row) for row in rows), len(rows), spread(*texts))


def _textjoin(_data: Data, separator: Column, skip: Column, *texts: Column) -> Column:
    rows = rows_of(separator, skip, *texts)
    joined = (mark.join([word for word in words if word or not without]) for mark, without, *words in rows)
    return texts_from(joined, len(rows), spread(separator, skip, *texts))


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


_TEXT = parameter("text", "text", "texto", "text")
_START = parameter("start", "number", "posición inicial, desde 1", "first position, from 1")
_COUNT = parameter("count", "number", "cuántos caracteres", "how many characters")
_COUNT_OPTIONAL = parameter(
    "count", "number", "cuántos caracteres (1 si falta)", "how many characters (1 if left out)", optional=True
)
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
)
