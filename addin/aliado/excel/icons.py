"""The ribbon's icons, drawn by code: flat shapes on a grid of 32, as PNG at 16 and 32 pixels. Drawings stand with their buttons."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from typing import Final

import numpy as np
import numpy.typing as npt

Mask = npt.NDArray[np.bool_]
Shape = Callable[[npt.NDArray[np.float64], npt.NDArray[np.float64]], Mask]

NAVY: Final = (31, 56, 100)
TEAL: Final = (0, 128, 128)
AMBER: Final = (214, 137, 16)
WHITE: Final = (255, 255, 255)
RED: Final = (192, 57, 43)
_FINE = 8
"""Points per pixel side when edges are smoothed."""


def disc(x: float, y: float, radius: float) -> Shape:
    """Return a filled circle; all lengths on the grid of 32."""
    return lambda u, v: (u - x) ** 2 + (v - y) ** 2 <= radius**2


def ring(x: float, y: float, radius: float, width: float) -> Shape:
    """Return a circle's line."""
    return lambda u, v: np.abs(np.hypot(u - x, v - y) - radius) <= width / 2


def box(left: float, top: float, right: float, bottom: float) -> Shape:
    """Return a filled rectangle."""
    return lambda u, v: (u >= left) & (u <= right) & (v >= top) & (v <= bottom)


def line(x1: float, y1: float, x2: float, y2: float, width: float) -> Shape:
    """Return a straight line with round ends."""

    def inside(u: npt.NDArray[np.float64], v: npt.NDArray[np.float64]) -> Mask:
        length = (x2 - x1) ** 2 + (y2 - y1) ** 2
        along = np.clip(((u - x1) * (x2 - x1) + (v - y1) * (y2 - y1)) / length, 0, 1)
        mask: Mask = np.hypot(u - x1 - along * (x2 - x1), v - y1 - along * (y2 - y1)) <= width / 2
        return mask

    return inside


def triangle(*corners: tuple[float, float]) -> Shape:
    """Return a filled triangle, corners clockwise."""

    def inside(u: npt.NDArray[np.float64], v: npt.NDArray[np.float64]) -> Mask:
        mask = np.ones(u.shape, dtype=bool)
        for (ax, ay), (bx, by) in zip(corners, (*corners[1:], corners[0]), strict=True):
            mask &= (bx - ax) * (v - ay) - (by - ay) * (u - ax) >= 0
        return mask

    return inside


def minus(shape: Shape, *others: Shape) -> Shape:
    """Return a shape with others cut out of it."""

    def inside(u: npt.NDArray[np.float64], v: npt.NDArray[np.float64]) -> Mask:
        mask = shape(u, v)
        for other in others:
            mask = mask & ~other(u, v)
        return mask

    return inside


Layers = tuple[tuple[tuple[int, int, int], Shape], ...]
"""A drawing: shapes with their colours, the lowest first."""
SHEET: Final = minus(box(5, 2, 27, 30), box(8, 5, 24, 27))
"""A page's outline, which several drawings begin with."""


def draw_icon(drawing: Layers, size: int) -> bytes:
    """Return an icon as a PNG of size x size pixels with a clear background; the same bytes every time."""
    steps = (np.arange(size * _FINE) + 0.5) * 32 / (size * _FINE)
    u, v = np.meshgrid(steps, steps)
    colours = np.zeros((size, size, 3))
    opacity = np.zeros((size, size, 1))
    for colour, shape in drawing:
        cover = shape(u, v).reshape(size, _FINE, size, _FINE).mean(axis=(1, 3))[..., None]
        colours = colours * (1 - cover) + np.array(colour) * cover
        opacity = opacity * (1 - cover) + cover
    clear = np.where(opacity > 0, opacity, 1)
    pixels = np.concatenate([colours / clear, opacity * 255], axis=2).round().clip(0, 255).astype(np.uint8)
    return _write_png(pixels)


def _write_png(pixels: npt.NDArray[np.uint8]) -> bytes:
    height, width, _ = pixels.shape
    rows = b"".join(b"\0" + row.tobytes() for row in pixels)
    head = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        for kind, content in chunks
    )
