"""Arguments that several custom functions have in common."""

from __future__ import annotations

from aliado.cells.function import Parameter
from aliado.language import Text

KPI = Parameter("kpi", "text", Text("el indicador, por ejemplo AR-DSO", "the indicator, such as AR-DSO"))
INVOICES = Parameter(
    "invoices",
    "range",
    Text("las facturas, con sus encabezados: Facturas[#Todo]", "the invoices with their headings: Invoices[#All]"),
)
AS_OF = Parameter("as_of", "date", Text("la fecha de corte, por ejemplo HOY()", "the cut-off date, such as TODAY()"))
RECEIPTS = Parameter(
    "receipts", "range", Text("los cobros, con sus encabezados", "the receipts with their headings"), optional=True
)
PROFILE = Parameter("profile", "range", Text("la ficha del cliente", "the client profile"), optional=True)
DOCUMENTS = Parameter(
    "documents",
    "range",
    Text("los documentos, con sus encabezados", "the documents with their headings"),
    optional=True,
)
FILINGS = Parameter(
    "filings", "range", Text("las declaraciones, con sus encabezados", "the filings with their headings"), optional=True
)
TASKS = Parameter(
    "tasks", "range", Text("las tareas, con sus encabezados", "the tasks with their headings"), optional=True
)
PACK = Parameter(
    "pack",
    "text",
    Text(
        "el paquete de reglas; si falta, el que usa la actualización",
        "the rule pack; if left out, the one that a refresh uses",
    ),
    optional=True,
)


def _others(**titles: tuple[str, str]) -> tuple[Parameter, ...]:
    return tuple(
        Parameter(name, "range", Text(f"{es}, con sus encabezados", f"{en} with their headings"), optional=True)
        for name, (es, en) in titles.items()
    )


OTHERS = (
    *_others(
        bills=("las compras", "the purchase bills"),
        payments=("los pagos", "the payments"),
        customers=("los clientes", "the customers"),
        suppliers=("los proveedores", "the suppliers"),
        bank=("los movimientos del banco", "the bank movements"),
        budget=("el presupuesto", "the budget lines"),
    ),
    DOCUMENTS,
    FILINGS,
    TASKS,
    *_others(
        deliveries=("las entregas", "the deliveries"),
        stock=("las existencias", "the stock lines"),
        notices=("los avisos enviados", "the notices sent"),
    ),
)
"""The remaining tables, for indicators and flags that need them."""
