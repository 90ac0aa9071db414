"""Exact arithmetic on columns of numbers: decimals stay integers with a scale; only division and powers give floats."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np
import numpy.typing as npt

from aliado.formula.states import Mask, States, spread, with_state
from aliado.formula.values import Column, Kind, State

MAX_SCALE = 12
"""Most decimal places held exactly; wider results become float64."""

_SAFE = 2**62
_HUGE = 10**30
_NEAR = 2.0**-48
"""Floats closer than this, relatively, may be the same number in 15 digits."""

Data = npt.NDArray[Any]


def number_column(value: Decimal) -> Column:
    """Return one number: exact when it has at most `MAX_SCALE` decimal places and a sane size."""
    plain = value.normalize()
    exponent = plain.as_tuple().exponent
    if not isinstance(exponent, int) or exponent < -MAX_SCALE or plain.adjusted() > 29:
        return Column(Kind.NUMBER, np.array([float(value)]))
    scale = max(0, -exponent)
    return exact_column(np.array([int(plain.scaleb(scale))], dtype=object), None, scale)


def exact_column(data: Data, state: States | None, scale: int) -> Column:
    """Return exact numbers: int64 where they fit, Python ints to 10**30, float64 past that or past `MAX_SCALE`."""
    if scale > MAX_SCALE:
        return Column(Kind.NUMBER, _to_float(data, scale), state)
    if data.dtype == object:
        largest = max((abs(int(item)) for item in data), default=0)
        if largest < _SAFE:
            data = data.astype(np.int64)
        elif largest > _HUGE:
            return float_column(_to_float(data, scale), state)
    return Column(Kind.NUMBER, data, state, scale)


def float_column(data: npt.NDArray[np.float64], state: States | None) -> Column:
    """Return floats; what is not finite becomes #NUM!."""
    bad = ~np.isfinite(data)
    if bad.any():
        state = with_state(np.broadcast_to(state, data.shape) if state is not None else None, bad, State.NUM)
        data = np.where(bad, 0.0, data)
    return Column(Kind.NUMBER, data, state)


def as_float(column: Column) -> npt.NDArray[np.float64]:
    """Return the numbers as float64 (dates as their serial, truths as 0 or 1)."""
    return _to_float(column.data, column.scale or 0)


def largest(column: Column) -> int:
    """Return the largest magnitude of exact data (scaled integers), as a Python int."""
    found = column.cache.get("largest")
    if found is None:
        data = column.data
        if len(data) < 2:
            found = abs(int(data[0])) if len(data) else 0
        elif data.dtype == object:
            found = max(abs(int(item)) for item in data)
        else:
            found = max(int(data.max()), -int(data.min()))
        column.cache["largest"] = found
    return int(found)


def rescaled(column: Column, scale: int) -> Data:
    """Return exact data at a wider scale; Python ints where int64 would overflow."""
    factor = 10 ** (scale - (column.scale or 0))
    if factor == 1:
        return column.data
    if column.data.dtype == object or largest(column) * factor >= _SAFE:
        big: Data = column.data.astype(object) * factor
        return big
    scaled: Data = column.data * np.int64(factor)
    return scaled


def add(left: Column, right: Column) -> Column:
    """Return left + right."""
    return _sum(left, right, 1)


def subtract(left: Column, right: Column) -> Column:
    """Return left - right; floats that agree in 15 digits differ by nothing, as in Excel."""
    return _sum(left, right, -1)


def _sum(left: Column, right: Column, sign: int) -> Column:
    state = spread(left, right)
    if left.scale is None or right.scale is None:
        with np.errstate(all="ignore"):
            first, second = as_float(left), as_float(right) * sign
            total = first + second
            total = np.where(np.abs(total) < np.abs(first) * _NEAR, 0.0, total)
        return float_column(total, state)
    scale = max(left.scale, right.scale)
    first, second = rescaled(left, scale), rescaled(right, scale)
    bound = largest(left) * 10 ** (scale - left.scale) + largest(right) * 10 ** (scale - right.scale)
    if bound >= _SAFE:
        first = first.astype(object)
    return exact_column(first + second if sign > 0 else first - second, state, scale)


def multiply(left: Column, right: Column) -> Column:
    """Return left x right, exact while the product has at most `MAX_SCALE` decimal places."""
    state = spread(left, right)
    if left.scale is None or right.scale is None or left.scale + right.scale > MAX_SCALE:
        with np.errstate(all="ignore"):
            return float_column(as_float(left) * as_float(right), state)
    first = left.data
    if largest(left) * largest(right) >= _SAFE:
        first = first.astype(object)
    return exact_column(first * right.data, state, left.scale + right.scale)


