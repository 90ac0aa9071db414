"""A stranger's YAML, read safely: from events to nodes, with limits, and nothing that YAML can do beyond plain data.

No anchors, aliases, merge keys, tags, directives or second documents; no duplicate keys, no invisible
characters; at most `MAX_BYTES`, `MAX_DEPTH` and `MAX_NODES`. Texts stay texts: NO, 010, 12:30 and a tax id
with a leading zero arrive as typed.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unicodedata import category, name

import yaml

from aliado.errors import Problem
from aliado.language import Text
from aliado.rules.nodes import List, Map, Node, Scalar, Source
from aliado.rules.yaml_traps import explain

MAX_BYTES = 1_000_000
MAX_DEPTH = 24
MAX_NODES = 50_000

_EVENTS: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

# Anything but ASCII letters, digits and signs is looked at one by one; controls other than newline are refused.
_SUSPECT = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\xa0\xad\u0600-\u070f\u1680\u180b-\u180f\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\uffff\U000e0000-\U000e0fff]"
)
_HARMLESS = frozenset({"Lo", "Lm", "Mn", "Nd", "Po", "Sc", "Sm", "So"})


class Loaded:
    """A file as read: its content (None when it could not be read), its bytes' SHA-256, its problems in `source`."""

    __slots__ = ("root", "sha256", "source")

    def __init__(self, source: Source, root: Map | None, sha256: str) -> None:
        self.source = source
        self.root = root
        self.sha256 = sha256


