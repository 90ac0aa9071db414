"""Custom functions over the client's tables: indicators, ageing, what is overdue, what the rules found.

Each takes ranges with their headings, so that a spreadsheet knows what it depends on. ALIADO_EXPLAIN, given the same
arguments, says why a cell shows an error.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from typing import Any

from aliado.cells import parameters as given
from aliado.cells.function import cell_function
from aliado.cells.question import NoValue, Question, ask, language_of, workbook_of
from aliado.errors import AliadoError
from aliado.language import Language, Text
from aliado.locales import locale_of, write_amount
from aliado.report import words
from aliado.rules.assessment import BANDS, Ageing, Finding, Kpi

Row = list[Any]
Grid = list[Row]

_RECEIVABLES = (given.INVOICES, given.AS_OF, given.RECEIPTS, given.PROFILE, given.PACK)
_EVERYTHING = (*_RECEIVABLES, *given.OTHERS)


@cell_function(
    aliases=("ALIADO_INDICADOR",),
    parameters=(given.KPI, *_EVERYTHING),
    summary=Text(
        "Un indicador de las reglas a una fecha, el mismo que en el Panel; los porcentajes, como fracción.",
        "One indicator of the rules at a date, the same as on the Panel; percentages as fractions.",
    ),
    example='=ALIADO_KPI("AR-DSO",Facturas[#All],TODAY(),Cobros[#All],Ficha[#All])',
)
def ALIADO_KPI(kpi: Any, as_of: Any, pack: Any = None, caller: Any = None, **ranges: Any) -> float:  # noqa: N802
    """Return one indicator; #N/A when it cannot be computed, #VALUE! when there is no such indicator."""
    found = _kpi(kpi, ask(as_of, pack, workbook_of(caller), ranges))
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
def ALIADO_AGEING(as_of: Any, pack: Any = None, caller: Any = None, **ranges: Any) -> Grid:  # noqa: N802
    """Return headings, one row per customer (largest outstanding first), and a row of totals."""
    asked, own = _receivables(as_of, pack, caller, ranges)
    language = language_of(asked.profile)
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
def ALIADO_OVERDUE(as_of: Any, pack: Any = None, caller: Any = None, **ranges: Any) -> Grid:  # noqa: N802
    """Return headings and one row per overdue invoice; only the headings when there is none."""
    asked, _ = _receivables(as_of, pack, caller, ranges)
    head = [_INVOICE, words.CUSTOMER, _DUE, _DAYS, _BALANCE, words.CURRENCY]
    rows = [
        [item.number, item.customer, item.due, float(item.days), float(item.balance), item.currency]
        for item in asked.overdue
    ]
    return [[title.to(language_of(asked.profile)) for title in head], *rows]


@cell_function(
    aliases=("ALIADO_INCUMPLIMIENTOS",),
    parameters=(given.AS_OF, given.PROFILE, given.DOCUMENTS, given.FILINGS, given.TASKS, given.PACK),
    summary=Text(
        "Lo que falta por cumplir a una fecha, lo más grave primero: severidad, regla, clave, detalle y fila.",
        "The compliance gaps at a date, worst first: severity, rule, key, message and row.",
    ),
    example="=ALIADO_GAPS(TODAY(),Ficha[#All],Documentos[#All],Declaraciones[#All],Tareas[#All])",
    result="array",
)
def ALIADO_GAPS(as_of: Any, pack: Any = None, caller: Any = None, **ranges: Any) -> Grid:  # noqa: N802
    """Return headings and one row per gap; the row is blank when something is missing altogether."""
    asked = ask(as_of, pack, workbook_of(caller), ranges)
    gaps = [item for item in asked.findings if item.table in {"documents", "filings", "tasks"}]
    return _findings(gaps, language_of(asked.profile))


