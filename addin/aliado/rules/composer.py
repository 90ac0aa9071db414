"""YAML's events to nodes, in one pass with its own stack: no depth of nesting can exhaust Python's or libyaml's."""

from __future__ import annotations

from typing import Any, Final, NamedTuple, NoReturn

import yaml

from aliado.errors import Problem
from aliado.language import Text
from aliado.rules.invisible import invisible_characters
from aliado.rules.nodes import List, Map, Node, Scalar, Source

MAX_DEPTH = 24
MAX_NODES = 50_000

_EVENTS: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class StoppedError(Exception):
    """What follows cannot be read any more; the problem is already noted."""


class Composed(NamedTuple):
    """A document: its map, or, where it breaks off, the sections that were finished before. error: YAML's own, if any."""

    root: Map | None
    begun: Map | None = None
    error: yaml.YAMLError | None = None


def compose(source: Source, text: str) -> Composed:
    """Return the document's map; problems go to the source, all but YAML's own error."""
    composer = _Composer(source)
    try:
        composer.read(_EVENTS(text))
    except StoppedError:
        return Composed(None, composer.finished_sections())
    except yaml.YAMLError as error:
        return Composed(None, composer.finished_sections(), error)
    if composer.root is None and not source.problems:
        _report(
            source,
            1,
            1,
            "Y005",
            Text("el archivo está vacío", "the file is empty"),
            Text("empiece con: pack: mi-paquete", "begin with: pack: my-pack"),
        )
    return Composed(composer.root)


class _Open(NamedTuple):
    """Where reading stands: in a map (and the key that waits for its value) or in a list, within brackets or not."""

    map: Map | None = None
    key: Scalar | None = None
    list: List | None = None
    bracketed: bool = False


