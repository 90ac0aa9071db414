"""The shared strings of a package, as XML for carrying over or as plain text for comparing."""

from __future__ import annotations

import re

from aliado.workbook.markup import plain_markup, read_markup, unescape


def read_string_items(xml: bytes) -> list[bytes]:
    """Return the inside of each <si>, without a namespace prefix."""
    if xml.find(b"<!") >= 0 or xml.find(b"<?", 1) >= 0:
        xml = plain_markup(xml)
    prefix = read_markup(re.sub(rb"(?s)(<(?:[\w.-]+:)?sst\b[^>]*?)/?>.*", rb"\1/>", xml)).prefix.encode()
    found = re.findall(b"(?s)<" + prefix + rb"si\b[^>]*?(?:/>|>(.*?)</" + prefix + rb"si\s*>)", xml)
    return [text.replace(b"<" + prefix, b"<").replace(b"</" + prefix, b"</") for text in found] if prefix else found


def read_strings(xml: bytes) -> list[str]:
    """Return each shared string as plain text."""
    return [plain_text(item) for item in read_string_items(xml)]


_PHONETIC = re.compile(rb"(?s)<rPh\b.*?</rPh>")
_TEXT = re.compile(rb"(?s)<t\b[^>]*?(?:/>|>(.*?)</t\s*>)")
_HIDDEN = re.compile(r"_x([0-9A-Fa-f]{4})_")


def plain_text(item: bytes) -> str:
    """Return the text of an <si> or <is>, without its formats and reading aids."""
    joined = b"".join(_TEXT.findall(_PHONETIC.sub(b"", item))).decode("utf-8", "replace")
    return _HIDDEN.sub(lambda m: chr(int(m[1], 16)), unescape(joined))
