"""XML with byte positions: find a node, change only its bytes, and leave all the rest as it stands.

A document parsed and written again by an XML library loses its quotes, spaces, comments and prefixes. Here the
parser (expat) only says where each node begins and ends; edits are cut into the original bytes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from xml.parsers import expat

from msgspec import Struct, field

_START_TAG = re.compile(rb"<[^>\"']*(?:(?:\"[^\"]*\"|'[^']*')[^>\"']*)*>")
_ENCODING = re.compile(rb"<\?xml[^>]*?\bencoding\s*=\s*[\"']([A-Za-z0-9._-]+)")
_DEEPEST = 256


class BadMarkup(ValueError):
    """XML that cannot be read, or that uses what a workbook must not (document types, UTF-16 where we edit)."""


class Node(Struct):
    """An element. start..inner is its start tag, inner..close its content, close..end its end tag.

    An empty element `<a/>` has inner == close == end. attributes: local name, or "{namespace}local" when prefixed.
    prefix: as written, with its colon ("x:"), or "". prefixes: prefix -> namespace declared here.
    """

    name: str
    space: str
    prefix: str
    attributes: dict[str, str]
    prefixes: dict[str, str]
    parent: Node | None
    start: int
    inner: int = 0
    close: int = 0
    end: int = 0
    text: str = ""
    children: list[Node] = field(default_factory=list)

    def number(self, name: str, default: int = 0) -> int:
        """Return an attribute as a whole number, `default` when it is missing or none."""
        try:
            return int(self.attributes.get(name, default))
        except ValueError:
            return default

    def find(self, name: str) -> Node | None:
        """Return the first child of that local name in this node's own namespace."""
        return next(self.all(name), None)

    def all(self, name: str) -> Iterator[Node]:
        """Yield the children of that local name in this node's own namespace."""
        return (child for child in self.children if child.name == name and child.space == self.space)

    def walk(self) -> Iterator[Node]:
        """Yield this node and all below it, in document order."""
        stack = [self]
        while stack:
            node = stack.pop()
            yield node
            stack.extend(reversed(node.children))

    def prefix_of(self, space: str) -> str | None:
        """Return the prefix with its colon ("" = default) that stands for a namespace here, or None."""
        hidden: set[str] = set()
        node: Node | None = self
        while node is not None:
            for prefix, bound in node.prefixes.items():
                if bound == space and prefix not in hidden:
                    return f"{prefix}:" if prefix else ""
            hidden.update(node.prefixes)
            node = node.parent
        return None


