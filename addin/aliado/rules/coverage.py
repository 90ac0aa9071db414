"""Which rules have an example of firing and one of keeping quiet, among the files of examples at hand.

A rule counts where it is first written: a country's file need not show again what base's file has shown.
Firing is, for a figure, an amber or red light; for an obligation, a due date (or that it is not known). Keeping
quiet is a green light; an obligation that is not for the client; a row about the rule that expects nothing. A figure
without lines needs a value, and one that is zero or does not exist.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import PurePosixPath
from typing import NamedTuple

from aliado.language import Text, fold
from aliado.rules.examples import ExampleTable, RuleExamples
from aliado.rules.models import ALWAYS, Document, Flag, KpiRule, Obligation, Rule, Where
from aliado.rules.pack_rules import matches
from aliado.rules.packs import Pack
from aliado.rules.runner import CLIENT

_ABOUT = {Document: ("documents", "document"), Obligation: ("filings", "obligation")}


class Uncovered(NamedTuple):
    """A rule without all the examples that it needs, and where it is written."""

    rule: str
    place: Where
    positive: bool
    negative: bool

    def to_text(self) -> Text:
        """Return what is missing."""
        es = {(False, False): "sin ejemplos", (True, False): "sin ejemplo negativo"}
        en = {(False, False): "no examples", (True, False): "no negative example"}
        both = (self.positive, self.negative)
        return Text(
            f"{self.place.file}:{self.place.line}: {self.rule} {es.get(both, 'sin ejemplo positivo')}",
            f"{self.place.file}:{self.place.line}: {self.rule} {en.get(both, 'no positive example')}",
        )


def uncovered(files: Sequence[RuleExamples], packs: Sequence[Pack] = ()) -> list[Uncovered]:
    """Return the rules, of the packs under test and of `packs`, that lack a positive or a negative example, by place."""
    found: dict[tuple[str, str], Uncovered] = {}
    for pack in (*(examples.pack for examples in files), *packs):
        for rule in _own_rules(pack):
            key = (pack.chain[-1].file, rule.id)
            before = found.get(key, Uncovered(rule.id, rule.place, positive=False, negative=not _may_keep_quiet(rule)))
            shown = [_shown(rule, each) for each in files if _has(each.pack, rule)]
            found[key] = before._replace(
                positive=before.positive or any(positive for positive, _ in shown),
                negative=before.negative or any(negative for _, negative in shown),
            )
    lacking = [each for each in found.values() if not (each.positive and each.negative)]
    return sorted(lacking, key=lambda each: (each.place, each.rule))


def _all_rules(pack: Pack) -> dict[str, Rule]:
    """Return the rules that say something by themselves; a process only lays down tasks, which flags then look at."""
    return {**pack.flags, **pack.kpis, **pack.obligations, **pack.documents}


def _has(pack: Pack, rule: Rule) -> bool:
    """Return whether a pack has this very rule, and not another one of the same name."""
    found = _all_rules(pack).get(rule.id)
    return found is not None and _written(found) == _written(rule)


def _written(rule: Rule) -> tuple[str, int]:
    return PurePosixPath(rule.place.file).name, rule.place.line


def _own_rules(pack: Pack) -> Iterator[Rule]:
    """Yield the rules that the pack's own file introduces."""
    for rule in _all_rules(pack).values():
        if PurePosixPath(rule.place.file).name == pack.chain[-1].file:
            yield rule


def _may_keep_quiet(rule: Rule) -> bool:
    """Return whether a rule has anybody to keep quiet for: an obligation may be for every client, always."""
    return not (isinstance(rule, Obligation) and rule.for_ is None and rule.valid == ALWAYS)


def _shown(rule: Rule, examples: RuleExamples) -> tuple[bool, bool]:
    """Return whether a file shows a rule firing, and keeping quiet."""
    if isinstance(rule, KpiRule):
        return _shown_figure(rule, examples)
    positive = negative = False
    if isinstance(rule, Obligation):
        expected = [due.expect for due in examples.due_dates if due.rule == rule.id]
        positive = any(isinstance(each, date) or each == "unknown" for each in expected)
        negative = "not_applicable" in expected
    if any(matches(pattern, rule.id) for pattern in examples.rules):
        for tables in examples.cases.values():
            for table in tables.values():
                if table.judged:
                    for expects, about in _rows(rule, table):
                        positive = positive or expects
                        negative = negative or (about and not expects)
    return positive, negative


def _rows(rule: Rule, table: ExampleTable) -> Iterator[tuple[bool, bool]]:
    """Yield, for every row, whether it expects the rule, and whether the rule could speak of it."""
    where, field = (rule.table, None) if isinstance(rule, Flag) else _ABOUT.get(type(rule), ("", None))
    names = {fold(name) for name in (rule.id, *rule.title, *getattr(rule, "names", ()))}
    for row in table.rows:
        about = table.table in (where, CLIENT)
        if table.table == where and field in table.columns:
            about = fold(row.cells[table.columns.index(field)]) in names
        yield any(each.partition(":")[0] == rule.id for each in row.expect), about


def _shown_figure(rule: KpiRule, examples: RuleExamples) -> tuple[bool, bool]:
    """Return whether a figure is shown off target and on it; one without lines, with a value and with none or zero."""
    expected = [each for kpis in examples.kpis.values() for name, each in kpis.items() if name == rule.id]
    judged = not (rule.better == "none" or (rule.target is None and rule.amber is None and rule.red is None))
    if judged:
        return any(each.light in ("amber", "red") for each in expected), any(each.light == "green" for each in expected)
    return any(each.value for each in expected), any(not each.value for each in expected)
