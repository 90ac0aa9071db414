"""Messages between LibreOffice and the Python that Aliado is installed in: JSON, each after its length in four bytes.

LibreOffice's own Python is another one, often of another version, so that nothing compiled could be shared.
"""

from __future__ import annotations

import json
import struct
from typing import IO, Any

_LENGTH = struct.Struct(">I")

Message = dict[str, Any]


def write_message(stream: IO[bytes], message: Message) -> None:
    """Write a message and send it off."""
    content = json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()
    stream.write(_LENGTH.pack(len(content)) + content)
    stream.flush()


def read_message(stream: IO[bytes]) -> Message:
    """Return the next message; EOFError when the other side is gone."""
    message: Message = json.loads(_read(stream, _LENGTH.unpack(_read(stream, _LENGTH.size))[0]))
    return message


def _read(stream: IO[bytes], count: int) -> bytes:
    parts = []
    while count:
        part = stream.read(count)
        if not part:
            raise EOFError
        parts.append(part)
        count -= len(part)
    return b"".join(parts)