def load_file(path: Path, shown: str) -> Loaded:
    """Return the nodes of the YAML file at `path`; problems name the file as `shown`."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        source = Source(shown, "")
        reason = error.strerror or type(error).__name__
        _add(
            source,
            1,
            1,
            "Y001",
            Text(f"no se puede leer el archivo: {reason}", f"the file cannot be read: {reason}"),
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
    for problem in _invisible(text, shown):
        source.problems.append(problem)
    if source.problems:
        return Loaded(source, None, digest)
    composer = _Composer(source)
    try:
        root = composer.compose(text)
    except _StoppedError:
        root = None
    except yaml.YAMLError as error:
        _syntax_problem(source, error)
        root = None
    return Loaded(source, root, digest)


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


def _invisible(text: str, shown: str) -> Iterator[Problem]:
    """Yield a problem for every character that cannot be seen or that turns the reading direction."""
    if text.isascii() and text.isprintable():
        return
    for found in _SUSPECT.finditer(text):
        char = found.group()
        if category(char) in _HARMLESS and not "\ufe00" <= char <= "\ufe0f" and not _fills(char):
            continue
        line = text.count("\n", 0, found.start()) + 1
        column = found.start() - text.rfind("\n", 0, found.start())
        yield Problem(shown, line, column, "Y004", *_invisible_texts(char))


def _fills(char: str) -> bool:
    """Return whether a character counted as a letter is drawn as nothing (the Hangul fillers and the like)."""
    return char in "\u3164\uffa0\u180b\u180c\u180d\u180f" or char >= "\U000e0000"


def _invisible_texts(char: str) -> tuple[Text, Text]:
    label = f"U+{ord(char):04X} {name(char, '')}".strip()
    space = category(char) == "Zs"
    return (
        Text(f"carácter invisible {label}", f"invisible character {label}"),
        Text("sustitúyalo por un espacio normal", "replace it with an ordinary space")
        if space
        else Text(
            "bórrelo: no se ve y puede cambiar lo que se lee",
            "delete it: it cannot be seen and may change what is read",
        ),
    )


class _StoppedError(Exception):
    """A limit was passed; the problem is already noted."""


class _Composer:
    """Builds nodes from YAML events with its own stack, so that no depth of nesting can exhaust Python's."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.count = 0
        self.documents = 0
        self.stack: list[Map | List] = []
        self.flow: list[bool] = []
        self.pending: list[Scalar | None] = []
        self.root: Map | None = None
        self.commented = {number for number, line in enumerate(source.lines) if "#" in line}

    def compose(self, text: str) -> Map | None:
        """Return the document's map; problems go to the source."""
        for event in yaml.parse(text, Loader=_EVENTS):
            kind = event.__class__
            if kind is yaml.ScalarEvent:
                self._node(event)
                self._put(self._scalar(event))
            elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
                self._node(event)
                self._open(event)
            elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
                self._close()
            elif isinstance(event, yaml.AliasEvent):
                self._refuse(
                    event,
                    "Y010",
                    Text(f"alias *{event.anchor}", f"alias *{event.anchor}"),
                    Text(
                        'los paquetes no usan alias; si es un texto, póngalo entre comillas: "*"',
                        'packs do not use aliases; if it is a text, put it in quotes: "*"',
                    ),
                )
                raise _StoppedError
            elif isinstance(event, yaml.DocumentStartEvent):
                self._document(event)
        if self.root is None and not self.source.problems:
            _add(
                self.source,
                1,
                1,
                "Y005",
                Text("el archivo está vacío", "the file is empty"),
                Text("empiece con: pack: mi-paquete", "begin with: pack: my-pack"),
            )
        return self.root

    def _document(self, event: yaml.DocumentStartEvent) -> None:
        self.documents += 1
        if self.documents > 1:
            self._refuse(
                event,
                "Y011",
                Text("segundo documento en el mismo archivo", "a second document in the same file"),
                Text("quite la línea --- o póngalo en otro archivo", "remove the line --- or put it in another file"),
            )
            raise _StoppedError
        if event.version or event.tags:
            self._refuse(
                event,
                "Y012",
                Text("directiva de YAML (%YAML, %TAG)", "YAML directive (%YAML, %TAG)"),
                Text("quítela: los paquetes no la necesitan", "remove it: packs do not need it"),
            )

    def _node(self, event: Any) -> None:
        self.count += 1
        if self.count > MAX_NODES:
            self._refuse(
                event,
                "Y006",
                Text(f"más de {MAX_NODES} elementos", f"more than {MAX_NODES} items"),
                Text("divida el archivo en varios paquetes", "split the file into several packs"),
            )
            raise _StoppedError
        if event.anchor is not None:
            self._refuse(
                event,
                "Y013",
                Text(f"ancla &{event.anchor}", f"anchor &{event.anchor}"),
                Text(
                    "escriba el valor donde se usa; los paquetes no tienen anclas",
                    "write the value where it is used; packs have no anchors",
                ),
            )
        if event.tag is not None:
            self._refuse(
                event,
                "Y014",
                Text(f"etiqueta {event.tag}", f"tag {event.tag}"),
                Text(
                    'los paquetes no usan etiquetas; si es un texto, póngalo entre comillas: "!..."',
                    'packs do not use tags; if it is a text, put it in quotes: "!..."',
                ),
            )

    def _scalar(self, event: Any) -> Scalar:
        start, end = event.start_mark, event.end_mark
        plain = not event.style  # None or "", by parser
        node = Scalar(self.source, start.line + 1, start.column + 1, event.value, plain, (end.line + 1, end.column + 1))
        if not plain:
            for problem in _invisible(event.value, self.source.name):
                node.report(problem.code, problem.message, problem.hint)
        elif event.value[:1] == "=" and self.flow and self.flow[-1]:
            node.report(
                "Y020",
                Text("fórmula sin comillas dentro de {...} o [...]", "unquoted formula inside {...} or [...]"),
                Text(
                    "póngala entre comillas simples: '=...', o escriba las claves en líneas aparte",
                    "put it in single quotes: '=...', or write the keys on lines of their own",
                ),
            )
        elif end.line in self.commented:
            _swallowed(node)
        return node

    def _open(self, event: Any) -> None:
        if len(self.stack) >= MAX_DEPTH:
            self._refuse(
                event,
                "Y007",
                Text(f"más de {MAX_DEPTH} niveles anidados", f"nested more than {MAX_DEPTH} levels deep"),
                Text("revise corchetes y sangrías", "check brackets and indentation"),
            )
            raise _StoppedError
        kind = Map if isinstance(event, yaml.MappingStartEvent) else List
        mark = event.start_mark
        node = kind(self.source, mark.line + 1, mark.column + 1)
        self._put(node)
        self.stack.append(node)
        self.flow.append(bool(event.flow_style))
        self.pending.append(None)

    def _close(self) -> None:
        self.stack.pop()
        self.flow.pop()
        self.pending.pop()

    def _put(self, node: Node) -> None:
        if not self.stack:
            if isinstance(node, Map):
                self.root = node
            elif not self.source.problems:
                node.report(
                    "Y008",
                    Text(
                        "se esperaban claves (clave: valor) al principio del archivo",
                        "keys (key: value) were expected at the top of the file",
                    ),
                    Text("empiece con: pack: mi-paquete", "begin with: pack: my-pack"),
                )
            return
        parent = self.stack[-1]
        if isinstance(parent, List):
            parent.items.append(node)
            return
        key = self.pending[-1]
        if key is None:
            self.pending[-1] = self._key(node)
        else:
            self.pending[-1] = None
            self._store(parent, key, node)

    def _key(self, node: Node) -> Scalar:
        if isinstance(node, Scalar):
            if node.plain and node.text == "<<":
                node.report(
                    "Y015",
                    Text("clave de fusión <<", "merge key <<"),
                    Text(
                        "escriba las claves; para heredar de otro paquete use extends",
                        "write the keys out; to inherit from another pack use extends",
                    ),
                )
            return node
        node.report(
            "Y016",
            Text("una clave tiene que ser un texto", "a key has to be a text"),
            Text(
                "si es un valor que empieza por [ o {, póngalo entre comillas",
                "if it is a value that begins with [ or {, put it in quotes",
            ),
        )
        return Scalar(self.source, node.line, node.column, "", False, (node.line, node.column))

    @staticmethod
    def _store(parent: Map, key: Scalar, node: Node) -> None:
        first = parent.keys.get(key.text)
        if first is not None:
            key.report(
                "Y017",
                Text(f"clave repetida: {key.text}", f"duplicate key: {key.text}"),
                Text(
                    f"ya está en la línea {first.line}; deje una sola",
                    f"it already stands on line {first.line}; keep only one",
                ),
            )
            return
        parent.keys[key.text] = key
        parent.items[key.text] = node

    def _refuse(self, event: Any, code: str, message: Text, hint: Text) -> None:
        _add(self.source, event.start_mark.line + 1, event.start_mark.column + 1, code, message, hint)


def _swallowed(node: Scalar) -> None:
    """Report a text that lost its end to a comment, as in `number: Invoice #`."""
    if not node.text:
        return
    line, column = node.end
    rest = node.source.lines[line - 1][column - 1 :].rstrip()
    if rest == " #" or (rest.startswith(" #") and rest[2].isdigit()):
        node.report(
            "Y021",
            Text(
                f'" #" empieza un comentario: solo queda "{node.text}"',
                f'" #" begins a comment: only "{node.text}" is left',
            ),
            Text("ponga el texto entre comillas", "put the text in quotes"),
        )


def _syntax_problem(source: Source, error: yaml.YAMLError) -> None:
    """Add the one problem that YAML's own reader stopped at."""
    line, column, message, hint = explain(error, source.lines)
    if any(problem.code == "Y020" and problem.line == line for problem in source.problems):
        return  # the unquoted formula on this line, already noted, is the cause
    _add(source, line, column, "Y009", message, hint)


def _add(source: Source, line: int, column: int, code: str, message: Text, hint: Text) -> None:
    source.problems.append(Problem(source.name, line, column, code, message, hint))
