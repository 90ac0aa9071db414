"""Assessments to render in tests: empty, tiny, typical with two currencies, 20,000 findings."""

from __future__ import annotations

import hashlib
import random
import warnings
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from io import BytesIO

import numpy as np
from msgspec.structs import replace
from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from aliado.formula.values import Column, Kind, State, to_serial
from aliado.language import Language, Text, same
from aliado.locales import locale_of, write_amount
from aliado.report import state as states
from aliado.report.alert_log import AlertId
from aliado.report.donor import render
from aliado.rules.assessment import (
    Ageing,
    AlertGroup,
    Assessment,
    BudgetLine,
    CustomerAgeing,
    DocumentCheck,
    DunningStep,
    EarlyWarning,
    Evidence,
    Filing,
    Finding,
    Kpi,
    OpenItem,
    OpenList,
    OverdueItem,
    PackUsed,
    Past,
    Profile,
    Severity,
    StepCheck,
    Tie,
    Told,
)
from aliado.tables.schema import TableSpec
from aliado.tables.table import Rejection, Table

AS_OF = date(2026, 10, 31)
CUSTOMERS = (
    "Comercial Andina S.A.",
    "Ferretería El Constructor Cía. Ltda.",
    "Hotel Plaza Grande",
    "Distribuidora Ñandú & Hijos",
    "Agrícola San José",
    "Clínica Santa Lucía",
    "Transportes Rápidos del Sur",
    "O'Higgins Import/Export",
    "Textiles Imbabura",
    "Restaurante La Ronda",
    "Constructora Vía Libre",
    "Farmacias Unidas",
)
COLLECTIONS = Text("Cobros", "Collections")
TAX = Text("Fiscal", "Tax")
ACCOUNTING = Text("Contabilidad", "Accounting")


def empty() -> Assessment:
    """A workbook in which nothing was recognised."""
    return Assessment(AS_OF, Profile(), {}, (), (), (), (), (), (), ())


def tiny() -> Assessment:
    """A small client with nothing to report."""
    ageing = make_ageing("EUR", [("Librería Cervantes", ["120.50", "0", "0", "0", "0", "0", "0"])])
    return Assessment(
        as_of=AS_OF,
        profile=Profile(
            "Taller Ruiz", "B12345678", "ES", "EUR", "es", control_total=Decimal("120.50"), responsible="Marta Gil"
        ),
        tables={"invoices": make_table("invoices", "Facturas", 3)},
        kpis=make_kpis(dso="12.4", overdue="0", cei="100"),
        ageing=(ageing,),
        findings=(),
        calendar=(),
        rejections=(),
        ties=make_ties(3, 3, ageing, Decimal("120.50")),
        packs=(make_pack("base", "2026.11.0"), make_pack("es", "2026.11.0")),
    )


def typical() -> Assessment:
    """A client with two currencies, alerts of every severity, obligations, rejections and an open tie."""
    chance = random.Random(7)  # noqa: S311
    own = make_ageing("USD", make_customers(chance, CUSTOMERS, 18_000))
    other = make_ageing("EUR", make_customers(chance, CUSTOMERS[3:7], 6_000))
    return Assessment(
        as_of=AS_OF,
        profile=Profile(
            "Importadora Pichincha & Asociados S.A.", "1790012345001", "EC", "USD", "es", responsible="Lucía Andrade"
        ),
        tables={
            "invoices": make_table("invoices", "Facturas", 412, rejected=1),
            "receipts": make_table("receipts", "Cobros", 265),
            "documents": make_table("documents", "Documentos", 14),
        },
        kpis=make_kpis(dso="58.3", overdue="0.3421", cei="71.44"),
        ageing=(own, other),
        findings=make_findings(chance, 34),
        calendar=make_calendar(),
        rejections=make_rejections(),
        ties=make_ties(412, 411, own, None),
        packs=(make_pack("base", "2026.11.0"), make_pack("ec", "2026.11.0"), make_pack("firma-andina", "1.4.0")),
        documents=make_documents(),
        open_list=make_open_list(own),
        notes=(
            Text(
                "3 facturas en EUR se muestran aparte: las monedas nunca se suman.",
                "3 invoices in EUR are shown apart: currencies are never added together.",
            ),
            Text(
                "La columna Saldo del libro vale a su propia fecha de corte; aquí se recalcula a partir de los cobros.",
                "The workbook's balance column holds at its own cut-off date; here it is computed from the receipts.",
            ),
        ),
    )