def divide(left: Column, right: Column) -> Column:
    """Return left / right as float64; #DIV/0! where right is 0."""
    state = spread(left, right)
    divisor = as_float(right)
    zero = divisor == 0
    some = bool(zero.any())
    with np.errstate(all="ignore"):
        quotient = as_float(left) / (np.where(zero, 1.0, divisor) if some else divisor)
    if some:
        state = _mark(state, zero, quotient, State.DIV0)
    return float_column(quotient, state)


def power(left: Column, right: Column) -> Column:
    """Return left ^ right as float64; #NUM! for 0^0 and roots of negatives, #DIV/0! for 0^-1."""
    state = spread(left, right)
    base, exponent = as_float(left), as_float(right)
    with np.errstate(all="ignore"):
        result = np.power(base, exponent)
    zero_base = (base == 0) & (exponent < 0)
    state = _mark(state, zero_base, result, State.DIV0)
    state = _mark(state, (base == 0) & (exponent == 0), result, State.NUM)
    return float_column(np.where(zero_base, 0.0, result), state)


def negate(column: Column) -> Column:
    """Return the numbers with their sign turned."""
    return Column(Kind.NUMBER, -column.data, spread(column), column.scale)


def percent(column: Column) -> Column:
    """Return the numbers as hundredths."""
    state = spread(column)
    if column.scale is None:
        return float_column(as_float(column) / 100.0, state)
    return exact_column(column.data, state, column.scale + 2)


def difference_sign(left: Column, right: Column) -> npt.NDArray[np.int8]:
    """Return -1, 0 or 1 as left is below, equal to or above right; floats are compared in 15 digits."""
    if left.scale is not None and right.scale is not None:
        scale = max(left.scale, right.scale)
        first, second = rescaled(left, scale), rescaled(right, scale)
        return (first > second).astype(np.int8) - (first < second).astype(np.int8)
    first, second = as_float(left), as_float(right)
    above, below = first > second, first < second
    with np.errstate(all="ignore"):
        near = (above | below) & (np.abs(first - second) <= np.abs(first) * 1e-14)
    if near.any():
        first, second = np.broadcast_arrays(first, second)
        rows = np.flatnonzero(near)
        short = np.array([[snap(first[row]), snap(second[row])] for row in rows])
        above, below = above.copy(), below.copy()
        above[rows] = short[:, 0] > short[:, 1]
        below[rows] = short[:, 0] < short[:, 1]
    return above.astype(np.int8) - below.astype(np.int8)


def compare(operator: str, left: Column, right: Column) -> npt.NDArray[np.bool_]:
    """Return where `left operator right` holds, over numbers or dates, whatever their state."""
    if left.scale is not None and right.scale is not None:
        scale = max(left.scale, right.scale)
        return order_mask(operator, rescaled(left, scale), rescaled(right, scale))
    return order_mask(operator, difference_sign(left, right), np.int8(0))


def order_mask(operator: str, left: Any, right: Any) -> npt.NDArray[np.bool_]:
    """Return `left operator right` for arrays that numpy can order."""
    match operator:
        case "=":
            result = left == right
        case "<>":
            result = left != right
        case "<":
            result = left < right
        case ">":
            result = left > right
        case "<=":
            result = left <= right
        case _:
            result = left >= right
    mask: npt.NDArray[np.bool_] = np.asarray(result, dtype=np.bool_)
    return mask


def snap(value: float) -> float:
    """Return a float cut to Excel's 15 significant digits."""
    return float(f"{value:.15g}")


def _mark(state: States | None, where: Mask, result: Data, new: State) -> States | None:
    if not where.any():
        return state
    shape = np.broadcast_shapes(where.shape, result.shape)
    widened = None if state is None else np.broadcast_to(state, shape)
    return with_state(widened, np.broadcast_to(where, shape), new)


def _to_float(data: Data, scale: int) -> npt.NDArray[np.float64]:
    if data.dtype == object:
        floats = np.array([_one_float(int(item)) for item in data], dtype=np.float64)
    else:
        floats = data.astype(np.float64)
    return floats / float(10**scale) if scale else floats


def _one_float(item: int) -> float:
    try:
        return float(item)
    except OverflowError:
        return float("inf") if item > 0 else float("-inf")
