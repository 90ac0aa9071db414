"""Dunning: which letter comes next for each overdue invoice.

Levels go up one at a time, and only after the letter before was sent; a blocked customer or a disputed invoice never
goes up. What was sent stands in the client's own tables: a column of the invoice, or a list of notices.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal

import numpy as np
from msgspec import Struct

from aliado.formula.values import Byte, from_serial
from aliado.language import Text, fold, same, write_date
from aliado.rules.assessment import DunningStep
from aliado.rules.interest import Rate, interest_at, rate_days
from aliado.rules.models import Flag, Level
from aliado.rules.receivables import money
from aliado.rules.standing import Standing
from aliado.tables.table import Table

_NUMBER = re.compile(r"(\d+)\D*$")


class Sent(Struct, frozen=True):
    """The highest letter sent for an invoice: index into the ladder, and when (None where the table does not say)."""

    step: int
    day: date | None


class Next(Struct, frozen=True):
    """What to do about an invoice. state: send, sent (nothing new to send), blocked."""

    state: str
    step: int
    action: Text
    sent: Sent | None


def ladder(flag: Flag) -> list[Text]:
    """Return the letters of a flag's levels, first to last, each once."""
    found: dict[str, Text] = {}
    for level in sorted(flag.levels, key=lambda item: item.over):
        if level.action.es:
            found.setdefault(fold(level.action.es), level.action)
    return list(found.values())


def read_sent(flag: Flag, standing: Standing) -> dict[str, Sent]:
    """Return the highest letter sent by the date for each invoice, by folded number."""
    letters = ladder(flag)
    sent: dict[str, Sent] = {}
    for number, written, day in (*_from_invoices(standing), *_from_notices(standing)):
        step = read_step(written, letters, flag)
        key = fold(number)
        if step is not None and (key not in sent or step > sent[key].step):
            sent[key] = Sent(step, day)
    return sent


def read_step(written: str, letters: list[Text], flag: Flag) -> int | None:
    """Return which letter a text means: its name in either language or part of it, its level's label, or its number from 1."""
    plain = fold(written)
    for step, letter in enumerate(letters):
        if plain in {fold(letter.es), fold(letter.en)} or plain in _labels(flag, letter):
            return step
    named = [
        step for step, letter in enumerate(letters) if len(plain) > 3 and any(plain in fold(text) for text in letter)
    ]
    if len(named) == 1:
        return named[0]
    match = _NUMBER.search(plain)
    if match and 1 <= int(match[1]) <= len(letters) and len(match[1]) < 3:
        return int(match[1]) - 1
    return None


def _labels(flag: Flag, letter: Text) -> set[str]:
    return {fold(level.label) for level in flag.levels if fold(level.action.es) == fold(letter.es)}


def _from_invoices(standing: Standing) -> Iterator[tuple[str, str, date | None]]:
    table = standing.tables.get("invoices")
    if table is None or "last_notice" not in table.columns:
        return
    for row, written in enumerate(table.columns["last_notice"].data.tolist()):
        if written:
            yield str(table.columns["number"].data[row]), str(written), _date(table, "last_notice_date", row)


def _from_notices(standing: Standing) -> Iterator[tuple[str, str, date | None]]:
    table = standing.tables.get("notices")
    if table is None or not {"invoice", "level"} <= set(table.columns):
        return
    for row, number in enumerate(table.columns["invoice"].data.tolist()):
        day = _date(table, "sent", row)
        if number and day is not None:
            yield str(number), str(table.columns["level"].data[row]), day


def _date(table: Table, name: str, row: int) -> date | None:
    column = table.columns.get(name)
    if column is None or (column.state is not None and column.state[row] != Byte.VALUE):
        return None
    return from_serial(int(column.data[row]))


def blocked_customers(standing: Standing) -> frozenset[str]:
    """Return the customers, folded, that are not to be dunned."""
    table = standing.tables.get("customers")
    if table is None or "blocked" not in table.columns:
        return frozenset()
    names, blocked = table.columns["customer"].data, table.columns["blocked"].data
    return frozenset(fold(str(name)) for name, stop in zip(names, blocked, strict=True) if stop)


def next_steps(flag: Flag, standing: Standing, reached: dict[int, Level]) -> dict[int, Next]:
    """Return what to do about each row of the invoices that has reached a level."""
    table = standing.tables["invoices"]
    letters, sent, blocked = ladder(flag), read_sent(flag, standing), blocked_customers(standing)
    tops = {letter: step for step, letter in reversed(list(enumerate(letters)))}
    numbers, customers = table.columns["number"].data, table.columns["customer"].data
    disputed = table.columns.get("disputed")
    found = {}
    for row, level in reached.items():
        last = sent.get(fold(str(numbers[row]))) if sent else None
        top = tops.get(level.action, -1)
        if disputed is not None and bool(disputed.data[row]):
            found[row] = Next("blocked", -1, Text("no reclamar: en disputa", "do not dun: disputed"), last)
        elif blocked and fold(str(customers[row])) in blocked:
            found[row] = Next(
                "blocked", -1, Text("no reclamar: cliente bloqueado", "do not dun: customer blocked"), last
            )
        elif last is not None and last.step >= top:
            found[row] = Next("sent", -1, _waiting(letters[last.step], last.day), last)
        else:
            step = 0 if last is None else last.step + 1
            found[row] = Next("send", step, letters[step], last) if top >= 0 else Next("sent", -1, same(""), last)
    return found


