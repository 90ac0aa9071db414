"""Numbers read from texts, and numbers and dates written as texts."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import numpy as np

from aliado.formula.data import Data
from aliado.formula.formats import DateFormat, NumberFormat, read_format
from aliado.formula.function import FunctionSpec, parameter
from aliado.formula.functions.text_rows import wide_state
from aliado.formula.kinds import aligned
from aliado.formula.numbers import exact_column, number_column
from aliado.formula.states import operand_state, spread, with_state
from aliado.formula.texts import read_number, texts_from, vocabulary
from aliado.formula.values import Column, Kind, State
from aliado.language import Text


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
    state = with_state(wide_state(operand_state(text), len(pool)), wrong[known.codes], State.VALUE_ERROR)
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

FUNCTIONS = (
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
