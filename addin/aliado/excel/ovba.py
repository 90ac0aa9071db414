"""The two encodings of a VBA project: its compression and its obfuscated project keys (MS-OVBA 2.4.1 and 2.4.3)."""

from __future__ import annotations

import struct
from collections.abc import Iterator

CHUNK = 4096
"""Bytes of text per compressed chunk."""


def compress(data: bytes) -> bytes:
    """Return a compressed container (MS-OVBA 2.4.1)."""
    return b"\x01" + b"".join(_compress_chunk(data[at : at + CHUNK]) for at in range(0, len(data), CHUNK))


def _compress_chunk(chunk: bytes) -> bytes:
    tokens = bytearray()
    for flags, group in _groups(chunk):
        tokens.append(flags)
        tokens += group
    if len(tokens) >= CHUNK:
        # A raw chunk always holds 4096 bytes; only a full one can fail to shrink so far.
        return struct.pack("<H", 0x3000 | (CHUNK - 1)) + chunk.ljust(CHUNK, b"\0")
    return struct.pack("<H", 0xB000 | (len(tokens) - 1)) + bytes(tokens)


def _groups(chunk: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield groups of up to eight tokens, each with the flags that tell copies (1) from literal bytes (0)."""
    seen: dict[bytes, list[int]] = {}
    at, flags, group, count = 0, 0, bytearray(), 0
    while at < len(chunk):
        offset, length = _longest_match(chunk, at, seen)
        if length:
            group += _copy_token(at, offset, length)
            flags |= 1 << count
        else:
            group.append(chunk[at])
            length = 1
        for place in range(at, at + length):
            seen.setdefault(chunk[place : place + 3], []).append(place)
        at += length
        count += 1
        if count == 8:
            yield flags, bytes(group)
            flags, group, count = 0, bytearray(), 0
    if count:
        yield flags, bytes(group)


def _bits(at: int) -> int:
    """Return how many bits of a copy token hold the offset, `at` bytes into a chunk."""
    return max((at - 1).bit_length(), 4)


def _longest_match(chunk: bytes, at: int, seen: dict[bytes, list[int]]) -> tuple[int, int]:
    """Return (offset, length) of the longest earlier run that continues here, the nearest one; length 0 = none."""
    longest = min((0xFFFF >> _bits(at)) + 3, len(chunk) - at) if at else 0
    best, found = 0, 0
    for place in reversed(seen.get(chunk[at : at + 3], [])):
        length = 3
        while length < longest and chunk[place + length] == chunk[at + length]:
            length += 1
        if 3 <= length <= longest and length > best:
            best, found = length, at - place
            if best == longest:
                break
    return found, best


def _copy_token(at: int, offset: int, length: int) -> bytes:
    return struct.pack("<H", ((offset - 1) << (16 - _bits(at))) | (length - 3))


def obfuscate(data: bytes, project_id: str, seed: int) -> str:
    """Return a project key (CMG, DPB or GC) as hexadecimal text (MS-OVBA 2.4.3.2).

    project_id: the project's GUID in braces. seed: 0 to 255; any will do, so that builds are reproducible.
    """
    key = sum(project_id.encode("ascii")) & 0xFF
    written = bytearray([seed, seed ^ 2, seed ^ key])
    plain, before, last = key, seed ^ key, seed ^ 2
    for byte in b"\x07" * ((seed & 6) // 2) + struct.pack("<I", len(data)) + data:
        coded = byte ^ ((last + plain) & 0xFF)
        last, before, plain = before, coded, byte
        written.append(coded)
    return written.hex().upper()
