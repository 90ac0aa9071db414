"""Ranges that a formula hands over become sheets, and sheets answers; one reading serves all cells that ask for it."""

from __future__ import annotations

import hashlib
import pickle
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from aliado.cells.block import Block, read_block, read_day
from aliado.errors import AliadoError
from aliado.language import Language, Text
from aliado.rules import receivables
from aliado.rules.assess import assess
from aliado.rules.assessment import Ageing, Assessment, Finding, Kpi, OverdueItem, Profile
from aliado.rules.choose import choose_pack
from aliado.rules.kpis import compute_kpis
from aliado.rules.packs import Pack
from aliado.rules.standing import Standing, stand
from aliado.tables.gather import Gathered, gather
from aliado.tables.schema import TableSpec
from aliado.workbook.files import files_beside
from aliado.workbook.sheet import CellValue, Sheet

KEPT = 16
"""Questions kept in memory: cells that ask over the same ranges share one."""


class NoValue(AliadoError):
    """Why a custom function gives an Excel error instead of a value. code: the error that the cell shows."""

    def __init__(self, text: Text, code: str = "#VALUE!") -> None:
        super().__init__(text)
        self.code = code


class Question:
    """What cells ask about some ranges at a date; each answer is computed once, when the first cell wants it."""

    def __init__(self, sheets: list[Sheet], pack: Pack, day: date, exists: Callable[[str], bool] | None) -> None:
        self.sheets, self.pack, self.day, self.exists = sheets, pack, day, exists

    @cached_property
    def gathered(self) -> Gathered:
        """The tables on the ranges."""
        return gather_ranges(self.sheets, self.pack)

    @cached_property
    def standing(self) -> Standing:
        """The client's tables as they stood on the date."""
        return stand(self.gathered.tables, self.pack, self.day, self.exists)

    @property
    def profile(self) -> Profile:
        """The client."""
        return self.standing.profile

    @cached_property
    def kpis(self) -> tuple[Kpi, ...]:
        """The indicators."""
        return compute_kpis(self.standing)

    @cached_property
    def ageing(self) -> Ageing | None:
        """The open receivables by band in the client's own currency, None without invoices."""
        items = self.standing.receivables
        return None if items is None else receivables.ageing(items, self.standing.day, self.profile.currency)

    @cached_property
    def overdue(self) -> tuple[OverdueItem, ...]:
        """The overdue invoices, most days first."""
        items = self.standing.receivables
        return () if items is None else receivables.overdue_items(items, self.standing.day)

    @cached_property
    def assessment(self) -> Assessment:
        """All that the rules have to say."""
        return assess(self.gathered, self.pack, self.day, exists=self.exists)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What the rules found, worst first."""
        return self.assessment.findings


def ask(as_of: object, pack: object, workbook: Path | None, ranges: Mapping[str, Any]) -> Question:
    """Return what can be asked about some ranges, each given under its canonical table; blank ones are left aside.

    Every range holds its headings. as_of: the cut-off date. pack: as in `choose_pack`; if blank, the one that the
    batch would choose for a workbook at that path.
    """
    day, sheets = read_as_of(as_of), read_ranges(ranges)
    chosen = choose_pack(sheets, workbook, read_pack_name(pack))
    key = _key(day, chosen, sheets, workbook)
    if key not in _KEPT:
        _KEPT[key] = Question(sheets, chosen, day, files_beside(workbook) if workbook is not None else None)
        while len(_KEPT) > KEPT:
            _KEPT.popitem(last=False)
    _KEPT.move_to_end(key)
    return _KEPT[key]


def read_ranges(ranges: Mapping[str, Any]) -> list[Sheet]:
    """Return each range that was given as a sheet named as its canonical table."""
    blocks = {name: read_block(given) for name, given in ranges.items() if given is not None}
    filled = {name: block for name, block in blocks.items() if block.rows != [[None]]}
    return [_sheet(name, block) for name, block in filled.items()]


def gather_ranges(sheets: list[Sheet], pack: Pack) -> Gathered:
    """Return the tables of ranges: wherever the pack says that a table stands, here it is the range given for it."""
    if not sheets:
        raise NoValue(_NOTHING)
    return gather(sheets, {sheet.name: _here(pack.tables[sheet.name], sheet) for sheet in sheets})


def read_as_of(value: object) -> date:
    """Return the cut-off date that a cell or button gives; a blank is not guessed."""
    given = read_block(value).rows[0][0] if not isinstance(value, (str, int, float, date)) else value
    day = read_day(given)
    if day is None:
        shown = "" if given is None else given
        raise NoValue(_NOT_A_DATE.format(found=shown))
    return day


def language_of(profile: Profile) -> Language:
    """Return the language that the client's profile asks for, Spanish when it asks for none."""
    return "en" if profile.language == "en" else "es"