def _waiting(letter: Text, day: date | None) -> Text:
    if day is None:
        return Text(f"{letter.es} ya enviada", f"{letter.en} already sent")
    return Text(
        f"{letter.es} ya enviada el {write_date(day, 'es')}", f"{letter.en} already sent on {write_date(day, 'en')}"
    )


def dunning_flag(standing: Standing) -> Flag | None:
    """Return the flag whose levels are the letters sent for overdue invoices; None where the pack has none."""
    flags = standing.pack.flags.values()
    return next((flag for flag in flags if flag.one_at_a_time and flag.table == "invoices" and flag.levels), None)


def level_at(flag: Flag, days: int) -> Level | None:
    """Return the highest level that so many days past due have reached."""
    return max((level for level in flag.levels if days > level.over), key=lambda level: level.over, default=None)


def next_letter(flag: Flag, days: int, written: str) -> int:
    """Return which letter is to be sent next, from 1; 0 when none is. written: the last one sent, "" for none.

    It comes one after the last one sent, and never outruns what so many days past due allow.
    """
    letters, level = ladder(flag), level_at(flag, days)
    top = next((step for step, letter in enumerate(letters) if level is not None and letter == level.action), -1)
    last = read_step(written, letters, flag) if written else None
    following = 0 if last is None else last + 1
    return following + 1 if following <= top else 0


def dunning(standing: Standing) -> tuple[DunningStep, ...]:
    """Return the next step for every overdue invoice, most days first, with late interest where the country's law gives a rate."""
    flag, items = dunning_flag(standing), standing.receivables
    if flag is None or items is None:
        return ()
    balance = items.open(standing.day)
    owing = np.flatnonzero(items.overdue(standing.day) & (balance > 0))
    levels = {due: level_at(flag, standing.day - due) for due in set(items.due[owing].tolist())}
    due_of = {row: due for row, due in zip(owing.tolist(), items.due[owing].tolist(), strict=True) if levels[due]}
    reached = {row: level for row, due in due_of.items() if (level := levels[due]) is not None}
    steps = next_steps(flag, standing, reached)
    letters = ladder(flag)
    rates = legal_rates(standing)
    is_verified = _verification(standing)
    verified = {due: is_verified(from_serial(due)) for due in set(due_of.values())}
    rated = {due: rate_days(from_serial(due), standing.as_of, rates) if rates else None for due in verified}
    rows = list(steps)
    told = zip(
        steps.items(),
        due_of.values(),
        map(money, balance[rows].tolist()),
        items.table.columns["number"].data[rows].tolist(),
        items.party[rows].tolist(),
        items.currency[rows].tolist(),
        items.table.rows[rows].tolist(),
        strict=True,
    )
    found = [
        DunningStep(
            number=str(number),
            customer=str(customer),
            sheet=items.table.sheet,
            row=at,
            due=from_serial(due),
            days=standing.day - due,
            balance=owed,
            currency=str(currency),
            level=reached[row].label,
            state=step.state,
            action=step.action,
            last=None if step.sent is None else letters[step.sent.step],
            last_sent=None if step.sent is None else step.sent.day,
            interest=interest_at(owed, rated[due]),
            compensation=_compensation(owed, str(currency), standing),
            verified=verified[due],
            step=step.step,
            letters=len(letters),
        )
        for (row, step), due, owed, number, customer, currency, at in told
    ]
    return tuple(sorted(found, key=lambda item: (-item.days, item.row)))


def legal_rates(standing: Standing) -> tuple[Rate, ...]:
    """Return the legal late interest rates of the pack (parameter interes_mora), each from its date."""
    param = standing.pack.params.get("interes_mora")
    if param is None:
        return ()
    return tuple(Rate(since, value) for since, value in param.values if isinstance(value, Decimal))


def _compensation(balance: Decimal, currency: str, standing: Standing) -> Decimal | None:
    """Return the compensation in the invoice's currency: a fixed amount is none in another currency than its country's."""
    if "compensacion_mora" in standing.pack.params and currency != (
        standing.pack.currency or standing.profile.currency
    ):
        return None
    return legal_compensation(balance, standing.as_of, standing)


def legal_compensation(balance: Decimal, day: date, standing: Standing) -> Decimal | None:
    """Return the compensation for one late invoice by the law of a day: an amount (compensacion_mora) or a share (comision_mora)."""
    fixed, share = standing.pack.params.get("compensacion_mora"), standing.pack.params.get("comision_mora")
    if fixed is not None and isinstance(value := fixed.at(day), Decimal):
        return value
    if share is not None and isinstance(value := share.at(day), Decimal):
        return (balance * value).quantize(Decimal("0.01"), rounding="ROUND_HALF_UP")
    return None


def _verification(standing: Standing) -> Callable[[date], bool]:
    """Return what says whether every rate since an invoice fell due, and the compensation, was seen at its source."""
    pack = standing.pack
    found = [pack.params[name] for name in ("compensacion_mora", "comision_mora") if name in pack.params]
    seen = all(pack.verified_on(param, standing.as_of) for param in found)
    rates = pack.params.get("interes_mora")
    starts = [since for since, _ in rates.values if since <= standing.as_of] if rates is not None else []
    sound = [rates is not None and pack.verified_on(rates, since) for since in starts]

    def verified(due: date) -> bool:
        if rates is None or not seen:
            return seen
        first = bisect_right(starts, due + timedelta(days=1)) - 1  # the rate in force on the first day of interest
        return all(sound[max(first, 0) :]) and (first >= 0 or pack.verified_on(rates, due + timedelta(days=1)))

    return verified
