"""Numbers read from text many at a time, eight characters in each step."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

Words = npt.NDArray[np.uint64]
Places = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

WIDTH: Final = 8
EXACT: Final = 15
"""Digits that a float keeps exactly."""
_ZEROS: Final = np.uint64(0x3030303030303030)
_NINES: Final = np.uint64(0x4646464646464646)
_HIGH: Final = np.uint64(0x8080808080808080)
_LOW: Final = np.uint64(0x0101010101010101)
_TENS: Final = np.array([10**power for power in range(2 * WIDTH + 1)], dtype=np.int64)


def words_of(data: bytes) -> Words:
    """Return, for each place, the eight bytes from there on as one little-endian number; the last seven places have none."""
    return np.ndarray((max(len(data) - WIDTH + 1, 0),), "<u8", data, strides=(1,))


def read_digits(words: Words, sizes: Places) -> tuple[Places, Mask]:
    """Return the numbers that the first `sizes` (1 to 8) characters of each word write, and whether all are digits.

    Two digits become one number of two digits, then four, then eight: Lemire and Langdale's way of reading numbers.
    """
    shift = ((WIDTH - sizes) * 8).astype(np.uint64)
    digits = (words << shift) | np.where(shift > 0, _ZEROS >> (np.uint64(64) - np.maximum(shift, 1)), np.uint64(0))
    good = (((digits + _NINES) | (digits - _ZEROS)) & _HIGH) == 0
    digits = digits - _ZEROS
    digits = (digits * np.uint64(10) + (digits >> np.uint64(8))) & np.uint64(0x00FF00FF00FF00FF)
    digits = (digits * np.uint64(100) + (digits >> np.uint64(16))) & np.uint64(0x0000FFFF0000FFFF)
    digits = (digits * np.uint64(10_000) + (digits >> np.uint64(32))) & np.uint64(0x00000000FFFFFFFF)
    return digits.astype(np.int64), good


def find_byte(words: Words, code: int) -> Places:
    """Return where in each word a character comes first, 8 where it does not."""
    alike = words ^ (_LOW * np.uint64(code))
    marks = (alike - _LOW) & ~alike & _HIGH
    return (np.bitwise_count(~marks & (marks - np.uint64(1))) >> 3).astype(np.int64)


def read_decimals(words: Words, starts: Places, sizes: Places) -> tuple[npt.NDArray[np.float64], Mask]:
    """Return the plain decimals that stand at `starts`, as exact as a float can be, and which of them could be read.

    Plain: a minus or none, up to 8 digits (7 before a point), then perhaps a point and up to 8 more, 15 in all.
    """
    minus = (words[starts] & np.uint64(0xFF)) == ord("-")
    starts, sizes = starts + minus, sizes - minus
    first = words[starts]
    point = find_byte(first, ord("."))
    whole_size = np.minimum(point, sizes)
    part_size = np.maximum(sizes - whole_size - 1, 0)
    good = (whole_size >= 1) & (whole_size <= WIDTH) & (part_size <= WIDTH) & (whole_size + part_size <= EXACT)
    good &= (whole_size == sizes) | ((point < WIDTH) & (part_size >= 1))
    whole, digits = read_digits(first, np.clip(whole_size, 1, WIDTH))
    good &= digits
    after = np.where(good & (part_size > 0), starts + whole_size + 1, 0)
    part, digits = read_digits(words[after], np.clip(part_size, 1, WIDTH))
    has_part = part_size > 0
    good &= digits | ~has_part
    power = _TENS[np.clip(part_size, 0, WIDTH)]
    value = (whole * power + np.where(has_part & good, part, 0)) / power
    return np.where(minus, -value, value), good
