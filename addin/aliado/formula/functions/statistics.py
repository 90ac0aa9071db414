"""Totals and order: of whole columns taken together, or of several values in each row."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

from aliado.formula.arguments import Values
from aliado.formula.choosing import choose
from aliado.formula.data import Data
from aliado.formula.function import FunctionSpec, parameter
from aliado.formula.kinds import aligned
from aliado.formula.numbers import add, as_float, divide, float_column, multiply, order_mask
from aliado.formula.states import constant_state, operand_state, settled
from aliado.formula.totals import count_column, known, spoiled, total, trouble
from aliado.formula.values import Byte, Column, Kind, State
from aliado.language import Text

_ZERO = Column(Kind.NUMBER, np.zeros(1, dtype=np.int64), None, 0)


def _sum(_data: Data, *arguments: Values) -> Column:
    return _added_up(map(_part_sum, arguments))


def _added_up(parts: Iterable[Column]) -> Column:
    result: Column | None = None
    for part in parts:
        result = part if result is None else add(result, part)
    return _ZERO if result is None else result


def _part_sum(argument: Values) -> Column:
    column = argument.column
    if not argument.whole:
        return add(_ZERO, _blank_as_zero(column))
    state = trouble(argument)
    return spoiled(Kind.NUMBER, state) if state is not None else total(known(column))


def _blank_as_zero(column: Column) -> Column:
    if column.state is None:
        return column
    blank = column.state == Byte.BLANK
    state = np.where(blank, Byte.VALUE, column.state)
    return Column(column.kind, np.where(blank, 0, column.data), state if state.any() else None, column.scale)


def _average(data: Data, *arguments: Values) -> Column:
    return divide(_sum(data, *arguments), _count(data, *arguments))


def _count(_data: Data, *arguments: Values) -> Column:
    """Return how many numbers or dates there are."""
    return _counted(arguments, lambda column: _states(column) == Byte.VALUE)


def _counta(_data: Data, *arguments: Values) -> Column:
    """Return how many cells are not blank."""
    return _counted(arguments, lambda column: _states(column) != Byte.BLANK)


def _count_blank(_data: Data, column: Column) -> Column:
    blank = _states(column) == Byte.BLANK
    if column.kind is Kind.TEXT:
        blank |= (column.data == "") & (_states(column) == Byte.VALUE)
    return count_column([int(blank.sum())])


def _states(column: Column) -> np.ndarray[tuple[int], np.dtype[np.uint8]]:
    return np.zeros(len(column), dtype=np.uint8) if column.state is None else column.state


def _counted(
    arguments: tuple[Values, ...], counts: Callable[[Column], np.ndarray[tuple[int], np.dtype[np.bool_]]]
) -> Column:
    masks = ((counts(argument.column), argument.whole) for argument in arguments)
    return _added_up(
        count_column([int(np.count_nonzero(mask))] if whole else mask.astype(np.int64)) for mask, whole in masks
    )


def _max(_data: Data, *arguments: Values) -> Column:
    return _extreme(arguments, ">")


def _min(_data: Data, *arguments: Values) -> Column:
    return _extreme(arguments, "<")


def _extreme(arguments: tuple[Values, ...], operator: str) -> Column:
    """Return the greatest or least value; blanks are passed over; nothing at all gives 0, or a blank date."""
    result: Column | None = None
    for argument in arguments:
        column = _column_extreme(argument, operator) if argument.whole else argument.column
        result = column if result is None else _better(result, column, operator)
    if result is None or result.kind is not Kind.NUMBER:
        return result if result is not None else _ZERO
    return _blank_as_zero(result)


def _column_extreme(argument: Values, operator: str) -> Column:
    column = argument.column
    state = trouble(argument)
    if state is not None:
        return spoiled(column.kind, state)
    values = known(column)
    if len(values) == 0:
        return constant_state(column.kind, State.BLANK)
    best = values.data.max() if operator == ">" else values.data.min()
    one = np.empty(1, dtype=values.data.dtype)
    one[0] = best
    return Column(column.kind, one, None, column.scale)


def _better(left: Column, right: Column, operator: str) -> Column:
    """Return the better of two in each cell; a blank loses to anything, an error or unknown wins."""
    (first, second), _ = aligned([left, right])
    position = np.where(order_mask(operator, second, first), 1, 0)
    if left.state is not None or right.state is not None:
        one = np.zeros(1, dtype=np.uint8) if left.state is None else left.state
        two = np.zeros(1, dtype=np.uint8) if right.state is None else right.state
        bad_one, bad_two = one >= Byte.UNKNOWN, two >= Byte.UNKNOWN
        # An error beats an unknown; of two errors the first stands.
        position = np.where(
            bad_two & ~bad_one | (two >= Byte.DIV0) & (one < Byte.DIV0), 1, np.where(bad_one, 0, position)
        )
        fine = ~bad_one & ~bad_two
        position = np.where(fine & (one == Byte.BLANK), 1, np.where(fine & (two == Byte.BLANK), 0, position))
    return choose(position.astype(np.intp), [left, right])


def _sumproduct(_data: Data, *arrays: Column) -> Column:
    product = arrays[0]
    for array in arrays[1:]:
        product = multiply(_blank_as_zero(product), _blank_as_zero(array))
    return _part_sum(Values(settled(_blank_as_zero(product)), True))


def _median(_data: Data, column: Column) -> Column:
    return _quantile(column, np.array([0.5]), None)


def _percentile(_data: Data, column: Column, rank: Column) -> Column:
    return _quantile(column, as_float(rank), rank)


def _quantile(column: Column, ranks: np.ndarray[tuple[int], np.dtype[np.float64]], rank: Column | None) -> Column:
    """Return the value below which a share of the column lies, between neighbours by proportion (as PERCENTILE.INC)."""
    state = trouble(Values(column, True))
    values = np.sort(as_float(known(column)))
    if state is not None or len(values) == 0:
        return constant_state(Kind.NUMBER, state if state is not None else State.NUM, len(ranks))
    inside = (ranks >= 0) & (ranks <= 1)
    place = np.where(inside, ranks, 0.0) * (len(values) - 1)
    below = np.floor(place).astype(np.intp)
    above = np.minimum(below + 1, len(values) - 1)
    result = values[below] + (values[above] - values[below]) * (place - below)
    own = None if rank is None else operand_state(rank)
    bad = np.where(inside, result, np.inf)
    return float_column(bad, own)


def _large(_data: Data, column: Column, rank: Column) -> Column:
    return _ranked(column, rank, largest_first=True)


def _small(_data: Data, column: Column, rank: Column) -> Column:
    return _ranked(column, rank, largest_first=False)


def _ranked(column: Column, rank: Column, *, largest_first: bool) -> Column:
    state = trouble(Values(column, True))
    wanted = np.ceil(as_float(rank))
    values = known(column)
    if state is not None or len(values) == 0:
        return constant_state(column.kind, state if state is not None else State.NUM, len(rank))
    ordered = np.sort(values.data)
    inside = (wanted >= 1) & (wanted <= len(ordered))
    place = np.where(inside, wanted, 1).astype(np.intp)
    data = ordered[-place] if largest_first else ordered[place - 1]
    own = operand_state(rank)
    states = np.where(inside, Byte.VALUE, Byte.NUM)
    states = states if own is None else np.where(own != Byte.VALUE, own, states)
    return Column(column.kind, data, states if states.any() else None, column.scale)


_NUMBERS = (parameter("number", "numbers", "columna entera o valor", "whole column or value", repeats=True),)
_ORDERED = (
    parameter(
        "value",
        "ordered",
        "columna entera o valor (números o fechas)",
        "whole column or value (numbers or dates)",
        repeats=True,
        group="ordered",
    ),
)
_ANYTHING = (parameter("value", "values", "columna entera o valor", "whole column or value", repeats=True),)
_COLUMN = parameter("column", "number_column", "columna entera", "whole column")
_RANK = parameter("rank", "number", "puesto, desde 1", "rank, from 1")

FUNCTIONS = (
    FunctionSpec(
        "SUM",
        ("SUMA",),
        "statistics",
        _NUMBERS,
        Kind.NUMBER,
        Text("La suma; las celdas vacías no cuentan.", "The sum; blank cells do not count."),
        ("=SUMA([Saldo])",),
        _sum,
        aggregate=True,
    ),
    FunctionSpec(
        "AVERAGE",
        ("PROMEDIO",),
        "statistics",
        _NUMBERS,
        Kind.NUMBER,
        Text("La media; las celdas vacías no cuentan.", "The mean; blank cells do not count."),
        ("=PROMEDIO([Total])",),
        _average,
        aggregate=True,
    ),
    FunctionSpec(
        "COUNT",
        ("CONTAR",),
        "statistics",
        (
            parameter(
                "value",
                "ordered",
                "columna entera o valor (números o fechas)",
                "whole column or value (numbers or dates)",
                repeats=True,
            ),
        ),
        Kind.NUMBER,
        Text("Cuántos números o fechas hay.", "How many numbers or dates there are."),
        ("=CONTAR([Total])",),
        _count,
        aggregate=True,
    ),
    FunctionSpec(
        "COUNTA",
        ("CONTARA",),
        "statistics",
        _ANYTHING,
        Kind.NUMBER,
        Text("Cuántas celdas no están vacías.", "How many cells are not blank."),
        ("=CONTARA([Factura])",),
        _counta,
        aggregate=True,
    ),
    FunctionSpec(
        "COUNTBLANK",
        ("CONTAR.BLANCO",),
        "statistics",
        (parameter("column", "column", "columna entera", "whole column"),),
        Kind.NUMBER,
        Text("Cuántas celdas están vacías.", "How many cells are blank."),
        ("=CONTAR.BLANCO([Vencimiento])",),
        _count_blank,
        aggregate=True,
    ),
    FunctionSpec(
        "MAX",
        (),
        "statistics",
        _ORDERED,
        "ordered",
        Text("El mayor valor.", "The greatest value."),
        ("=MAX(0; HOY()-[@Vencimiento])",),
        _max,
        aggregate=True,
    ),
    FunctionSpec(
        "MIN",
        (),
        "statistics",
        _ORDERED,
        "ordered",
        Text("El menor valor.", "The least value."),
        ("=MIN([Fecha])",),
        _min,
        aggregate=True,
    ),
    FunctionSpec(
        "MEDIAN",
        ("MEDIANA",),
        "statistics",
        (_COLUMN,),
        Kind.NUMBER,
        Text("El valor del medio.", "The middle value."),
        ("=MEDIANA([Total])",),
        _median,
        aggregate=True,
    ),
    FunctionSpec(
        "PERCENTILE",
        ("PERCENTIL", "PERCENTILE.INC", "PERCENTIL.INC"),
        "statistics",
        (_COLUMN, parameter("share", "number", "parte, de 0 a 1", "share, from 0 to 1")),
        Kind.NUMBER,
        Text(
            "El valor bajo el que queda una parte de la columna.", "The value below which a share of the column lies."
        ),
        ("=PERCENTIL([Total]; 90%)",),
        _percentile,
        aggregate=True,
    ),
    FunctionSpec(
        "LARGE",
        ("K.ESIMO.MAYOR",),
        "statistics",
        (_COLUMN, _RANK),
        Kind.NUMBER,
        Text("El k-ésimo valor más alto.", "The k-th greatest value."),
        ("=K.ESIMO.MAYOR([Total]; 3)",),
        _large,
        aggregate=True,
    ),
    FunctionSpec(
        "SMALL",
        ("K.ESIMO.MENOR",),
        "statistics",
        (_COLUMN, _RANK),
        Kind.NUMBER,
        Text("El k-ésimo valor más bajo.", "The k-th least value."),
        ("=K.ESIMO.MENOR([Total]; 3)",),
        _small,
        aggregate=True,
    ),
    FunctionSpec(
        "SUMPRODUCT",
        ("SUMAPRODUCTO",),
        "statistics",
        (
            parameter(
                "column",
                "number_column",
                "columna entera o cálculo sobre columnas",
                "whole column or calculation on columns",
                repeats=True,
            ),
        ),
        Kind.NUMBER,
        Text("La suma de los productos fila a fila.", "The sum of the products row by row."),
        ("=SUMAPRODUCTO([Base]; [% IVA])", "=SUMAPRODUCTO(([Saldo]>0)*[Saldo])"),
        _sumproduct,
        aggregate=True,
    ),
)
