"""What the formulas of a workbook's cells give, without the program that shows them: our functions and Excel's own.

Our functions get ranges as `Block`s; the rest of a formula goes through the rule language's engine, with the values of
cells and of our functions put in. What is beyond that (ranges in Excel's functions, array constants, links to other
files) raises Unresolved and is never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from msgspec import Struct

from aliado.cells.block import Block, clean
from aliado.cells.engine import IsError, compute, is_error
from aliado.cells.function import CellFunction
from aliado.cells.references import (
    CELLS,
    NAME,
    NOT_FOLLOWED,
    STRUCTURED,
    Area,
    Book,
    Place,
    Unresolved,
    find_cells,
    find_part,
    find_table,
)
from aliado.cells.registry import find_function
from aliado.language import Text
from aliado.tables.cells import Raw

Grid = list[list[Any]]

_CALL = re.compile(r"(?:\[\d+\]!|'[^']*'!)?(?:_xlfn\.|_xlws\.)*([^\W\d][\w.]*)\(", re.IGNORECASE)
_NUMBER = re.compile(r"\d+(?:\.\d*)?(?:E[+-]?\d+)?", re.IGNORECASE)
_TEXT = re.compile(r'"((?:[^"]|"")*)"')
_BEYOND = re.compile(r"[\[\]{}#@]")
_DEEPEST = 40


class Circular(Unresolved):
    """A formula that needs its own result."""


class Formulas(Struct):
    """The cells of one workbook, their formulas computed when first asked for.

    own: where formulas of ours stand -> their text. filled: every cell that a result of theirs fills -> where the
    formula stands. dated: cells whose formula follows the date -> its text; read alone, they mean `today`, not the day
    on which the file was saved. workbook: its path. pack: the rule pack that the command names, None for none.
    """

    book: Book
    today: date
    own: Mapping[Place, str]
    filled: Mapping[Place, Place] = {}
    dated: Mapping[Place, str] = {}
    workbook: Path | None = None
    pack: Path | str | None = None
    _known: dict[Place, Any] = {}
    _busy: set[Place] = set()
    _blocks: dict[tuple[str, int, int, int, int], Block] = {}
    _trimmed: dict[int, tuple[Block, Block]] = {}

    def result(self, place: Place) -> Any:
        """Return what the formula of ours at a place gives: a value, an error's text, or rows of them."""
        if place not in self._known:
            if place in self._busy or len(self._busy) > _DEEPEST:
                raise Circular(_CIRCULAR)
            self._busy.add(place)
            try:
                self._known[place] = self.evaluate(self.own[place], place)
            except Unresolved as error:
                self._known[place] = error
            finally:
                self._busy.discard(place)
        found = self._known[place]
        if isinstance(found, Unresolved):
            raise found
        return found

    def evaluate(self, text: str, place: Place) -> Any:
        """Return the value, error's text or rows that a formula in a cell gives; raises Unresolved."""
        text = text.strip().removeprefix("=").strip()
        call = _whole_call(text)
        if call is not None:
            name, arguments = call
            if (function := find_function(name)) is not None:
                return self._call(function, arguments, place)
            if name.upper() in _CHOOSING:
                return self._choose(name.upper(), arguments, place)
        area = self._area(text, place)
        if area is not None:
            return self._value(area) if area.single else self._block(area).rows
        return self._compute(text, place)

    def _call(self, function: CellFunction, arguments: list[str], place: Place) -> Any:
        parameters = function.parameters
        if len(arguments) > len(parameters):
            raise Unresolved(_TOO_MANY.format(name=function.name, limit=len(parameters)))
        given: dict[str, Any] = {}
        for parameter, text in zip(parameters, arguments, strict=False):
            value = self._argument(text, place) if text else None
            given[parameter.name] = (
                self._trim(value) if isinstance(value, Block) and parameter.type == "range" else value
            )
        missing = [item.name for item in parameters if not item.optional and item.name not in given]
        if missing:
            raise Unresolved(_MISSING.format(name=missing[0]))
        if self.pack is not None and given.get("pack") is None and any(item.name == "pack" for item in parameters):
            given["pack"] = self.pack
        return function(**given, caller=self.workbook)

    def _trim(self, block: Block) -> Block:
        """Return a range without its blank end: the same rows for the same range, so that cells share one reading."""
        known = self._trimmed.get(id(block))
        if known is None:
            known = self._trimmed[id(block)] = (block, block.without_blank_end())
        return known[1]

    def _argument(self, text: str, place: Place) -> Any:
        area = self._area(text, place)
        if area is not None:
            return self._value(area) if area.single else self._block(area)
        value = self.evaluate(text, place)
        return Block([[clean(cell) for cell in row] for row in value]) if isinstance(value, list) else value

    def _choose(self, name: str, arguments: list[str], place: Place) -> Any:
        """Return what IF, IFERROR or IFNA choose; the other branch is not computed, and may be of another kind."""
        if name == "IF" and len(arguments) in (2, 3):
            tested = self.evaluate(arguments[0], place)
            if is_error(tested):
                return tested
            if not isinstance(tested, (bool, int, float)):
                raise Unresolved(NOT_FOLLOWED.format(text=arguments[0]))
            chosen = arguments[1] if tested else (arguments[2] if len(arguments) == 3 else "FALSE")
            return self.evaluate(chosen, place) if chosen else 0.0
        if name != "IF" and len(arguments) == 2:
            value = self.evaluate(arguments[0], place)
            failed = value == "#N/A" if name == "IFNA" else is_error(value)
            if not failed:
                return value
            return self.evaluate(arguments[1], place) if arguments[1] else 0.0
        raise Unresolved(NOT_FOLLOWED.format(text=name))

    def _compute(self, text: str, place: Place) -> Any:
        values: dict[str, Raw] = {}

        def put(value: Any) -> str:
            if isinstance(value, (list, Block)):
                raise Unresolved(_RANGE.format(text=text))
            name = f"cell_{len(values)}_"
            values[name] = value
            return name

        try:
            return compute(self._put_in(text, place, put), values, self.today)
        except IsError as error:
            return error.code

    def _put_in(self, text: str, place: Place, put: Callable[[Any], str]) -> str:
        """Return a formula with the values of cells, names and our functions put in, each under a name of its own."""
        written: list[str] = []
        at = 0
        while at < len(text):
            if found := _TEXT.match(text, at) or _NUMBER.match(text, at):
                written.append(found[0])
            elif found := _CALL.match(text, at):
                name, end = found[1], _closing(text, found.end() - 1)
                if find_function(name) is not None or name.upper() in _CHOOSING:
                    written.append(put(self.evaluate(text[at : end + 1], place)))
                    at = end + 1
                    continue
                written.append(name + "(")
            elif found := _reference(text, at):
                area = self._area(found[0], place)
                if area is not None:
                    written.append(put(self._value(area)) if area.single else put(self._block(area)))
                elif found[0].upper() in {"TRUE", "FALSE"}:
                    written.append(found[0])
                else:
                    written.append(put(self._constant(found[0], place)))
            elif _BEYOND.match(text, at):
                raise Unresolved(NOT_FOLLOWED.format(text=text))
            else:
                written.append(text[at])
                at += 1
                continue
            at = found.end()
        return "".join(written)

    def _constant(self, name: str, place: Place) -> Any:
        """Return what a defined name stands for that is no reference."""
        target = self.book.names.get(name.casefold())
        if target is None or NAME.fullmatch(target.removeprefix("=").strip()):
            raise Unresolved(NOT_FOLLOWED.format(text=name))
        return self.evaluate(target, place)

    def _area(self, text: str, place: Place) -> Area | None:
        """Return the cells that a text refers to, None when it is no reference."""
        if found := CELLS.fullmatch(text):
            return find_cells(found, place, self.book)
        if found := STRUCTURED.fullmatch(text):
            return find_part(found, place, self.book)
        if NAME.fullmatch(text):
            table = find_table(text, place, self.book)
            target = self.book.names.get(text.casefold(), "").removeprefix("=").strip()
            if table is None and not NAME.fullmatch(target):
                return self._area(target, place) if target else None
            return table
        return None

    def _value(self, area: Area) -> Raw:
        place = Place(area.sheet.name, area.top, area.left)
        if place in self.dated and place not in self.filled:
            value = self.evaluate(self.dated[place], place)
            return value[0][0] if isinstance(value, list) else value  # type: ignore[no-any-return]
        return self._block(area).rows[0][0]

    def _block(self, area: Area) -> Block:
        """Return the cells of an area, as far as its sheet has any; results of ours as they are today."""
        sheet = area.sheet
        last_row = max(sheet.first_row + len(sheet.rows) - 1, area.top)
        last_column = max(sheet.first_column + len(sheet.rows[0]) - 1 if len(sheet.rows) else 0, area.left)
        bottom, right = min(area.bottom, last_row), min(area.right, last_column)
        key = (sheet.name, area.top, area.left, bottom, right)
        if key in self._blocks:
            return self._blocks[key]
        rows = [[_stored(area, row, column) for column in range(area.left, right + 1)] for row in range(area.top, bottom + 1)]  # fmt: skip
        inside = [
            at
            for at in self.filled
            if at.sheet == sheet.name and area.top <= at.row <= bottom and area.left <= at.column <= right
        ] if not area.single else [at for at in (Place(sheet.name, area.top, area.left),) if at in self.filled]  # fmt: skip
        for at in inside:
            rows[at.row - area.top][at.column - area.left] = self._today(
                at, rows[at.row - area.top][at.column - area.left]
            )
        for row, column in sheet.uncached:
            if area.top <= row <= bottom and area.left <= column <= right and Place(sheet.name, row, column) not in self.filled:  # fmt: skip
                raise Unresolved(_NO_VALUE.format(sheet=sheet.name, row=row, column=column))
        self._blocks[key] = Block(rows, area.top, area.left)
        return self._blocks[key]

    def _today(self, at: Place, stored: Raw) -> Raw:
        """Return what a cell that a formula of ours fills holds today; what it held where that is not known."""
        source = self.filled[at]
        try:
            result = self.result(source)
        except Circular:
            raise
        except Unresolved:
            return stored
        if not isinstance(result, list):
            return clean(result)
        i, j = at.row - source.row, at.column - source.column
        return clean(result[i][j]) if i < len(result) and j < len(result[i]) else None


