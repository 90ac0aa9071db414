"""The files that a pack is made of: its own, the one it extends, and so on to the root; never outside its folder."""

from __future__ import annotations

import re
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, NamedTuple

from aliado.errors import Problem
from aliado.language import Text
from aliado.resources import rules_folder
from aliado.rules.hints import did_you_mean, quote
from aliado.rules.nodes import MAX_BYTES, Scalar, Source

if TYPE_CHECKING:
    from aliado.rules.loader import Loaded

LONGEST_CHAIN = 8
"""More packs on top of one another than this is a mistake."""


def shipped_packs() -> list[str]:
    """Return the names of the packs that come with Aliado."""
    return sorted(path.stem for path in rules_folder().glob("*.yaml"))


def shipped_pack_for(country: str) -> str | None:
    """Return the name of the shipped pack of a country (two letters), None when there is none."""
    name = country.strip().lower()
    return name if re.fullmatch("[a-z]{2}", name) and (rules_folder() / f"{name}.yaml").is_file() else None


def find_pack(workbook: Path) -> Path | None:
    """Return the pack that goes with a workbook: NAME.aliado.yaml beside it, else the nearest aliado.yaml above."""
    beside = workbook.with_name(f"{workbook.stem}.aliado.yaml")
    if beside.is_file():
        return beside
    for folder in workbook.absolute().parents:
        if (folder / "aliado.yaml").is_file():
            return folder / "aliado.yaml"
    return None


def rules_folder_of(pack: Path) -> Path:
    """Return the folder that a pack may inherit from, and nothing outside it.

    That is the nearest folder above it named rules or reglas; else the highest one with an aliado.yaml; else the
    folder above, when its own is named clients or clientes; else its own.
    """
    folder = pack.resolve().parent
    above = [folder, *folder.parents]
    named = next((each for each in above if each.name.lower() in ("rules", "reglas", "_rules")), None)
    if named is not None:
        return named
    marked = [each for each in above if (each / "aliado.yaml").is_file()]
    if marked:
        return marked[-1]
    return folder.parent if folder.name.lower() in ("clients", "clientes") else folder


class Link(NamedTuple):
    """One file of a chain: where it is, the name it goes by in messages, the folder it must not leave."""

    path: Path
    shown: str
    folder: Path


class FileOfChain(NamedTuple):
    """One file of a chain, unread: the name it goes by in messages, the SHA-256 of its bytes."""

    shown: str
    sha256: str


_EXTENDS = re.compile(rb"""^extends:[ \t]+(["']?)([\w./-]+)\1[ \t]*(?:#.*)?$""", re.MULTILINE)


def files_of_chain(source: Path | str) -> list[FileOfChain] | None:
    """Return the files of a pack, its own first, as they look without reading their YAML; None where they cannot be told.

    A file may look as if it extended another and not do so, or the other way round: then these are not the pack's files,
    and differ from the ones that reading it in full found. Where they are the same, so is the pack.
    """
    link = _first(source)
    found: list[FileOfChain] = []
    seen: list[Path] = []
    while link is not None:
        try:
            with link.path.open("rb") as file:
                data = file.read(MAX_BYTES + 1)
        except OSError:
            return None
        found.append(FileOfChain(link.shown, sha256(data).hexdigest()))
        seen.append(link.path.resolve())
        extends = _EXTENDS.findall(data.replace(b"\r", b"\n"))
        if len(extends) != 1:
            return None if extends else found
        name = Scalar(Source(link.shown, ""), 1, 1, extends[0][1].decode("ascii"), plain=True)
        link = _next(name, link, seen)
    return None


def load_chain(source: Path | str) -> list[Loaded]:
    """Return the files of a pack, its own first, the root last; what ends the chain early is a problem of a file."""
    return [loaded for _, loaded in _links(source)]


def pack_files(source: Path | str) -> list[Path]:
    """Return where the files of a pack are, its own first, the root last."""
    return [path for path, _ in _links(source)]


def _links(source: Path | str) -> list[tuple[Path, Loaded]]:
    link = _first(source)
    if link is None:
        return [(Path(source), _missing(str(source)))]
    from aliado.rules.loader import load_file  # late: it brings the YAML library

    chain: list[tuple[Path, Loaded]] = []
    seen: list[Path] = []
    while link is not None:
        loaded = load_file(link.path, link.shown)
        chain.append((link.path, loaded))
        seen.append(link.path.resolve())
        read = loaded.root or loaded.begun
        extends = read.get("extends") if read is not None else None
        link = _next(extends, link, seen) if isinstance(extends, Scalar) else None
    return chain