def large(findings: int = 20_000) -> Assessment:
    """A client with 20,000 findings and 1,500 customers."""
    chance = random.Random(11)  # noqa: S311
    customers = [f"Cliente {number:04}" for number in range(1, 1_501)]
    ageing = make_ageing("USD", make_customers(chance, customers, 90_000))
    return replace(
        typical(),
        profile=replace(typical().profile, name="Mayorista del Pacífico S.A."),
        tables={"invoices": make_table("invoices", "Facturas", 20_000)},
        ageing=(ageing,),
        findings=make_findings(chance, findings),
        ties=make_ties(20_000, 20_000, ageing, ageing.outstanding + Decimal("0.01")),
    )


def make_customers(chance: random.Random, names: Sequence[str], most: int) -> list[tuple[str, list[str]]]:
    """Customers with balances spread over the bands, the later the smaller, some with a credit."""
    customers = []
    for name in names:
        share = most * chance.random() ** 2 + 50
        weights = [0.55, 0.2, 0.1, 0.06, 0.04, 0.04, 0.01]
        bands = [f"{share * w * chance.random() * 2:.2f}" if chance.random() < 0.6 else "0" for w in weights]
        if chance.random() < 0.1:
            bands[0] = f"-{share * 0.05:.2f}"
        customers.append((name, bands))
    return customers


def make_ageing(currency: str, customers: list[tuple[str, list[str]]]) -> Ageing:
    """An ageing whose bands are the sums of its customers', the largest debtor first."""
    lines = []
    for name, bands in customers:
        amounts = tuple(Decimal(band).quantize(Decimal("0.01")) for band in bands)
        lines.append(CustomerAgeing(name, amounts, sum(amounts, Decimal(0))))
    lines.sort(key=lambda line: -line.outstanding)
    sums = tuple(sum((line.bands[band] for line in lines), Decimal(0)) for band in range(7))
    return Ageing(currency, sums, sum(sums, Decimal(0)), tuple(lines))


def make_open_list(ageing: Ageing) -> OpenList:
    """Two invoices for every band in which a customer owes something."""
    items = []
    for customer in ageing.customers:
        for band, amount in enumerate(customer.bands):
            if not amount:
                continue
            half = (amount / 2).quantize(Decimal("0.01"))
            for part, balance in enumerate((half, amount - half)):
                due = None if band == 6 else AS_OF - timedelta(days=(0, 15, 45, 75, 105, 200)[band])
                days = None if due is None else (AS_OF - due).days
                number, row = f"F-{len(items) + 1:04}", len(items) + 2
                issued = date(2026, 3, 1 + part)
                items.append(
                    OpenItem(
                        number, customer.customer, issued, due, days, band, balance, ageing.currency, "Facturas", row
                    )
                )
    return OpenList(tuple(items), 3)


def make_table(name: str, sheet: str, rows: int, rejected: int = 0) -> Table:
    titles = {
        "invoices": Text("Facturas emitidas", "Sales invoices"),
        "receipts": Text("Cobros", "Receipts"),
        "documents": Text("Documentos", "Documents"),
    }
    spec = TableSpec(name, titles[name], "number", {})
    numbers = np.arange(2, 2 + rows - rejected, dtype=np.int64)
    return Table(spec, sheet, {}, numbers, {}, rows_read=rows, rows_rejected=rejected)


def make_pack(name: str, version: str) -> PackUsed:
    return PackUsed(name, version, f"{name}.yaml", hashlib.sha256(name.encode()).hexdigest())