def _stored(area: Area, row: int, column: int) -> Raw:
    rows = area.sheet.rows
    i, j = row - area.sheet.first_row, column - area.sheet.first_column
    return clean(rows[i][j]) if 0 <= i < len(rows) and 0 <= j < len(rows[i]) else None


_CHOOSING = frozenset({"IF", "IFERROR", "IFNA"})


def _reference(text: str, at: int) -> re.Match[str] | None:
    return CELLS.match(text, at) or STRUCTURED.match(text, at) or NAME.match(text, at)


def _whole_call(text: str) -> tuple[str, list[str]] | None:
    """Return the name and the arguments of the call that a text is, None when it is not one call alone."""
    found = _CALL.match(text)
    if found is None or _closing(text, found.end() - 1) != len(text) - 1:
        return None
    inside = text[found.end() : -1]
    return found[1], [part.strip() for part in _split(inside)] if inside.strip() else []


def _closing(text: str, opening: int) -> int:
    """Return where the parenthesis that opens at a place is closed."""
    depth = 0
    for at, sign in _plain(text, opening):
        depth += (sign == "(") - (sign == ")")
        if depth == 0:
            return at
    raise Unresolved(NOT_FOLLOWED.format(text=text))


def _split(text: str) -> list[str]:
    """Return what stands between the commas that are in no quotes, brackets, braces or parentheses."""
    parts, depth, start = [], 0, 0
    for at, sign in _plain(text, 0):
        depth += (sign in "([{") - (sign in ")]}")
        if sign == "," and depth == 0:
            parts.append(text[start:at])
            start = at + 1
    return [*parts, text[start:]]


