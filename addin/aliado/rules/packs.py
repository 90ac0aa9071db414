"""Rule packs: found and loaded.

A pack is a YAML file; `extends` names the one it inherits from, a shipped one (base, ec) or a file of the
same rules folder. What a client ends up with is the whole chain as one `Pack`.
"""

from __future__ import annotations

from pathlib import Path

from aliado.errors import PackError, Problem
from aliado.formula.registry import Registry
from aliado.rules.chain import find_pack, pack_files, shipped_pack_for, shipped_packs
from aliado.rules.pack import Pack
from aliado.rules.pack_cache import recall, remember

__all__ = ["Pack", "check_pack", "find_pack", "load_pack", "pack_files", "shipped_pack_for", "shipped_packs"]


def load_pack(source: Path | str, *, functions: Registry | None = None) -> Pack:
    """Return the pack of a file, or the shipped one of that name, with all that it inherits.

    functions: what formulas may call; Aliado's own and Excel's when not given.
    Raises PackError with every problem of every file of the chain.
    """
    own = _all_functions()
    functions = functions or own
    kept = recall(source, functions) if functions is own else None
    if kept is not None:
        return kept
    from aliado.rules.pack_reading import read_pack  # late: what was kept needs neither YAML nor its checks

    read = read_pack(source, functions)
    if read.pack is None or read.problems:
        raise PackError(read.problems)
    if functions is own:
        remember(read.pack, read.files)
    return read.pack


def check_pack(source: Path | str, *, functions: Registry | None = None) -> list[Problem]:
    """Return every problem of a pack and of those it inherits from, sorted by place."""
    from aliado.rules.pack_reading import read_pack

    return PackError(read_pack(source, functions or _all_functions()).problems).problems


def _all_functions() -> Registry:
    from aliado.rules.functions import FUNCTIONS

    return FUNCTIONS
