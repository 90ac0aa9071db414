"""An .xlsx package in memory: its parts, their content types, and the relationships between them."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from msgspec import Struct

from aliado.errors import WorkbookRefused
from aliado.workbook import refusals
from aliado.workbook.archive import BrokenArchive, Member, pack_member, read_members, store_member, write_members
from aliado.workbook.limits import Limits, limits_in_force
from aliado.workbook.markup import BadMarkup, Node, read_markup, unescape
from aliado.workbook.namespaces import PACKAGE_RELATIONSHIPS, kind_of

if TYPE_CHECKING:
    from aliado.workbook.layout import Layout

_TARGET = re.compile(rb"\bTarget\s*=\s*[\"']([^\"']*)[\"']")
TYPES_PART = "[Content_Types].xml"


class Relationship(Struct, frozen=True):
    """One relationship. target: the part's name, or the address as written when it leads to no part.

    external: it leads out of the package, or (mode not "External") to a place in the workbook ("#Sheet1!A1").
    """

    id: str
    type: str
    target: str
    external: bool = False
    mode: str = ""

    @property
    def kind(self) -> str:
        """What it leads to: "worksheet", "drawing", "image", ..."""
        return kind_of(self.type)


class Package:
    """The parts of a package. It never changes: `with_parts` gives a new one that shares what did not change.

    Part names have no leading slash and are found whatever their case, as the packaging standard wants.
    """

    def __init__(
        self, members: Iterable[Member], limits: Limits | None = None, *, before: Package | None = None
    ) -> None:
        self.members = tuple(members)
        self.limits = limits or Limits()
        self.before = before
        """The package as it was read, before any edit of this run."""
        self._index = {part_key(m.name): m for m in self.members if not m.name.endswith(("/", "\\"))}
        self.mentions: dict[str, bool] = {}
        """Sheet part (key) -> whether its formulas read cells of ours, as far as it was looked up (see `mentions`)."""
        self.regular: dict[str, bool] = {}
        """Sheet part (key) -> whether byte searches do in it (see `scan.is_regular`), as far as it was looked at."""
        self.layouts: dict[str, Layout] = {}
        """Sheet part (key) -> where its rows and formulas stand, as far as that was noted."""
        self._unpacked: dict[str, bytes] = {}
        self._room = _KEPT_UNPACKED
        self._markup: dict[str, Node] = {}
        self._relationships: dict[str, tuple[Relationship, ...]] = {}

    def __contains__(self, name: str) -> bool:
        return self._find(name) is not None

    @property
    def names(self) -> list[str]:
        """The names of all parts, in the order of the zip, as the zip spells them (with / between)."""
        return [part_name(m.name) for m in self.members if not m.name.endswith(("/", "\\"))]

    @property
    def promised(self) -> list[str]:
        """The names of parts that content types or relationships speak of; some may be missing.

        A new part must not take such a name: it would become what a client's dangling relationship leads to.
        """
        found = list(self._types[0])
        for name in self.names:
            folder, _, file = name.rpartition("_rels/")
            if file.lower().endswith(".rels"):
                targets = _TARGET.findall(self.read(name))
                found += [resolve(folder + file, target.decode("utf-8", "replace")) for target in targets]
        return found

    def member(self, name: str) -> Member:
        """Return the zip member of a part; raises WorkbookRefused when it is missing."""
        member = self._find(name)
        if member is None:
            raise WorkbookRefused(refusals.PART_MISSING.format(part=name))
        return member

    def read(self, name: str) -> bytes:
        """Return the content of a part; raises WorkbookRefused when it is missing or damaged."""
        member = self.member(name)
        content = self._unpacked.get(member.name)
        if content is None:
            try:
                content = member.unpack()
            except BrokenArchive as error:
                raise WorkbookRefused(refusals.BROKEN.format(detail=error)) from error
            if len(content) <= self._room:
                self._room -= len(content)
                self._unpacked[member.name] = content
        return content

    def read_formulas(self, name: str, xml: bytes | None = None) -> bytes:
        """Return a sheet, where its layout is known with no more of its cells than their formulas. xml: its content, if at hand."""
        layout = self.layouts.get(part_key(name))
        xml = self.read(name) if xml is None else xml
        return xml if layout is None else xml[: layout.start] + layout.read_formulas(xml) + xml[layout.stop :]

    def markup(self, name: str) -> Node:
        """Return the root element of an XML part, read once; raises WorkbookRefused when it is not well-formed."""
        key = part_key(name)
        if key not in self._markup:
            try:
                self._markup[key] = read_markup(self.read(name))
            except BadMarkup as error:
                text = refusals.UTF16 if str(error) == "UTF-16" else refusals.BAD_XML
                raise WorkbookRefused(text.format(part=name, detail=error)) from error
        return self._markup[key]

    def content_type(self, name: str) -> str:
        """Return the content type of a part, "" when none is declared."""
        overrides, defaults = self._types
        extension = name.rsplit(".", 1)[-1].lower() if "." in name else ""
        return overrides.get(part_key(name), defaults.get(extension, ""))

    def relationships(self, source: str = "") -> Sequence[Relationship]:
        """Return the relationships of a part ("" = of the package), in file order."""
        known = self._relationships.get(source)
        if known is None:
            known = self._relationships[source] = self._read_relationships(source)
        return known

    def _read_relationships(self, source: str) -> tuple[Relationship, ...]:
        name = rels_name(source)
        if name not in self:
            return ()
        found = []
        for attributes in self._links(name):
            value = attributes.get
            mode = value("TargetMode", "")
            target = value("Target", "")
            external = mode == "External" or target.startswith("#")
            if not external:
                target = self._spelled(resolve(source, target))
            found.append(Relationship(value("Id", ""), value("Type", ""), target, external, mode))
        return tuple(found)

    def _links(self, name: str) -> Iterator[Mapping[str, str]]:
        """Yield the attributes of each relationship in a part."""
        for node in self.markup(name).children:
            if node.name == "Relationship" and node.space == PACKAGE_RELATIONSHIPS:
                yield node.attributes

    def related(self, source: str, kind: str) -> str | None:
        """Return the first existing part of a kind ("styles", "calcChain", ...) that `source` relates to."""
        for relationship in self.relationships(source):
            if relationship.kind == kind and not relationship.external and relationship.target in self:
                return relationship.target
        return None

    @cached_property
    def workbook_part(self) -> str:
        """The name of the workbook part, wherever it stands."""
        name = self.related("", "officeDocument")
        if name is None:
            raise WorkbookRefused(refusals.NOT_A_WORKBOOK)
        return name

    def with_parts(self, changes: Mapping[str, bytes | None], appended: Mapping[str, bytes] | None = None) -> Package:
        """Return the package with parts replaced in place or taken out (None), and others added at its end, in order.

        A part whose content is what it was keeps its compressed bytes, also when it moves to the end.
        """
        replaced = {part_key(name): content for name, content in changes.items()}
        added = {part_key(name): (name, content) for name, content in (appended or {}).items()}
        touched = replaced.keys() | added.keys()
        members: list[Member] = []
        for member in self.members:
            key = part_key(member.name)
            if member.name.endswith(("/", "\\")) or key not in touched:
                members.append(member)
            elif key not in added:
                content = replaced[key]
                if content is not None:
                    members.append(self._packed(key, content) or pack_member(member.name, content, like=member))
        members += [self._packed(key, content) or pack_member(name, content) for key, (name, content) in added.items()]
        package = Package(members, self.limits, before=self.before or self)
        package._take_over(self, touched)
        return package

    def _take_over(self, other: Package, touched: Collection[str]) -> None:
        """Keep what another package knows of the parts that are the same in both, and have it forget the others."""
        for name in [name for name in other._unpacked if part_key(name) in touched]:
            other._room += len(other._unpacked.pop(name))
        self._unpacked, self._room = dict(other._unpacked), other._room
        self._markup = {key: node for key, node in other._markup.items() if key not in touched}

    def to_bytes(self) -> bytes:
        """Return the package as the bytes of a file."""
        return write_members(self.members)

    def _packed(self, key: str, content: bytes) -> Member | None:
        """Return the present member of that name if it already holds `content`."""
        member = self._index.get(key)
        return member if member and member.size == len(content) and self.read(key) == content else None

    def _find(self, name: str) -> Member | None:
        found = self._index.get(part_key(name))
        if found is None and "%" in name:
            from urllib.parse import unquote  # late: targets with %20 and the like are rare

            found = self._index.get(part_key(unquote(name)))
        return found

    def _spelled(self, name: str) -> str:
        member = self._find(name)
        return name if member is None else part_name(member.name)

    @cached_property
    def _types(self) -> tuple[dict[str, str], dict[str, str]]:
        overrides, defaults = {}, {}
        for node in self.markup(TYPES_PART).children:
            value = node.attributes.get("ContentType", "")
            if node.name == "Override":
                overrides[part_key(node.attributes.get("PartName", ""))] = value
            elif node.name == "Default":
                defaults[node.attributes.get("Extension", "").lower()] = value
        return overrides, defaults


_KEPT_UNPACKED = 64 << 20
"""Parts that were read stay in memory unpacked up to this size in all; others are unpacked again when needed."""


def read_package(data: bytes, limits: Limits | None = None) -> Package:
    """Return the package in `data`.

    Raises WorkbookRefused, saying what was found and what to do, when it is not a workbook that can be changed
    without harm.
    """
    limits = limits or limits_in_force()
    refusals.check_envelope(data)
    if len(data) > limits.file:
        raise WorkbookRefused(refusals.TOO_LARGE.format(found=len(data) >> 20, limit=limits.file >> 20))
    try:
        members = read_members(data)
    except BrokenArchive as error:
        raise WorkbookRefused(refusals.ARCHIVE[error.kind].format(detail=error)) from error
    _check_members(members, limits)
    package = Package(members, limits)
    _check_package(package)
    return package


class _OwnPackage(Package):
    """A package that we wrote ourselves: its relationships are found without a parser, one to an element."""

    def _links(self, name: str) -> Iterator[Mapping[str, str]]:
        for link in _LINK.findall(self.read(name).decode()):
            yield {key: unescape(value) for key, value in _GIVEN.findall(link)}


_LINK = re.compile(r"<Relationship [^>]*>")
_GIVEN = re.compile(r' (\w+)="([^"]*)"')


def package_of(parts: Mapping[str, bytes]) -> Package:
    """Return a package of our own parts (name -> content), which come from no file."""
    return _OwnPackage(store_member(name, content) for name, content in parts.items())


@lru_cache(maxsize=4096)
def part_name(name: str) -> str:
    """Return a zip member's name as a part name: / between, none in front."""
    return name.replace("\\", "/").lstrip("/")


