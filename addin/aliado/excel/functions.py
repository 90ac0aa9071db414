"""Custom functions in cells, over the same engine as every other door.

The import path of this module and the names of its functions are a public contract: stubs in workbooks call them.
Each takes ranges with their headings, so that Excel knows what it depends on. On other systems than Windows
xlwings leaves the functions as they are, so they can be called as plain Python.
"""

from __future__ import annotations

import difflib

import xlwings as xw

from aliado.excel.ranges import BadArgument, Range, assess_ranges
from aliado.language import Language, Text
from aliado.rules.assessment import BANDS, Assessment

Cell = None | bool | float | str | object
Block = list[list[Cell]]

_BAND_TITLES = {
    "not_due": Text("No vencido", "Not due"),
    "no_due_date": Text("Sin vencimiento", "No due date"),
}


@xw.func
@xw.arg("invoices", ndim=2)
@xw.arg("receipts", ndim=2)
@xw.arg("profile", ndim=2)
def ALIADO_KPI(  # noqa: N802 -- the name in a cell
    kpi: str, invoices: Range, as_of: object, receipts: Range | None = None, profile: Range | None = None, pack: str | None = None
) -> float:
    """Return one indicator, such as "AR-DSO", of the invoices at a date; percentages as fractions."""
    found = {item.id: item for item in assess_ranges(as_of, pack, invoices=invoices, receipts=receipts, profile=profile).kpis}
    wanted = str(kpi).strip().upper()
    if wanted not in found:
        near = difflib.get_close_matches(wanted, found, n=1)
        es, en = (f" ¿Quiso decir {near[0]}?", f" Did you mean {near[0]}?") if near else ("", "")
        raise BadArgument(Text(f"No hay un indicador «{kpi}».{es}", f"There is no KPI “{kpi}”.{en}"))
    item = found[wanted]
    if item.value is None:
        reason = item.reason or Text("no se puede calcular", "it cannot be computed")
        raise BadArgument(Text(f"{item.id}: {reason.es}", f"{item.id}: {reason.en}"))
    return float(item.value)


@xw.func
@xw.arg("invoices", ndim=2)
@xw.arg("receipts", ndim=2)
@xw.arg("profile", ndim=2)
@xw.ret(expand="table")
def ALIADO_AGEING(  # noqa: N802
    invoices: Range, as_of: object, receipts: Range | None = None, profile: Range | None = None, pack: str | None = None
) -> Block:
    """Return open balance by customer and band, in the client's currency: headings, customers, and a row of totals."""
    assessment = assess_ranges(as_of, pack, invoices=invoices, receipts=receipts, profile=profile)
    language = _language(assessment)
    own = assessment.ageing[0]
    names = [_BAND_TITLES[band].to(language) if band in _BAND_TITLES else band for band in BANDS]
    head: list[Cell] = [Text("Cliente", "Customer").to(language), *names, Text("Pendiente", "Outstanding").to(language)]
    rows: Block = [[row.customer, *map(float, row.bands), float(row.outstanding)] for row in own.customers]
    return [head, *rows, ["Total", *map(float, own.bands), float(own.outstanding)]]


@xw.func
@xw.arg("invoices", ndim=2)
@xw.arg("receipts", ndim=2)
@xw.arg("profile", ndim=2)
@xw.ret(expand="table")
def ALIADO_OVERDUE(  # noqa: N802
    invoices: Range, as_of: object, receipts: Range | None = None, profile: Range | None = None, pack: str | None = None
) -> Block:
    """Return the overdue invoices, most days first: invoice, customer, due date, days, open balance, currency."""
    assessment = assess_ranges(as_of, pack, invoices=invoices, receipts=receipts, profile=profile)
    head: list[Cell] = list(
        {
            "es": ("Factura", "Cliente", "Vencimiento", "Días", "Saldo", "Moneda"),
            "en": ("Invoice", "Customer", "Due date", "Days", "Balance", "Currency"),
        }[_language(assessment)]
    )
    rows = [
        [item.number, item.party, item.due, float(item.days), float(item.balance), item.currency] for item in assessment.overdue
    ]
    return [head, *rows]


@xw.func
@xw.arg("documents", ndim=2)
@xw.arg("filings", ndim=2)
@xw.arg("tasks", ndim=2)
@xw.arg("profile", ndim=2)
@xw.ret(expand="table")
def ALIADO_GAPS(  # noqa: N802
    as_of: object,
    profile: Range | None = None,
    documents: Range | None = None,
    filings: Range | None = None,
    tasks: Range | None = None,
    pack: str | None = None,
) -> Block:
    """Return the compliance gaps, worst first: severity, rule, what, row (blank when something is missing altogether)."""
    assessment = assess_ranges(as_of, pack, profile=profile, documents=documents, filings=filings, tasks=tasks)
    language = _language(assessment)
    head: list[Cell] = list(
        {"es": ("Gravedad", "Regla", "Qué falta", "Fila"), "en": ("Severity", "Rule", "Gap", "Row")}[language]
    )
    words = {"red": Text("rojo", "red"), "amber": Text("ámbar", "amber"), "info": Text("información", "info")}
    rows: Block = [
        [words[item.severity].to(language), item.rule, item.message.to(language), item.row]
        for item in assessment.findings
        if item.table in {"documents", "filings", "tasks"}
    ]
    return [head, *rows]


def _language(assessment: Assessment) -> Language:
    return "en" if assessment.profile.language == "en" else "es"


__all__ = ["ALIADO_AGEING", "ALIADO_GAPS", "ALIADO_KPI", "ALIADO_OVERDUE"]
