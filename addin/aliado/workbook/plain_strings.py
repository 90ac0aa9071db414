"""The shared strings of a workbook read many at a time: those that every program writes alike; the cell reader has the rest."""

from __future__ import annotations

import re

_ITEM = re.compile(rb'<si>(?:<t(?: xml:space="preserve")?>([^<&]*)</t></si>)?')
_UTF_8 = re.compile(rb'<\?xml version="1\.0"(?: encoding="(?i:utf-8)")?[^>]*\?>\s*<sst[\s>]')


def read_plain_strings(xml: bytes) -> list[str | None]:
    """Return each shared string, None where only the cell reader tells what it says; empty when that holds for all.

    Plain is a text without formats, references (&amp;), Excel's own escapes (_x000D_) and spaces at its ends.
    """
    if not _UTF_8.match(xml) or b"<!" in xml or b"\r" in xml:
        return []
    found: list[bytes] = _ITEM.findall(xml)
    if len(found) != xml.count(b"<si"):
        return []
    try:
        texts = b"\0".join(found).decode().split("\0")
    except UnicodeDecodeError:
        return []
    if len(texts) != len(found):
        return []
    return [text if text and text == text.strip() and "_x" not in text else None for text in texts]
