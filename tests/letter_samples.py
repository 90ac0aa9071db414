"""A client with customers to write to: levels, disputes, currencies and names of every kind."""

from __future__ import annotations

from datetime import date, timedelta

from aliado.rules.assess import assess
from aliado.rules.assessment import Assessment
from aliado.rules.functions import FUNCTIONS
from aliado.rules.packs import load_pack
from aliado.tables.gather import gather
from builders import sheet

AS_OF = date(2025, 10, 31)
PROFILE = sheet(
    "Ficha",
    ("Nombre", "NIF", "País", "Moneda", "Correo", "Cuenta de cobro"),
    ("Taller Ruiz, S.L.", "B50772011", "ES", "EUR", "cobros@ruiz.example", "ES91 2100 0418 4502 0005 1332"),
)
HEADINGS = (
    "Factura",
    "Cliente",
    "Fecha",
    "Vencimiento",
    "Total",
    "Moneda",
    "En disputa",
    "Último aviso",
    "Fecha del último aviso",
)


def invoice(number, customer, late, total, *, currency="EUR", disputed="No", last=None, when=None):
    due = AS_OF - timedelta(days=late)
    return (number, customer, due - timedelta(days=30), due, total, currency, disputed, last, when)


def customers(*rows):
    return sheet("Clientes", ("Cliente", "NIF", "Correo", "Contacto", "Bloqueado", "Idioma", "Dirección"), *rows)


BOOK = (
    PROFILE,
    sheet(
        "Facturas",
        HEADINGS,
        invoice("F-1", "Alfa, S.A.", 40, 1000.10),
        invoice("F-2", "ALFA, S.A.", 10, 200.0),
        invoice("F-3", "Alfa, S.A.", 75, 50.55, last="Primera carta", when=date(2025, 10, 1)),
        invoice("F-4", "Alfa, S.A.", 20, 300.0, currency="USD"),
        invoice("F-5", "Beta Ltd", 130, 99.99, last="3", when=date(2025, 9, 15)),
        invoice("F-6", "Gamma", 50, 10.0, disputed="Sí"),
        invoice("F-7", "Delta", 50, 10.0),
        invoice("F-8", "Épsilon", 15, 10.0, last="1", when=date(2025, 10, 20)),
        invoice("F-9", "Alfa, S.A.", -10, 70.0),
    ),
    sheet("Cobros", ("Factura", "Fecha", "Importe"), ("F-1", date(2025, 10, 20), 400.0)),
    customers(
        (
            "Alfa, S.A.",
            "A11111111",
            "pagos@alfa.example; admin@alfa.example",
            "Ana",
            "No",
            None,
            "Calle Mayor 1, Madrid",
        ),
        ("Beta Ltd", None, "x@beta.example\nBcc: everyone@evil.example", None, "No", "Inglés", None),
        ("Delta", None, None, None, "Sí", None, None),
    ),
)


def assessed(*sheets, pack="es", as_of=AS_OF) -> Assessment:
    rules = load_pack(pack, functions=FUNCTIONS)
    return assess(gather([*(sheets or BOOK)], rules.tables), rules, as_of)