@cell_function(
    aliases=("ALIADO_ALERTAS",),
    parameters=_EVERYTHING,
    summary=Text(
        "Todas las alertas de las reglas a una fecha, lo más grave primero: severidad, regla, clave, detalle y fila.",
        "All alerts of the rules at a date, worst first: severity, rule, key, message and row.",
    ),
    example="=ALIADO_FLAGS(Facturas[#All],TODAY(),Cobros[#All],Ficha[#All])",
    result="array",
)
def ALIADO_FLAGS(as_of: Any, pack: Any = None, caller: Any = None, **ranges: Any) -> Grid:  # noqa: N802
    """Return headings and one row per alert; only the headings when there is none."""
    asked = ask(as_of, pack, workbook_of(caller), ranges)
    return _findings(asked.findings, language_of(asked.profile))


@cell_function(
    aliases=("ALIADO_EXPLICAR",),
    parameters=(given.KPI, *_EVERYTHING),
    summary=Text(
        "Cómo se calcula un indicador, o por qué no se puede, con los mismos argumentos que ALIADO_KPI.",
        "How an indicator is computed, or why it cannot be, from the same arguments as ALIADO_KPI.",
    ),
    example='=ALIADO_EXPLAIN("AR-DSO",Facturas[#All],TODAY(),Cobros[#All],Ficha[#All])',
)
def ALIADO_EXPLAIN(kpi: Any, as_of: Any, pack: Any = None, caller: Any = None, **ranges: Any) -> str:  # noqa: N802
    """Return a sentence in the client's language: the figure, its status against its target, and its method."""
    try:
        asked = ask(as_of, pack, workbook_of(caller), ranges)
        found = _kpi(kpi, asked)
    except AliadoError as error:
        return error.text.es
    language = language_of(asked.profile)
    if found.value is None:
        reason = (found.reason or Text("no se puede calcular", "it cannot be computed")).to(language)
        return f"{found.id}: {reason} {found.method.to(language)}".strip()
    percent = found.unit == "%"
    locale = locale_of(language, asked.profile.country)
    shown = write_amount(found.value * 100 if percent else found.value, locale, 1 if percent else 2)
    status = words.KPI_STATUSES[found.status].to(language)
    return f"{found.id} = {shown}{' %' if percent else ''} · {status} · {found.method.to(language)}"


def _receivables(as_of: Any, pack: Any, caller: Any, ranges: Mapping[str, Any]) -> tuple[Question, Ageing]:
    asked = ask(as_of, pack, workbook_of(caller), ranges)
    if asked.ageing is None:
        raise NoValue(_NO_INVOICES)
    return asked, asked.ageing


def _findings(findings: Sequence[Finding], language: Language) -> Grid:
    head = [title.to(language) for title in (words.SEVERITY, words.RULE, words.KEY, words.MESSAGE, words.ROW)]
    rows = [
        [
            words.SEVERITIES[item.severity].to(language),
            item.rule,
            item.key,
            item.message.to(language),
            None if item.row is None else float(item.row),
        ]
        for item in findings
    ]
    return [head, *rows]


def _kpi(name: Any, asked: Question) -> Kpi:
    found = {item.id: item for item in asked.kpis}
    wanted = str(name or "").strip().upper()
    if wanted in found:
        return found[wanted]
    near = difflib.get_close_matches(wanted, found, n=1)
    es, en = (f" ¿Quiso decir {near[0]}?", f" Did you mean {near[0]}?") if near else ("", "")
    raise NoValue(Text(f"No hay un indicador «{wanted}».{es}", f"There is no KPI “{wanted}”.{en}"))


_INVOICE = Text("Factura", "Invoice")
_DUE = Text("Vencimiento", "Due date")
_DAYS = Text("Días", "Days")
_BALANCE = Text("Saldo", "Balance")
_NO_INVOICES = Text(
    "La fórmula no recibe facturas: dele su rango con los encabezados, por ejemplo Facturas[#Todo].",
    "The formula is given no invoices: give it their range with the headings, for example Invoices[#All].",
)
