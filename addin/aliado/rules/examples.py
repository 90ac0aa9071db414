"""Rule examples: what an accountant expects of a pack, as rows pasted from Excel with the flags each must raise.

This module reads and checks the files; `rules.runner` runs them. A column headed espera or expect lists every
flag that its row must raise, as `AR-001` or, with a level, `AR-010:31-60`; empty = none. What a client lacks
altogether (a document, a filing) has no row of its own: it is expected on the row of the profile.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from msgspec import Struct

from aliado.errors import PackError, Problem
from aliado.formula.registry import Registry
from aliado.language import Text, fold
from aliado.resources import rules_folder
from aliado.rules.chain import Link, link_to
from aliado.rules.content import entries, items, value, values
from aliado.rules.hints import did_you_mean, quote
from aliado.rules.keys import TEST
from aliado.rules.loader import load_file
from aliado.rules.merging import check_complete
from aliado.rules.models import Where
from aliado.rules.nodes import List, Map, Scalar
from aliado.rules.pack_rules import matches
from aliado.rules.packs import Pack, load_pack
from aliado.rules.unfinished import check_begun

EXPECT = ("espera", "expect")
"""Heading of the column that lists the flags a row must raise."""


class ExampleRow(NamedTuple):
    """One row: a text per column, "" where blank, and the flags it must raise (id, or id:level)."""

    cells: tuple[str, ...]
    expect: tuple[str, ...]
    place: Where


class ExampleTable(NamedTuple):
    """Rows of one canonical table. columns: canonical field of each cell. judged: whether it says what to expect."""

    table: str
    columns: tuple[str, ...]
    rows: tuple[ExampleRow, ...]
    judged: bool


class KpiExample(NamedTuple):
    """An expected figure. value: None when there must be none, or only its light matters; light: "" when any will do."""

    value: Decimal | None
    light: str
    place: Where


class DueExample(NamedTuple):
    """An expected due date: a date, "unknown" or "not_applicable", for a client with these profile fields."""

    rule: str
    period: str
    profile: Mapping[str, str]
    expect: date | str
    place: Where


class RuleExamples(Struct, frozen=True, eq=False):
    """One file of examples. rules: the ids compared, * allowed; kpis: case -> indicator -> figure."""

    file: str
    pack: Pack
    today: date
    rules: tuple[str, ...]
    cases: Mapping[str, Mapping[str, ExampleTable]]
    kpis: Mapping[str, Mapping[str, KpiExample]]
    due_dates: tuple[DueExample, ...]


def load_examples(path: Path, *, functions: Registry | None = None) -> RuleExamples:
    """Return the examples of a file; raise PackError with every problem in it or in the pack it tests."""
    loaded = load_file(path, path.as_posix())
    root = loaded.root
    if root is None:
        if loaded.begun is not None:
            check_begun(loaded.begun, TEST)
        raise PackError(loaded.source.problems)
    TEST.check(root)
    check_complete(root, TEST)
    under = root.get("test")
    link = link_to(under, path) if isinstance(under, Scalar) and under.value else None
    if link is None:
        raise PackError(loaded.source.problems)
    try:
        pack = load_pack(_as_shown(link), functions=functions)
    except PackError as error:
        raise PackError([*loaded.source.problems, *error.problems]) from None
    examples = _Reader(pack).read(root)
    if loaded.source.problems:
        raise PackError(list(dict.fromkeys(loaded.source.problems)))
    return examples


def _as_shown(link: Link) -> Path | str:
    """Return how to load the pack so that its places read best: a shipped one by name, a file without `..`."""
    if link.shown == link.path.name and link.folder == rules_folder():
        return link.path.stem
    return Path(link.shown) if Path(link.shown).resolve() == link.path.resolve() else link.path


def check_examples(path: Path, *, functions: Registry | None = None) -> list[Problem]:
    """Return every problem of a file of examples, and of the pack it tests."""
    try:
        load_examples(path, functions=functions)
    except PackError as error:
        return error.problems
    return []


class _Reader:
    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        self.compared: tuple[str, ...] = ("*",)
        self.rules = {**pack.flags, **pack.documents, **pack.tasks, **pack.obligations}

    def read(self, root: Map) -> RuleExamples:
        known = [*self.rules, *self.pack.kpis]
        for item in items(root, "rules"):
            if not any(matches(item.text, name) for name in known):
                item.report("P020", *_unknown("regla", "rule", item.text, known))
        self.compared = values(root, "rules") or ("*",)
        cases = {name: self._case(node) for name, _, node in entries(root, "cases")}
        return RuleExamples(
            file=root.source.name,
            pack=self.pack,
            today=value(root, "today") or date.min,
            rules=self.compared,
            cases=cases,
            kpis=self._kpis(root, cases),
            due_dates=self._due_dates(root),
        )

    def _case(self, node: Map) -> dict[str, ExampleTable]:
        found = {}
        for name, item in node.items.items():
            if name not in self.pack.tables:
                node.keys[name].report("P020", *_unknown("tabla", "table", name, self.pack.tables))
            elif isinstance(item, Scalar):
                found[name] = self._table(name, item)
        return found

    def _table(self, name: str, item: Scalar) -> ExampleTable:
        lines = [(number, line) for number, line in enumerate(item.text.split("\n")) if line.strip()]
        first = item.line if item.plain else item.line + 1
        if not lines:
            item.report("P050", Text("tabla sin filas", "a table without rows"), _PASTE)
            return ExampleTable(name, (), (), judged=False)
        headings = _cells(lines[0][1])
        columns, expect = self._columns(name, headings, item)
        rows = []
        for number, line in lines[1:]:
            cells = _cells(line)
            place = Where(item.source.name, first + number, item.column)
            if len(cells) != len(headings):
                item.source.problems.append(_ragged(place, len(cells), len(headings)))
                continue
            flags = () if expect is None else self._expected(cells[expect], place, item)
            rows.append(ExampleRow(tuple(c for i, c in enumerate(cells) if i != expect), flags, place))
        return ExampleTable(name, columns, tuple(rows), judged=expect is not None)

    def _columns(self, table: str, headings: list[str], item: Scalar) -> tuple[tuple[str, ...], int | None]:
        scope = self.pack.scope.tables[table]
        columns: list[str] = []
        expect = None
        for number, heading in enumerate(headings):
            if fold(heading) in EXPECT:
                expect = number
                continue
            field = scope.find(heading)
            if field is None:
                item.report("P020", *_unknown("columna", "column", heading, scope.known()))
            elif field in columns:
                item.report(
                    "P051", Text(f"dos columnas para {field}", f"two columns for {field}"), Text("deje una", "keep one")
                )
            elif self.pack.tables[table].fields[field].computed:
                item.report("P053", *_computed(heading))
            columns.append(field or heading)
        fields = self.pack.tables[table].fields
        missing = [each for each in fields.values() if each.required and each.name not in columns]
        if missing:
            item.report("P054", *_lacking(table, [(each.names or (each.name,))[0] for each in missing]))
        return tuple(columns), expect

    def _expected(self, text: str, place: Where, item: Scalar) -> tuple[str, ...]:
        found = tuple(part.strip() for part in text.split(",") if part.strip())
        for part in found:
            rule, _, level = part.partition(":")
            if rule not in self.rules:
                item.source.problems.append(Problem(*place, "P020", *_unknown("regla", "rule", rule, self.rules)))
            elif not any(matches(pattern, rule) for pattern in self.compared):
                item.source.problems.append(Problem(*place, "P055", *_not_compared(rule)))
            elif level and (labels := self._labels(rule)) is not None and level not in labels:
                item.source.problems.append(Problem(*place, "P020", *_unknown("etapa", "level", level, labels)))
        return found

    def _labels(self, rule: str) -> list[str] | None:
        """Return the levels that a rule may reach; None when they are not a fixed list."""
        if rule in self.pack.flags:
            return [each.label for each in self.pack.flags[rule].levels]
        return ["missing", "expired", "expiring", "undated"] if rule in self.pack.documents else None

    def _kpis(self, root: Map, cases: Mapping[str, object]) -> dict[str, dict[str, KpiExample]]:
        found = {}
        for case, at, node in entries(root, "kpis"):
            if case not in cases:
                at.report("P020", *_unknown("prueba", "case", case, cases))
            for name in node.items:
                if name not in self.pack.kpis:
                    node.keys[name].report("P020", *_unknown("regla", "KPI", name, self.pack.kpis))
            found[case] = {
                name: KpiExample(read[0], read[1], Where(key.source.name, key.line, key.column))
                for name, key in node.keys.items()
                if (read := value(node, name)) is not None
            }
        return found

    def _due_dates(self, root: Map) -> tuple[DueExample, ...]:
        section = root.get("due_dates")
        found = []
        for node in section.items if isinstance(section, List) else []:
            if not isinstance(node, Map) or value(node, "expect") is None:
                continue
            rule = node.get("rule")
            if isinstance(rule, Scalar) and rule.text not in self.pack.obligations:
                rule.report("P020", *_unknown("obligación", "obligation", rule.text, self.pack.obligations))
            profile = _profile(node)
            when: date | str = value(node, "expect")
            place = Where(node.source.name, node.line, node.column)
            found.append(DueExample(str(value(node, "rule")), str(value(node, "period")), profile, when, place))
        return tuple(found)


def _profile(node: Map) -> dict[str, str]:
    given = node.get("profile")
    fields = {name: str(value(given, name)) for name in given.items} if isinstance(given, Map) else {}
    if value(node, "tax_id"):
        fields["tax_id"] = value(node, "tax_id")
    return fields


_PASTE = Text(
    "pegue encabezados y filas de Excel, separados por |", "paste headings and rows from Excel, separated by |"
)


def _cells(line: str) -> list[str]:
    """Return the cells of a line; the border that Markdown tables have at both ends does not count."""
    text = line.strip()
    if text.startswith("|") and text.endswith("|") and len(text) > 1:
        text = text[1:-1]
    return [cell.strip() for cell in text.split("|")]


def _ragged(place: Where, found: int, wanted: int) -> Problem:
    return Problem(
        *place,
        "P052",
        Text(
            f"la fila tiene {found} celdas y el encabezado {wanted}", f"the row has {found} cells, the heading {wanted}"
        ),
        Text("revise las barras |", "check the bars |"),
    )


def _computed(heading: str) -> tuple[Text, Text]:
    return (
        Text(f"{quote(heading)} lo calcula Aliado", f"{quote(heading)} is computed by Aliado"),
        Text(
            "quite la columna y escriba los datos de que sale", "remove the column and give the data that it comes from"
        ),
    )


def _lacking(table: str, names: list[str]) -> tuple[Text, Text]:
    listed = ", ".join(names)
    return (
        Text(f"faltan columnas obligatorias de {table}: {listed}", f"{table} lacks required columns: {listed}"),
        Text("añádalas; sus celdas pueden quedar vacías", "add them; their cells may stay empty"),
    )


def _not_compared(rule: str) -> tuple[Text, Text]:
    return (
        Text(f"{rule} no está entre las reglas que se comparan", f"{rule} is not among the rules compared"),
        Text("añádala a rules: al principio del archivo", "add it to rules: at the top of the file"),
    )


def _unknown(es: str, en: str, name: str, known: Iterable[str]) -> tuple[Text, Text]:
    return Text(f"{es} desconocida: {quote(name)}", f"unknown {en}: {quote(name)}"), did_you_mean(name, known)
