"""Arguments that several custom functions have in common."""

from __future__ import annotations

from aliado.excel.cell_function import Parameter
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
BILLS = Parameter(
    "bills", "range", Text("las compras, con sus encabezados", "the bills with their headings"), optional=True
)
PAYMENTS = Parameter(
    "payments", "range", Text("los pagos, con sus encabezados", "the payments with their headings"), optional=True
)
CUSTOMERS = Parameter(
    "customers", "range", Text("los clientes, con sus encabezados", "the customers with their headings"), optional=True
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
