"""A compound file (MS-CFB version 3) written from streams in memory: the container of a VBA project."""

from __future__ import annotations

import struct
from collections.abc import Mapping

from msgspec import Struct, field

SECTOR = 512
MINI_SECTOR = 64
MINI_LIMIT = 4096
"""Streams below this size live in the mini stream."""

_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_STORAGE, _STREAM, _ROOT = 1, 2, 5
_RED, _BLACK = 0, 1
_ENTRIES = SECTOR // 128
_PER_SECTOR = SECTOR // 4
_IN_HEADER = 109
"""How many sectors of the allocation table the header can point at: about 7 MB, far more than any project of ours."""

Tree = Mapping[str, "bytes | Tree"]
"""Name -> the content of a stream, or a storage with its own members."""


class _Entry(Struct):
    name: str
    kind: int
    content: bytes = b""
    start: int = 0
    colour: int = _BLACK
    left: int = _FREE
    right: int = _FREE
    child: int = _FREE
    members: list[int] = field(default_factory=list)


def write_compound(tree: Tree) -> bytes:
    """Return the bytes of a compound file; the same tree gives the same bytes. No dates, no class ids."""
    entries = [_Entry("Root Entry", _ROOT)]
    _add_members(entries, 0, tree)
    mini, mini_table = _write_mini(entries)
    sectors: list[bytes] = []
    table: list[int] = []

    def append(content: bytes) -> int:
        if not content:
            return _END
        start = len(sectors)
        padded = content.ljust(-(-len(content) // SECTOR) * SECTOR, b"\0")
        sectors.extend(padded[at : at + SECTOR] for at in range(0, len(padded), SECTOR))
        table.extend([*range(start + 1, len(sectors)), _END])
        return start

    for entry in entries:
        if entry.kind == _STREAM and len(entry.content) >= MINI_LIMIT:
            entry.start = append(entry.content)
    entries[0].content = mini
    entries[0].start = append(mini)
    mini_start = append(_numbers(mini_table, _FREE))
    mini_count = -(-len(mini_table) // _PER_SECTOR)
    directory = append(_write_directory(entries))
    count = 0
    while count * _PER_SECTOR < len(table) + count:
        count += 1
    if count > _IN_HEADER:
        raise ValueError(f"the compound file would need {count} sectors of its table; {_IN_HEADER} is the limit here")
    first = len(sectors)
    table += [_FAT] * count
    allocation = _numbers(table, _FREE)
    header = struct.pack(
        "<8s16xHHHHH6xIIIIIIIII",
        bytes.fromhex("D0CF11E0A1B11AE1"),
        0x3E,
        3,
        0xFFFE,
        9,
        6,
        0,
        count,
        directory,
        0,
        MINI_LIMIT,
        mini_start,
        mini_count,
        _END,
        0,
    )
    places = [*range(first, first + count)]
    header += struct.pack(f"<{_IN_HEADER}I", *places, *[_FREE] * (_IN_HEADER - count))
    return header + b"".join(sectors) + allocation


def _add_members(entries: list[_Entry], parent: int, tree: Tree) -> None:
    for name, content in tree.items():
        number = len(entries)
        entries[parent].members.append(number)
        if isinstance(content, bytes):
            entries.append(_Entry(name, _STREAM, content))
        else:
            entries.append(_Entry(name, _STORAGE))
            _add_members(entries, number, content)
    ordered = sorted(entries[parent].members, key=lambda i: (len(entries[i].name), entries[i].name.upper()))
    height = len(ordered).bit_length()
    entries[parent].child = _balance(entries, ordered, 1, height)


def _balance(entries: list[_Entry], ordered: list[int], level: int, height: int) -> int:
    """Link sorted siblings into a red-black tree, its last level red; return its root."""
    if not ordered:
        return _FREE
    middle = len(ordered) // 2
    entry = entries[ordered[middle]]
    entry.colour = _RED if level == height and level > 1 else _BLACK
    entry.left = _balance(entries, ordered[:middle], level + 1, height)
    entry.right = _balance(entries, ordered[middle + 1 :], level + 1, height)
    return ordered[middle]


def _write_mini(entries: list[_Entry]) -> tuple[bytes, list[int]]:
    """Return the mini stream and its allocation table; small streams learn where they start."""
    stream = bytearray()
    table: list[int] = []
    for entry in entries:
        if entry.kind != _STREAM or len(entry.content) >= MINI_LIMIT:
            continue
        if not entry.content:
            entry.start = _END
            continue
        entry.start = len(table)
        count = -(-len(entry.content) // MINI_SECTOR)
        table += [*range(entry.start + 1, entry.start + count), _END]
        stream += entry.content.ljust(count * MINI_SECTOR, b"\0")
    return bytes(stream), table


def _write_directory(entries: list[_Entry]) -> bytes:
    written = b"".join(_write_entry(entry) for entry in entries)
    unused = struct.pack("<64xHBBIII36xIQ", 0, 0, 0, _FREE, _FREE, _FREE, 0, 0)
    return written + unused * (-len(entries) % _ENTRIES)


def _write_entry(entry: _Entry) -> bytes:
    name = entry.name.encode("utf-16-le")
    if len(name) > 62:
        raise ValueError(f"{entry.name!r} is too long for a stream's name: at most 31 characters")
    return struct.pack(
        "<64sHBBIII16xI16xIQ",
        name,
        len(name) + 2,
        entry.kind,
        entry.colour,
        entry.left,
        entry.right,
        entry.child,
        0,
        entry.start if entry.kind != _STORAGE else 0,
        len(entry.content),
    )


def _numbers(values: list[int], filler: int) -> bytes:
    padded = values + [filler] * (-len(values) % _PER_SECTOR)
    return struct.pack(f"<{len(padded)}I", *padded)
