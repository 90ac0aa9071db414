"""Custom functions in cells, over the same engine as every other door.

The import path of this module and the names of its functions are a public contract: stubs in workbooks call them.
Each takes ranges with their headings, so that Excel knows what it depends on. Where a cell shows an error the function
gives the error's text ("#N/A", "#VALUE!"), and ALIADO_EXPLAIN, given the same arguments, says why.
Except on Windows xlwings leaves the functions as they are, so they can be called as plain Python.
"""

from __future__ import annotations

import difflib
from decimal import Decimal
from typing import Any

from aliado.errors import AliadoError
from aliado.excel import parameters as given
from aliado.excel.cell_function import CellFunction, cell_function
from aliado.excel.ranges import NoValue, assess_ranges, language_of, workbook_of
from aliado.language import Text, write_amount
from aliado.report import words
from aliado.rules.assessment import BANDS, Assessment, Kpi

Row = list[Any]
Grid = list[Row]

_RECEIVABLES = (given.INVOICES, given.AS_OF, given.RECEIPTS, given.PROFILE, given.PACK)
_ONE_KPI = (
    given.KPI,
    *_RECEIVABLES,
    given.BILLS,
    given.PAYMENTS,
    given.CUSTOMERS,
    given.DOCUMENTS,
    given.FILINGS,
    given.TASKS,
)


@cell_function(
    aliases=("ALIADO_INDICADOR",),
    parameters=_ONE_KPI,
    summary=Text(
        "Un indicador de las reglas a una fecha, el mismo que en el Panel; los porcentajes, como fracción.",
        "One indicator of the rules at a date, the same as on the Panel; percentages as fractions.",
    ),
    example='=ALIADO_KPI("AR-DSO",Facturas[#All],TODAY(),Cobros[#All],Ficha[#All])',
)
def ALIADO_KPI(  # noqa: N802 -- the name in a cell
    kpi: Any,
    invoices: Any,
    as_of: Any,
    receipts: Any = None,
    profile: Any = None,
    pack: Any = None,
    bills: Any = None,
    payments: Any = None,
    customers: Any = None,
    documents: Any = None,
    filings: Any = None,
    tasks: Any = None,
    caller: Any = None,
) -> float:
    """Return one indicator; #N/A when it cannot be computed, #VALUE! when there is no such indicator."""
    tables = _tables(invoices, receipts, profile, bills, payments, customers, documents, filings, tasks)
    found = _kpi(kpi, assess_ranges(as_of, pack, workbook_of(caller), tables))
    if found.value is None:
        reason = found.reason or Text("no se puede calcular", "it cannot be computed")
        raise NoValue(Text(f"{found.id}: {reason.es}", f"{found.id}: {reason.en}"), "#N/A")
    return float(found.value)


@cell_function(
    aliases=("ALIADO_ANTIGUEDAD",),
    parameters=_RECEIVABLES,
    summary=Text(
        "Saldo abierto por cliente y tramo, en la moneda del cliente, con fila de totales.",
        "Open balance by customer and band, in the client's currency, with a row of totals.",
    ),
    example="=ALIADO_AGEING(Facturas[#All],TODAY(),Cobros[#All],Ficha[#All])",
    result="array",
)
def ALIADO_AGEING(  # noqa: N802
    invoices: Any, as_of: Any, receipts: Any = None, profile: Any = None, pack: Any = None, caller: Any = None
) -> Grid:
    """Return headings, one row per customer (largest outstanding first), and a row of totals."""
    assessment = _receivables(invoices, as_of, receipts, profile, pack, caller)
    language = language_of(assessment)
    own = assessment.ageing[0]
    head = [words.CUSTOMER, *(words.BANDS[band] for band in BANDS), words.OUTSTANDING]
    rows = [[row.customer, *map(float, row.bands), float(row.outstanding)] for row in own.customers]
    total = [words.TOTAL.to(language), *map(float, own.bands), float(own.outstanding)]
    return [[title.to(language) for title in head], *rows, total]


@cell_function(
    aliases=("ALIADO_VENCIDAS",),
    parameters=_RECEIVABLES,
    summary=Text(
        "Las facturas vencidas a una fecha, de más a menos días: factura, cliente, vencimiento, días, saldo y moneda.",
        "The invoices overdue at a date, most days first: invoice, customer, due date, days, balance and currency.",
    ),
    example="=ALIADO_OVERDUE(Facturas[#All],TODAY(),Cobros[#All],Ficha[#All])",
    result="array",
)
def ALIADO_OVERDUE(  # noqa: N802
    invoices: Any, as_of: Any, receipts: Any = None, profile: Any = None, pack: Any = None, caller: Any = None
) -> Grid:
    """Return headings and one row per overdue invoice; only the headings when there is none."""
    assessment = _receivables(invoices, as_of, receipts, profile, pack, caller)
    head = [_INVOICE, words.CUSTOMER, _DUE, _DAYS, _BALANCE, words.CURRENCY]
    rows = [
        [item.number, item.customer, item.due, float(item.days), float(item.balance), item.currency]
        for item in assessment.overdue
    ]
    return [[title.to(language_of(assessment)) for title in head], *rows]