def _plain(text: str, start: int) -> Iterator[tuple[int, str]]:
    """Yield (place, sign) of a formula outside quoted texts and quoted sheet names."""
    quote = ""
    depth = 0
    for at in range(start, len(text)):
        sign = text[at]
        if quote:
            quote = "" if sign == quote else quote
        elif sign == '"' or (sign == "'" and not depth):
            quote = sign
        else:
            depth += (sign == "[") - (sign == "]")  # in brackets ' escapes the next sign and quotes nothing
            yield at, sign


_RANGE = Text(
    "en «{text}» una función de Excel toma un rango o una tabla de resultados, y eso no se sigue fuera de Excel.",
    "in “{text}” a function of Excel's takes a range or a table of results, which is not followed outside Excel.",
)
_TOO_MANY = Text("{name} toma {limit} argumentos como mucho.", "{name} takes {limit} arguments at most.")
_MISSING = Text("falta el argumento {name}.", "the argument {name} is missing.")
_CIRCULAR = Text("la fórmula depende de su propio resultado.", "the formula depends on its own result.")
_NO_VALUE = Text(
    "{sheet}, fila {row}, columna {column} no tiene valor guardado; guarde el libro en Excel o use --recalculate.",
    "{sheet}, row {row}, column {column} has no stored value; save the workbook in Excel or use --recalculate.",
)
