"""Formulas as they stand in a rule file: where each of their characters is, and what YAML did to them."""

from __future__ import annotations

from collections.abc import Sequence

from aliado.errors import Problem
from aliado.formula.mistakes import FormulaMistakeError, Mistake, Place
from aliado.formula.parser import parse
from aliado.formula.tokens import read_words
from aliado.language import Text
from aliado.rules.nodes import Scalar


class WrittenPlace(Place, frozen=True):
    """Where a formula begins in its file. lines: of the file; quote: what it stands in, "" when in nothing.

    YAML folds a text over several lines into one and takes one of two quotes: places are found by counting what is not space.
    """

    lines: Sequence[str]
    quote: str

    def problem(self, text: str, mistake: Mistake) -> Problem:
        """Return `mistake` as a problem at its place in the file."""
        before = sum(not char.isspace() for char in text[: mistake.start])
        line, column = self._after(before, at_end=mistake.start >= len(text))
        return Problem(self.file, line, column, mistake.code, mistake.message, mistake.hint)

    def _after(self, count: int, *, at_end: bool) -> tuple[int, int]:
        """Return line and column of what follows `count` characters that are not space; of the very next one `at_end`."""
        at = self.column - 1
        for number in range(self.line, len(self.lines) + 1):
            written = self.lines[number - 1]
            while at < len(written):
                if count == 0 and (at_end or not written[at].isspace()):
                    return number, at + 1
                step = 2 if self._is_pair(written, at) else 1
                count -= not written[at].isspace() and at + step <= len(written)
                at += step
            if count == 0 and at_end:
                return number, at + 1
            at = 0
        return self.line, self.column

    def _is_pair(self, written: str, at: int) -> bool:
        """Return whether two characters stand for one: '' in single quotes, a backslash and another in double ones."""
        return written.startswith("''", at) if self.quote == "'" else self.quote == '"' and written[at] == "\\"


def place_of(node: Scalar) -> WrittenPlace:
    """Return where the text itself begins: after an opening quote, or on the line below a | or >."""
    lines = node.source.lines
    line, column, quote = node.line, node.column, ""
    if not node.plain:
        quote = lines[line - 1][column - 1]
        if quote in "|>":
            below = lines[line] if line < len(lines) else ""
            line, column, quote = line + 1, len(below) - len(below.lstrip()) + 1, ""
        else:
            column += 1
    return WrittenPlace(node.source.name, line, column, lines, quote)


def syntax_problem(written: Scalar) -> Problem | None:
    """Return what keeps a formula from being read at all, before it is known which columns there are."""
    try:
        parse(read_words(written.text.strip()))
    except FormulaMistakeError as stop:
        return with_trap(place_of(written).problem(written.text.strip(), stop.mistake), written)
    return None


def with_trap(problem: Problem, node: Scalar) -> Problem:
    """Return the problem with YAML's comment trap named, where it cut the formula off."""
    text = node.text
    open_ended = text.count("(") != text.count(")") or text.count("[") != text.count("]") or text.count('"') % 2
    if node.plain and open_ended and node.comment_follows:
        hint = Text(
            '" #" cortó la fórmula: ponga la fórmula entera entre comillas simples',
            '" #" cut the formula off: put the whole formula in single quotes',
        )
        return Problem(problem.file, problem.line, problem.column, problem.code, problem.message, hint)
    return problem
