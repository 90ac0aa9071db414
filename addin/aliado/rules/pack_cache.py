"""Packs checked in an earlier run: what they say, as plain data, so that a refresh need not read their YAML again.

One file per chain of packs in the user's cache folder, under the names and the SHA-256 of all its files and the state
of Aliado's own code: where anything differs, it is another file. Only packs without a mistake are kept. Formulas are
kept as written, and read when one is first needed. A file that is damaged, or not of ours, is as good as none.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import date
from decimal import Decimal
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from aliado import __version__
from aliado.formula.compile import Formula, Wanted, recalled_formula
from aliado.formula.registry import Registry
from aliado.formula.values import Kind
from aliado.rules.chain import FileOfChain, files_of_chain
from aliado.rules.models import Param, ParamValue
from aliado.rules.pack import Content, Pack
from aliado.rules.scopes import Sight, param_kinds
from aliado.rules.user_cache import cache_folder, keep

MOST_FILES = 1000
"""Past this many packs (some 20 KB each) the older half is dropped."""

_LARGEST = 20_000_000
"""More bytes than any pack of the sizes allowed becomes."""

_CODE = ("", "formula", "formula/functions", "rules", "tables")
"""The folders of Aliado whose code decides what a pack means."""


class _KeptFormula(Struct, array_like=True):
    text: str
    table: str | None
    shape: Wanted
    kind: Kind


class _KeptParam(Param, frozen=True, kw_only=True):
    values: tuple[tuple[date, str | bool], ...]  # decimals and dates as text


class _Kept(Struct, array_like=True):
    key: str
    content: Content
    params: Mapping[str, _KeptParam]


def recall(source: Path | str, functions: Registry) -> Pack | None:
    """Return a pack as an earlier run loaded it with the same functions, None when its files were never seen like this."""
    files = files_of_chain(source) if cache_folder() is not None else None
    if not files:
        return None
    sight = Sight(functions)

    def formula(kind: type, data: Any) -> Formula:
        if kind is not Formula:
            raise NotImplementedError
        kept = msgspec.convert(data, _KeptFormula)
        return recalled_formula(kept.text, kept.table, kept.shape, kept.kind, lambda: sight.of(kept.table))

    with suppress(OSError, ValueError, ArithmeticError, zlib.error, msgspec.MsgspecError):
        key = _key(files)
        data = zlib.decompressobj().decompress(_place(key).read_bytes(), _LARGEST)
        kept = msgspec.msgpack.decode(data, type=_Kept, dec_hook=formula)
        if kept.key == key:
            params = {name: _param(param) for name, param in kept.params.items()}
            sight.tables, sight.kinds = kept.content.tables, param_kinds(params)
            said = {name: getattr(kept.content, name) for name in Content.__struct_fields__}
            return Pack(**said, params=params, sight=sight, origin=source)
    return None


def remember(pack: Pack, files: Iterable[FileOfChain]) -> None:
    """Keep a pack that was loaded without a mistake from these files, as they were when read."""
    folder = cache_folder()
    if folder is None:
        return
    content = Content(**{name: getattr(pack, name) for name in Content.__struct_fields__})
    try:
        key = _key(files)
        data = msgspec.msgpack.encode((key, content, pack.params), enc_hook=_plain)
    except (OSError, ValueError):  # code that lies in no files of its own; a file name that is not Unicode
        return
    _drop_oldest(folder / "packs")
    keep(_place(key), zlib.compress(data, 1))


def _plain(value: object) -> object:
    if isinstance(value, Formula):
        return [value.text, value.table, value.shape, value.kind]
    raise NotImplementedError


def _param(kept: _KeptParam) -> Param:
    """Return a parameter with its values as its kind has them."""
    read: Any = {Kind.NUMBER: Decimal, Kind.DATE: date.fromisoformat}.get(kept.kind, lambda value: value)
    values: tuple[tuple[date, ParamValue], ...] = tuple((since, read(value)) for since, value in kept.values)
    given = {name: getattr(kept, name) for name in Param.__struct_fields__}
    return Param(**{**given, "values": values})


def _key(files: Iterable[FileOfChain]) -> str:
    told = [_code(), *(part for each in files for part in each)]
    return sha256("\0".join(told).encode()).hexdigest()


def _place(key: str) -> Path:
    folder = cache_folder()
    if folder is None:
        raise FileNotFoundError
    return folder / "packs" / f"{key[:32]}.msgpack.z"


@cache
def _code() -> str:
    """Return what tells this state of Aliado's code from any other: its version, and every module's size and date."""
    package = Path(__file__).parent.parent
    told = [__version__, msgspec.__version__]
    for name in _CODE:
        with os.scandir(package / name) as entries:
            modules = sorted((entry.name, entry.stat()) for entry in entries if entry.name.endswith(".py"))
        told += [f"{name}/{module} {stat.st_size} {stat.st_mtime_ns}" for module, stat in modules]
    return sha256("\n".join(told).encode()).hexdigest()


def _drop_oldest(folder: Path) -> None:
    with suppress(OSError):
        files = list(folder.iterdir())
        if len(files) >= MOST_FILES:
            for path in sorted(files, key=lambda path: path.stat().st_mtime)[: len(files) // 2]:
                path.unlink(missing_ok=True)
