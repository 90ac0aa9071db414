"""Why YAML could not be read, said to an accountant: the few traps that formulas and headings fall into."""

from __future__ import annotations

import re
from collections.abc import Sequence

import yaml

from aliado.language import Text

_COMMENT_IN_BRACKETS = re.compile(r"[\[{].* #")


def explain(error: yaml.YAMLError, lines: Sequence[str]) -> tuple[int, int, Text, Text]:
    """Return line and column (1-based), what is wrong there, and what to do."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    said = str(getattr(error, "problem", "") or error)
    written = lines[line - 1] if line <= len(lines) else ""
    context = getattr(error, "context_mark", None)
    if context is not None and context.line < line - 1:
        opened = lines[context.line]
        if not written.strip() or _COMMENT_IN_BRACKETS.search(opened):  # the cause stands where the bracket opens
            line, column, written = context.line + 1, context.column + 1, opened
    return line, column, *_texts(said, written, column)


def _texts(said: str, written: str, column: int) -> tuple[Text, Text]:
    here = written[column - 1 : column]
    if "mapping values are not allowed" in said:
        return (
            Text(
                '":" seguido de espacio dentro de un texto sin comillas, o sangría de más',
                '":" followed by a space inside an unquoted text, or too much indentation',
            ),
            Text("ponga el texto entre comillas simples: '...: ...'", "put the text in single quotes: '...: ...'"),
        )
    if "cannot start any token" in said:
        if here == "\t":
            return Text("tabulador al principio de la línea", "tab at the beginning of the line"), Text(
                "use espacios", "use spaces"
            )
        if here == "@":
            return (
                Text("[@ al principio de un valor", "[@ at the beginning of a value"),
                Text(
                    "una fórmula empieza por =; y dentro de {...} va entre comillas simples",
                    "a formula begins with =; and inside {...} it goes in single quotes",
                ),
            )
        return (
            Text(f"un valor no puede empezar por {here or '?'}", f"a value cannot begin with {here or '?'}"),
            Text("póngalo entre comillas", "put it in quotes"),
        )
    if "alphabetic or numeric" in said and ("*" in written or "&" in written):
        return (
            Text("un valor no puede empezar por * o &", "a value cannot begin with * or &"),
            Text('póngalo entre comillas: "*"', 'put it in quotes: "*"'),
        )
    if re.search(r"[{\[,:]\s*=", written) and re.search(r"[{\[]", written):
        return (
            Text(
                "no se entiende esta línea: hay una fórmula sin comillas dentro de {...}",
                "this line cannot be read: it has an unquoted formula inside {...}",
            ),
            Text("ponga la fórmula entre comillas simples: '=...'", "put the formula in single quotes: '=...'"),
        )
    if _COMMENT_IN_BRACKETS.search(written):
        return (
            Text(
                'no se entiende esta línea: lo que sigue a " #" es un comentario',
                'this line cannot be read: what follows " #" is a comment',
            ),
            Text("si es parte del texto, póngalo entre comillas", "if it is part of the text, put it in quotes"),
        )
    return (
        Text(f"YAML mal escrito ({said})", f"malformed YAML ({said})"),
        Text(
            "revise comillas, corchetes y sangrías en esta línea y en la anterior",
            "check quotes, brackets and indentation on this line and the one before",
        ),
    )