def make_kpis(dso: str, overdue: str, cei: str) -> tuple[Kpi, ...]:
    def kpi(identity, title, value, unit, status, better, limits, method, reason=None):
        target, amber, red = (None if limit is None else Decimal(limit) for limit in limits)
        number = None if value is None else Decimal(value)
        return Kpi(identity, title, number, unit, status, better, target, amber, red, method, reason, "POL-COBROS")

    none = (None, None, None)
    late = "green" if Decimal(overdue) < Decimal("0.1") else "red"
    return (
        kpi(
            "AR-DSO",
            Text("Periodo medio de cobro (DSO)", "Days sales outstanding (DSO)"),
            dso,
            "days",
            "green" if Decimal(dso) < 45 else "amber",
            "lower",
            ("45", "55", "70"),
            Text(
                "Saldo por cobrar a la fecha / ventas a crédito de los 90 días que terminan en ella × 90.",
                "Open receivables as of the date / credit sales of the 90 days ending on it × 90.",
            ),
        ),
        kpi(
            "AR-DSO-COUNTBACK",
            Text("Periodo medio de cobro por agotamiento", "Days sales outstanding, count-back"),
            "49.7",
            "days",
            "amber",
            "lower",
            ("45", "55", "70"),
            Text(
                "Se restan del saldo las ventas mes a mes, de la más reciente hacia atrás, por sus días reales; el último mes, en proporción.",
                "Months of sales are subtracted from the balance, newest first, by their actual days; the last month pro rata.",
            ),
        ),
        kpi(
            "AR-BPDSO",
            Text("Mejor periodo de cobro posible", "Best possible DSO"),
            "31.2",
            "days",
            "none",
            "lower",
            none,
            Text("Saldo aún no vencido / ventas a crédito × días.", "Balance not yet due / credit sales × days."),
        ),
        kpi(
            "AR-ADD",
            Text("Días medios de mora", "Average days delinquent"),
            "27.1",
            "days",
            "red",
            "lower",
            ("10", "15", "20"),
            Text("DSO menos el mejor DSO posible.", "DSO less best possible DSO."),
        ),
        kpi(
            "AR-DAYS-LATE",
            Text("Retraso medio de pago", "Mean days late"),
            "3.44",
            "days",
            "green",
            "lower",
            ("5", "10", "20"),
            Text(
                "Media de max(0, pago - vencimiento) de las facturas pagadas.",
                "Mean of max(0, paid - due) over paid invoices.",
            ),
        ),
        kpi(
            "AR-OVERDUE",
            Text("Saldo vencido", "Overdue balance"),
            overdue,
            "%",
            late,
            "lower",
            ("0.10", "0.15", "0.25"),
            Text(
                "Saldo vencido / saldo abierto, por importe. Lo que vence hoy no está vencido.",
                "Overdue / open balance, by amount. Due today is not overdue.",
            ),
        ),
        kpi(
            "AR-CEI",
            Text("Eficacia de cobranza (CEI)", "Collection effectiveness (CEI)"),
            cei,
            "index",
            "green" if Decimal(cei) > 80 else "amber",
            "higher",
            ("80", "75", "60"),
            Text(
                "(Saldo inicial + ventas - saldo final) / (saldo inicial + ventas - saldo final no vencido) × 100, del mes.",
                "(Beginning + sales - ending total) / (beginning + sales - ending current) × 100, for the month.",
            ),
        ),
        kpi(
            "AR-TOP5",
            Text("Concentración en los cinco mayores deudores", "Five largest debtors"),
            "0.713",
            "%",
            "amber",
            "lower",
            ("0.5", "0.7", "0.9"),
            Text(
                "Saldo de los cinco mayores deudores / saldo abierto, neto de notas de crédito.",
                "Open balance of the five largest debtors / open balance, net of credit notes.",
            ),
        ),
        kpi(
            "CASH-RUNWAY",
            Text("Meses de caja", "Cash runway"),
            None,
            "count",
            "none",
            "higher",
            ("6", "3", "1"),
            Text("Caja / consumo neto medio de 3 meses.", "Cash / mean net burn of 3 months."),
            Text("No hay tabla de bancos.", "There is no bank table."),
        ),
    )


