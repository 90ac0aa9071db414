"""Custom functions about what comes next: the calendar with its due dates, the next letter of each debt."""

from __future__ import annotations

from typing import Any

from aliado.cells import parameters as given
from aliado.cells.function import cell_function
from aliado.cells.question import ask, language_of, workbook_of
from aliado.language import Text
from aliado.report import words
from aliado.report import words_deadlines as deadlines

Grid = list[list[Any]]

_OTHER = {item.name: item for item in given.OTHERS}


@cell_function(
    aliases=("ALIADO_CALENDARIO",),
    parameters=(given.AS_OF, given.PROFILE, given.FILINGS, given.PACK),
    summary=Text(
        "El calendario de obligaciones del cliente: obligación, periodo, vencimiento (según el dígito de su identificación), estado y presentada.",
        "The client's calendar of obligations: obligation, period, due date (by the digit of the tax id), status and filed.",
    ),
    example="=ALIADO_CALENDAR(TODAY(),Ficha[#All],Declaraciones[#All])",
    result="array",
)
def ALIADO_CALENDAR(as_of: Any, pack: Any = None, caller: Any = None, **ranges: Any) -> Grid:  # noqa: N802
    """Return headings and one row per period of each obligation, by due date; blank where nothing was filed."""
    asked = ask(as_of, pack, workbook_of(caller), ranges)
    language = language_of(asked.profile)
    head = [words.OBLIGATION, words.PERIOD, words.DUE, words.STATUS, _FILED]
    rows = [
        [
            item.title.to(language),
            item.period,
            item.due,
            deadlines.FILING_STATUSES[item.status].to(language)[2:],
            item.filed,
        ]
        for item in asked.assessment.calendar
    ]
    return [[title.to(language) for title in head], *rows]


@cell_function(
    aliases=("ALIADO_RECLAMAR",),
    parameters=(
        given.INVOICES,
        given.AS_OF,
        given.RECEIPTS,
        given.PROFILE,
        given.PACK,
        _OTHER["customers"],
        _OTHER["notices"],
    ),
    summary=Text(
        "El siguiente paso de cada factura vencida: nivel, carta que toca, interés de demora y compensación legales.",
        "The next step of each overdue invoice: level, letter to send, late interest and compensation by law.",
    ),
    example="=ALIADO_DUNNING(Facturas[#All],TODAY(),Cobros[#All],Ficha[#All])",
    result="array",
)
def ALIADO_DUNNING(as_of: Any, pack: Any = None, caller: Any = None, **ranges: Any) -> Grid:  # noqa: N802
    """Return headings and one row per overdue invoice, most days first; blank where the pack gives no rate."""
    asked = ask(as_of, pack, workbook_of(caller), ranges)
    language = language_of(asked.profile)
    head = [
        _INVOICE, words.CUSTOMER, words.DUE, words.DAYS_LATE, _BALANCE, words.CURRENCY, words.LEVEL, _NEXT, _INTEREST, _COMPENSATION,
    ]  # fmt: skip
    rows = [
        [
            item.number,
            item.customer,
            item.due,
            float(item.days),
            float(item.balance),
            item.currency,
            item.level,
            item.action.to(language),
            None if item.interest is None else float(item.interest),
            None if item.compensation is None else float(item.compensation),
        ]
        for item in asked.assessment.dunning
    ]
    return [[title.to(language) for title in head], *rows]


_INVOICE = Text("Factura", "Invoice")
_BALANCE = Text("Saldo", "Balance")
_NEXT = Text("Siguiente paso", "Next step")
_INTEREST = Text("Interés de demora", "Late interest")
_COMPENSATION = Text("Compensación", "Compensation")
_FILED = Text("Presentada", "Filed")
