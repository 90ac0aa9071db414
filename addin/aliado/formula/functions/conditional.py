"""Totals under conditions: SUMIFS and its relatives, in one pass over the column."""

from __future__ import annotations

import numpy as np

from aliado.formula.arguments import Criterion
from aliado.formula.data import Data
from aliado.formula.function import FunctionSpec, parameter
from aliado.formula.matching import select
from aliado.formula.numbers import divide
from aliado.formula.selection import Selection
from aliado.formula.states import constant_state
from aliado.formula.values import Byte, Column, Kind, State
from aliado.language import Text


def _sumifs(_data: Data, column: Column, *conditions: Column | Criterion) -> Column:
    return _selection(conditions).totals(column)


def _sumif(_data: Data, tested: Column, criterion: Criterion, column: Column | None = None) -> Column:
    return _selection((tested, criterion)).totals(_added_up(tested, column))


def _added_up(tested: Column, column: Column | None) -> Column:
    """Return the column to add up; texts and dates add nothing."""
    if column is not None:
        return column
    return tested if tested.kind is Kind.NUMBER else constant_state(Kind.NUMBER, State.BLANK, len(tested))


def _countifs(_data: Data, *conditions: Column | Criterion) -> Column:
    return _selection(conditions).counts(None)


def _averageifs(_data: Data, column: Column, *conditions: Column | Criterion) -> Column:
    chosen = _selection(conditions)
    return divide(chosen.totals(column), chosen.counts(column))


def _averageif(data: Data, tested: Column, criterion: Criterion, column: Column | None = None) -> Column:
    return _averageifs(data, _added_up(tested, column), tested, criterion)


def _maxifs(_data: Data, column: Column, *conditions: Column | Criterion) -> Column:
    return _extreme(column, conditions, ">")


def _minifs(_data: Data, column: Column, *conditions: Column | Criterion) -> Column:
    return _extreme(column, conditions, "<")


def _extreme(column: Column, conditions: tuple[Column | Criterion, ...], operator: str) -> Column:
    result = _selection(conditions).extremes(column, operator)
    if result.kind is not Kind.NUMBER or result.state is None:
        return result
    blank = result.state == Byte.BLANK
    state = np.where(blank, Byte.VALUE, result.state)
    return Column(Kind.NUMBER, np.where(blank, 0, result.data), state if state.any() else None, result.scale)


def _selection(conditions: tuple[Column | Criterion, ...]) -> Selection:
    columns = [condition for condition in conditions if isinstance(condition, Column)]
    criteria = [condition for condition in conditions if isinstance(condition, Criterion)]
    return select(list(zip(columns, criteria, strict=True)))


_TESTED = parameter("tested", "column", "columna que se compara", "column to compare", repeats=True)
_CRITERION = parameter(
    "criterion", "criterion", 'condición: "<5", "A*", un valor', 'condition: "<5", "A*", a value', repeats=True
)
_ONE_TESTED = parameter("tested", "column", "columna que se compara", "column to compare")
_ONE_CRITERION = parameter(
    "criterion", "criterion", 'condición: "<5", "A*", un valor', 'condition: "<5", "A*", a value'
)
_NUMBERS = parameter("column", "number_column", "columna que se suma", "column to add up")
_ORDERED = parameter(
    "column", "ordered_column", "columna de números o fechas", "column of numbers or dates", group="ordered"
)
_OPTIONAL = parameter(
    "column", "number_column", "columna que se suma, si es otra", "column to add up, if another", optional=True
)

FUNCTIONS = (
    FunctionSpec(
        "SUMIFS",
        ("SUMAR.SI.CONJUNTO",),
        "conditional",
        (_NUMBERS, _TESTED, _CRITERION),
        Kind.NUMBER,
        Text(
            "La suma de las filas que cumplen todas las condiciones.",
            "The sum over the rows that meet every condition.",
        ),
        (
            '=SUMAR.SI.CONJUNTO([Saldo]; [Vencimiento]; "<"&HOY())',
            "=SUMAR.SI.CONJUNTO(invoices[Saldo]; invoices[Cliente]; [@Cliente])",
        ),
        _sumifs,
        aggregate=True,
    ),
    FunctionSpec(
        "SUMIF",
        ("SUMAR.SI",),
        "conditional",
        (_ONE_TESTED, _ONE_CRITERION, _OPTIONAL),
        Kind.NUMBER,
        Text("La suma de las filas que cumplen una condición.", "The sum over the rows that meet a condition."),
        ('=SUMAR.SI([Saldo]; ">0")',),
        _sumif,
        aggregate=True,
    ),
    FunctionSpec(
        "COUNTIFS",
        ("CONTAR.SI.CONJUNTO",),
        "conditional",
        (_TESTED, _CRITERION),
        Kind.NUMBER,
        Text("Cuántas filas cumplen todas las condiciones.", "How many rows meet every condition."),
        ("=CONTAR.SI.CONJUNTO([Factura]; [@Factura])>1",),
        _countifs,
        aggregate=True,
    ),
    FunctionSpec(
        "COUNTIF",
        ("CONTAR.SI",),
        "conditional",
        (_ONE_TESTED, _ONE_CRITERION),
        Kind.NUMBER,
        Text("Cuántas filas cumplen una condición.", "How many rows meet a condition."),
        ('=CONTAR.SI([Estado]; "Anulada")',),
        _countifs,
        aggregate=True,
    ),
    FunctionSpec(
        "AVERAGEIFS",
        ("PROMEDIO.SI.CONJUNTO",),
        "conditional",
        (_NUMBERS, _TESTED, _CRITERION),
        Kind.NUMBER,
        Text(
            "La media de las filas que cumplen todas las condiciones.",
            "The mean over the rows that meet every condition.",
        ),
        ("=PROMEDIO.SI.CONJUNTO([Total]; [Cliente]; [@Cliente])",),
        _averageifs,
        aggregate=True,
    ),
    FunctionSpec(
        "AVERAGEIF",
        ("PROMEDIO.SI",),
        "conditional",
        (_ONE_TESTED, _ONE_CRITERION, _OPTIONAL),
        Kind.NUMBER,
        Text("La media de las filas que cumplen una condición.", "The mean over the rows that meet a condition."),
        ('=PROMEDIO.SI([Saldo]; ">0")',),
        _averageif,
        aggregate=True,
    ),
    FunctionSpec(
        "MAXIFS",
        ("MAX.SI.CONJUNTO",),
        "conditional",
        (_ORDERED, _TESTED, _CRITERION),
        "ordered",
        Text(
            "El mayor valor de las filas que cumplen todas las condiciones.",
            "The greatest value over the rows that meet every condition.",
        ),
        ("=MAX.SI.CONJUNTO([Fecha]; [Cliente]; [@Cliente])",),
        _maxifs,
        aggregate=True,
    ),
    FunctionSpec(
        "MINIFS",
        ("MIN.SI.CONJUNTO",),
        "conditional",
        (_ORDERED, _TESTED, _CRITERION),
        "ordered",
        Text(
            "El menor valor de las filas que cumplen todas las condiciones.",
            "The least value over the rows that meet every condition.",
        ),
        ("=MIN.SI.CONJUNTO([Vencimiento]; [Cliente]; [@Cliente])",),
        _minifs,
        aggregate=True,
    ),
)