def make_findings(chance: random.Random, count: int) -> tuple[Finding, ...]:
    """Overdue invoices by level, with some other findings in between."""
    levels: list[tuple[int, str, str, Severity]] = [
        (90, "91-120", "burofax", "red"),
        (60, "61-90", "carta-3", "red"),
        (30, "31-60", "carta-2", "amber"),
        (0, "1-30", "carta-1", "info"),
    ]
    findings = []
    for number in range(count):
        row = number + 2
        key = f"001-001-{number + 1:09}"
        customer = CUSTOMERS[number % len(CUSTOMERS)]
        if number % 11 == 5:
            findings.append(_document(row, customer))
            continue
        days = chance.randint(1, 119)
        _, label, action, severity = next(level for level in levels if days > level[0])
        amount = Decimal(chance.randint(5_000, 900_000)).scaleb(-2)
        due = AS_OF - timedelta(days=days)
        findings.append(
            Finding(
                rule="AR-010",
                title=Text("Tramo de vencimiento y carta", "Ageing bucket and dunning level"),
                table="invoices",
                sheet="Facturas",
                row=row,
                cell=f"F{row}",
                key=key,
                severity=severity,
                message=Text(
                    f"{key} de {customer}: {write_amount(amount, locale_of('es', 'ES'))} venció el {due:%d/%m/%Y}, hace {days} días",
                    f"{key} from {customer}: {write_amount(amount, locale_of('en', 'ES'))} fell due {due:%d %b %Y}, {days} days ago",
                ),
                values={"balance": str(amount), "due_date": due.isoformat(), "currency": "USD"},
                owner=COLLECTIONS,
                label=label,
                action=same(action),
                source="POL-COBROS",
            )
        )
    return tuple(findings)


def _document(row: int, customer: str) -> Finding:
    return Finding(
        rule="DOC-RUC",
        title=Text("Documento caducado", "Expired document"),
        table="documents",
        sheet="Doc's 2026",
        row=row,
        cell=None,
        key="RUC",
        severity="red",
        message=Text(f"El RUC de {customer} caducó el 30/09/2026", f"The RUC of {customer} expired on 30 Sep 2026"),
        values={"expiry_date": "2026-09-30"},
        owner=TAX,
    )


def make_calendar() -> tuple[Filing, ...]:
    def filing(obligation, title, period, due, status, severity, filed=None, row=None, verified=True):
        sheet = "Declaraciones" if row else None
        return Filing(obligation, title, period, due, status, filed, severity, TAX, sheet, row, "SRI-CAL", verified)

    vat = Text("Declaración mensual de IVA", "Monthly VAT return")
    withholding = Text("Retenciones en la fuente", "Withholding tax return")
    return (
        filing("EC-IVA-M", vat, "2026-08", date(2026, 9, 16), "filed_on_time", "info", date(2026, 9, 14), 4),
        filing("EC-IVA-M", vat, "2026-09", date(2026, 10, 16), "overdue", "red", row=5),
        filing("EC-RET", withholding, "2026-09", date(2026, 10, 16), "filed_late", "amber", date(2026, 10, 20), 6),
        filing("EC-IVA-M", vat, "2026-10", date(2026, 11, 16), "due_soon", "amber", row=7),
        filing("EC-RET", withholding, "2026-10", date(2026, 11, 16), "due_soon", "amber"),
        filing(
            "EC-ATS",
            Text("Anexo transaccional simplificado", "Simplified transactional annex"),
            "2026-10",
            date(2026, 11, 30),
            "pending",
            "info",
            verified=False,
        ),
        filing("EC-IVA-M", vat, "2026-11", date(2026, 12, 16), "pending", "info"),
    )


def make_documents() -> tuple[DocumentCheck, ...]:
    ruc = Text("RUC actualizado", "Current tax registration")
    contract = Text("Carta de encargo firmada", "Signed engagement letter")
    lease = Text("Contrato de arriendo", "Lease")
    return (
        DocumentCheck("DOC-RUC", ruc, "expired", date(2026, 9, 30), TAX, "Doc's 2026", 4, "SRI-CAL"),
        DocumentCheck("DOC-ENCARGO", contract, "missing", None, ACCOUNTING, "Doc's 2026", None, "CONTROL"),
        DocumentCheck("DOC-ARRIENDO", lease, "valid", date(2027, 5, 31), ACCOUNTING, "Doc's 2026", 9, "CONTROL"),
    )


