"""Which rule pack applies to a workbook."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from aliado.rules.chain import FileOfChain, files_of_chain
from aliado.rules.countries import read_country
from aliado.rules.functions import FUNCTIONS
from aliado.rules.packs import Pack, find_pack, load_pack, shipped_pack_for, shipped_packs
from aliado.tables.reader import read_table
from aliado.tables.recognition import recognise
from aliado.workbook.sheet import Sheet

BASE = "base"


def choose_pack(sheets: Sequence[Sheet], workbook: Path | None = None, given: Path | str | None = None) -> Pack:
    """Return the pack given; else the one beside or above the workbook; else the profile's country's; else base.

    given: a file, or a shipped pack's name. Raises PackError when the pack has mistakes.
    """
    return load_source(find_source(sheets, workbook, given))


def load_source(source: Path | str) -> Pack:
    """Return a pack by its file or its shipped name, loaded once for as long as no file of its chain changes.

    Raises PackError when it has mistakes.
    """
    if isinstance(source, str):
        return _load_shipped(source)
    files = files_of_chain(source)
    if files is None:
        return load_pack(source, functions=FUNCTIONS)
    return _load_file(source, source.resolve(), tuple(files))


def parent_pack(sheets: Sequence[Sheet], pack: Path, country: str | None = None) -> str | None:
    """Return what a new client pack at `pack` extends: the nearest aliado.yaml as a relative path, else a shipped pack.

    country: as people write it; it goes before an aliado.yaml. None when no shipped pack is that country's.
    """
    if country is not None:
        return shipped_pack_for(read_country(country))
    folder = pack.absolute().parent
    for depth, above in enumerate((folder, *folder.parents)):
        if (above / "aliado.yaml").is_file():
            return "../" * depth + "aliado.yaml"
    return shipped_pack_for(_profile_country(sheets)) or BASE


def find_source(sheets: Sequence[Sheet], workbook: Path | None = None, given: Path | str | None = None) -> Path | str:
    """Return the file, or the name of the shipped pack, that `choose_pack` loads for the same arguments."""
    if isinstance(given, str) and given in shipped_packs():
        return given
    path = Path(given) if given else find_pack(workbook) if workbook is not None else None
    if path is not None:
        return path
    country = _profile_country(sheets)
    return (country and shipped_pack_for(country)) or BASE


@lru_cache(maxsize=64)
def _load_file(path: Path, place: Path, files: tuple[FileOfChain, ...]) -> Pack:
    """Load a pack once per process and state of its files; place: where `path` leads from the present folder."""
    del place, files
    return load_pack(path, functions=FUNCTIONS)


@lru_cache(maxsize=32)
def _load_shipped(name: str) -> Pack:
    return load_pack(name, functions=FUNCTIONS)


def _profile_country(sheets: Sequence[Sheet]) -> str:
    """Return the country that the workbook's profile names, as its two letters; "" when it names none."""
    specs = {"profile": load_source(BASE).tables["profile"]}
    match = recognise(sheets, specs).matches.get("profile")
    if match is None:
        return ""
    table = read_table(match).table
    column = table.columns.get("country")
    return read_country(str(column.data[0])) if column is not None and len(column) else ""
