"""Receipts and payments against what they settle: paid twice, overpaid, naming nothing that exists."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from aliado.language import Text, fold
from aliado.locales import say_amount
from aliado.rules.marked import Marked, evidence, flagged_table
from aliado.rules.models import Flag
from aliado.rules.numbering import Tokens, number_tokens
from aliado.rules.receivables import money
from aliado.rules.standing import Standing
from aliado.tables.open_items import OpenItems
from aliado.tables.table import Table

TOLD = ("number", "invoice", "bill", "customer", "supplier", "date", "issue_date", "amount", "total")

_TWICE = Text("Dos veces", "Twice")
_OVER = Text("De más", "In excess")


def _sides(flag: Flag, standing: Standing) -> tuple[Table, OpenItems | None, str, str]:
    """Return the settlements, the items they settle, and the fields that name the item and the party."""
    table = flagged_table(flag, standing)
    if table.spec.name == "payments":
        return table, standing.payables, "bill", "supplier"
    return table, standing.receivables, "invoice", "customer"


def find_paid_twice(flag: Flag, standing: Standing) -> Iterator[Marked]:
    """Yield each settlement that repeats an earlier one of the same item and amount, where together they exceed it.

    Instalments of equal amount are no repetition while they stay within the item's total. A last settlement that
    merely takes an item over its total is amber.
    """
    table, items, link, party = _sides(flag, standing)
    if link not in table.columns or "amount" not in table.columns:
        return
    owed = _owed(items)
    amounts = table.columns["amount"].data.tolist()
    days = table.columns["date"].data.tolist() if "date" in table.columns else [0] * len(table)
    groups: dict[tuple[Tokens, str], list[int]] = defaultdict(list)
    parties = table.columns.get(party)
    for row, text in enumerate(table.columns[link].data.tolist()):
        tokens = number_tokens(text) if text else ()
        if tokens and amounts[row] > 0:
            groups[tokens, fold(str(parties.data[row])) if parties is not None else ""].append(row)
    tolerance = int(standing.amount("tolerancia") * 100)
    for (tokens, name), together in groups.items():
        if len(together) < 2:
            continue
        total = owed.get((tokens, name), owed.get((tokens, ""))) if name else owed.get((tokens, ""))
        paid = sum(amounts[row] for row in together)
        if total is not None and paid <= total + tolerance:
            continue
        rows = sorted(together, key=lambda row: (days[row], row))
        seen: dict[int, int] = {}
        repeated = [(row, seen[amounts[row]]) for row in rows if seen.setdefault(amounts[row], row) != row]
        for row, first in repeated:
            shown = table.columns[link].data[row]
            amount = say_amount(money(amounts[row]), standing.profile.country)
            text = Text(
                f"{shown}: {amount.es} ya consta en la fila {int(table.rows[first])}",
                f"{shown}: {amount.en} is already in row {int(table.rows[first])}",
            )
            yield Marked(row, text, "amount", evidence(table, [first], TOLD, "amount"), None, "twice", _TWICE)
        if not repeated and total is not None:
            shown = table.columns[link].data[rows[-1]]
            over = say_amount(money(paid - total), standing.profile.country)
            text = Text(
                f"{shown}: se ha pasado de su importe en {over.es}",
                f"{shown}: its amount was exceeded by {over.en}",
            )
            yield Marked(rows[-1], text, "amount", evidence(table, rows[:-1], TOLD, "amount"), "amber", "over", _OVER)


def _owed(items: OpenItems | None) -> dict[tuple[Tokens, str], int]:
    """Return cents owed by (number, party), and by (number, "") for settlements that name no party."""
    owed: dict[tuple[Tokens, str], int] = defaultdict(int)
    if items is None:
        return owed
    highest: dict[tuple[Tokens, str], int] = {}
    for row, text in enumerate(items.table.columns["number"].data.tolist()):
        if text and items.live[row]:
            tokens = number_tokens(text)
            key = (tokens, fold(str(items.party[row])))
            # A bill entered twice is still owed once: the duplicate is told of by its own rule.
            highest[key] = max(highest.get(key, 0), int(items.total[row]))
    for (tokens, name), cents in highest.items():
        owed[tokens, name] = cents
        owed[tokens, ""] += cents
    return owed


def find_unapplied(flag: Flag, standing: Standing) -> Iterator[Marked]:
    """Yield every receipt or payment that settles nothing: it names no item, an unknown or a cancelled one, or another currency."""
    table, items, link, _ = _sides(flag, standing)
    if items is None or link not in table.columns:
        return
    exact: dict[str, list[int]] = defaultdict(list)
    alike: dict[Tokens, list[int]] = {}
    numbers = items.table.columns["number"].data.tolist()
    for row, text in enumerate(numbers):
        if text:
            exact[fold(text)].append(row)
    codes = table.columns.get("currency")
    for row, text in enumerate(table.columns[link].data.tolist()):
        rows = exact.get(fold(text), []) if text else []
        alive = [item for item in rows if items.live[item]]
        code = str(codes.data[row]).strip().upper() if codes is not None else ""
        if any(not code or items.currency[item] == code for item in alive):
            continue
        if not rows and text and not alike:
            for item, number in enumerate(numbers):
                alike.setdefault(number_tokens(number or ""), []).append(item)
        near = rows or (alike.get(number_tokens(text), []) if text else [])
        yield Marked(row, _why(text, rows, alive, near, items), link, evidence(items.table, near, TOLD, "number"))


def _why(text: str, rows: list[int], alive: list[int], near: list[int], items: OpenItems) -> Text:
    if not text:
        return Text("No dice de qué factura es", "It does not say which invoice it is for")
    if alive:
        return Text(f"{text} está en otra moneda", f"{text} is in another currency")
    if rows:
        return Text(f"{text} está anulada", f"{text} is cancelled")
    if near:
        other = items.table.columns["number"].data[near[0]]
        return Text(
            f"{text} no está en {items.table.sheet}; ¿será {other}?",
            f"{text} is not in {items.table.sheet}; is it {other}?",
        )
    return Text(f"{text} no está en {items.table.sheet}", f"{text} is not in {items.table.sheet}")
