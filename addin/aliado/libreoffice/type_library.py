"""A UNO type library (.rdb): the interface whose methods are our custom functions.

LibreOffice asks a type library what arguments a function takes. Its own writer, unoidl-write, comes with the SDK, which
nobody who installs Aliado has; the format is small (LibreOffice's unoidl/source/unoidl-write.cxx).
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass

INTERFACE = "org.aliado.calc.XFunctions"

DOCUMENT = ("document", "com.sun.star.beans.XPropertySet")
"""The first argument of every method: LibreOffice fills it in with the document that the formula stands in."""

VALUE, ARRAY = "any", "[][]any"
"""What a method can give: one value, or rows of values; a type of any would not take rows from Python."""

_HEAD = b"UNOIDL\xff\0"
_MODULE, _INTERFACE = 0, 5
_REUSED = 0x80000000


@dataclass(frozen=True, slots=True)
class Method:
    """A method; each of its arguments may be of any type, or left out. result: VALUE or ARRAY."""

    name: str
    arguments: tuple[str, ...]
    result: str = VALUE


def write_type_library(methods: Sequence[Method]) -> bytes:
    """Return the library: one interface with these methods."""
    library = bytearray(_HEAD + bytes(8) + b"\0** Aliado **\0")
    written: dict[str, int] = {}

    def number(value: int) -> None:
        library.extend(struct.pack("<I", value))

    def name(text: str) -> None:
        if text in written:
            number(written[text] | _REUSED)
        else:
            written[text] = len(library)
            number(len(text))
            library.extend(text.encode("ascii"))

    def entry(text: str, place: int) -> bytes:
        """Write the name of a member; return its line in the map of its module."""
        at = len(library)
        library.extend(text.encode("ascii") + b"\0")
        return struct.pack("<II", at, place)

    *modules, interface = INTERFACE.split(".")
    place = len(library)
    library.append(_INTERFACE)
    number(1)
    name("com.sun.star.uno.XInterface")
    for _ in ("optional bases", "attributes"):
        number(0)
    number(len(methods))
    for method in methods:
        name(method.name)
        name(method.result)
        number(1 + len(method.arguments))
        for argument, kind in (DOCUMENT, *((argument, "any") for argument in method.arguments)):
            library.append(0)  # in
            name(argument)
            name(kind)
        number(0)  # exceptions
    line = entry(interface, place)
    for module in reversed(modules):
        place = len(library)
        library.append(_MODULE)
        number(1)
        library.extend(line)
        line = entry(module, place)
    root = len(library)
    library.extend(line)
    struct.pack_into("<II", library, len(_HEAD), root, 1)
    return bytes(library)