def read_markup(xml: bytes) -> Node:
    """Return the root element; raises BadMarkup. Document types are refused: no part of a workbook has one."""
    if xml[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in xml[:4]:
        raise BadMarkup("UTF-16")
    encoding = _ENCODING.match(xml.removeprefix(b"\xef\xbb\xbf").lstrip())
    if encoding and encoding[1].lower() not in (b"utf-8", b"us-ascii", b"ascii", b"iso-8859-1", b"windows-1252"):
        raise BadMarkup(encoding[1].decode())
    reader = _Reader(xml)
    try:
        reader.parser.Parse(xml, True)
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise BadMarkup(str(error)) from error
    finally:
        del reader.parser  # which points back at the reader
    if reader.root is None:
        raise BadMarkup("no element")
    return reader.root


class _Reader:
    """Collects nodes from expat's events."""

    def __init__(self, xml: bytes) -> None:
        self.xml = xml
        self.root: Node | None = None
        self.open: list[Node] = []
        self.pending: dict[str, str] = {}
        self.parser = expat.ParserCreate(namespace_separator="}")
        self.parser.namespace_prefixes = True
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.stop
        self.parser.CharacterDataHandler = self.characters
        self.parser.StartNamespaceDeclHandler = self.declare
        self.parser.StartDoctypeDeclHandler = self.refuse

    def refuse(self, *_: object) -> None:
        raise BadMarkup("document type")

    def declare(self, prefix: str | None, space: str | None) -> None:
        self.pending[prefix or ""] = space or ""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        space, local, prefix = _split(name)
        at = self.parser.CurrentByteIndex
        if len(self.open) >= _DEEPEST:
            raise BadMarkup("nested too deeply")
        parent = self.open[-1] if self.open else None
        node = Node(local, space, prefix, _plain(attributes), self.pending, parent, at)
        self.pending = {}
        tag = _START_TAG.match(self.xml, at)
        if tag is None:
            raise BadMarkup("start tag")
        node.inner = tag.end()
        if parent is None:
            self.root = node
        else:
            parent.children.append(node)
        self.open.append(node)

    def stop(self, _: str) -> None:
        node = self.open.pop()
        if self.xml[node.inner - 2 : node.inner] == b"/>":
            node.close = node.end = node.inner
        else:
            node.close = self.parser.CurrentByteIndex
            node.end = self.xml.index(b">", node.close) + 1

    def characters(self, text: str) -> None:
        if self.open:
            self.open[-1].text += text


@lru_cache(maxsize=1024)
def _split(name: str) -> tuple[str, str, str]:
    parts = name.split("}")
    if len(parts) == 1:
        return "", name, ""
    return parts[0], parts[1], f"{parts[2]}:" if len(parts) > 2 else ""


def _plain(attributes: dict[str, str]) -> dict[str, str]:
    if "}" not in "".join(attributes):
        return attributes
    plain = {}
    for key, value in attributes.items():
        space, local, _ = _split(key)
        plain[f"{{{space}}}{local}" if space else local] = value
    return plain


class Edits:
    """Changes to one document, gathered by position and applied at once."""

    def __init__(self, xml: bytes) -> None:
        self.xml = xml
        self._changes: list[tuple[int, int, int, bytes]] = []
        self._opened: dict[int, tuple[Node, list[bytes]]] = {}

    def __bool__(self) -> bool:
        return bool(self._changes or self._opened)

    def replace(self, start: int, end: int, text: bytes) -> None:
        """Put `text` in place of the bytes start..end."""
        self._changes.append((start, end, len(self._changes), text))

    def remove(self, node: Node) -> None:
        """Take a node out."""
        self.replace(node.start, node.end, b"")

    def empty(self, node: Node) -> None:
        """Take out all that a node holds: <a>...</a> becomes <a/>."""
        if node.inner != node.end:
            self.replace(node.inner - 1, node.end, b"/>")

    def append(self, parent: Node, text: bytes) -> None:
        """Put `text` at the end of a node's content; an empty element is opened for it."""
        if not text:
            return
        if parent.inner == parent.end:
            self._inside(parent).append(text)
        else:
            self.replace(parent.close, parent.close, text)

    def prepend(self, parent: Node, text: bytes) -> None:
        """Put `text` at the start of a node's content."""
        if parent.inner == parent.end:
            self._inside(parent).insert(0, text)
        else:
            self.replace(parent.inner, parent.inner, text)

    def set(self, node: Node, name: str, value: str | None) -> None:
        """Set an unprefixed attribute, or take it away (None)."""
        tag = self.xml[node.start : node.inner]
        found = re.search(rb"\s" + name.encode() + rb"\s*=\s*(\"[^\"]*\"|'[^']*')", tag)
        if found and value is None:
            self.replace(node.start + found.start(), node.start + found.end(), b"")
        elif found and value is not None:
            start, end = found.span(1)
            self.replace(node.start + start, node.start + end, quote(value))
        elif value is not None:
            stop = node.inner - (2 if tag.endswith(b"/>") else 1)
            while self.xml[stop - 1 : stop].isspace():
                stop -= 1
            self.replace(stop, stop, b" " + name.encode() + b"=" + quote(value))

    def apply(self) -> bytes:
        """Return the document with all changes made."""
        parts: list[bytes] = []
        position = 0
        opened = [self._open(node, b"".join(texts)) for node, texts in self._opened.values()]
        for start, end, _, text in sorted(self._changes + opened):
            if start < position:
                raise BadMarkup("edits overlap")
            parts += (self.xml[position:start], text)
            position = end
        parts.append(self.xml[position:])
        return b"".join(parts)

    def _inside(self, parent: Node) -> list[bytes]:
        """Return what goes into an element that was empty, in order."""
        return self._opened.setdefault(parent.start, (parent, []))[1]

    def _open(self, parent: Node, text: bytes) -> tuple[int, int, int, bytes]:
        """Return the change that turns an empty element <a/> into <a>text</a>."""
        name = (parent.prefix + parent.name).encode()
        return parent.end - 2, parent.end, len(self._changes), b">" + text + b"</" + name + b">"


_UNPLAIN = re.compile(rb"(?s)<!--.*?-->|<\?.*?\?>|<!\[CDATA\[(.*?)\]\]>|</([^\s>]+)\s+>")


def plain_markup(xml: bytes) -> bytes:
    """Return the same elements and text without comments, instructions, CDATA sections and blanks in end tags.

    The XML must be well-formed; it is what byte searches need, and no document to be written back to a client.
    """

    def plain(found: re.Match[bytes]) -> bytes:
        text, closed = found.groups()
        if closed is not None:
            return b"</" + closed + b">"
        if text is not None:
            return text.replace(b"&", b"&amp;").replace(b"<", b"&lt;").replace(b">", b"&gt;")
        return found[0] if found.start() == 0 else b""  # the declaration, which names the encoding

    return _UNPLAIN.sub(plain, xml)


def quote(value: str) -> bytes:
    """Return a value as a quoted attribute, in ASCII so that it fits any encoding."""
    if value.isascii() and value.isalnum():  # most are numbers or words
        return b'"%b"' % value.encode()
    return b'"' + escape(value).replace(b'"', b"&quot;").replace(b"\n", b"&#10;").replace(b"\t", b"&#9;") + b'"'


def escape(text: str) -> bytes:
    """Return text as XML content, in ASCII so that it fits any encoding."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.encode("ascii", "xmlcharrefreplace")


_ENTITY = re.compile(r"&(?:#x([0-9A-Fa-f]{1,6})|#([0-9]{1,7})|(lt|gt|amp|quot|apos));")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}


def unescape(text: str) -> str:
    """Return XML content as plain text (the standard library's own loads a web client for this)."""
    return _ENTITY.sub(_character, text) if "&" in text else text


def _character(found: re.Match[str]) -> str:
    hexadecimal, decimal, named = found.groups()
    if named:
        return _NAMED[named]
    number = int(hexadecimal, 16) if hexadecimal else int(decimal)
    return chr(number) if number < 0x110000 else found[0]


def write_node(node: Node, prefix: str, change: Callable[[Node], dict[str, str]] | None = None) -> bytes:
    """Return a node serialised afresh under another prefix; `change` gives its attributes (own namespace only).

    Prefixed attributes and children of other namespaces are left out: they are extensions that the
    receiving document may not know.
    """
    name = (prefix + node.name).encode()
    attributes = node.attributes if change is None else change(node)
    head = b"<" + name
    for key, value in attributes.items():
        if not key.startswith("{"):
            head += b" " + key.encode() + b"=" + quote(value)
    content = b"".join(write_node(child, prefix, change) for child in node.children if child.space == node.space)
    if not node.children and node.text.strip():
        content = escape(node.text)
    return head + b"/>" if not content else head + b">" + content + b"</" + name + b">"
