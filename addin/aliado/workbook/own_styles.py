"""The formats of our own sheets, as a donor's are: each is written and read once in a process."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Final

from aliado.workbook.loose import LooseStyles
from aliado.workbook.markup import Node
from aliado.workbook.style_lists import CellFormat, DonorStyles, read_donor_styles

MOST_KEPT: Final = 4_096
"""Formats that are kept; those of two clients differ in the currency, and in little else."""
_DEFAULT: Final = ("the first",)
"""The key of the first format, which XlsxWriter writes unlike the others."""
_cells: dict[Hashable, CellFormat] = {}
_dxfs: dict[Hashable, Node] = {}


def read_loose_styles(styles: LooseStyles) -> DonorStyles:
    """Return what `read_donor_styles` returns of the whole stylesheet; only formats that are new to the process are written."""
    if len(_cells) + len(_dxfs) > MOST_KEPT:
        _cells.clear()
        _dxfs.clear()
    keys = [_DEFAULT, *styles.cells[1:]]
    cells, dxfs = _new(keys, _cells), _new(styles.dxfs, _dxfs)
    if cells or dxfs:
        cells = {_DEFAULT: 0, **cells}
        made = read_donor_styles(styles.write(list(cells.values()), list(dxfs.values())))
        for node in made.dxfs:
            node.parent = None  # the rest of that stylesheet is not to be kept with it
        _cells.update(zip(cells, made.cells, strict=True))
        _dxfs.update(zip(dxfs, made.dxfs, strict=True))
    return DonorStyles([_cells[key] for key in keys], [_dxfs[key] for key in styles.dxfs])


def _new(keys: Sequence[Hashable], known: Mapping[Hashable, object]) -> dict[Hashable, int]:
    """Return key -> its index, of those that are not known."""
    return {key: index for index, key in enumerate(keys) if key not in known}