@cell_function(
    aliases=("ALIADO_INCUMPLIMIENTOS",),
    parameters=(given.AS_OF, given.PROFILE, given.DOCUMENTS, given.FILINGS, given.TASKS, given.PACK),
    summary=Text(
        "Lo que falta por cumplir a una fecha, lo más grave primero: severidad, regla, detalle y fila.",
        "The compliance gaps at a date, worst first: severity, rule, message and row.",
    ),
    example="=ALIADO_GAPS(TODAY(),Ficha[#All],Documentos[#All],Declaraciones[#All],Tareas[#All])",
    result="array",
)
def ALIADO_GAPS(  # noqa: N802
    as_of: Any,
    profile: Any = None,
    documents: Any = None,
    filings: Any = None,
    tasks: Any = None,
    pack: Any = None,
    caller: Any = None,
) -> Grid:
    """Return headings and one row per gap; the row is blank when something is missing altogether."""
    tables = {"profile": profile, "documents": documents, "filings": filings, "tasks": tasks}
    assessment = assess_ranges(as_of, pack, workbook_of(caller), tables)
    language = language_of(assessment)
    head = [words.SEVERITY, words.RULE, words.MESSAGE, words.ROW]
    rows = [
        [words.SEVERITIES[item.severity].to(language), item.rule, item.message.to(language), _number(item.row)]
        for item in assessment.findings
        if item.table in {"documents", "filings", "tasks"}
    ]
    return [[title.to(language) for title in head], *rows]


@cell_function(
    aliases=("ALIADO_EXPLICAR",),
    parameters=_ONE_KPI,
    summary=Text(
        "Cómo se calcula un indicador, o por qué no se puede, con los mismos argumentos que ALIADO_KPI.",
        "How an indicator is computed, or why it cannot be, from the same arguments as ALIADO_KPI.",
    ),
    example='=ALIADO_EXPLAIN("AR-DSO",Facturas[#All],TODAY(),Cobros[#All],Ficha[#All])',
)
def ALIADO_EXPLAIN(  # noqa: N802
    kpi: Any,
    invoices: Any,
    as_of: Any,
    receipts: Any = None,
    profile: Any = None,
    pack: Any = None,
    bills: Any = None,
    payments: Any = None,
    customers: Any = None,
    documents: Any = None,
    filings: Any = None,
    tasks: Any = None,
    caller: Any = None,
) -> str:
    """Return a sentence in the client's language: the figure, its status against its target, and its method."""
    tables = _tables(invoices, receipts, profile, bills, payments, customers, documents, filings, tasks)
    try:
        assessment = assess_ranges(as_of, pack, workbook_of(caller), tables)
        found = _kpi(kpi, assessment)
    except AliadoError as error:
        return error.text.es
    language = language_of(assessment)
    if found.value is None:
        reason = (found.reason or Text("no se puede calcular", "it cannot be computed")).to(language)
        return f"{found.id}: {reason} {found.method.to(language)}".strip()
    percent = found.unit == "%"
    shown = write_amount(found.value * 100 if percent else found.value, language, 1 if percent else 2)
    status = words.KPI_STATUSES[found.status].to(language)
    return f"{found.id} = {shown}{' %' if percent else ''} · {status} · {found.method.to(language)}"


def _tables(*ranges: Any) -> dict[str, Any]:
    names = ("invoices", "receipts", "profile", "bills", "payments", "customers", "documents", "filings", "tasks")
    return dict(zip(names, ranges, strict=True))


def _receivables(invoices: Any, as_of: Any, receipts: Any, profile: Any, pack: Any, caller: Any) -> Assessment:
    tables = {"invoices": invoices, "receipts": receipts, "profile": profile}
    assessment = assess_ranges(as_of, pack, workbook_of(caller), tables)
    if not assessment.ageing:
        raise NoValue(_NO_INVOICES)
    return assessment


def _kpi(name: Any, assessment: Assessment) -> Kpi:
    found = {item.id: item for item in assessment.kpis}
    wanted = str(name or "").strip().upper()
    if wanted in found:
        return found[wanted]
    near = difflib.get_close_matches(wanted, found, n=1)
    es, en = (f" ¿Quiso decir {near[0]}?", f" Did you mean {near[0]}?") if near else ("", "")
    raise NoValue(Text(f"No hay un indicador «{wanted}».{es}", f"There is no KPI “{wanted}”.{en}"))


def _number(value: int | Decimal | None) -> float | None:
    return None if value is None else float(value)


_INVOICE = Text("Factura", "Invoice")
_DUE = Text("Vencimiento", "Due date")
_DAYS = Text("Días", "Days")
_BALANCE = Text("Saldo", "Balance")
_NO_INVOICES = Text(
    "La fórmula no recibe facturas: dele su rango con los encabezados, por ejemplo Facturas[#Todo].",
    "The formula is given no invoices: give it their range with the headings, for example Invoices[#All].",
)

ARRAYS = (ALIADO_KPI, ALIADO_AGEING, ALIADO_OVERDUE, ALIADO_GAPS, ALIADO_EXPLAIN)

FUNCTIONS: tuple[CellFunction, ...] = tuple(function.spec for function in ARRAYS)  # type: ignore[attr-defined]
"""Every custom function, in the order of its help."""
