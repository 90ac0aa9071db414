"""Logic: IF and its relatives, AND, OR, NOT, and what to do about errors."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from aliado.formula.arguments import Values
from aliado.formula.choosing import blank_like, choose, overlaid
from aliado.formula.data import Data
from aliado.formula.evaluation import compared
from aliado.formula.function import FunctionSpec, parameter
from aliado.formula.numbers import as_float
from aliado.formula.states import States, constant_state, merge_states, operand_state, spread
from aliado.formula.values import Byte, Column, Kind, State
from aliado.language import Text

_FALSE = Column(Kind.BOOL, np.array([False]))


def _if(_data: Data, condition: Column, then: Column | None, otherwise: Column | None = None) -> Column:
    first = then if then is not None else blank_like(otherwise) if otherwise is not None else _FALSE
    second = otherwise if otherwise is not None else _FALSE if first.kind is Kind.BOOL else blank_like(first)
    position = np.where(condition.data, 0, 1)
    return _by_condition(position, operand_state(condition), [first, second])


def _ifs(_data: Data, *arguments: Column) -> Column:
    conditions, values = arguments[::2], arguments[1::2]
    options = [*values, constant_state(values[0].kind, State.NA)]
    return _first_true(conditions, options)


def _switch(_data: Data, value: Column, *arguments: Column) -> Column:
    matches = [compared("=", value, wanted) for wanted in arguments[0 : len(arguments) - 1 : 2]]
    results = list(arguments[1::2])
    default = arguments[-1] if len(arguments) % 2 == 1 else constant_state(results[0].kind, State.NA)
    return _first_true(matches, [*results[: len(matches)], default])


def _first_true(conditions: tuple[Column, ...] | list[Column], options: list[Column]) -> Column:
    """Return the option of the first condition that holds, else the last; an unknown before it makes it unknown."""
    length = np.broadcast_shapes(*(condition.data.shape for condition in conditions))
    position = np.full(length, len(options) - 1, dtype=np.intp)
    state: States | None = None
    for index in range(len(conditions) - 1, -1, -1):
        condition = conditions[index]
        own = operand_state(condition)
        holds = np.broadcast_to(condition.data.astype(np.bool_, copy=False), length)
        position = np.where(holds, index, position)
        if own is not None or state is not None:
            known = np.zeros(length, dtype=np.uint8) if state is None else state
            wide = np.broadcast_to(np.uint8(0) if own is None else own, length)
            state = np.where(wide != Byte.VALUE, wide, np.where(holds, np.uint8(0), known))
    return _by_condition(position, state, options)


def _by_condition(position: npt.NDArray[np.intp], state: States | None, options: list[Column]) -> Column:
    result = choose(position, options)
    if state is None:
        return result
    kept = result.state if result.state is not None else np.zeros(len(result), dtype=np.uint8)
    merged = np.where(state != Byte.VALUE, state, kept)
    if len(merged) != len(result):
        data = np.broadcast_to(result.data, merged.shape)
        return Column(result.kind, data, merged, result.scale)
    return Column(result.kind, result.data, merged, result.scale)


def _choose(_data: Data, index: Column, *options: Column) -> Column:
    state = operand_state(index)
    wanted = np.trunc(as_float(index))
    inside = (wanted >= 1) & (wanted <= len(options))
    wrong = constant_state(options[0].kind, State.VALUE_ERROR)
    position = np.where(inside, wanted - 1, len(options)).astype(np.intp)
    return _by_condition(position, state, [*options, wrong])


def _and(_data: Data, *arguments: Values) -> Column:
    return _combine(arguments, decisive=False)


def _or(_data: Data, *arguments: Values) -> Column:
    return _combine(arguments, decisive=True)


def _combine(arguments: tuple[Values, ...], *, decisive: bool) -> Column:
    """Return AND (decisive False) or OR (True): an error wins, then the decisive value, then an unknown."""
    columns = [_together(argument, decisive=decisive) if argument.whole else argument.column for argument in arguments]
    decided: npt.NDArray[np.bool_] | None = None
    state: States | None = None
    for column in columns:
        own = operand_state(column)
        truths = column.data.astype(np.bool_, copy=False)
        hits = truths if decisive else ~truths
        if own is not None:
            hits = hits & (own == Byte.VALUE)
            state = merge_states(state, own)
        decided = hits if decided is None else decided | hits
    if decided is None:
        decided = np.zeros(1, dtype=np.bool_)
    if state is not None:
        # What is decided is known, whatever else is unknown; an error stays.
        if state.max(initial=0) < Byte.DIV0:
            state = np.where(decided, Byte.VALUE, state)
        else:
            state = np.where(decided & (state == Byte.UNKNOWN), Byte.VALUE, state)
        state = state if state.any() else None
    return Column(Kind.BOOL, decided if decisive else ~decided, state)


def _together(argument: Values, *, decisive: bool) -> Column:
    """Return a whole column of truths combined into one."""
    column = argument.column
    own = operand_state(column)
    truths = column.data.astype(np.bool_, copy=False)
    if own is None:
        return Column(Kind.BOOL, np.array([truths.any() if decisive else truths.all()]))
    errors = own[own >= Byte.DIV0]
    if len(errors):
        return constant_state(Kind.BOOL, State(int(errors[0])))
    known = truths[own == Byte.VALUE]
    if bool((known == decisive).any()):
        return Column(Kind.BOOL, np.array([decisive]))
    if bool((own == Byte.UNKNOWN).any()):
        return constant_state(Kind.BOOL, State.UNKNOWN)
    return Column(Kind.BOOL, np.array([not decisive]))


def _xor(_data: Data, *arguments: Column) -> Column:
    truth = arguments[0].data.astype(np.bool_, copy=False)
    for column in arguments[1:]:
        truth = truth ^ column.data.astype(np.bool_, copy=False)
    return Column(Kind.BOOL, truth, spread(*arguments))


def _not(_data: Data, condition: Column) -> Column:
    return Column(Kind.BOOL, ~condition.data.astype(np.bool_, copy=False), operand_state(condition))


def _iferror(_data: Data, value: Column, instead: Column) -> Column:
    if value.state is None:
        return value
    return overlaid(value, value.state >= Byte.DIV0, instead)


def _ifna(_data: Data, value: Column, instead: Column) -> Column:
    if value.state is None:
        return value
    return overlaid(value, value.state == Byte.NA, instead)


def _true(_data: Data) -> Column:
    return Column(Kind.BOOL, np.array([True]))


def _false(_data: Data) -> Column:
    return _FALSE


def _not_called(_data: Data, *_arguments: Column) -> Column:
    message = "LET is read when the formula is checked"
    raise TypeError(message)


_CONDITION = parameter("condition", "bool", "condición que se comprueba", "condition to check")

FUNCTIONS = (
    FunctionSpec(
        "IF",
        ("SI",),
        "logic",
        (
            _CONDITION,
            parameter("then", "any", "valor si se cumple", "value if it holds", group="result"),
            parameter(
                "otherwise", "any", "valor si no se cumple", "value if it does not", optional=True, group="result"
            ),
        ),
        "result",
        Text("Un valor u otro, según una condición.", "One value or another, by a condition."),
        ('=SI([@Saldo]>0; "Pendiente"; "Pagada")',),
        _if,
    ),
    FunctionSpec(
        "IFS",
        ("SI.CONJUNTO",),
        "logic",
        (
            parameter("condition", "bool", "condición que se comprueba", "condition to check", repeats=True),
            parameter("value", "any", "valor si se cumple", "value if it holds", repeats=True, group="result"),
        ),
        "result",
        Text("El valor de la primera condición que se cumple.", "The value of the first condition that holds."),
        ('=SI.CONJUNTO([@Saldo]<=0; "Pagada"; [@Vencimiento]<HOY(); "Vencida"; VERDADERO; "Al día")',),
        _ifs,
    ),
    FunctionSpec(
        "SWITCH",
        ("CAMBIAR",),
        "logic",
        (
            parameter("expression", "any", "valor que se busca", "value to look for", group="matched"),
            parameter(
                "value", "any", "valor con el que se compara", "value to compare with", repeats=True, group="matched"
            ),
            parameter("result", "any", "resultado si coincide", "result if it matches", repeats=True, group="result"),
        ),
        "result",
        Text(
            "El resultado del primer valor que coincide; el último, solo, es el resultado por defecto.",
            "The result of the first value that matches; a last one alone is the default.",
        ),
        ('=CAMBIAR([@Estado]; "E"; "Emitida"; "C"; "Cobrada"; "Otra")',),
        _switch,
        default_last=True,
    ),
    FunctionSpec(
        "CHOOSE",
        ("ELEGIR",),
        "logic",
        (
            parameter("index", "number", "posición, desde 1", "position, from 1"),
            parameter("value", "any", "valor de esa posición", "value at that position", repeats=True, group="result"),
        ),
        "result",
        Text("El valor que está en una posición.", "The value at a position."),
        ('=ELEGIR(DIASEM([@Fecha]; 2); "lu"; "ma"; "mi"; "ju"; "vi"; "sá"; "do")',),
        _choose,
    ),
    FunctionSpec(
        "AND",
        ("Y",),
        "logic",
        (parameter("condition", "bools", "condición", "condition", repeats=True),),
        Kind.BOOL,
        Text("Verdadero si se cumplen todas.", "True if all of them hold."),
        ("=Y([@Saldo]>0; [@Vencimiento]<HOY())",),
        _and,
        aggregate=True,
    ),
    FunctionSpec(
        "OR",
        ("O",),
        "logic",
        (parameter("condition", "bools", "condición", "condition", repeats=True),),
        Kind.BOOL,
        Text("Verdadero si se cumple alguna.", "True if any of them holds."),
        ('=O([@Estado]="Anulada"; [@Total]=0)',),
        _or,
        aggregate=True,
    ),
    FunctionSpec(
        "XOR",
        ("XO",),
        "logic",
        (parameter("condition", "bool", "condición", "condition", repeats=True),),
        Kind.BOOL,
        Text("Verdadero si se cumple un número impar de ellas.", "True if an odd number of them hold."),
        ("=XO(ESBLANCO([@Serie]); ESBLANCO([@Factura]))",),
        _xor,
    ),
    FunctionSpec(
        "NOT",
        ("NO",),
        "logic",
        (_CONDITION,),
        Kind.BOOL,
        Text("Lo contrario de una condición.", "The opposite of a condition."),
        ("=NO([@[En disputa]])",),
        _not,
    ),
    FunctionSpec(
        "IFERROR",
        ("SI.ERROR", "SIERROR"),
        "logic",
        (
            parameter("value", "any", "cálculo", "calculation", group="result"),
            parameter("instead", "any", "valor si da error", "value if it fails", group="result"),
        ),
        "result",
        Text("Un valor, u otro si da error.", "A value, or another if it is an error."),
        ("=SI.ERROR([@IVA]/[@Base]; 0)",),
        _iferror,
    ),
    FunctionSpec(
        "IFNA",
        ("SI.ND",),
        "logic",
        (
            parameter("value", "any", "cálculo", "calculation", group="result"),
            parameter("instead", "any", "valor si da #N/A", "value if it is #N/A", group="result"),
        ),
        "result",
        Text("Un valor, u otro si da #N/A.", "A value, or another if it is #N/A."),
        ("=SI.ND(BUSCARX([@Cliente]; customers[Cliente]; customers[Límite]); 0)",),
        _ifna,
    ),
    FunctionSpec(
        "TRUE",
        ("VERDADERO",),
        "logic",
        (),
        Kind.BOOL,
        Text("Verdadero.", "True."),
        ("=VERDADERO()",),
        _true,
    ),
    FunctionSpec(
        "FALSE",
        ("FALSO",),
        "logic",
        (),
        Kind.BOOL,
        Text("Falso.", "False."),
        ("=FALSO()",),
        _false,
    ),
    FunctionSpec(
        "LET",
        (),
        "logic",
        (
            parameter("name", "any", "nombre", "name", repeats=True),
            parameter("value", "any", "valor de ese nombre", "value of that name", repeats=True),
            parameter(
                "calculation", "any", "cálculo que usa los nombres", "calculation that uses the names", group="result"
            ),
        ),
        "result",
        Text("Un cálculo con nombres para sus partes.", "A calculation with names for its parts."),
        ("=LET(dias; HOY()-[@Vencimiento]; Y(dias>30; dias<=60))",),
        _not_called,
    ),
)