def later() -> Assessment:
    """The typical client with figures of earlier months."""
    base = typical()
    return replace(
        base, past=tuple(make_past(day) for day in (date(2026, 7, 31), date(2026, 8, 31), date(2026, 9, 30)))
    )


def state_before() -> states.State:
    """What a refresh of the typical client left a month before: some alerts stood, some have closed since, one has a note."""
    before = replace(typical(), as_of=date(2026, 9, 30), findings=make_findings(random.Random(8), 30)[5:])  # noqa: S311
    gone = AlertId("AR-999", "", "001-001-000000999", 1)
    return replace(states.State().after(before), notes={gone: "Llamar de nuevo"})


def make_past(day: date) -> Past:
    """The typical client's figures at an earlier date."""
    chance = random.Random(5)  # noqa: S311
    ageing = make_ageing("USD", make_customers(chance, CUSTOMERS, 15_000))
    kpis = {kpi.id: kpi.value for kpi in make_kpis(dso="49.5", overdue="0.2015", cei="78.02")}
    return Past(day, {**kpis, "AR-ADD": None}, (replace(ageing, customers=()),))


def make_tasks() -> Table:
    """Five open tasks, one of them done after the date, and one done: three of Ana's, one overdue."""
    rows = (
        ("Ana", date(2026, 10, 20), None),
        ("Ana", date(2026, 11, 5), None),
        ("ana ", date(2026, 11, 1), date(2026, 11, 2)),
        ("Luis", date(2026, 10, 31), None),
        ("Luis", date(2026, 10, 5), date(2026, 10, 5)),
        ("", None, None),
    )
    owner = Column(Kind.TEXT, np.array([row[0] for row in rows], dtype=object))
    spec = TableSpec("tasks", Text("Tareas", "Tasks"), "task", {})
    columns = {"owner": owner, "due_date": _days([r[1] for r in rows]), "done_date": _days([r[2] for r in rows])}
    numbers = np.arange(2, 2 + len(rows), dtype=np.int64)
    return Table(spec, "Tareas", columns, numbers, {}, rows_read=len(rows), header_row=1)


def _days(days: Sequence[date | None]) -> Column:
    state = np.array([State.BLANK if day is None else State.VALUE for day in days], dtype=np.uint8)
    return Column(Kind.DATE, np.array([0 if day is None else to_serial(day) for day in days], dtype=np.int64), state)


def working() -> Assessment:
    """The typical client with bills, a budget, invoices to dun, warnings, processes and notices."""
    base = later()
    bills = make_ageing(
        "USD", [("Papelera Nacional", ["900.00", "120.00", "0", "0", "0", "0", "0"]), ("Luz", ["0"] * 7)]
    )
    late = OverdueItem(
        "P-7", "Papelera Nacional", date(2026, 10, 12), 19, Decimal("120.00"), "USD", "Compras d'octubre", 9
    )
    tasks = make_tasks()
    return replace(
        base,
        tables={
            **base.tables,
            "tasks": replace(tasks, columns={**tasks.columns, "process": _texts(["Cobros"] * 5 + [""])}),
        },
        payables=(bills,),
        payables_overdue=(late,),
        budget=make_budget(),
        dunning=make_dunning(),
        warnings=(make_warning(),),
        steps=make_steps(),
        alerts=make_notices(base.findings),
    )


def make_budget() -> tuple[BudgetLine, ...]:
    def line(account: str, kind: str, budget: str, actual: str, favourable: str | None, *rows: int) -> BudgetLine:
        good = None if favourable is None else Decimal(favourable)
        share = good / Decimal(budget) if good is not None and Decimal(budget) else None
        return BudgetLine(account, kind, Decimal(budget), Decimal(actual), good, share, rows, "Plan d'any")

    return (
        line("700 Ventas", "ingreso", "1000.00", "1100.10", "100.10", 2, 5),
        line("640 Sueldos", "gasto", "400.00", "450.00", "-50.00", 3),
        line("678 Varios", "gasto", "0.00", "12.30", "-12.30", 4),
        line("Sin tipo", "", "10.00", "9.00", None, 6),
    )


