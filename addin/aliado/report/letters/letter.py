"""The reminders that an assessment calls for: one per customer and dunning level."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from aliado.language import Language, Text, fold
from aliado.locales import Locale, locale_of
from aliado.rules.assessment import Assessment, DunningStep
from aliado.tables.table import Table

REFERENCE_LENGTH = 140
"""Characters of the text that goes with a bank transfer (SEPA's unstructured remittance information)."""


class Party(Struct, frozen=True):
    """Who writes or is written to; "" where the workbook does not say. All of one line, but the address."""

    name: str
    tax_id: str = ""
    address: str = ""
    email: str = ""
    phone: str = ""
    contact: str = ""
    account: str = ""


class Claim(Struct, frozen=True):
    """What a letter claims in one currency; items as the assessment has them.

    interest, compensation: None where none is claimed.
    """

    currency: str
    items: tuple[DunningStep, ...]

    @property
    def balance(self) -> Decimal:
        """The sum of what is open."""
        return sum((item.balance for item in self.items), Decimal(0))

    @property
    def interest(self) -> Decimal | None:
        """The sum of late interest."""
        return _sum(item.interest for item in self.items)

    @property
    def compensation(self) -> Decimal | None:
        """The sum of fixed compensations."""
        return _sum(item.compensation for item in self.items)

    @property
    def total(self) -> Decimal:
        """All that is claimed."""
        return self.balance + (self.interest or 0) + (self.compensation or 0)


class Letter(Struct, frozen=True):
    """One reminder. country: the sender's, by which amounts are written. step: its place among `steps` letters, from 0. claims: by currency, never added together.

    last_sent: when the letter before was sent, None where that is not known or this is the first. verified: False where a legal rate in it is not.
    """

    sender: Party
    customer: Party
    language: Language
    country: str
    as_of: date
    step: int
    steps: int
    name: Text
    previous: Text | None
    last_sent: date | None
    claims: tuple[Claim, ...]
    verified: bool

    @property
    def locale(self) -> Locale:
        """How it writes amounts."""
        return locale_of(self.language, self.country)

    @property
    def numbers(self) -> tuple[str, ...]:
        """The invoices that it is about."""
        return tuple(item.number for claim in self.claims for item in claim.items)

    @property
    def reference(self) -> str:
        """What the customer is asked to write on the transfer: the invoices, or who it is where they are too many."""
        numbers = " ".join(one_line(number) for number in self.numbers)
        if len(numbers) <= REFERENCE_LENGTH:
            return numbers
        return (self.customer.tax_id or self.customer.name)[:REFERENCE_LENGTH]


def make_letters(
    assessment: Assessment, language: Language | None = None, *, interest: bool = True
) -> tuple[Letter, ...]:
    """Return the reminders to send now, by customer and level.

    language: of all letters; left out, each customer's own, else the client's, else Spanish. interest: whether late interest and
    compensation are claimed. What was sent already, is disputed or must not be dunned has no letter.
    """
    groups: dict[tuple[str, int], list[DunningStep]] = defaultdict(list)
    for item in assessment.dunning:
        if item.state == "send":
            groups[fold(item.customer), item.step].append(item)
    customers = _read_customers(assessment.tables.get("customers"))
    sender = read_sender(assessment)
    letters = []
    for (name, step), items in sorted(groups.items()):
        customer, spoken = customers.get(name, (None, None))
        letters.append(
            Letter(
                sender=sender,
                customer=customer or Party(one_line(items[0].customer)),
                language=language or spoken or _usual_language(assessment),
                country=assessment.profile.country,
                as_of=assessment.as_of,
                step=step,
                steps=items[0].letters,
                name=items[0].action,
                previous=items[0].last,
                last_sent=max((item.last_sent for item in items if item.last_sent is not None), default=None),
                claims=_claims(items, assessment.profile.currency, interest=interest),
                verified=all(item.verified for item in items)
                or not interest
                or all(item.interest is None and item.compensation is None for item in items),
            )
        )
    return tuple(letters)


def read_sender(assessment: Assessment) -> Party:
    """Return the client as the sender of letters."""
    table, profile = assessment.tables.get("profile"), assessment.profile
    return Party(
        name=one_line(profile.name),
        tax_id=one_line(profile.tax_id),
        address=_cell(table, "address", 0),
        email=_cell(table, "email", 0),
        phone=_cell(table, "phone", 0),
        account=_cell(table, "payment_account", 0),
    )


def read_customer(assessment: Assessment, name: str) -> Party:
    """Return what the client's tables say of a customer."""
    found, _ = _read_customers(assessment.tables.get("customers")).get(fold(name), (None, None))
    return found or Party(one_line(name))


def language_of(assessment: Assessment, name: str) -> Language:
    """Return the language to write to a customer in: its own, else the client's, else Spanish."""
    _, spoken = _read_customers(assessment.tables.get("customers")).get(fold(name), (None, None))
    return spoken or _usual_language(assessment)


def _usual_language(assessment: Assessment) -> Language:
    return "en" if assessment.profile.language == "en" else "es"


def _read_customers(table: Table | None) -> Mapping[str, tuple[Party, Language | None]]:
    if table is None:
        return {}
    found: dict[str, tuple[Party, Language | None]] = {}
    for row in range(len(table)):
        name = _cell(table, "customer", row)
        party = Party(
            name=name,
            tax_id=_cell(table, "tax_id", row),
            address=_cell(table, "address", row),
            email=_cell(table, "email", row),
            phone=_cell(table, "phone", row),
            contact=_cell(table, "contact", row),
        )
        found.setdefault(fold(name), (party, _language(_cell(table, "language", row))))
    return found


def _language(text: str) -> Language | None:
    plain = fold(text)
    if plain.startswith(("en", "ing")):
        return "en"
    return "es" if plain.startswith(("es", "spa", "cas")) else None


def _cell(table: Table | None, field: str, row: int) -> str:
    column = table.columns.get(field) if table is not None else None
    if column is None or row >= len(column):
        return ""
    return one_line(str(column.data[row]))


def _claims(items: Iterable[DunningStep], own: str, *, interest: bool) -> tuple[Claim, ...]:
    by_currency: dict[str, list[DunningStep]] = defaultdict(list)
    for item in items:
        by_currency[item.currency].append(item if interest else _without_interest(item))
    order = sorted(by_currency, key=lambda code: (code != own, code))
    return tuple(
        Claim(code, tuple(sorted(by_currency[code], key=lambda item: (item.due, item.number)))) for code in order
    )


def _without_interest(item: DunningStep) -> DunningStep:
    return replace(item, interest=None, compensation=None)


def _sum(amounts: Iterable[Decimal | None]) -> Decimal | None:
    known = [amount for amount in amounts if amount is not None]
    return sum(known, Decimal(0)) if known else None


def one_line(text: str) -> str:
    """Return client text on one line, without characters that cannot be seen."""
    shown = (c if c.isspace() or not unicodedata.category(c).startswith("C") else "" for c in text)
    return " ".join("".join(shown).split())