def _first(source: Path | str) -> Link | None:
    if isinstance(source, str) and re.fullmatch("[a-z0-9_-]+", source):
        path = rules_folder() / f"{source}.yaml"
        return Link(path, path.name, path.parent) if path.is_file() else None
    path = Path(source)
    return Link(path, path.as_posix(), rules_folder_of(path))


def _missing(name: str) -> Loaded:
    source = Source(name, "")
    source.problems.append(
        Problem(
            name,
            1,
            1,
            "P040",
            Text(f"no hay ningún paquete {quote(name)}", f"there is no pack {quote(name)}"),
            did_you_mean(name, shipped_packs()),
        )
    )
    from aliado.rules.loader import Loaded

    return Loaded(source, None, "")


def _next(extends: Scalar, link: Link, seen: list[Path]) -> Link | None:
    found = _extended(extends, link)
    if found is None:
        return None
    if found.path.resolve() in seen:
        extends.report(
            "P041",
            Text(
                f"{quote(extends.text)} vuelve a un paquete que ya está en la cadena",
                f"{quote(extends.text)} leads back to a pack already in the chain",
            ),
            Text("quite extends en uno de los dos", "remove extends from one of the two"),
        )
        return None
    if len(seen) >= LONGEST_CHAIN:
        extends.report(
            "P042",
            Text(f"más de {LONGEST_CHAIN} paquetes encadenados", f"a chain of more than {LONGEST_CHAIN} packs"),
            Text("junte varios en uno", "join some of them into one"),
        )
        return None
    return found


def _extended(extends: Scalar, link: Link) -> Link | None:
    text = extends.text.strip()
    if re.fullmatch("[A-Za-z0-9_-]+", text):
        path = rules_folder() / f"{text}.yaml"
        if path.is_file():
            return Link(path, path.name, path.parent)
        beside = [each.name for each in link.path.parent.glob("*.yaml")]
        message = Text(f"no hay ningún paquete {quote(text)}", f"there is no pack {quote(text)}")
        extends.report("P040", message, did_you_mean(text, [*shipped_packs(), *beside]))
        return None
    if not _is_plain_path(text):
        extends.report(
            "P043",
            Text(
                f"{quote(text)} no es un nombre ni una ruta relativa a un .yaml",
                f"{quote(text)} is neither a name nor a relative path to a .yaml",
            ),
            Text(
                "escriba base, ec o algo como ../firma.yaml, con barras /",
                "write base, ec or something like ../firm.yaml, with slashes /",
            ),
        )
        return None
    path = link.path.parent / text
    if not path.resolve().is_relative_to(link.folder.resolve()):
        folder = link.folder.name
        extends.report(
            "P044",
            Text(
                f"{quote(text)} queda fuera de la carpeta de reglas ({folder})",
                f"{quote(text)} lies outside the rules folder ({folder})",
            ),
            Text(
                "ponga el paquete dentro; cuenta como carpeta de reglas la llamada rules o reglas, o la que tiene aliado.yaml",
                "put the pack inside; the rules folder is the one named rules or reglas, or the one with aliado.yaml",
            ),
        )
        return None
    if not path.is_file():
        near = [each.name for each in path.parent.glob("*.yaml")] if path.parent.is_dir() else []
        extends.report(
            "P045", Text(f"no existe {quote(text)}", f"{quote(text)} does not exist"), did_you_mean(path.name, near)
        )
        return None
    return Link(path, _joined(link.shown, text), link.folder)


def link_to(named: Scalar, file: Path) -> Link | None:
    """Return the pack that a text in `file` names, by shipped name or relative path; report why there is none."""
    return _extended(named, Link(file, file.as_posix(), rules_folder_of(file)))


def _is_plain_path(text: str) -> bool:
    path = PurePosixPath(text)
    odd = "\\" in text or ":" in text or "~" in text or "\0" in text
    return not odd and not path.is_absolute() and path.suffix in (".yaml", ".yml")


def _joined(shown: str, relative: str) -> str:
    """Return the name in messages of a file named relative to another."""
    parts: list[str] = list(PurePosixPath(shown).parent.parts)
    for part in PurePosixPath(relative).parts:
        if part == ".." and parts and parts[-1] not in ("..", "/"):
            parts.pop()
        else:
            parts.append(part)
    return PurePosixPath(*parts).as_posix()
