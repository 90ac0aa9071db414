"""Statements of account of one workbook's customers, written as files."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Final

from aliado.batch.drafts import Draft, print_drafts, write_draft
from aliado.batch.file_names import Names, safe_name
from aliado.errors import AliadoError
from aliado.language import Language, Text, fold
from aliado.locales import Locale, locale_of
from aliado.report.letters.letter import language_of, read_customer, read_sender
from aliado.report.letters.words import STATEMENT
from aliado.report.statement import render_statement
from aliado.rules.accounts import Account, read_accounts
from aliado.rules.assessment import Assessment
from aliado.workbook.printing import check_printer


class NoSuchCustomer(AliadoError):
    """A customer that the workbook does not have."""


def write_statements(
    assessment: Assessment,
    folder: Path,
    *,
    customers: Iterable[str] = (),
    since: date | None = None,
    language: Language | None = None,
    pdf: bool = False,
    overwrite: bool = False,
) -> list[Draft]:
    """Write a statement (.xlsx, and .pdf where asked for) per customer; return the files.

    customers: their names, or parts of them that fit one only; none = all who have something open. since: see `read_accounts`.
    Raises AliadoError (NoSuchCustomer among them) and OSError.
    """
    if pdf:
        check_printer()
    accounts: dict[str, list[Account]] = defaultdict(list)
    for account in read_accounts(assessment, since):
        accounts[fold(account.customer)].append(account)
    wanted = [_find(name, accounts) for name in customers]
    chosen = sorted(set(wanted)) or sorted(name for name, each in accounts.items() if any(part.items for part in each))
    names, drafts = Names(), []
    written: dict[Locale, list[Path]] = defaultdict(list)
    country = assessment.profile.country
    for name in chosen:
        shown = [each for each in accounts[name] if each.items or each.movements] or accounts[name][:1]
        spoken = language or language_of(assessment, shown[0].customer)
        sender, customer = read_sender(assessment), read_customer(assessment, shown[0].customer)
        locale = locale_of(spoken, country)
        data = render_statement(shown, sender, customer, assessment.as_of, locale)
        title = f"{assessment.as_of.isoformat()} {safe_name(customer.name, 'cliente', 80)} - {STATEMENT.to(spoken)}"
        stem = names.give(title)
        drafts.append(write_draft(folder / f"{stem}.xlsx", data, overwrite=overwrite))
        written[locale].append(drafts[-1].path)
    if pdf:
        for locale, paths in written.items():
            drafts += print_drafts(paths, assessment.as_of, locale=locale, overwrite=overwrite)
    return drafts


def _find(name: str, accounts: Iterable[str]) -> str:
    """Return the customer that a name means: the same but for case and accents, else the only one that holds it."""
    plain = fold(name)
    known = list(accounts)
    if plain in known:
        return plain
    holding = [each for each in known if plain and plain in each]
    if len(holding) == 1:
        return holding[0]
    near = "; ".join(holding[:5] or known[:5]) or "–"
    raise NoSuchCustomer((_SEVERAL if holding else _UNKNOWN).format(name=name, near=near))


_UNKNOWN: Final = Text(
    "Ningún cliente con facturas se llama «{name}». Hay, por ejemplo: {near}.",
    "No customer with invoices is called “{name}”. There are, for example: {near}.",
)
_SEVERAL: Final = Text(
    "«{name}» puede ser: {near}. Escriba más del nombre.",
    "“{name}” may be: {near}. Give more of the name.",
)