@lru_cache(maxsize=4096)
def part_key(name: str) -> str:
    """Return what two spellings of one part name have in common."""
    return part_name(name).lower()


@lru_cache(maxsize=4096)
def rels_name(source: str) -> str:
    """Return the name of the part that holds the relationships of `source` ("" = of the package)."""
    folder, name = posixpath.split(source)
    return posixpath.join(folder, "_rels", name + ".rels")


@lru_cache(maxsize=4096)
def resolve(source: str, target: str) -> str:
    """Return the part name that a relationship's target means."""
    target = target.strip().replace("\\", "/").split("#", 1)[0]
    if target.startswith("/"):
        return posixpath.normpath(target).lstrip("/")
    return posixpath.normpath(posixpath.join(posixpath.dirname(source), target)).lstrip("/")


@lru_cache(maxsize=4096)
def target_from(source: str, part: str) -> str:
    """Return how `source` writes a relationship to `part`: relative, with / between."""
    return posixpath.relpath(part, posixpath.dirname(source) or ".")


def _check_members(members: list[Member], limits: Limits) -> None:
    total = sum(m.size for m in members)
    if len(members) > limits.parts:
        raise WorkbookRefused(refusals.TOO_MANY_PARTS.format(found=len(members), limit=limits.parts))
    if total > limits.total:
        raise WorkbookRefused(refusals.BOMB.format(part="*", found=total >> 20))
    seen: set[str] = set()
    for member in members:
        if member.size > limits.part or (
            member.size > limits.ratio_from and member.size > len(member.packed) * limits.ratio
        ):
            raise WorkbookRefused(refusals.BOMB.format(part=member.name, found=member.size >> 20))
        key = part_key(member.name)
        if ".." in key.split("/"):
            raise WorkbookRefused(refusals.UNSAFE_NAME.format(part=member.name))
        if key in seen and not key.endswith("/"):
            raise WorkbookRefused(refusals.DUPLICATE.format(part=member.name))
        seen.add(key)


def _check_package(package: Package) -> None:
    if TYPES_PART not in package:
        raise WorkbookRefused(refusals.foreign_package(package))
    if any(r.kind == "origin" and "digital-signature" in r.type for r in package.relationships()):
        raise WorkbookRefused(refusals.SIGNED)
    refusals.check_workbook(package)
