"""Numbers: rounding half up on the decimal value, remainders, roots."""

from __future__ import annotations

import numpy as np

from aliado.formula.data import Data
from aliado.formula.function import FunctionSpec, parameter
from aliado.formula.numbers import as_float, divide, float_column, multiply, power, rescaled
from aliado.formula.rounding import Mode, round_column, round_to
from aliado.formula.states import operand_state, spread, with_state
from aliado.formula.values import Column, Kind, State
from aliado.language import Text

_ZERO = Column(Kind.NUMBER, np.zeros(1, dtype=np.int64), None, 0)


def _abs(_data: Data, number: Column) -> Column:
    return Column(Kind.NUMBER, np.abs(number.data), operand_state(number), number.scale)


def _sign(_data: Data, number: Column) -> Column:
    sign = (number.data > 0).astype(np.int64) - (number.data < 0).astype(np.int64)
    return Column(Kind.NUMBER, sign, operand_state(number), 0)


def _rounded(mode: Mode) -> object:
    def rounded(_data: Data, number: Column, digits: Column | None = None) -> Column:
        return round_column(number, digits if digits is not None else _ZERO, mode)

    return rounded


_round, _round_up, _round_down = (_rounded(mode) for mode in ("half", "up", "down"))


def _int(_data: Data, number: Column) -> Column:
    whole = round_to(number, 0, "floor")
    return Column(Kind.NUMBER, whole.data, operand_state(number), whole.scale)


def _mod(_data: Data, number: Column, divisor: Column) -> Column:
    """Return the remainder, with the sign of the divisor, exact for exact numbers."""
    state = spread(number, divisor)
    if number.scale is not None and divisor.scale is not None:
        scale = max(number.scale, divisor.scale)
        first, second = rescaled(number, scale), rescaled(divisor, scale)
        zero = np.asarray(second == 0, dtype=np.bool_)
        remainder = first % np.where(zero, 1, second)
        result = Column(Kind.NUMBER, remainder, state, scale)
    else:
        divisors = as_float(divisor)
        zero = divisors == 0
        with np.errstate(all="ignore"):
            result = float_column(np.mod(as_float(number), np.where(zero, 1.0, divisors)), state)
    if not zero.any():
        return result
    wide = None if result.state is None else np.broadcast_to(result.state, result.data.shape)
    marked = with_state(wide, np.broadcast_to(zero, result.data.shape), State.DIV0)
    return Column(Kind.NUMBER, result.data, marked, result.scale)


def _quotient(_data: Data, number: Column, divisor: Column) -> Column:
    whole = divide(number, divisor)
    cut = round_to(whole, 0, "down")
    return Column(Kind.NUMBER, cut.data, whole.state, cut.scale)


def _mround(_data: Data, number: Column, multiple: Column) -> Column:
    """Return the nearest multiple; 0 for the multiple 0, #NUM! where the signs differ."""
    return _to_multiple(number, multiple, "half", same_sign=True)


def _ceiling(_data: Data, number: Column, multiple: Column) -> Column:
    return _to_multiple(number, multiple, "ceiling", same_sign=False)


def _floor(_data: Data, number: Column, multiple: Column) -> Column:
    return _to_multiple(number, multiple, "floor", same_sign=False)


def _to_multiple(number: Column, multiple: Column, mode: Mode, *, same_sign: bool) -> Column:
    divisor = as_float(multiple)
    zero = divisor == 0
    safe = Column(Kind.NUMBER, np.where(zero, 1, multiple.data), None, multiple.scale)
    times = round_to(divide(Column(Kind.NUMBER, number.data, None, number.scale), safe), 0, mode)
    result = multiply(Column(Kind.NUMBER, times.data, None, times.scale), multiple)
    state = spread(number, multiple)
    signs = np.sign(as_float(number)) * np.sign(divisor)
    wrong = signs < 0 if same_sign else (signs < 0) & (divisor < 0)
    wide = np.broadcast_to(wrong, result.data.shape)
    if wide.any():
        state = with_state(None if state is None else np.broadcast_to(state, wide.shape), wide, State.NUM)
    return Column(Kind.NUMBER, result.data, state, result.scale)


def _sqrt(_data: Data, number: Column) -> Column:
    values = as_float(number)
    with np.errstate(all="ignore"):
        return float_column(np.sqrt(values), operand_state(number))


def _power(_data: Data, base: Column, exponent: Column) -> Column:
    return power(base, exponent)


def _product(_data: Data, *numbers: Column) -> Column:
    result = numbers[0]
    for number in numbers[1:]:
        result = multiply(result, number)
    return Column(Kind.NUMBER, result.data, spread(*numbers) if len(numbers) == 1 else result.state, result.scale)


_NUMBER = parameter("number", "number", "número", "number")
_DIGITS = parameter(
    "digits", "number", "decimales (negativo: decenas, centenas...)", "decimal places (negative: tens, hundreds...)"
)
_MULTIPLE = parameter("multiple", "number", "múltiplo", "multiple")