class _Composer:
    """What is known of a file while it is read."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.root: Map | None = None
        self.documents = 0
        self.stack: list[_Open] = []
        self.commented = {number for number, line in enumerate(source.lines) if "#" in line}

    def read(self, events: Any) -> None:
        """Build nodes from events. What every text needs is held in local names: this loop is most of loading a pack."""
        source, commented, next_event = self.source, self.commented, events.get_event
        scalar, map_start, list_start = yaml.ScalarEvent, yaml.MappingStartEvent, yaml.SequenceStartEvent
        map_end, list_end, stream_end = yaml.MappingEndEvent, yaml.SequenceEndEvent, yaml.StreamEndEvent
        count = 0
        within, key, among, bracketed = _Open()
        while (kind := (event := next_event()).__class__) is not stream_end:
            if kind is map_end or kind is list_end:
                within, key, among, bracketed = self.stack.pop()
                continue
            if kind is not scalar and kind is not map_start and kind is not list_start:
                self._mark(event)
                continue
            count += 1
            if count > MAX_NODES:
                self._stop_at_many(event)
            if event.anchor is not None or event.tag is not None:
                self._refuse_properties(event)
            start = event.start_mark
            node: Scalar | Map | List
            if kind is scalar:
                value, plain = event.value, not event.style  # None or "", by parser
                node = Scalar(source, start.line + 1, start.column + 1, value, plain)
                if not plain:
                    _look_inside(node)
                elif bracketed and value[:1] == "=":
                    _report_bare_formula(node)
                elif event.end_mark.line in commented:
                    _look_behind(node, event.end_mark)
            else:
                node = (Map if kind is map_start else List)(source, start.line + 1, start.column + 1)
            if within is not None:
                if key is None:
                    key = node if isinstance(node, Scalar) and node.text != "<<" else _key(node)
                else:
                    if key.text in within.keys or key is _NO_KEY:
                        _refuse_again(within, key)
                    else:
                        within.keys[key.text], within.items[key.text] = key, node
                    key = None
            elif among is not None:
                among.items.append(node)
            else:
                self._begin(node)
            if kind is not scalar:
                if len(self.stack) >= MAX_DEPTH:
                    self._stop_at_deep(event)
                self.stack.append(_Open(within, key, among, bracketed))
                within, among = (node if isinstance(node, Map) else None), (node if isinstance(node, List) else None)
                key, bracketed = None, bool(event.flow_style)

    def finished_sections(self) -> Map | None:
        """Return the document without its last key, whose content may not be whole; None where nothing is left."""
        if self.root is None or len(self.root.items) < 2:
            return None
        finished = Map(self.root.source, self.root.line, self.root.column)
        for name in list(self.root.items)[:-1]:
            finished.keys[name], finished.items[name] = self.root.keys[name], self.root.items[name]
        return finished

    def _mark(self, event: Any) -> None:
        """Take in an event that is no node: an alias and a second document end the reading."""
        if isinstance(event, yaml.AliasEvent):
            self._stop(
                event,
                "Y010",
                Text(f"alias *{event.anchor}", f"alias *{event.anchor}"),
                Text(
                    'los paquetes no usan alias; si es un texto, póngalo entre comillas: "*"',
                    'packs do not use aliases; if it is a text, put it in quotes: "*"',
                ),
            )
        if not isinstance(event, yaml.DocumentStartEvent):
            return
        self.documents += 1
        if self.documents > 1:
            self._stop(
                event,
                "Y011",
                Text("segundo documento en el mismo archivo", "a second document in the same file"),
                Text("quite la línea --- o póngalo en otro archivo", "remove the line --- or put it in another file"),
            )
        if event.version or event.tags:
            self._refuse(
                event,
                "Y012",
                Text("directiva de YAML (%YAML, %TAG)", "YAML directive (%YAML, %TAG)"),
                Text("quítela: los paquetes no la necesitan", "remove it: packs do not need it"),
            )

    def _begin(self, node: Node) -> None:
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

    def _refuse_properties(self, event: Any) -> None:
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

    def _stop_at_many(self, event: Any) -> NoReturn:
        self._stop(
            event,
            "Y006",
            Text(f"más de {MAX_NODES} elementos", f"more than {MAX_NODES} items"),
            Text("divida el archivo en varios paquetes", "split the file into several packs"),
        )

    def _stop_at_deep(self, event: Any) -> NoReturn:
        self._stop(
            event,
            "Y007",
            Text(f"más de {MAX_DEPTH} niveles anidados", f"nested more than {MAX_DEPTH} levels deep"),
            Text("revise corchetes y sangrías", "check brackets and indentation"),
        )

    def _stop(self, event: Any, code: str, message: Text, hint: Text) -> NoReturn:
        self._refuse(event, code, message, hint)
        raise StoppedError

    def _refuse(self, event: Any, code: str, message: Text, hint: Text) -> None:
        mark = event.start_mark
        _report(self.source, mark.line + 1, mark.column + 1, code, message, hint)


def _key(node: Node) -> Scalar:
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
            return _NO_KEY
        return node
    node.report(
        "Y016",
        Text("una clave tiene que ser un texto", "a key has to be a text"),
        Text(
            "si es un valor que empieza por [ o {, póngalo entre comillas",
            "if it is a value that begins with [ or {, put it in quotes",
        ),
    )
    return _NO_KEY


_NO_KEY: Final = Scalar(Source("", ""), 0, 0, "", False)
"""Stands for a key that was refused: nothing more is said of it, or of what it holds."""


def _refuse_again(parent: Map, key: Scalar) -> None:
    """Report a key that its map has already; what was refused as a key needs no second word."""
    if key is _NO_KEY:
        return
    first = parent.keys[key.text]
    key.report(
        "Y017",
        Text(f"clave repetida: {key.text}", f"duplicate key: {key.text}"),
        Text(
            f"ya está en la línea {first.line}; deje una sola",
            f"it already stands on line {first.line}; keep only one",
        ),
    )


def _look_inside(node: Scalar) -> None:
    """Report what escapes in a quoted text stand for, where that cannot be seen."""
    for problem in invisible_characters(node.text, node.source.name):
        node.report(problem.code, problem.message, problem.hint)


def _report_bare_formula(node: Scalar) -> None:
    node.report(
        "Y020",
        Text("fórmula sin comillas dentro de {...} o [...]", "unquoted formula inside {...} or [...]"),
        Text(
            "póngala entre comillas simples: '=...', o escriba las claves en líneas aparte",
            "put it in single quotes: '=...', or write the keys on lines of their own",
        ),
    )


def _look_behind(node: Scalar, end: Any) -> None:
    """Note a comment behind a text; report one that took its end, as in `number: Invoice #`."""
    rest = node.source.lines[end.line][end.column :].rstrip()
    node.comment_follows = rest.lstrip().startswith("#")
    if node.text and (rest == " #" or (rest.startswith(" #") and rest[2].isdigit())):
        node.report(
            "Y021",
            Text(
                f'" #" empieza un comentario: solo queda "{node.text}"',
                f'" #" begins a comment: only "{node.text}" is left',
            ),
            Text("ponga el texto entre comillas", "put the text in quotes"),
        )


def _report(source: Source, line: int, column: int, code: str, message: Text, hint: Text) -> None:
    source.problems.append(Problem(source.name, line, column, code, message, hint))
