"""The zip container of a workbook: members read from bytes, and written back without touching what did not change.

Python's zipfile recompresses, renames and reorders; here a member that nobody changed goes out with the very
compressed bytes it came in with, under its own name, date and attributes.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import pairwise

import deflate
from msgspec import Struct

STORED, DEFLATED = 0, 8
FIXED_DATE = (1980 - 1980) << 9 | 1 << 5 | 1
"""1 January 1980: the date of every member written here, so that equal content gives equal bytes."""

_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_END64 = struct.Struct("<4sQ2H2L4Q")
_LOCATOR64 = struct.Struct("<4sLQL")
_ENCRYPTED, _DESCRIPTOR, _UTF8 = 0x0001, 0x0008, 0x0800
_LEVEL = 1
"""Of compression: a third of the time of the usual 6, for members that are a seventh larger, as zlib makes them in haste."""
_HUGE = 256 << 20
"""From this size on a member is unpacked more slowly, and without a second copy in memory."""
_DEFLATE_MOST = 1032
"""No deflate stream unpacks to more than this many times its size."""


class BrokenArchive(ValueError):
    """A zip that cannot be read: `kind` is one of "not_zip", "truncated", "encrypted", "method", "broken"."""

    def __init__(self, kind: str, detail: str = "") -> None:
        super().__init__(detail or kind)
        self.kind = kind


class Member(Struct, frozen=True):
    """One member of the zip; `packed` are its bytes as they stand in the file (compressed, if `method` says so)."""

    name: str
    raw_name: bytes
    packed: memoryview
    method: int
    crc: int
    size: int
    time: int = 0
    date: int = FIXED_DATE
    flags: int = 0
    extra: bytes = b""
    comment: bytes = b""
    made_by: int = 20
    needs: int = 20
    internal: int = 0
    external: int = 0

    def unpack(self) -> bytes:
        """Return the content; raises BrokenArchive when it is not what the directory says."""
        content = bytes(self.packed) if self.method == STORED else self._inflate()
        if len(content) != self.size or deflate.crc32(content) != self.crc:
            raise BrokenArchive("broken", f"{self.name}: size or checksum differs")
        return content

    def _inflate(self) -> bytes:
        if self.size < _HUGE:
            with suppress(deflate.DeflateError):  # damaged, or longer than promised: zlib tells which
                return bytes(deflate.deflate_decompress(self.packed, max(self.size, 1)))
        engine = zlib.decompressobj(-15)
        try:
            # One byte more than promised is enough to catch a directory that lies about the size.
            return engine.decompress(self.packed, self.size + 1)
        except zlib.error as error:
            raise BrokenArchive("broken", f"{self.name}: {error}") from error


def pack_member(name: str, content: bytes, like: Member | None = None) -> Member:
    """Return a member holding `content`; it keeps the attributes of `like`, the member that it replaces."""
    packed = deflate.deflate_compress(content, _LEVEL)
    raw_name, flags = _encode_name(name) if like is None else (like.raw_name, like.flags & _UTF8)
    return Member(
        name=name if like is None else like.name,
        raw_name=raw_name,
        packed=memoryview(packed),
        method=DEFLATED,
        crc=deflate.crc32(content),
        size=len(content),
        flags=flags,
        made_by=20 if like is None else like.made_by,
        external=0 if like is None else like.external,
    )


def store_member(name: str, content: bytes) -> Member:
    """Return a member that holds `content` uncompressed."""
    raw_name, flags = _encode_name(name)
    return Member(
        name=name,
        raw_name=raw_name,
        packed=memoryview(content),
        method=STORED,
        crc=deflate.crc32(content),
        size=len(content),
        flags=flags,
    )


def read_members(data: bytes) -> list[Member]:
    """Return the members of a zip in the order of its directory; raises BrokenArchive."""
    start, count, shift = _find_directory(data)
    members: list[Member] = []
    spans: list[tuple[int, int]] = []
    position = start
    for _ in range(count):
        member, span, position = _read_entry(data, position, shift)
        members.append(member)
        spans.append(span)
    spans.sort()
    for (_, end), (following, _) in pairwise(spans):
        if following < end:
            raise BrokenArchive("broken", "members overlap")
    if spans and spans[-1][1] > start:
        raise BrokenArchive("broken", "a member overlaps the directory")
    return members


def write_members(members: Iterable[Member]) -> bytes:
    """Return the zip holding `members` in that order, each with its packed bytes as they are."""
    chunks: list[bytes | memoryview] = []
    directory: list[bytes] = []
    offset = 0
    for member in members:
        flags = member.flags & ~_DESCRIPTOR
        header = _LOCAL.pack(
            b"PK\3\4", 20, flags, member.method, member.time, member.date,
            member.crc, len(member.packed), member.size, len(member.raw_name), 0,
        )  # fmt: skip
        chunks += (header, member.raw_name, member.packed)
        directory.append(
            _CENTRAL.pack(
                b"PK\1\2", member.made_by, 20, flags, member.method, member.time, member.date,
                member.crc, len(member.packed), member.size, len(member.raw_name), len(member.extra),
                len(member.comment), 0, member.internal, member.external, offset,
            )
            + member.raw_name + member.extra + member.comment
        )  # fmt: skip
        offset += len(header) + len(member.raw_name) + len(member.packed)
    central = b"".join(directory)
    if offset + len(central) >= 0xFFFFFFFF or len(directory) >= 0xFFFF:
        raise BrokenArchive("broken", "too large for a workbook")
    end = _END.pack(b"PK\5\6", 0, 0, len(directory), len(directory), len(central), offset, 0)
    return b"".join((*chunks, central, end))


def _find_directory(data: bytes) -> tuple[int, int, int]:
    """Return where the directory starts, how many members it lists, and the shift of all offsets."""
    at = data.rfind(b"PK\5\6", max(0, len(data) - _END.size - 0xFFFF))
    if at < 0 or at + _END.size > len(data):
        raise BrokenArchive("truncated" if data[:4] == b"PK\3\4" else "not_zip")
    _, _, _, _, count, size, offset, _ = _END.unpack_from(data, at)
    end = at
    if at >= _LOCATOR64.size and data[at - _LOCATOR64.size :][:4] == b"PK\6\7":
        end = data.rfind(b"PK\6\6", 0, at - _LOCATOR64.size)
        if end < 0 or end + _END64.size > at:
            raise BrokenArchive("broken", "zip64 directory not found")
        *_, count, size, offset = _END64.unpack_from(data, end)
    start = end - size
    shift = start - offset
    if start < 0 or shift < 0:
        raise BrokenArchive("truncated")
    return start, count, shift


def _read_entry(data: bytes, position: int, shift: int) -> tuple[Member, tuple[int, int], int]:
    if position + _CENTRAL.size > len(data):
        raise BrokenArchive("truncated")
    (
        signature, made_by, needs, flags, method, time, date, crc, packed_size, size,
        name_length, extra_length, comment_length, _, internal, external, offset,
    ) = _CENTRAL.unpack_from(data, position)  # fmt: skip
    if signature != b"PK\1\2":
        raise BrokenArchive("broken", "directory entry not found")
    position += _CENTRAL.size
    raw_name = data[position : position + name_length]
    extra = data[position + name_length : position + name_length + extra_length]
    position += name_length + extra_length
    comment = data[position : position + comment_length]
    size, packed_size, offset = _widen(extra, size, packed_size, offset)
    if flags & _ENCRYPTED:
        raise BrokenArchive("encrypted")
    if method not in (STORED, DEFLATED):
        raise BrokenArchive("method", f"compression method {method}")
    offset += shift
    if data[offset : offset + 4] != b"PK\3\4" or offset + _LOCAL.size > len(data):
        raise BrokenArchive("broken", "member not found where the directory says")
    *_, local_name, local_extra = _LOCAL.unpack_from(data, offset)
    begin = offset + _LOCAL.size + local_name + local_extra
    if begin + packed_size > len(data):
        raise BrokenArchive("truncated")
    if size > packed_size * _DEFLATE_MOST + 64 or (method == STORED and size != packed_size):
        raise BrokenArchive("broken", "a member's size is impossible")
    member = Member(
        name=raw_name.decode("utf-8" if flags & _UTF8 else "cp437", "replace"),
        raw_name=raw_name,
        packed=memoryview(data)[begin : begin + packed_size],
        method=method,
        crc=crc,
        size=size,
        time=time,
        date=date,
        flags=flags & ~_DESCRIPTOR,
        extra=b"".join(field for kind, field in _fields(extra) if kind != 1),
        comment=comment,
        made_by=made_by,
        needs=needs,
        internal=internal,
        external=external,
    )
    return member, (offset, begin + packed_size), position + comment_length


def _widen(extra: bytes, size: int, packed_size: int, offset: int) -> tuple[int, int, int]:
    """Return the three numbers, taken from the zip64 field where the directory has no room for them."""
    numbers = [size, packed_size, offset]
    for kind, field in _fields(extra):
        if kind != 1:
            continue
        wide = iter(struct.unpack(f"<{(len(field) - 4) // 8}Q", field[4 : 4 + (len(field) - 4) // 8 * 8]))
        numbers = [next(wide, number) if number == 0xFFFFFFFF else number for number in numbers]
    return numbers[0], numbers[1], numbers[2]


def _fields(extra: bytes) -> Iterator[tuple[int, bytes]]:
    position = 0
    while position + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, position)
        yield kind, extra[position : position + 4 + length]
        position += 4 + length


def _encode_name(name: str) -> tuple[bytes, int]:
    return (name.encode("ascii"), 0) if name.isascii() else (name.encode("utf-8"), _UTF8)
