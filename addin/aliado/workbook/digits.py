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
MASKS: Final = np.array([(1 << (8 * size)) - 1 for size in range(WIDTH + 1)], dtype=np.uint64)
"""What keeps the first so many characters of a word."""
_ZEROS: Final = np.uint64(0x3030303030303030)
_ABOVE_NINE: Final = np.uint64(0x7676767676767676)
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
    digits = (words ^ _ZEROS) << ((WIDTH - sizes) * 8).view(np.uint64)  # what comes in from below is zeros, as numbers
    good = (((digits + _ABOVE_NINE) | digits) & _HIGH) == 0
    digits = (digits * np.uint64(10) + (digits >> np.uint64(8))) & np.uint64(0x00FF00FF00FF00FF)
    digits = (digits * np.uint64(100) + (digits >> np.uint64(16))) & np.uint64(0x0000FFFF0000FFFF)
    digits = (digits * np.uint64(10_000) + (digits >> np.uint64(32))) & np.uint64(0x00000000FFFFFFFF)
    return digits.view(np.int64), good


def find_byte(words: Words, code: int) -> Places:
    """Return where in each word a character comes first, 8 where it does not."""
    alike = words ^ (_LOW * np.uint64(code))
    marks = (alike - _LOW) & ~alike & _HIGH
    return (np.bitwise_count(~marks & (marks - np.uint64(1))) >> np.uint8(3)).astype(np.int64)


def read_decimals(words: Words, starts: Places, sizes: Places) -> tuple[npt.NDArray[np.float64], Mask]:
    """Return the plain decimals that stand at `starts`, as exact as a float can be, and which of them could be read.

    Plain: a minus or none, up to 8 digits, then perhaps a point and up to 8 more, 15 in all. The words reach 17 characters on.
    """
    first = words[starts]
    minus = (first & np.uint64(0xFF)) == ord("-")
    negative = np.flatnonzero(minus)
    starts, sizes = starts + minus, sizes - minus
    first[negative] = words[starts[negative]]
    whole_size = np.minimum(find_byte(first, ord(".")), sizes)
    part_size = sizes - whole_size - 1
    has_part = part_size > 0
    good = (whole_size >= 1) & (part_size != 0) & (part_size <= WIDTH) & (whole_size + part_size <= EXACT)
    eight = np.flatnonzero(has_part & (whole_size == WIDTH))
    good[eight] &= (words[starts[eight] + WIDTH] & np.uint64(0xFF)) == ord(".")
    whole, digits = read_digits(first, np.maximum(whole_size, 1))
    good &= digits
    part, digits = read_digits(words[starts + whole_size + 1], np.clip(part_size, 1, WIDTH))
    good &= digits | ~has_part
    power = _TENS[np.clip(part_size, 0, WIDTH)]
    value = (whole * power + part * has_part) / power
    return np.where(minus, -value, value), good