FUNCTIONS = (
    FunctionSpec(
        "ABS",
        (),
        "maths",
        (_NUMBER,),
        Kind.NUMBER,
        Text("El número sin signo.", "The number without its sign."),
        ("=ABS([@Saldo])",),
        _abs,
    ),
    FunctionSpec(
        "SIGN",
        ("SIGNO",),
        "maths",
        (_NUMBER,),
        Kind.NUMBER,
        Text("1, 0 o -1 según el signo.", "1, 0 or -1 by its sign."),
        ("=SIGNO([@Total])",),
        _sign,
    ),
    FunctionSpec(
        "ROUND",
        ("REDONDEAR",),
        "maths",
        (_NUMBER, _DIGITS),
        Kind.NUMBER,
        Text(
            "Redondea; las mitades se alejan de cero: 5,025 da 5,03.",
            "Rounds; halves go away from zero: 5.025 gives 5.03.",
        ),
        ("=REDONDEAR([@Base]*[@[% IVA]]; 2)",),
        _round,  # type: ignore[arg-type]
    ),
    FunctionSpec(
        "ROUNDUP",
        ("REDONDEAR.MAS",),
        "maths",
        (_NUMBER, _DIGITS),
        Kind.NUMBER,
        Text("Redondea alejándose de cero.", "Rounds away from zero."),
        ("=REDONDEAR.MAS([@Base]*0,012; 2)",),
        _round_up,  # type: ignore[arg-type]
    ),
    FunctionSpec(
        "ROUNDDOWN",
        ("REDONDEAR.MENOS",),
        "maths",
        (_NUMBER, _DIGITS),
        Kind.NUMBER,
        Text("Redondea acercándose a cero.", "Rounds towards zero."),
        ("=REDONDEAR.MENOS([@Base]; 0)",),
        _round_down,  # type: ignore[arg-type]
    ),
    FunctionSpec(
        "TRUNC",
        ("TRUNCAR",),
        "maths",
        (_NUMBER, parameter("digits", "number", "decimales que quedan", "decimal places kept", optional=True)),
        Kind.NUMBER,
        Text("Quita los decimales sin redondear.", "Cuts decimals off without rounding."),
        ("=TRUNCAR([@Total])",),
        _round_down,  # type: ignore[arg-type]
    ),
    FunctionSpec(
        "INT",
        ("ENTERO",),
        "maths",
        (_NUMBER,),
        Kind.NUMBER,
        Text("El entero igual o inmediatamente menor.", "The whole number at or just below."),
        ("=ENTERO((HOY()-[@Fecha])/30)",),
        _int,
    ),
    FunctionSpec(
        "MOD",
        ("RESIDUO",),
        "maths",
        (_NUMBER, parameter("divisor", "number", "divisor", "divisor")),
        Kind.NUMBER,
        Text(
            "El resto de una división, con el signo del divisor.",
            "The remainder of a division, with the divisor's sign.",
        ),
        ("=RESIDUO([@Total]; 1)<>0",),
        _mod,
    ),
    FunctionSpec(
        "QUOTIENT",
        ("COCIENTE",),
        "maths",
        (_NUMBER, parameter("divisor", "number", "divisor", "divisor")),
        Kind.NUMBER,
        Text("La parte entera de una división.", "The whole part of a division."),
        ("=COCIENTE(HOY()-[@Vencimiento]; 30)",),
        _quotient,
    ),
    FunctionSpec(
        "MROUND",
        ("REDOND.MULT",),
        "maths",
        (_NUMBER, _MULTIPLE),
        Kind.NUMBER,
        Text("El múltiplo más cercano.", "The nearest multiple."),
        ("=REDOND.MULT([@Total]; 0,05)",),
        _mround,
    ),
    FunctionSpec(
        "CEILING",
        ("MULTIPLO.SUPERIOR",),
        "maths",
        (_NUMBER, _MULTIPLE),
        Kind.NUMBER,
        Text("El múltiplo igual o inmediatamente mayor.", "The multiple at or just above."),
        ("=MULTIPLO.SUPERIOR([@Total]; 10)",),
        _ceiling,
    ),
    FunctionSpec(
        "FLOOR",
        ("MULTIPLO.INFERIOR",),
        "maths",
        (_NUMBER, _MULTIPLE),
        Kind.NUMBER,
        Text("El múltiplo igual o inmediatamente menor.", "The multiple at or just below."),
        ("=MULTIPLO.INFERIOR([@Total]; 10)",),
        _floor,
    ),
    FunctionSpec(
        "SQRT",
        ("RAIZ",),
        "maths",
        (_NUMBER,),
        Kind.NUMBER,
        Text("La raíz cuadrada.", "The square root."),
        ("=RAIZ([@Total])",),
        _sqrt,
    ),
    FunctionSpec(
        "POWER",
        ("POTENCIA",),
        "maths",
        (_NUMBER, parameter("exponent", "number", "exponente", "exponent")),
        Kind.NUMBER,
        Text("Un número elevado a otro, como ^.", "A number raised to another, as ^."),
        ("=POTENCIA(1+tipo; [@Meses])",),
        _power,
    ),
    FunctionSpec(
        "PRODUCT",
        ("PRODUCTO",),
        "maths",
        (parameter("number", "number", "número", "number", repeats=True),),
        Kind.NUMBER,
        Text("El producto de varios números.", "The product of several numbers."),
        ("=PRODUCTO([@Base]; [@[% IVA]])",),
        _product,
    ),
)
