"""Information: whether a cell is blank, an error, a number."""

from __future__ import annotations

import numpy as np

from aliado.formula.data import Data
from aliado.formula.function import FunctionSpec, parameter
from aliado.formula.states import constant_state
from aliado.formula.values import Byte, Column, Kind, State
from aliado.language import Text


def _is_blank(_data: Data, value: Column) -> Column:
    if value.state is None:
        return _all(value, answer=False)
    return Column(Kind.BOOL, value.state == Byte.BLANK)


def _is_error(_data: Data, value: Column) -> Column:
    if value.state is None:
        return _all(value, answer=False)
    return Column(Kind.BOOL, value.state >= Byte.DIV0)


def _is_na(_data: Data, value: Column) -> Column:
    if value.state is None:
        return _all(value, answer=False)
    return Column(Kind.BOOL, value.state == Byte.NA)


def _is_number(_data: Data, value: Column) -> Column:
    return _is_kind(value, answer=value.kind in (Kind.NUMBER, Kind.DATE))


def _is_text(_data: Data, value: Column) -> Column:
    return _is_kind(value, answer=value.kind is Kind.TEXT)


def _is_kind(value: Column, *, answer: bool) -> Column:
    """Return whether cells hold a value of the kind asked for; an unknown stays unknown."""
    if value.state is None:
        return _all(value, answer=answer)
    state = np.where(value.state == Byte.UNKNOWN, value.state, Byte.VALUE)
    return Column(Kind.BOOL, (value.state == Byte.VALUE) & answer, state if state.any() else None)


def _na(_data: Data) -> Column:
    return constant_state(Kind.NUMBER, State.NA)


def _all(value: Column, *, answer: bool) -> Column:
    return Column(Kind.BOOL, np.full(len(value), answer, dtype=np.bool_))


_VALUE = (parameter("value", "any", "celda o cálculo", "cell or calculation"),)

FUNCTIONS = (
    FunctionSpec(
        "ISBLANK",
        ("ESBLANCO",),
        "information",
        _VALUE,
        Kind.BOOL,
        Text("Verdadero si la celda está vacía.", "True if the cell is empty."),
        ("=ESBLANCO([@Serie])",),
        _is_blank,
    ),
    FunctionSpec(
        "ISERROR",
        ("ESERROR",),
        "information",
        _VALUE,
        Kind.BOOL,
        Text("Verdadero si es un error.", "True if it is an error."),
        ("=ESERROR([@IVA]/[@Base])",),
        _is_error,
    ),
    FunctionSpec(
        "ISNA",
        ("ESNOD",),
        "information",
        _VALUE,
        Kind.BOOL,
        Text("Verdadero si es #N/A (no encontrado).", "True if it is #N/A (not found)."),
        ("=ESNOD(BUSCARX([@Cliente]; customers[Cliente]; customers[Cliente]))",),
        _is_na,
    ),
    FunctionSpec(
        "ISNUMBER",
        ("ESNUMERO",),
        "information",
        _VALUE,
        Kind.BOOL,
        Text("Verdadero si es un número o una fecha.", "True if it is a number or a date."),
        ('=ESNUMERO(HALLAR("anticipo"; [@Factura]))',),
        _is_number,
    ),
    FunctionSpec(
        "ISTEXT",
        ("ESTEXTO",),
        "information",
        _VALUE,
        Kind.BOOL,
        Text("Verdadero si es un texto.", "True if it is a text."),
        ("=ESTEXTO([@Factura])",),
        _is_text,
    ),
    FunctionSpec(
        "NA",
        ("NOD",),
        "information",
        (),
        Kind.NUMBER,
        Text("El error #N/A: sin dato.", "The error #N/A: no data."),
        ("=SI([@Base]=0; NOD(); [@IVA]/[@Base])",),
        _na,
    ),
)
