"""The reference part of `rules/README.md`: every key of the rule language and every function, from the code itself.

Run `python -m aliado.rules.reference rules/README.md` after changing keys or functions.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from aliado.formula.function import FunctionSpec
from aliado.formula.registry import Registry
from aliado.language import Language, Text
from aliado.rules.functions import FUNCTIONS
from aliado.rules.keys import COMMON, PACK, TEST
from aliado.rules.shapes import Key, ListOf, MapOf, Record
from aliado.rules.words import Shape, Word

_SECTIONS = Text("Todas las claves", "Every key")
_TEST = Text("Claves de un archivo de pruebas", "Keys of a test file")
_FUNCTIONS = Text("Todas las funciones", "Every function")
_CATEGORIES = {
    "logic": Text("Lógica", "Logic"),
    "information": Text("Información", "Information"),
    "maths": Text("Matemáticas", "Maths"),
    "statistics": Text("Estadística", "Statistics"),
    "conditional": Text("Sumas y cuentas con condiciones", "Conditional sums and counts"),
    "date": Text("Fechas", "Dates"),
    "text": Text("Texto", "Text"),
    "lookup": Text("Búsqueda", "Lookup"),
    "domain": Text("De Aliado", "Aliado's own"),
}


def reference(language: Language, functions: Registry = FUNCTIONS) -> str:
    """Return the reference in one language, as Markdown."""
    parts = [f"### {_SECTIONS.to(language)}", *_key_tables(PACK, language)]
    parts += [f"### {_TEST.to(language)}", *_key_tables(TEST, language)]
    parts += [f"### {_FUNCTIONS.to(language)}", *_function_tables(functions, language)]
    return "\n\n".join(parts) + "\n"


def _key_tables(record: Record, language: Language) -> Iterator[str]:
    seen: set[int] = set()
    sections = {name: key for name, key in record.keys.items() if isinstance(_inner(key.shape), Record)}
    yield _table(((name, key) for name, key in record.keys.items()), language)
    if record is PACK:
        title = Text("Claves que tiene toda regla", "Keys that every rule has")
        yield f"#### {title.to(language)}"
        yield _table(_walk(Record(COMMON), "", seen, skip=False), language)
    for name, key in sections.items():
        rows = list(_walk(_inner(key.shape), "", seen, skip=True))
        if rows:
            yield f"#### `{name}`"
            yield _table(rows, language)


def _inner(shape: Shape) -> Shape:
    """Return what a map or list holds, itself otherwise."""
    return _inner(shape.item) if isinstance(shape, (MapOf, ListOf)) else shape


def _walk(shape: Shape, path: str, seen: set[int], *, skip: bool) -> Iterator[tuple[str, Key]]:
    """Yield every key below a shape; those that every rule has, and records described before, are left out."""
    if not isinstance(shape, Record) or id(shape) in seen:
        return
    seen.add(id(shape))
    for name, key in shape.keys.items():
        if not skip or COMMON.get(name) is not key:
            here = f"{path}.{name}" if path else name
            yield here, key
            if name != "by_period":  # the same keys as `due` itself
                yield from _walk(_inner(key.shape), here, seen, skip=skip)


def _table(rows: Iterable[tuple[str, Key]], language: Language) -> str:
    head = "| clave | qué es | qué se escribe |" if language == "es" else "| key | what it is | what to write |"
    return "\n".join([head, "|---|---|---|", *(_row(path, key, language) for path, key in rows)])


def _row(path: str, key: Key, language: Language) -> str:
    must = (" **(obligatoria)**" if language == "es" else " **(required)**") if key.required else ""
    return f"| `{path}` | {_cell(key.about.to(language))}{must} | {_cell(_expected(key.shape, language))} |"


def _expected(shape: Shape, language: Language) -> str:
    if isinstance(shape, Word):
        return shape.expected.to(language)
    if isinstance(shape, ListOf):
        inner = _expected(shape.item, language)
        return f"lista: {inner}" if language == "es" else f"list: {inner}"
    if isinstance(shape, MapOf):
        return f"{shape.key.expected.to(language)}: {_expected(shape.item, language)}"
    if isinstance(shape, Record):
        return "sus claves" if language == "es" else "its keys"
    return "texto, o {es: …, en: …}" if language == "es" else "text, or {es: …, en: …}"


def _function_tables(functions: Registry, language: Language) -> Iterator[str]:
    head = "| función | qué hace | ejemplo |" if language == "es" else "| function | what it does | example |"
    for category, title in _CATEGORIES.items():
        chosen = sorted((f for f in functions if f.category == category), key=lambda f: _names(f, language)[0])
        if chosen:
            yield f"#### {title.to(language)}"
            yield "\n".join([head, "|---|---|---|", *(_function(function, language) for function in chosen)])


def _names(function: FunctionSpec, language: Language) -> list[str]:
    """Return every name of a function, the language's own first."""
    names = [function.name, *function.aliases]
    return names if language == "en" else [*names[1:], names[0]]


def _function(function: FunctionSpec, language: Language) -> str:
    first, *others = _names(function, language)
    parameters = "; ".join(f"{p.name}{'…' if p.repeats else ''}" for p in function.parameters)
    also = f" ({', '.join(others)})" if others else ""
    examples = " · ".join(f"`{_cell(example)}`" for example in function.examples)
    return f"| `{first}({parameters})`{also} | {_cell(function.summary.to(language))} | {examples} |"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def with_reference(readme: str) -> str:
    """Return the README with its reference parts brought up to date."""
    languages: tuple[Language, ...] = ("es", "en")
    for language in languages:
        start, end = f"<!-- reference {language} -->\n", f"<!-- end {language} -->"
        pattern = re.compile(re.escape(start) + ".*?" + re.escape(end), re.DOTALL)
        text = f"{start}\n{reference(language)}\n{end}"
        readme = pattern.sub(lambda _, text=text: text, readme)  # type: ignore[misc]
    return readme


if __name__ == "__main__":
    path = Path(sys.argv[1])
    path.write_text(with_reference(path.read_text(encoding="utf-8")), encoding="utf-8")