def make_dunning() -> tuple[DunningStep, ...]:
    letters = {"send": Text("Primera carta", "First letter"), "blocked": Text("no reclamar", "do not dun")}

    def step(
        number: str, days: int, level: str, state: str, balance: str, currency: str = "USD", **more
    ) -> DunningStep:
        due = AS_OF - timedelta(days=days)
        action = letters.get(state, Text("Primera carta ya enviada", "First letter already sent"))
        legal = {"interest": None, "compensation": None, "last": None, "last_sent": None, "verified": False, **more}
        place = {"customer": "Hotel Plaza Grande", "sheet": "Facturas", "row": 12, "due": due, "days": days}
        return DunningStep(
            number=number,
            level=level,
            state=state,
            balance=Decimal(balance),
            currency=currency,
            action=action,
            **place,
            **legal,
        )

    return (
        step("F-1", 45, "31-60", "send", "1000.10", interest=Decimal("12.34"), compensation=Decimal(40)),
        step("F-2", 200, "121+", "blocked", "50.00"),
        step("F-3", 10, "1-30", "sent", "70.00", "EUR", last=letters["send"], last_sent=date(2026, 10, 29)),
    )


def make_warning() -> EarlyWarning:
    text = Text("DSO: 58,3; era 49,5", "DSO: 58.3; it was 49.5")
    driver = Evidence("invoices", "Facturas", 14, "H14", {"number": "F-0009"})
    return EarlyWarning(
        kpi="AR-DSO",
        title=Text("Periodo medio de cobro (DSO)", "Days sales outstanding (DSO)"),
        kind="trend",
        severity="red",
        now=Decimal("58.3"),
        before=Decimal("49.5"),
        compared=date(2026, 9, 30),
        change=Decimal("0.177778"),
        score=None,
        message=text,
        owner=COLLECTIONS,
        source="KPI-DEF",
        as_of=AS_OF,
        drivers=(driver,),
    )


def make_steps() -> tuple[StepCheck, ...]:
    close, bank, report = Text("Cierre", "Close"), Text("Bancos", "Banks"), Text("Informe", "Report")

    def step(title: Text, status: str, due: date, done: date | None, row: int | None, *waits: Text) -> StepCheck:
        return StepCheck(
            process="T-CIERRE", title=close, period="2026-09", step=title.es, step_title=title, due=due, done=done,
            status=status, waits_for=waits, owner=ACCOUNTING, responsible="", sheet="Tareas", row=row,
        )  # fmt: skip

    return (
        step(bank, "on_time", date(2026, 10, 3), date(2026, 10, 2), 4),
        step(bank, "overdue", date(2026, 10, 12), None, None),
        step(report, "blocked", date(2026, 10, 14), None, 5, bank),
    )


def make_notices(findings: Sequence[Finding]) -> tuple[AlertGroup, ...]:
    partner = Text("Socio", "Partner")
    red = tuple(
        Told(finding, date(2026, 10, 20), 8, escalated=True) for finding in findings if finding.severity == "red"
    )
    return (AlertGroup("AL-ROJO", COLLECTIONS, None, "day", "", "red", red, partner, date(2026, 10, 23)),)


def _texts(texts: Sequence[str]) -> Column:
    return Column(Kind.TEXT, np.array(texts, dtype=object))


def make_rejections() -> tuple[Rejection, ...]:
    day = Text(
        "una fecha: escriba 05/10/2026, o declare el orden de día y mes en las reglas del cliente",
        "a date: type 5 Oct 2026, or declare the order of day and month in the client's rules",
    )
    amount = Text("un importe con dos decimales, como 1.234,56", "an amount with two decimals, such as 1,234.56")
    return (
        Rejection("invoices", "Facturas", "D118", 118, "31/02/2026", day, row_used=True),
        Rejection("invoices", "Facturas", "H204", 204, "1.2.3,4", amount, row_used=False),
        Rejection("receipts", "Cobros d'octubre", "C9", 9, "=1+cmd|' /C calc'!A0", amount, row_used=True),
    )


