"""What stands in the template's input tables: their columns, and the sample rows that one click clears."""

from __future__ import annotations

from datetime import date
from typing import Final

from msgspec import Struct

AS_OF: Final = date(2026, 11, 30)
"""The template's cut-off date: fixed, so that its figures and its bytes stay the same."""

Cell = str | float | date | None


class Input(Struct, frozen=True):
    """One input table. sheet: its name, which is also the table's; table: canonical; fields: its columns.

    about: what goes in there.
    """

    sheet: str
    table: str
    about: str
    fields: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


INPUTS: Final = (
    Input(
        "Ficha",
        "profile",
        "Quién es el cliente: país, moneda, idioma y el total que debe cuadrar.",
        ("name", "tax_id", "country", "currency", "language", "kind", "responsible", "control_total"),
        (("Ferretería El Roble Cía. Ltda.", "1790012344001", "EC", "USD", "Español", "Sociedad", "Lucía Andrade", 5176.4),),
    ),
    Input(
        "Facturas",
        "invoices",
        "Las facturas emitidas; las notas de crédito, en negativo.",
        ("number", "customer", "issue_date", "due_date", "base", "vat", "total", "disputed", "status", "notes"),
        (
            ("001-001-000000101", "Constructora Alameda S.A.", date(2026, 7, 14), date(2026, 8, 13), 1200.0, 180.0, 1380.0, "No", "Emitida", None),
            ("001-001-000000102", "Hostal Los Cedros", date(2026, 8, 20), date(2026, 9, 19), 840.0, 126.0, 966.0, "No", "Emitida", None),
            ("001-001-000000103", "Talleres Quito Norte", date(2026, 9, 3), date(2026, 10, 3), 520.0, 78.0, 598.0, "No", "Emitida", None),
            ("001-001-000000104", "Constructora Alameda S.A.", date(2026, 9, 22), date(2026, 10, 22), 2150.0, 322.5, 2472.5, "Sí", "Emitida", "Reclama dos bultos"),
            ("001-001-000000105", "Finca La Esperanza", date(2026, 10, 8), date(2026, 11, 7), 310.0, 46.5, 356.5, "No", "Emitida", None),
            ("001-001-000000106", "Hostal Los Cedros", date(2026, 11, 5), date(2026, 12, 5), 695.0, 104.25, 799.25, "No", "Emitida", None),
            ("001-001-000000107", "Talleres Quito Norte", date(2026, 11, 18), date(2026, 12, 18), 430.0, 64.5, 494.5, "No", "Emitida", None),
        ),
    ),
    Input(
        "Cobros",
        "receipts",
        "Cada cobro, con la factura que paga.",
        ("number", "invoice", "date", "amount", "method"),
        (
            ("R-0031", "001-001-000000101", date(2026, 8, 21), 1380.0, "Transferencia"),
            ("R-0032", "001-001-000000103", date(2026, 10, 9), 300.0, "Transferencia"),
            ("R-0033", "001-001-000000105", date(2026, 11, 6), 210.35, "Efectivo"),
        ),
    ),
    Input(
        "Clientes",
        "customers",
        "Límite de crédito, plazo y contacto de cada cliente.",
        ("customer", "tax_id", "credit_limit", "payment_days", "email", "phone"),
        (
            ("Constructora Alameda S.A.", "1791408837001", 5000.0, 30.0, "pagos@alameda.example", None),
            ("Hostal Los Cedros", "1792060346001", 2000.0, 30.0, "hostal@cedros.example", None),
            ("Talleres Quito Norte", "1790753104001", 1500.0, 30.0, "taller@norte.example", None),
            ("Finca La Esperanza", "1791256115001", 1000.0, 30.0, "finca@esperanza.example", None),
        ),
    ),
    Input(
        "Compras",
        "bills",
        "Las facturas de proveedores.",
        ("number", "supplier", "issue_date", "due_date", "base", "vat", "total", "status"),
        (
            ("004-010-000051230", "Aceros del Pacífico S.A.", date(2026, 10, 15), date(2026, 11, 14), 980.0, 147.0, 1127.0, "Registrada"),
            ("002-001-000007781", "Importadora Andina", date(2026, 11, 10), date(2026, 12, 10), 450.0, 67.5, 517.5, "Registrada"),
        ),
    ),
    Input("Pagos", "payments", "Cada pago, con la compra que paga.", ("number", "bill", "supplier", "date", "amount"), (("P-0012", "004-010-000051230", "Aceros del Pacífico S.A.", date(2026, 11, 13), 1127.0),)),
    Input(
        "Documentos",
        "documents",
        "Certificados, poderes y contratos, con su caducidad.",
        ("document", "issue_date", "expiry_date", "link", "notes"),
        (
            ("Certificado de RUC", date(2026, 2, 10), None, None, None),
            ("Nombramiento", date(2025, 1, 15), date(2027, 1, 15), None, None),
        ),
    ),
    Input(
        "Declaraciones",
        "filings",
        "Lo que se presentó de cada periodo.",
        ("obligation", "period", "due_date", "filed_date", "amount", "reference"),
        (
            ("IVA mensual", "2026-09", None, date(2026, 10, 16), 318.4, "871203455"),
            ("Retenciones en la fuente", "2026-09", None, date(2026, 10, 16), 44.1, "871203460"),
        ),
    ),
    Input(
        "Tareas",
        "tasks",
        "Lo que el equipo tiene pendiente, con su plazo.",
        ("task", "owner", "due_date", "done_date", "status", "notes"),
        (
            ("Conciliar el banco de octubre", "Lucía Andrade", date(2026, 11, 10), date(2026, 11, 9), "Hecha", None),
            ("Confirmar saldos con clientes", "Lucía Andrade", date(2026, 11, 20), None, "Pendiente", None),
        ),
    ),
)  # fmt: skip

CHOICES: Final = {
    "disputed": ("Sí", "No"),
    "country": ("EC", "ES", "CO", "MX", "PE", "CL", "PA"),
    "language": ("Español", "Inglés"),
    "currency": ("USD", "EUR", "COP", "MXN", "PEN", "CLP", "PAB"),
    "kind": ("Sociedad", "Persona natural"),
}
"""Field -> what its list offers; other texts are allowed for the status, which packs may extend."""

STATUSES: Final = {
    "invoices": ("Emitida", "Pagada", "Anulada"),
    "bills": ("Registrada", "Pagada", "Anulada"),
    "tasks": ("Pendiente", "En curso", "Hecha"),
}

OUTPUTS: Final = {
    "panel": "Indicadores, antigüedad, alertas y obligaciones en una página.",
    "alerts": "Qué hay que atender, lo más grave primero, y por qué.",
    "changes": "Lo nuevo, lo resuelto y lo que se movió desde la vez anterior.",
    "ageing": "Quién debe, cuánto y desde cuándo, factura a factura.",
    "calendar": "Los vencimientos del año, según el dígito y los festivos.",
    "compliance": "Obligaciones y documentos: al día, por vencer o sin presentar.",
    "history": "Cada cierre de mes, para ver la tendencia.",
    "rejected": "Las celdas que no se pudieron leer, y qué se esperaba en ellas.",
    "audit": "De qué datos y con qué reglas sale cada cifra, y si cuadra.",
}
"""Role of a sheet of ours -> what stands on it."""
