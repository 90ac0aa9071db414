"""A past date never sees what came later: rows added since change nothing that was said of it."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aliado.rules.assess import assess
from aliado.rules.functions import FUNCTIONS
from aliado.rules.packs import load_pack
from aliado.tables.gather import gather
from builders import sheet

FIRST = date(2026, 1, 1)


@pytest.fixture(scope="module")
def packs():
    return {name: load_pack(name, functions=FUNCTIONS) for name in ("ec", "es")}


def days(longest=330):
    return st.integers(0, longest).map(lambda number: FIRST + timedelta(days=number))


invoice = st.tuples(
    days(), st.integers(0, 60), st.integers(100, 90_000), st.sampled_from(["Alfa", "Beta"]), st.none() | days(420),
    st.lists(st.tuples(days(420), st.integers(100, 60_000)), max_size=2), st.none() | st.tuples(days(420), st.integers(1, 4)),
)  # fmt: skip
filing = st.tuples(st.integers(1, 10), st.sampled_from(["IVA", "Retenciones"]), st.none() | days(420))
document = st.tuples(days(420), st.sampled_from(["Certificado de RUC", "Nombramiento", "Carta de encargo"]))
task = st.tuples(days(), st.integers(0, 30), st.none() | st.integers(0, 60))


def book(invoices, filings, documents, tasks, country, until=None):
    """Return the sheets of a client, with only what had happened by a date; what came later stands below, as people add it."""

    def then(day):
        return day if day is None or until is None or day <= until else None

    issued, received, sent = [], [], []
    for number, (day, term, cents, customer, paid, parts, notice) in sorted(
        enumerate(invoices), key=lambda it: it[1][0]
    ):
        name, due = f"F-{number:03d}", day + timedelta(days=term)
        if then(day):
            issued.append((name, customer, day, due, cents / 100, None if parts else then(paid)))
        received += [(name, customer, when, part / 100) for when, part in parts if then(when)]
        if notice and then(notice[0]):
            sent.append((name, str(notice[1]), notice[0]))
    received.sort(key=lambda entry: entry[2])
    sent.sort(key=lambda entry: entry[2])
    owed = [(f"P{name}", "Luz SA", day, due, total, paid) for name, _, day, due, total, paid in issued]
    moves = [(day, "Cobro", amount, None) for _, _, day, amount in received]
    filed = [(name, f"2026-{month:02d}", then(day)) for month, name, day in filings]
    kept = sorted(((name, day) for day, name in documents if then(day)), key=lambda entry: entry[1])
    begun = sorted((entry for entry in tasks if then(entry[0])), key=lambda entry: entry[0])
    done = [
        (f"T-{number}", day, day + timedelta(days=term), None if took is None else then(day + timedelta(days=took)))
        for number, (day, term, took) in enumerate(begun)
    ]
    profile = ("ACME", "1790012355001" if country == "EC" else "B12345674", country, "Sociedad", 3)
    return (
        sheet("Ficha", ("Nombre", "RUC", "País", "Tipo", "Empleados"), profile),
        sheet("Facturas", ("Factura", "Cliente", "Fecha", "Vencimiento", "Total", "Fecha de cobro"), *issued),
        sheet("Cobros", ("Factura", "Cliente", "Fecha", "Importe"), *received),
        sheet("Reclamaciones", ("Factura", "Aviso", "Enviado el"), *sent),
        sheet("Compras", ("Factura", "Proveedor", "Fecha", "Vencimiento", "Total", "Fecha de pago"), *owed),
        sheet("Bancos", ("Fecha", "Concepto", "Importe", "Saldo"), *moves),
        sheet("Declaraciones", ("Obligación", "Periodo", "Presentada"), *filed),
        sheet("Documentos", ("Documento", "Emitido"), *kept),
        sheet("Tareas", ("Tarea", "Inicio", "Vence", "Terminada"), *done),
    )


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(invoice, max_size=5), st.lists(filing, max_size=4), st.lists(document, max_size=3), st.lists(task, max_size=3),
    days(), st.sampled_from(["EC", "ES"]),
)  # fmt: skip
def test_rows_added_later_change_nothing_of_a_past_date(packs, invoices, filings, documents, tasks, cutoff, country):
    pack = packs[country.lower()]
    then, now = (
        assess(gather(book(invoices, filings, documents, tasks, country, until), pack.tables), pack, cutoff)
        for until in (cutoff, None)
    )
    for part in ("kpis", "ageing", "payables", "overdue", "dunning", "calendar", "unscheduled", "documents", "steps"):
        assert _plain(getattr(then, part)) == _plain(getattr(now, part)), part
    assert [(item.rule, item.key, item.severity, item.message) for item in then.findings] == [
        (item.rule, item.key, item.severity, item.message) for item in now.findings
    ]


def _plain(items):
    """Return what is said, without how many rows the client's sheet has by now."""
    return [(item.id, item.value, item.status, item.reason) if hasattr(item, "basis") else item for item in items]
