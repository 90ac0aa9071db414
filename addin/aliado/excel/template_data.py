"""What stands in the template's input tables: the sample rows that one click clears."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from aliado.intake.input_sheet import Cell
from aliado.intake.inputs import INPUTS, Input

AS_OF: Final = date(2026, 11, 30)
"""The template's cut-off date: fixed, so that its figures and its bytes stay the same."""

SAMPLE: Final[Mapping[str, tuple[tuple[Cell, ...], ...]]] = {
    "profile": (
        ("Ferretería El Roble Cía. Ltda.", "1790012344001", "EC", "USD", "Español", "Sociedad", "Lucía Andrade", 5176.4),
    ),
    "invoices": (
        ("001-001-000000101", "Constructora Alameda S.A.", date(2026, 7, 14), date(2026, 8, 13), 1200.0, 180.0, 1380.0, "No", "Emitida", None),
        ("001-001-000000102", "Hostal Los Cedros", date(2026, 8, 20), date(2026, 9, 19), 840.0, 126.0, 966.0, "No", "Emitida", None),
        ("001-001-000000103", "Talleres Quito Norte", date(2026, 9, 3), date(2026, 10, 3), 520.0, 78.0, 598.0, "No", "Emitida", None),
        ("001-001-000000104", "Constructora Alameda S.A.", date(2026, 9, 22), date(2026, 10, 22), 2150.0, 322.5, 2472.5, "Sí", "Emitida", "Reclama dos bultos"),
        ("001-001-000000105", "Finca La Esperanza", date(2026, 10, 8), date(2026, 11, 7), 310.0, 46.5, 356.5, "No", "Emitida", None),
        ("001-001-000000106", "Hostal Los Cedros", date(2026, 11, 5), date(2026, 12, 5), 695.0, 104.25, 799.25, "No", "Emitida", None),
        ("001-001-000000107", "Talleres Quito Norte", date(2026, 11, 18), date(2026, 12, 18), 430.0, 64.5, 494.5, "No", "Emitida", None),
    ),
    "receipts": (
        ("R-0031", "001-001-000000101", date(2026, 8, 21), 1380.0, "Transferencia"),
        ("R-0032", "001-001-000000103", date(2026, 10, 9), 300.0, "Transferencia"),
        ("R-0033", "001-001-000000105", date(2026, 11, 6), 210.35, "Efectivo"),
    ),
    "customers": (
        ("Constructora Alameda S.A.", "1791408837001", 5000.0, 30.0, "pagos@alameda.example", None),
        ("Hostal Los Cedros", "1792060346001", 2000.0, 30.0, "hostal@cedros.example", None),
        ("Talleres Quito Norte", "1790753104001", 1500.0, 30.0, "taller@norte.example", None),
        ("Finca La Esperanza", "1791256115001", 1000.0, 30.0, "finca@esperanza.example", None),
    ),
    "bills": (
        ("004-010-000051230", "Aceros del Pacífico S.A.", date(2026, 10, 15), date(2026, 11, 14), 980.0, 147.0, 1127.0, "Registrada"),
        ("002-001-000007781", "Importadora Andina", date(2026, 11, 10), date(2026, 12, 10), 450.0, 67.5, 517.5, "Registrada"),
    ),
    "payments": (
        ("P-0012", "004-010-000051230", "Aceros del Pacífico S.A.", date(2026, 11, 13), 1127.0),
    ),
    "documents": (
        ("Certificado de RUC", date(2026, 2, 10), None, None, None),
        ("Nombramiento", date(2025, 1, 15), date(2027, 1, 15), None, None),
    ),
    "filings": (
        ("IVA mensual", "2026-09", None, date(2026, 10, 16), 318.4, "871203455"),
        ("Retenciones en la fuente", "2026-09", None, date(2026, 10, 16), 44.1, "871203460"),
    ),
    "tasks": (
        ("Conciliar el banco de octubre", "Lucía Andrade", date(2026, 11, 10), date(2026, 11, 9), "Hecha", None),
        ("Confirmar saldos con clientes", "Lucía Andrade", date(2026, 11, 20), None, "Pendiente", None),
    ),
}  # fmt: skip
"""Table -> its rows, under the usual columns."""

SHOWN: Final[tuple[Input, ...]] = tuple(item for item in INPUTS if item.table in SAMPLE)
"""The input tables that the template has: those that most clients keep."""
