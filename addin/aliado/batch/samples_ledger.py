"""The story behind a sample workbook: who buys, what is billed, when it is paid. Amounts are cents."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from random import Random

from msgspec import Struct, field


class Party(Struct, frozen=True):
    """A customer or supplier. terms: days to pay; late: days it usually pays after that; weight: share of the trade."""

    name: str
    tax_id: str
    terms: int = 30
    late: int = 0
    weight: int = 3
    place: str = ""


class Payment(Struct, frozen=True):
    """Money against one item, in cents; offset when a credit note was set against an invoice."""

    day: date
    amount: int
    offset: bool = False


class Item(Struct):
    """One invoice, credit note (negative) or bill. rate: VAT in whole per cent; kept: left unpaid on purpose."""

    party: Party
    issued: date
    due: date | None
    base: int
    rate: int
    vat: int
    concept: str
    currency: str
    number: str = ""
    series: str = ""
    note: str = ""
    cancelled: bool = False
    disputed: bool = False
    kept: bool = False
    paid: list[Payment] = field(default_factory=list)

    @property
    def total(self) -> int:
        """Net plus VAT."""
        return self.base + self.vat

    @property
    def balance(self) -> int:
        """What is still open; nothing once cancelled."""
        return 0 if self.cancelled else self.total - sum(payment.amount for payment in self.paid)

    @property
    def paid_on(self) -> date | None:
        """The day of the last payment of an item paid in full."""
        return max((p.day for p in self.paid), default=None) if self.paid and not self.balance else None


def seed(number: int) -> Random:
    """Return the dice of one story: the same number, the same story."""
    return Random(number)  # noqa: S311 - chance, not secrecy


def vat(base: int, rate: int) -> int:
    """Return the VAT on `base` cents at `rate` per cent, rounded half up (away from zero) as Excel does."""
    amount = (abs(base) * rate + 50) // 100
    return amount if base >= 0 else -amount


def workday(day: date, step: int) -> date:
    """Return `day`, or the nearest Monday to Friday after it (step 1) or before it (step -1)."""
    while day.weekday() > 4:
        day += timedelta(days=step)
    return day


def bill(
    random: Random,
    parties: Sequence[Party],
    as_of: date,
    *,
    count: int,
    days: int,
    mean: int,
    rates: Sequence[int],
    concepts: Sequence[str],
    currency: str,
) -> list[Item]:
    """Return `count` items spread evenly over the `days` up to `as_of`, oldest first. mean: usual net amount in cents."""
    weights = [party.weight for party in parties]
    items = []
    for position in range(count):
        party = random.choices(parties, weights)[0]
        back = int(days - (position + random.random()) * days / count)
        issued = workday(as_of - timedelta(days=back), -1)
        base = int(mean * random.lognormvariate(-0.12, 0.5))
        rate = random.choice(rates)
        due = issued + timedelta(days=party.terms)
        items.append(Item(party, issued, due, base, rate, vat(base, rate), random.choice(concepts), currency))
    return sorted(items, key=lambda item: item.issued)


def settle(random: Random, items: Sequence[Item], as_of: date) -> None:
    """Pay the items as their parties usually do, some in two parts, never after `as_of`."""
    for item in items:
        delay = random.gauss(item.party.late, 3 + abs(item.party.late) * 0.4)
        parts, share = random.random(), random.uniform(0.3, 0.6)
        if item.kept or item.cancelled or item.disputed or item.total < 0:
            continue
        expected = item.due or item.issued + timedelta(days=item.party.terms)
        day = workday(max(expected + timedelta(days=round(delay)), item.issued + timedelta(days=2)), 1)
        amount = item.balance
        steps = [(day, amount)]
        if parts < 0.14:
            first = int(amount * share) // 100 * 100
            steps = [(day, first), (workday(day + timedelta(days=21), 1), amount - first)]
        item.paid += [Payment(when, part) for when, part in steps if when <= as_of]


def credit(item: Item, part: float, after: int, as_of: date, *, offset: bool) -> Item:
    """Return a credit note for a part of `item`, `after` days later; offset: set against the invoice a week on."""
    base = -int(item.base * part)
    issued = min(workday(item.issued + timedelta(days=after), 1), as_of)
    note = Item(item.party, issued, issued, base, item.rate, vat(base, item.rate), item.concept, item.currency)
    set_on = workday(issued + timedelta(days=7), 1)
    if offset and set_on <= as_of:
        item.paid.append(Payment(set_on, -note.total, offset=True))
        note.paid.append(Payment(set_on, note.total, offset=True))
    return note


def month_starts(as_of: date, count: int) -> list[date]:
    """Return the first days of the `count` calendar months up to the month of `as_of`, oldest first."""
    last = as_of.year * 12 + as_of.month - 1
    return [date(month // 12, month % 12 + 1, 1) for month in range(last - count + 1, last + 1)]


def next_month(day: date, months: int = 1) -> date:
    """Return the first day of the month `months` after that of `day`."""
    month = day.year * 12 + day.month - 1 + months
    return date(month // 12, month % 12 + 1, 1)


def payments(items: Sequence[Item]) -> Iterator[tuple[Item, Payment]]:
    """Yield every payment with its item, by day, then number."""
    pairs = [(item, payment) for item in items for payment in item.paid]
    yield from sorted(pairs, key=lambda pair: (pair[1].day, pair[0].number, pair[1].amount))


def outstanding(items: Sequence[Item], currency: str) -> int:
    """Return the open balance in one currency, in cents, credit notes negative."""
    return sum(item.balance for item in items if item.currency == currency)


def credit_limits(items: Sequence[Item], parties: Sequence[Party]) -> dict[str, int]:
    """Return a credit limit in cents per party, in round thousands, above what it owes but for the largest debtor."""
    owed = {party.name: sum(item.balance for item in items if item.party is party) for party in parties}
    largest = max(owed, key=lambda name: owed[name])
    limits = {party.name: (owed[party.name] * 3 // 200_000 + 1 + party.weight) * 100_000 for party in parties}
    limits[largest] = owed[largest] * 4 // 500_000 * 100_000
    return limits
