"""The input tables of a client's workbook: their sheets, their columns and what their lists offer, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from msgspec import Struct

from aliado.language import Text, same
from aliado.tables.schema import Field


class Input(Struct, frozen=True):
    """One input table. table: canonical; sheet: its sheet's name, which is also the Excel table's; fields: the usual columns.

    about: what goes in there. left_out: fields that no input sheet offers, since another table says them.
    """

    table: str
    sheet: Text
    about: Text
    fields: tuple[str, ...]
    left_out: tuple[str, ...] = ()

    def columns(self, fields: Mapping[str, Field], *, further: bool) -> tuple[Field, ...]:
        """Return the usual columns and, if asked, then the further ones; `fields` are the canonical table's."""
        others = [name for name, item in fields.items() if not item.computed and name not in self.left_out]
        rest = [name for name in others if further and name not in self.fields]
        return tuple(fields[name] for name in (*self.fields, *rest))


INPUTS: Final = (
    Input(
        "profile",
        Text("Ficha", "Profile"),
        Text("Quién es el cliente: país, moneda, idioma y el total que debe cuadrar.", "Who the client is: country, currency, language and the total that must tie."),
        ("name", "tax_id", "country", "currency", "language", "kind", "responsible", "control_total"),
    ),
    Input(
        "invoices",
        Text("Facturas", "Invoices"),
        Text("Las facturas emitidas; las notas de crédito, en negativo.", "The invoices issued; credit notes as negative amounts."),
        ("number", "customer", "issue_date", "due_date", "base", "vat", "total", "disputed", "status", "notes"),
        ("balance", "paid_date", "last_notice", "last_notice_date"),
    ),
    Input(
        "receipts",
        Text("Cobros", "Receipts"),
        Text("Cada cobro, con la factura que paga.", "Each receipt, with the invoice that it pays."),
        ("number", "invoice", "date", "amount", "method"),
    ),
    Input(
        "customers",
        Text("Clientes", "Customers"),
        Text("Límite de crédito, plazo y contacto de cada cliente.", "Credit limit, terms and contact of each customer."),
        ("customer", "tax_id", "credit_limit", "payment_days", "email", "phone"),
    ),
    Input(
        "bills",
        Text("Compras", "Bills"),
        Text("Las facturas de proveedores.", "The bills of suppliers."),
        ("number", "supplier", "issue_date", "due_date", "base", "vat", "total", "status"),
        ("balance", "paid_date"),
    ),
    Input(
        "payments",
        Text("Pagos", "Payments"),
        Text("Cada pago, con la compra que paga.", "Each payment, with the bill that it pays."),
        ("number", "bill", "supplier", "date", "amount"),
    ),
    Input(
        "suppliers",
        Text("Proveedores", "Suppliers"),
        Text("Plazo, contacto y cuenta de cada proveedor.", "Terms, contact and account of each supplier."),
        ("supplier", "tax_id", "payment_days", "email", "contact", "bank_account"),
    ),
    Input(
        "bank",
        Text("Banco", "Bank"),
        Text("Los movimientos del extracto; los cargos, en negativo.", "The movements of the statement; money out as negative amounts."),
        ("date", "description", "amount", "balance", "reference", "account", "value_date", "matched", "currency"),
    ),
    Input(
        "budget",
        Text("Presupuesto", "Budget"),
        Text("Lo presupuestado y lo real de cada cuenta y periodo.", "What was budgeted and what was actual, by account and period."),
        ("account", "period", "amount", "actual", "kind"),
    ),
    Input(
        "documents",
        Text("Documentos", "Documents"),
        Text("Certificados, poderes y contratos, con su caducidad.", "Certificates, powers and contracts, with their expiry."),
        ("document", "issue_date", "expiry_date", "link", "notes"),
    ),
    Input(
        "filings",
        Text("Declaraciones", "Filings"),
        Text("Lo que se presentó de cada periodo.", "What was filed for each period."),
        ("obligation", "period", "due_date", "filed_date", "amount", "reference"),
    ),
    Input(
        "tasks",
        Text("Tareas", "Tasks"),
        Text("Lo que el equipo tiene pendiente, con su plazo.", "What the team has to do, and by when."),
        ("task", "owner", "due_date", "done_date", "status", "notes"),
    ),
    Input(
        "notices",
        Text("Reclamaciones", "Notices"),
        Text("Cada carta de cobro enviada.", "Each reminder that was sent."),
        ("invoice", "level", "sent", "notes"),
    ),
    Input(
        "deliveries",
        Text("Entregas", "Deliveries"),
        Text("Lo entregado o prestado, facturado o no.", "What was delivered or done, invoiced or not."),
        ("number", "customer", "date", "amount", "invoice", "order", "currency"),
    ),
    Input(
        "stock",
        Text("Existencias", "Stock"),
        Text("El valor de las existencias en cada recuento.", "The value of stock at each count."),
        ("item", "date", "value", "currency"),
    ),
)  # fmt: skip
"""Every canonical table. Balances, payments and letters sent are told by the tables of receipts, payments and notices."""

_YES_NO: Final = (Text("Sí", "Yes"), Text("No", "No"))
_DOCUMENT_TYPES: Final = (
    Text("Factura", "Invoice"),
    Text("Nota de crédito", "Credit note"),
    Text("Nota de débito", "Debit note"),
)
CHOICES: Final[Mapping[str, tuple[Text, ...]]] = {
    "disputed": _YES_NO,
    "special_taxpayer": _YES_NO,
    "e_invoicer": _YES_NO,
    "blocked": _YES_NO,
    "matched": _YES_NO,
    "country": tuple(same(code) for code in ("EC", "ES", "CO", "MX", "PE", "CL", "PA")),
    "language": (Text("Español", "Spanish"), Text("Inglés", "English")),
    "currency": tuple(same(code) for code in ("USD", "EUR", "COP", "MXN", "PEN", "CLP", "PAB")),
    "profile.kind": (Text("Sociedad", "Company"), Text("Persona natural", "Natural person")),
    "profile.regime": (
        Text("General", "Monthly"),
        Text("Bimestral", "Bimonthly"),
        Text("Trimestral", "Quarterly"),
        Text("Cuatrimestral", "Four-monthly"),
        Text("Semestral", "Half-yearly"),
    ),
    "budget.kind": (Text("Ingreso", "Income"), Text("Gasto", "Expense")),
    "invoices.doc_type": _DOCUMENT_TYPES,
    "bills.doc_type": _DOCUMENT_TYPES,
    "invoices.status": (Text("Emitida", "Issued"), Text("Pagada", "Paid"), Text("Anulada", "Void")),
    "bills.status": (Text("Registrada", "Received"), Text("Pagada", "Paid"), Text("Anulada", "Void")),
    "tasks.status": (Text("Pendiente", "Pending"), Text("En curso", "In progress"), Text("Hecha", "Done")),
}
"""Field, or table.field -> what its list offers; other texts are allowed, as packs may know more."""


def choices(table: str, field: str) -> tuple[Text, ...]:
    """Return what the list of a field offers, () when it has none."""
    return CHOICES.get(f"{table}.{field}") or CHOICES.get(field, ())
