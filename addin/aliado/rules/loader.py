"""A stranger's YAML, read safely: from events to nodes, with limits, and nothing that YAML can do beyond plain data.

No anchors, aliases, merge keys, tags, directives or second documents; no duplicate keys, no invisible
characters; at most `MAX_BYTES`, `MAX_DEPTH` and `MAX_NODES`. Texts stay texts: NO, 010, 12:30 and a tax id
with a leading zero arrive as typed.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import yaml

from aliado.errors import Problem
from aliado.language import Text, same
from aliado.rules.composer import compose
from aliado.rules.invisible import invisible_characters
from aliado.rules.nodes import MAX_BYTES, Map, Source
from aliado.rules.yaml_traps import explain


class Loaded:
    """A file as read: its content (None when it could not be read), its bytes' SHA-256, its problems in `source`.

    begun: the sections finished before the mistake that kept it from being read to its end.
    """

    __slots__ = ("begun", "root", "sha256", "source")

    def __init__(self, source: Source, root: Map | None, sha256: str, begun: Map | None = None) -> None:
        self.source = source
        self.root = root
        self.sha256 = sha256
        self.begun = begun


def load_file(path: Path, shown: str) -> Loaded:
    """Return the nodes of the YAML file at `path`; problems name the file as `shown`."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        source = Source(shown, "")
        missing = isinstance(error, FileNotFoundError)
        said = error.strerror or type(error).__name__
        reason = Text("no existe", "it does not exist") if missing else same(said)
        _add(
            source,
            1,
            1,
            "Y001",
            Text(f"no se puede leer el archivo: {reason.es}", f"the file cannot be read: {reason.en}"),
            Text("compruebe la ruta y los permisos", "check the path and the permissions"),
        )
        return Loaded(source, None, "")
    return load_bytes(data, shown)


def load_bytes(data: bytes, shown: str) -> Loaded:
    """Return the nodes of a YAML text given as bytes; problems name the file as `shown`."""
    digest = hashlib.sha256(data).hexdigest()
    text, source = _decode(data, shown)
    if text is None:
        return Loaded(source, None, digest)
    source.problems += invisible_characters(text, shown)
    if source.problems:
        return Loaded(source, None, digest)
    composed = compose(source, text)
    if composed.error is not None:
        _syntax_problem(source, composed.error)
    return Loaded(source, composed.root, digest, composed.begun)


def _decode(data: bytes, shown: str) -> tuple[str | None, Source]:
    if len(data) > MAX_BYTES:
        source = Source(shown, "")
        _add(
            source,
            1,
            1,
            "Y002",
            Text("el archivo pasa de 1 MB", "the file is over 1 MB"),
            Text("divídalo en varios paquetes con extends", "split it into several packs with extends"),
        )
        return None, source
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        source = Source(shown, "")
        before = data[: error.start]
        line = before.count(b"\n") + 1
        column = len(before[before.rfind(b"\n") + 1 :].decode("utf-8", "replace")) + 1
        _add(
            source,
            line,
            column,
            "Y003",
            Text("el archivo no está en UTF-8", "the file is not in UTF-8"),
            Text(
                "guárdelo con codificación UTF-8 (Bloc de notas: Guardar como > UTF-8)",
                "save it with UTF-8 encoding (Notepad: Save as > UTF-8)",
            ),
        )
        return None, source
    return text, Source(shown, text)


def _syntax_problem(source: Source, error: yaml.YAMLError) -> None:
    """Add the one problem that YAML's own reader stopped at."""
    line, column, message, hint = explain(error, source.lines)
    if any(problem.code == "Y020" and problem.line == line for problem in source.problems):
        return  # the unquoted formula on this line, already noted, is the cause
    _add(source, line, column, "Y009", message, hint)


def _add(source: Source, line: int, column: int, code: str, message: Text, hint: Text) -> None:
    source.problems.append(Problem(source.name, line, column, code, message, hint))