def workbook_of(caller: Any) -> Path | None:
    """Return the file of the workbook that a formula stands in, None when it is not a local file.

    caller: the formula's cell in an open workbook, or the file's path.
    """
    if isinstance(caller, Path):
        return caller.resolve()
    try:
        name = str(caller.sheet.book.fullname)
    except Exception:  # noqa: BLE001 -- no caller, or one that is not a cell: the formula still has a value
        return None
    return None if "://" in name or not Path(name).is_absolute() else Path(name)


_KEPT: OrderedDict[bytes, Question] = OrderedDict()
_DIGESTS: OrderedDict[int, tuple[Sequence[Sequence[CellValue]], bytes]] = OrderedDict()
"""Rows by identity, kept so that no others can take their place, and their digest."""


def _here(spec: TableSpec, sheet: Sheet) -> TableSpec:
    formats = replace(spec.formats, serials=True) if sheet.serials else spec.formats
    return replace(spec, sheet=None, table=None, formats=formats)


def _sheet(name: str, block: Block) -> Sheet:
    return Sheet(name, block.row, block.column, block.rows, serials=block.serials)  # type: ignore[arg-type]


def _key(day: date, pack: Pack, sheets: list[Sheet], workbook: Path | None) -> bytes:
    """Return what two equal questions have in common; unlike a hash of the values, it tells True from 1."""
    packs = [used.sha256 for used in pack.chain]
    content = [
        (sheet.name, sheet.first_row, sheet.first_column, sheet.serials, _digest(sheet.rows)) for sheet in sheets
    ]
    return pickle.dumps((day, packs, content, str(workbook)), protocol=5)


def _digest(rows: Sequence[Sequence[CellValue]]) -> bytes:
    """Return what equal cells have in common; the very same rows, asked about again, are not gone through again."""
    known = _DIGESTS.get(id(rows))
    if known is None or known[0] is not rows:
        known = (rows, hashlib.blake2b(pickle.dumps(rows, protocol=5)).digest())
        _DIGESTS[id(rows)] = known
        while len(_DIGESTS) > KEPT:
            _DIGESTS.popitem(last=False)
    return known[1]


def read_pack_name(value: object) -> str | Path | None:
    """Return the rule pack that a cell names, None for none; a path, which a command gave, is taken as it is.

    A formula in a stranger's workbook must not make Excel call another computer: packs on one are refused.
    """
    if isinstance(value, Path):
        return value
    given = value
    if value is not None and not isinstance(value, str):
        given = read_block(value).rows[0][0]
    name = str(given).strip() if given is not None else ""
    if name.replace("\\", "/").startswith("//") or "://" in name:
        raise NoValue(_FAR_PACK.format(found=name))
    return name or None


_NOT_A_DATE = Text(
    "La fecha de corte es «{found}»; se espera una fecha, por ejemplo HOY().",
    "The cut-off date is “{found}”; a date is expected, for example TODAY().",
)
_FAR_PACK = Text(
    "El paquete de reglas «{found}» está en otro equipo. Cópielo junto al libro y repita.",
    "The rule pack “{found}” is on another computer. Copy it beside the workbook and repeat.",
)
_NOTHING = Text(
    "La fórmula no recibe ninguna tabla. Dele el rango con sus encabezados, por ejemplo Facturas[#Todo].",
    "The formula is given no table. Give it the range with its headings, for example Invoices[#All].",
)