def make_ties(read: int, used: int, ageing: Ageing, control: Decimal | None) -> tuple[Tie, ...]:
    return (
        Tie(
            Text("Facturas: filas leídas = usadas + rechazadas", "Invoices: rows read = used + rejected"),
            Decimal(read),
            Decimal(read),
            ok=True,
            detail=Text(f"{used} usadas, {read - used} rechazadas", f"{used} used, {read - used} rejected"),
        ),
        Tie(
            Text(
                f"Totales - cobros - notas de crédito = saldo pendiente ({ageing.currency})",
                f"Totals - receipts - credits = outstanding ({ageing.currency})",
            ),
            ageing.outstanding,
            ageing.outstanding,
            ok=True,
        ),
        Tie(
            Text(f"Tramos = saldo pendiente ({ageing.currency})", f"Bands = outstanding ({ageing.currency})"),
            sum(ageing.bands, Decimal(0)),
            ageing.outstanding,
            ok=True,
        ),
        Tie(
            Text(
                "Saldo pendiente = total de control de la ficha",
                "Outstanding = control total of the profile",
            ),
            ageing.outstanding,
            control,
            ok=control is None or control == ageing.outstanding,
        ),
    )


HOSTILE = (
    '=HYPERLINK("http://evil")',
    "+1+1",
    "-2",
    "@SUM(A1)",
    "http://example.com/x",
    "mailto:a@b.c",
    "{=1+1}",
    "00123",
    "bell\x07 null\x00 lone\ud800 end\ufffe",
    "line\r\nbreak\ttab",
    "_x0041_",
    "<b>&amp;</b>",
    "x" * 40_000,
    "😀" * 17_000,
)
"""Client text that a careless writer turns into formulas, links, numbers or broken XML."""


def hostile() -> Assessment:
    """An assessment whose every text from the client is hostile."""
    base = typical()
    customers = [(text, ["1.00", "0", "0", "0", "0", "0", "0"]) for text in HOSTILE]
    findings = tuple(
        replace(
            base.findings[0],
            key=text,
            message=same(text),
            label=text,
            action=same(text),
            rule=text,
            title=same(text),
            owner=same(text),
            sheet=text[:30],
            values={"balance": text, "due_date": text, "currency": text},
        )
        for text in HOSTILE
    )
    rejections = tuple(Rejection("invoices", text[:30], "A1", 1, text, same(text), row_used=True) for text in HOSTILE)
    return replace(
        base,
        profile=Profile(HOSTILE[0], HOSTILE[1], HOSTILE[2], 'US"D', "es", Decimal(1), responsible=HOSTILE[8]),
        ageing=(make_ageing('US"D', customers),),
        findings=findings,
        rejections=rejections,
        notes=tuple(same(text) for text in HOSTILE),
        packs=tuple(PackUsed(text, text, text, text) for text in HOSTILE),
    )


def read_donor(assessment: Assessment, language: Language = "es", **names: str) -> tuple[Workbook, Workbook]:
    """Render and return the donor read twice with openpyxl: with its formulas, and with its cached values."""
    data = render(assessment, language=language, names=names, version="0.1.0")
    with warnings.catch_warnings():
        # openpyxl does not know the extension that holds data bars.
        warnings.simplefilter("ignore", UserWarning)
        return load_workbook(BytesIO(data)), load_workbook(BytesIO(data), data_only=True)


@cache
def read_typical(language: Language = "es") -> tuple[Workbook, Workbook]:
    """Return `read_donor` of the typical client, under the wanted names; read once, not to be changed."""
    return read_donor(typical(), language)


def find_cell(sheet: Worksheet, text: str) -> Cell:
    """Return the first cell that holds exactly this text."""
    for row in sheet.iter_rows():
        for cell in row:
            if cell.value == text:
                return cell
    raise AssertionError(f"{text!r} is not on sheet {sheet.title}")
