"""Rounding as Excel does it: on the decimal value, halves away from zero; floats are first cut to 15 digits."""

from __future__ import annotations

from typing import Literal

import numpy as np
import numpy.typing as npt

from aliado.formula.numbers import MAX_SCALE, Data, as_float, exact_column, float_column
from aliado.formula.states import spread
from aliado.formula.values import Column, Kind

Mode = Literal["half", "up", "down", "floor", "ceiling"]
"""half: halves away from zero. up, down: away from, towards zero. floor, ceiling: towards minus, plus infinity."""

_POWERS = np.array([10**power for power in range(19)], dtype=np.int64)
_MOST_DIGITS = 20
_SMALL = 2**62


def round_column(column: Column, digits: Column, mode: Mode = "half") -> Column:
    """Return numbers rounded to `digits` decimal places (negative: tens, hundreds, ...)."""
    places = np.clip(np.trunc(as_float(digits)), -_MOST_DIGITS, _MOST_DIGITS).astype(np.int64)
    state = spread(column, digits)
    if len(places) == 1:
        rounded = round_to(column, int(places[0]), mode)
        return Column(Kind.NUMBER, rounded.data, state, rounded.scale)
    number = np.broadcast_to(column.data, places.shape)
    result = np.zeros(len(places), dtype=np.float64)
    wide = max(0, min(int(places.max(initial=0)), MAX_SCALE))
    exact = np.zeros(len(places), dtype=object)
    all_exact = True
    for place in sorted(set(places.tolist())):
        rows = places == place
        part = round_to(Column(Kind.NUMBER, number[rows], None, column.scale), int(place), mode)
        result[rows] = as_float(part)
        if part.scale is None or part.scale > wide:
            all_exact = False
        else:
            exact[rows] = part.data.astype(object) * 10 ** (wide - part.scale)
    return exact_column(exact, state, wide) if all_exact else float_column(result, state)


def round_to(column: Column, digits: int, mode: Mode = "half") -> Column:
    """Return numbers rounded to one number of places; exact whenever the result fits."""
    if column.scale is not None:
        if column.scale <= digits:
            return column
        quotient = _divided(column.data, column.scale - digits, mode)
        return _at_place(quotient, digits)
    return _round_floats(as_float(column), digits, mode)


def _at_place(quotient: Data, digits: int) -> Column:
    """Return whole numbers of 10**-digits as a column."""
    if digits >= 0:
        return exact_column(quotient, None, digits)
    return exact_column(quotient.astype(object) * 10**-digits, None, 0)


def _divided(data: Data, dropped: int, mode: Mode) -> Data:
    """Return integers divided by 10**dropped, rounded by `mode`."""
    if data.dtype == object or dropped > 18:
        data = data.astype(object)
        unit: int | np.int64 = 10**dropped
    else:
        unit = np.int64(10**dropped)
    if mode == "floor":
        return data // unit
    if mode == "ceiling":
        return -((-data) // unit)
    if mode == "half" and data.dtype != object and _is_small(data):
        # The sign bit makes a negative half go down, away from zero, by floor division alone.
        away: Data = (data + unit // 2 + (data >> 63)) // unit
        return away
    size = np.abs(data)
    whole = size // unit
    rest = size - whole * unit
    if mode == "half":
        whole = whole + (rest >= unit - rest)
    elif mode == "up":
        whole = whole + (rest > 0)
    return np.where(data < 0, -whole, whole)


def _is_small(data: Data) -> bool:
    """Return whether adding half a unit of the largest kind cannot overflow."""
    return len(data) == 0 or (int(data.max()) < _SMALL and int(data.min()) > -_SMALL)


def _round_floats(values: npt.NDArray[np.float64], digits: int, mode: Mode) -> Column:
    """Round floats through their 15 significant decimal digits; those far from an edge need no digits."""
    if 0 <= digits <= MAX_SCALE:
        quick = _round_far_from_edges(values, digits, mode)
        if quick is not None:
            return quick
    return _round_by_digits(values, digits, mode)


def _round_far_from_edges(values: npt.NDArray[np.float64], digits: int, mode: Mode) -> Column | None:
    """Round floats whose scaled value is small; only those near a half (or a whole) go through their digits."""
    scaled = values * 10.0**digits if values.size and float(np.abs(values).max()) < 1e15 else None
    if scaled is None or float(np.abs(scaled).max(initial=0.0)) > 1e15:
        return None
    below = np.floor(scaled)
    part = scaled - below
    edge = np.abs(part - 0.5) if mode == "half" else np.minimum(part, 1.0 - part)
    near = edge <= np.abs(scaled) * 1e-14 + 1e-12
    if mode == "half":
        whole = np.rint(scaled)
    elif mode == "floor":
        whole = below
    elif mode == "ceiling":
        whole = below + 1.0
    else:
        outward = (scaled > 0) == (mode == "up")
        whole = np.where(outward, below + 1.0, below)
    result = whole.astype(np.int64)
    if near.any():
        careful = _round_by_digits(values[near], digits, mode)
        if careful.scale != digits or careful.data.dtype == object:
            return None
        result[near] = careful.data
    return exact_column(result, None, digits)


def _round_by_digits(values: npt.NDArray[np.float64], digits: int, mode: Mode) -> Column:
    mantissa, exponent = decimal_digits(values)
    dropped = -exponent - digits
    whole = np.zeros(len(values), dtype=np.int64)
    fits = (np.abs(values) < 9e17 / 10.0**digits) if digits <= MAX_SCALE else np.zeros(len(values), dtype=np.bool_)
    kept = dropped <= 0
    raised = fits & kept
    whole[raised] = mantissa[raised] * _POWERS[np.clip(-dropped[raised], 0, 18)]
    cut = ~kept
    units = _POWERS[np.clip(dropped[cut], 0, 18)]
    whole[cut] = _divided_each(mantissa[cut], units, mode)
    if bool((fits | cut).all()):
        return _at_place(whole, digits)
    with np.errstate(all="ignore"):
        rounded = whole.astype(np.float64) / 10.0**digits
        kept_value = mantissa.astype(np.float64) * 10.0 ** np.clip(exponent.astype(np.float64), -300, 300)
    return float_column(np.where(cut, rounded, np.where(exponent < -22, values, kept_value)), None)


def _divided_each(data: npt.NDArray[np.int64], units: npt.NDArray[np.int64], mode: Mode) -> npt.NDArray[np.int64]:
    if mode == "floor":
        return data // units
    if mode == "ceiling":
        return -((-data) // units)
    size = np.abs(data)
    whole = size // units
    rest = size - whole * units
    if mode == "half":
        whole = whole + (rest >= units - rest)
    elif mode == "up":
        whole = whole + (rest > 0)
    return np.where(data < 0, -whole, whole)


def decimal_digits(values: npt.NDArray[np.float64]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return (mantissa, exponent) with value = mantissa x 10**exponent in at most 15 significant digits."""
    size = np.abs(values)
    with np.errstate(all="ignore"):
        magnitude = np.where(size > 0, np.floor(np.log10(np.where(size > 0, size, 1.0))), 0.0).astype(np.int64)
    shift = 14 - magnitude
    with np.errstate(all="ignore"):
        scaled = np.where(
            shift >= 0,
            values * 10.0 ** np.clip(shift, 0, 300).astype(np.float64),
            values / 10.0 ** np.clip(-shift, 0, 300).astype(np.float64),
        )
    mantissa = np.rint(np.where(np.isfinite(scaled), scaled, 0.0)).astype(np.int64)
    return mantissa, -shift
