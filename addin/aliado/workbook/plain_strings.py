"""The shared strings of a workbook read many at a time: those that every program writes alike; the cell reader has the rest."""

from __future__ import annotations

import re

from msgspec import Struct

_UTF_8 = re.compile(rb'<\?xml version="1\.0"(?: encoding="(?i:utf-8)")?[^>]*\?>\s*<sst[\s>]')
_ODD = ("_x", "\r")
_NAMED = (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&"))
_REFERENCE = "&(?:amp|lt|gt|quot|apos|#[0-9]{1,5});"
_NUMBERED = "&#([0-9]+);"
_BETWEEN = "</t></si><si><t>"


class PlainStrings(Struct, frozen=True):
    """Shared strings. texts: each one in order, "" for those in `unknown`, of which only the cell reader tells what they say."""

    texts: list[str]
    unknown: list[int]


def read_plain_strings(xml: bytes) -> PlainStrings | None:
    """Return the shared strings, None when only the cell reader can tell them.

    Plain is a text without formats that `read_plain` can read.
    """
    start, stop = xml.find(b"<si>"), xml.rfind(b"</si>")
    if not _UTF_8.match(xml) or b"<!" in xml or b"\r" in xml or not 0 <= start < stop:
        return None
    try:
        items = xml[start : stop + len(b"</si>")].decode()
    except UnicodeDecodeError:
        return None
    items = items.replace('<t xml:space="preserve">', "<t>")
    # An empty string before the first and one after the last, so that all stand between two others.
    pieces = f"</t></si>{items}<si><t>".split(_BETWEEN)
    mixed = items.count("<") != 4 * (len(pieces) - 2)
    if mixed:
        pieces = [text for piece in pieces for text in (_part(piece) if "<" in piece else (piece,))]
    texts = pieces[1:-1]
    if len(texts) != xml.count(b"<si"):
        return None
    if mixed:
        texts = ["" if "<" in text else text for text in texts]
    read = read_plain(texts)
    unknown = [place for place, text in enumerate(read) if not text] if "" in read else []
    return PlainStrings(read, unknown)


def read_plain(texts: list[str]) -> list[str]:
    """Return what texts in XML say, "" where that takes more knowledge.

    That is so with Excel's own escapes (_x000D_), control characters, spaces at the ends, or nothing at all.
    """
    together = "\0".join(texts)
    if "&" in together:
        if together.count("&") != len(re.findall(_REFERENCE, together)):
            together = "\0".join(text if text.count("&") == len(re.findall(_REFERENCE, text)) else "" for text in texts)
        together = re.sub(_NUMBERED, _character, together) if "&#" in together else together
        for name, meant in _NAMED:
            together = together.replace(name, meant)
    read = together.split("\0")
    bare = list(map(str.strip, read))
    if len(read) != len(texts):
        return [""] * len(texts)
    if read == bare and not any(odd in together for odd in _ODD):
        return read
    return [
        text if text == same and not any(odd in text for odd in _ODD) else ""
        for text, same in zip(read, bare, strict=True)
    ]


def _character(number: re.Match[str]) -> str:
    """Return the character of a number, one of `_ODD` where we do not go on with it."""
    code = int(number[1])
    return chr(code) if code > ord("&") and not 0xD800 <= code < 0xE000 and code < 0xFFFE else "\r"


def _part(piece: str) -> list[str]:
    """Return the texts of a string, the ones after it that are written in other ways ("<"), and the next plain one."""
    first, _, rest = piece.partition("<")
    last = piece.rpartition(">")[2]
    before = first if rest.startswith("/t></si>") else "<"
    after = last if piece.endswith(f"<si><t>{last}") else "<"
    return [before, *["<"] * (piece.count("<si") - 1), after]


def write_strings(xml: bytes, chosen: list[int]) -> bytes:
    """Return the XML of a list with the chosen strings alone, in that order; xml: a list that `read_plain_strings` could read."""
    start, stop = xml.find(b"<si>"), xml.rfind(b"</si>")
    items = xml[start : stop + len(b"</si>")].split(b"<si") if chosen else []
    return xml[:start] + b"".join(b"<si" + items[place + 1] for place in chosen) + b"</sst>"
