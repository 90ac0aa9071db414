"""The shared strings of a workbook read many at a time: those that every program writes alike; the cell reader has the rest."""

from __future__ import annotations

import re

from msgspec import Struct

_UTF_8 = re.compile(rb'<\?xml version="1\.0"(?: encoding="(?i:utf-8)")?[^>]*\?>\s*<sst[\s>]')
_MEANT = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_REFERENCE = re.compile("&(amp|lt|gt|quot|apos);")
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
    whole = not mixed and "&" not in items and "_x" not in items and "" not in texts
    if whole and texts == list(map(str.strip, texts)):
        return PlainStrings(texts, [])
    read = [None if "<" in text else read_plain(text) for text in texts]
    unknown = [place for place, text in enumerate(read) if text is None]
    return PlainStrings([text or "" for text in read], unknown)


def read_plain(text: str) -> str | None:
    """Return what a text in XML says, None when that takes more knowledge.

    That is so with other references than &amp; and its like, Excel's own escapes (_x000D_), spaces at its ends, or nothing in it.
    """
    if not text or text != text.strip() or "_x" in text or "\r" in text:
        return None
    if "&" in text:
        if len(_REFERENCE.findall(text)) != text.count("&"):
            return None
        text = _REFERENCE.sub(lambda found: _MEANT[found[1]], text)
    return text


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
    items = xml[start : stop + len(b"</si>")].split(b"<si")
    return xml[:start] + b"".join(b"<si" + items[place + 1] for place in chosen) + b"</sst>"
