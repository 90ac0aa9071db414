"""Controls that are neither numbering nor settlement: tax ids, evidence links, single persons, budgets."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from importlib import import_module
from typing import Any

from aliado.formula.values import Byte
from aliado.language import Text, fold
from aliado.locales import say_amount
from aliado.rules.budget import accounts
from aliado.rules.marked import Marked, evidence, flagged_table
from aliado.rules.models import Flag
from aliado.rules.periods import year_start
from aliado.rules.receivables import money
from aliado.rules.standing import Standing
from aliado.rules.values import at, to_json
from aliado.rules.workload import FEWEST_TASKS, begins_later, recent_by_process

_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|[\\/]", re.IGNORECASE)
"""How a link that is no relative path begins: a scheme, a drive or a root."""


def find_wrong_tax_ids(flag: Flag, standing: Standing) -> Iterator[Marked]:
    """Yield every row whose tax id fails the country's check digit; one of another length may be another kind of id."""
    table = flagged_table(flag, standing)
    column = table.columns.get("tax_id")
    known = standing.pack.tax_id
    if column is None or known is None or not known.validator or standing.profile.country != standing.pack.country:
        return
    checker: Any = import_module(f"stdnum.{known.validator}")
    errors = import_module("stdnum.exceptions")
    for row, text in enumerate(column.data.tolist()):
        if not text or (known.validator == "co.nit" and len(re.sub(r"\D", "", text)) < 10):
            continue  # a NIT without its check digit cannot be checked
        try:
            checker.validate(known.restore(text))
        except errors.InvalidLength:
            continue
        except errors.ValidationError:
            yield Marked(
                row,
                Text(
                    f"{known.title.es} {text}: no pasa la comprobación; puede ser válido, revíselo",
                    f"{known.title.en} {text}: fails the check; it may be valid, please look",
                ),
                "tax_id",
            )


def find_missing_links(flag: Flag, standing: Standing) -> Iterator[Marked]:
    """Yield every row whose evidence is a relative path to a file that is not there; nothing where files cannot be seen."""
    table = flagged_table(flag, standing)
    field = flag.of[0]
    column = table.columns.get(field)
    if column is None or standing.exists is None:
        return
    for row, text in enumerate(column.data.tolist()):
        link = str(text).strip()
        if link and not _ELSEWHERE.match(link) and not standing.exists(link):
            yield Marked(row, Text(f"No se encuentra el archivo {link}", f"The file {link} is not there"), field)


def find_single_person(flag: Flag, standing: Standing) -> Iterator[Marked]:
    """Yield the latest task of each process that one person alone carried over the last 12 months."""
    table = flagged_table(flag, standing)
    owners, names = table.columns.get("owner"), table.columns.get("process")
    if owners is None or names is None:
        return
    for rows in recent_by_process(table, standing.as_of).values():
        people = {fold(str(owners.data[row])) for row in rows}
        if len(rows) >= FEWEST_TASKS and len(people) == 1:
            who, process = str(owners.data[rows[-1]]), str(names.data[rows[-1]])
            text = Text(
                f"«{process}» depende de una sola persona: {who} lleva sus {len(rows)} tareas de los últimos 12 meses",
                f"“{process}” hangs on one person: {who} has all its {len(rows)} tasks of the last 12 months",
            )
            yield Marked(rows[-1], text, "owner", evidence(table, rows[-2::-1], ("task", "owner", "due_date"), "owner"))


def find_budget_variances(flag: Flag, standing: Standing) -> Iterator[Marked]:
    """Yield the last row of each account that is worse than its budget by more than the parameter desviacion_presupuesto."""
    table = flagged_table(flag, standing)
    limit = standing.amount("desviacion_presupuesto")
    for account in accounts(table, year_start(standing.as_of, standing.year_end_month), standing.as_of):
        over = -(account.favourable or 0)
        if over <= 0 or over <= limit * abs(account.budget):
            continue
        es, en = say_amount(money(over), standing.profile.country)
        share = Text("sin presupuesto", "no budget")
        if account.budget:
            percent = f"{over / abs(account.budget) * 100:.0f} %"
            share = Text(f"{percent} del presupuesto", f"{percent} of the budget")
        yield Marked(
            account.rows[-1],
            Text(
                f"{account.name}: {es} peor que lo presupuestado ({share.es})",
                f"{account.name}: {en} worse than budgeted ({share.en})",
            ),
            "actual",
            evidence(table, account.rows[-2::-1], ("account", "period", "amount", "actual"), "actual"),
        )


def find_blocked(flag: Flag, standing: Standing) -> Iterator[Marked]:
    """Yield every open task that waits for another one that is not done, of the same case or period."""
    table = flagged_table(flag, standing)
    waits = table.columns.get("depends_on")
    if waits is None:
        return
    done = [not task_open(standing, row) for row in range(len(table))]
    named: dict[tuple[str, str], list[int]] = defaultdict(list)
    for row in range(len(table)):
        for name in ("task", "step"):
            if name in table.columns and table.columns[name].data[row]:
                named[case_of(standing, row), fold(str(table.columns[name].data[row]))].append(row)
    for row, text in enumerate(waits.data.tolist()):
        if done[row] or not text or begins_later(table, row, standing.as_of):
            continue
        before = [
            other
            for word in re.split(r"[;,]", text)
            for other in named.get((case_of(standing, row), fold(word)), [])
            if not done[other] and other != row
        ]
        if before:
            task = to_json(at(table.columns["task"], row))
            people = (
                ", ".join(dict.fromkeys(str(table.columns["owner"].data[other]) for other in before))
                if "owner" in table.columns
                else ""
            )
            whom = f" ({people})" if people else ""
            yield Marked(
                row,
                Text(f"«{task}» espera a «{text}»{whom}, sin terminar", f"“{task}” waits for “{text}”{whom}, not done"),
                "depends_on",
                evidence(table, before, ("task", "owner", "due_date", "status"), "task"),
            )


def task_open(standing: Standing, row: int) -> bool:
    """Return whether a task is still to be done: no done date, and no status that says done or dropped."""
    table = standing.tables["tasks"]
    done = table.columns.get("done_date")
    status = table.columns.get("status")
    finished = done is not None and (done.state is None or done.state[row] == Byte.VALUE)
    return not finished and not (status is not None and fold(str(status.data[row])) in {"hecha", "anulada"})


def case_of(standing: Standing, row: int) -> str:
    """Return what keeps one run of a process apart from another: its case, else its period, "" where neither is given."""
    table = standing.tables["tasks"]
    for name in ("case", "period"):
        if name in table.columns and table.columns[name].data[row]:
            return fold(str(table.columns[name].data[row]))
    return ""
