"""Words of letters and statements that do not stand in a template."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from aliado.language import Text

INVOICE: Final = Text("Factura", "Invoice")
DUE: Final = Text("Vencimiento", "Due date")
DAYS: Final = Text("Días", "Days late")
BALANCE: Final = Text("Pendiente", "Outstanding")
INTEREST: Final = Text("Intereses", "Interest")
COMPENSATION: Final = Text("Compensación", "Compensation")
CLAIM: Final = Text("A pagar", "To pay")
TOTAL: Final = Text("Total {currency}", "Total {currency}")
TAX_ID: Final = Text("Id. fiscal {tax_id}", "Tax id {tax_id}")
SUBJECT: Final = Text("Asunto: {subject}", "Subject: {subject}")
REVIEW: Final = Text(
    "[REVISAR Y BORRAR ANTES DE ENVIAR: el tipo de interés o la compensación no están verificados en las reglas.]",
    "[CHECK AND DELETE BEFORE SENDING: the interest rate or the compensation is not verified in the rules.]",
)

STATEMENT: Final = Text("Estado de cuenta", "Statement of account")
STATEMENT_LINE: Final = Text("Al {date} · movimientos desde el {since}", "As of {date} · movements since {since}")
FOR: Final = Text("Cliente", "Customer")
IN_CURRENCY: Final = Text("Cuenta en {currency}", "Account in {currency}")
MOVEMENTS: Final = Text("Movimientos", "Movements")
OPEN_ITEMS: Final = Text("Partidas abiertas", "Open items")
DATE: Final = Text("Fecha", "Date")
CONCEPT: Final = Text("Concepto", "Description")
DOCUMENT: Final = Text("Documento", "Document")
CHARGE: Final = Text("Cargo", "Charge")
PAYMENT: Final = Text("Abono", "Credit")
RUNNING: Final = Text("Saldo", "Balance")
OPENING: Final = Text("Saldo anterior", "Opening balance")
CLOSING: Final = Text("Saldo al {date}", "Balance as of {date}")
ISSUED: Final = Text("Emitida", "Issued")
AMOUNT: Final = Text("Importe", "Amount")
NO_MOVEMENTS: Final = Text("Sin movimientos en el periodo.", "No movements in the period.")
NO_ITEMS: Final = Text("No hay partidas abiertas.", "There are no open items.")
TIES: Final = Text("✓ Las partidas abiertas suman el saldo", "✓ The open items sum to the balance")
TIES_NOT: Final = Text("▲ Las partidas abiertas no suman el saldo", "▲ The open items do not sum to the balance")
ACCOUNT: Final = Text("Cuenta de pago: {account}", "Payment account: {account}")
MOVEMENT_KINDS: Final[Mapping[str, Text]] = {
    "invoice": Text("Factura", "Invoice"),
    "credit": Text("Nota de crédito", "Credit note"),
    "receipt": Text("Cobro", "Payment received"),
    "settled": Text("Cobrado, según el saldo del libro", "Paid, by the workbook's balance"),
}
