"""Every word of Aliado's own on the sheets, in Spanish and in English."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from aliado.language import Text
from aliado.rules.assessment import KpiStatus, Severity

# Sheets
PANEL: Final = Text("Panel", "Panel")
ALERTS: Final = Text("Alertas", "Alerts")
AGEING: Final = Text("Antigüedad", "Ageing")
REJECTED: Final = Text("Rechazos", "Rejected")
AUDIT: Final = Text("Auditoría", "Audit")
CHANGES: Final = Text("Cambios", "Changes")
HISTORY: Final = Text("Historial", "History")
CALENDAR: Final = Text("Calendario", "Calendar")
COMPLIANCE: Final = Text("Cumplimiento", "Compliance")

ALERTS_TITLE: Final = Text("Alertas", "Alerts")
AGEING_TITLE: Final = Text("Antigüedad de saldos por cobrar", "Receivables ageing")
REJECTED_TITLE: Final = Text("Celdas que no se pudieron leer", "Cells that could not be read")
AUDIT_TITLE: Final = Text("Auditoría del cálculo", "Audit trail")

CHANGES_TITLE: Final = Text("Qué cambió", "What changed")
CALENDAR_TITLE: Final = Text("Calendario de obligaciones", "Calendar of obligations")
COMPLIANCE_TITLE: Final = Text("Matriz de cumplimiento", "Compliance matrix")
HISTORY_TITLE: Final = Text("Historial de indicadores y saldos", "History of indicators and balances")

SUBTITLE: Final = Text("{client} · al {date}", "{client} · as of {date}")
PAGE_FOOTER: Final = Text("Página &P de &N", "Page &P of &N")
NO_CLIENT: Final = Text("Cliente sin nombre en la ficha", "Client without a name in the profile")
NOT_GIVEN: Final = Text("no indicado", "not given")
NOT_AVAILABLE: Final = Text("s/d", "n/a")
TOTAL: Final = Text("Total", "Total")
MORE: Final = Text("y {count} más en la hoja {sheet}", "and {count} more on sheet {sheet}")

# Severity, status: a symbol with its own shape and a word, so that colour is never needed
SEVERITIES: Final[Mapping[Severity, Text]] = {
    "red": Text("▲ Crítica", "▲ Critical"),
    "amber": Text("◆ Atención", "◆ Warning"),
    "info": Text("○ Informativa", "○ Information"),
}
KPI_STATUSES: Final[Mapping[KpiStatus, Text]] = {
    "green": Text("● En meta", "● On target"),
    "amber": Text("◆ Atención", "◆ Watch"),
    "red": Text("▲ Fuera de meta", "▲ Off target"),
    "none": Text("○ Sin meta", "○ No target"),
}
KPI_NEAR: Final = Text("● Aceptable", "● Acceptable")
"""Green, though short of the target: the amber line is not reached."""
KPI_UNKNOWN: Final = Text("○ Sin dato", "○ No data")
TIE_OK: Final = Text("✓ Cuadra", "✓ Ties")
TIE_WRONG: Final = Text("▲ No cuadra", "▲ Does not tie")
TIE_OPEN: Final = Text("○ No indicado", "○ Not given")
OVERALL: Final[Mapping[KpiStatus, Text]] = {
    "red": Text("▲ Hay puntos críticos", "▲ Critical points"),
    "amber": Text("◆ Hay puntos por atender", "◆ Points to attend to"),
    "green": Text("● Todo en orden", "● All in order"),
    "none": Text("○ Sin datos", "○ No data"),
}

# Ageing
BANDS: Final[Mapping[str, Text]] = {
    "not_due": Text("Por vencer", "Not due"),
    "1-30": Text("1–30 días", "1–30 days"),
    "31-60": Text("31–60 días", "31–60 days"),
    "61-90": Text("61–90 días", "61–90 days"),
    "91-120": Text("91–120 días", "91–120 days"),
    "121+": Text("121+ días", "121+ days"),
    "no_due_date": Text("Sin vencimiento", "No due date"),
}
CUSTOMER: Final = Text("Cliente", "Customer")
OUTSTANDING: Final = Text("Pendiente", "Outstanding")
OVERDUE: Final = Text("Vencido", "Overdue")
SHARE: Final = Text("% del total", "% of total")
SHARE_OVERDUE: Final = Text("% vencido", "% overdue")
BAND: Final = Text("Tramo", "Band")
AMOUNT: Final = Text("Importe", "Amount")
CURRENCY: Final = Text("Moneda", "Currency")
AGEING_METHOD: Final = Text(
    "Cómo se calcula: saldo abierto de cada factura a la fecha de corte, según los días pasados desde su vencimiento; "
    "lo que vence en la fecha de corte no está vencido. Las notas de crédito restan. "
    "Los tramos suman el saldo pendiente; las monedas nunca se suman entre sí.",
    "Method: open balance of each invoice as of the cut-off date, by days past its due date; "
    "what falls due on the cut-off date is not overdue. Credit notes subtract. "
    "The bands sum to the outstanding balance; currencies are never added together.",
)
AGEING_BLOCK: Final = Text("Saldo pendiente en {currency}", "Outstanding in {currency}")
AGEING_EMPTY: Final = Text(
    "No hay saldos por cobrar a esta fecha.",
    "There are no open receivables as of this date.",
)
AGEING_CHECK: Final = Text("Comprobación: los tramos suman el saldo pendiente", "Check: bands sum to outstanding")
CUSTOMER_AND_INVOICE: Final = Text("Cliente / factura", "Customer / invoice")
DETAIL_BLOCK: Final = Text(
    "Facturas abiertas por cliente en {currency} (abra cada cliente con el signo +)",
    "Open invoices by customer in {currency} (open each customer with the + sign)",
)
DAYS_LATE: Final = Text("Días de mora", "Days late")
ISSUED: Final = Text("Emitida", "Issued")
ITEMS: Final = Text("{count} abiertas", "{count} open")
MORE_ITEMS: Final = Text(
    "y {count} facturas más, de los clientes con menor saldo: están en la tabla de facturas.",
    "and {count} more invoices, of the customers with the smallest balances: see the invoices table.",
)

# Panel
AS_OF: Final = Text("Fecha de corte", "As of")
RESPONSIBLE: Final = Text("Responsable", "Responsible")
RULES: Final = Text("Reglas aplicadas", "Rules applied")
TAX_ID: Final = Text("Id. fiscal {tax_id}", "Tax id {tax_id}")
KPIS: Final = Text("Indicadores", "Key indicators")
KPI: Final = Text("Indicador", "Indicator")
VALUE: Final = Text("Valor", "Value")
TARGET: Final = Text("Meta", "Target")
STATUS: Final = Text("Estado", "Status")
METHOD: Final = Text("Cómo se calcula", "Method")
KPIS_EMPTY: Final = Text(
    "Las reglas aplicadas no piden ningún indicador.",
    "The rules applied ask for no indicators.",
)
OUTSTANDING_CARD: Final = Text("Saldo por cobrar ({currency})", "Open receivables ({currency})")
OF_IT_OVERDUE: Final = Text("del saldo, vencido", "of the balance is overdue")
NO_TARGET: Final = Text("Sin meta fijada", "No target set")
AGEING_SECTION: Final = Text("Antigüedad de saldos · {currency}", "Receivables ageing · {currency}")
OTHER_AGEING: Final = Text("Saldos en otras monedas", "Balances in other currencies")
TOP_DEBTORS: Final = Text("Mayores deudores", "Largest debtors")
TOP_DEBTORS_IN: Final = Text("Mayores deudores · {currency}", "Largest debtors · {currency}")
NO_DEBTORS: Final = Text("Ningún cliente debe saldo a esta fecha.", "No customer owes a balance as of this date.")
ALERTS_SECTION: Final = Text("Alertas", "Alerts")
SEVERITY: Final = Text("Severidad", "Severity")
COUNT: Final = Text("Cantidad", "Count")
SEE: Final = Text("Ver", "See")
MORE_KPIS: Final = Text(
    "y {count} indicadores más en la hoja {sheet} →", "and {count} more indicators on sheet {sheet} →"
)
LANGUAGE: Final = Text("Idioma", "Language")
LANGUAGE_NAME: Final = Text("Español", "English")
AGEING_BY_MONTH: Final = Text("Saldo por cobrar por fin de mes y tramo", "Open receivables by month end and band")
AGEING_MONTHS_CHART: Final = Text(
    "Gráfico de columnas apiladas: saldo por cobrar por tramo de antigüedad a cada fin de mes, en {currency}. Hoy: {bands}.",
    "Stacked column chart: open receivables by ageing band at each month end, in {currency}. Now: {bands}.",
)
DOCUMENTS_CHART: Final = Text(
    "Gráfico de anillo: documentos exigidos. {counts}.", "Ring chart: required documents. {counts}."
)
NO_DOCUMENTS_SHORT: Final = Text("Sin documentos exigidos.", "No documents required.")
TASKS: Final = Text("Tareas por responsable", "Tasks by owner")
NO_TASKS: Final = Text("No hay tareas abiertas.", "There are no open tasks.")
OPEN: Final = Text("Abiertas", "Open")
NEXT_DUE: Final = Text("Próximo plazo", "Next due")
NOBODY: Final = Text("Sin responsable", "Nobody")
MORE_OWNERS: Final = Text("y {count} responsables más", "and {count} more owners")
STRIP_AGEING: Final = Text("Antigüedad", "Ageing")
STRIP_OUTSTANDING: Final = Text("Saldo pendiente", "Outstanding")
STRIP_CONTROL: Final = Text("Total de control", "Control total")
OBLIGATIONS: Final = Text("Obligaciones de los próximos 30 días", "Obligations of the next 30 days")
OBLIGATION: Final = Text("Obligación", "Obligation")
PERIOD: Final = Text("Periodo", "Period")
DUE: Final = Text("Vence", "Due")
UNVERIFIED: Final = Text("{title} (sin verificar)", "{title} (unverified)")
NO_OBLIGATIONS: Final = Text(
    "Nada vencido ni por vencer en los próximos 30 días.",
    "Nothing overdue or due in the next 30 days.",
)
MORE_OBLIGATIONS: Final = Text("y {count} obligaciones más", "and {count} more obligations")
TIES: Final = Text("Cuadres", "Tie-out")
TIES_OK: Final = Text("✓ Todo cuadra: {ok} de {count} comprobaciones", "✓ Everything ties: {ok} of {count} checks")
TIES_WRONG: Final = Text(
    "▲ No cuadran {wrong} de {count} comprobaciones; vea la hoja {sheet}",
    "▲ {wrong} of {count} checks do not tie; see sheet {sheet}",
)
TIES_OPEN: Final = Text(
    "✓ Cuadran {ok} de {count} comprobaciones; sin dato para comparar en {open}",
    "✓ {ok} of {count} checks tie; nothing to compare with in {open}",
)
NO_TIES: Final = Text("No hay comprobaciones que hacer.", "There is nothing to tie out.")
NOTES: Final = Text("Notas", "Notes")
MADE_WITH: Final = Text(
    "Preparado con Aliado {version}. Fuentes, reglas y comprobaciones: hoja {sheet}.",
    "Prepared with Aliado {version}. Sources, rules and checks: sheet {sheet}.",
)

# Alerts
RULE: Final = Text("Regla", "Rule")
SUBJECT: Final = Text("Asunto", "Subject")
KEY: Final = Text("Clave", "Key")
MESSAGE: Final = Text("Detalle", "Message")
LEVEL: Final = Text("Nivel", "Level")
ACTION: Final = Text("Acción", "Action")
OWNER: Final = Text("Responsable", "Owner")
WHERE: Final = Text("Ir a la fila", "Go to row")
PEOPLE_NOTES: Final = Text("Notas", "Notes")
ALERTS_HINT: Final = Text(
    "El enlace de cada fila lleva a su origen. La columna Notas es para el equipo; con el signo + se ve por qué salta cada alerta.",
    "The link on each row leads to its source. The Notes column is for your team; the + sign shows why each alert is there.",
)
ALERTS_EMPTY: Final = Text(
    "● Sin alertas: las reglas aplicadas no encontraron nada que señalar a esta fecha.",
    "● No alerts: the rules applied found nothing to report as of this date.",
)
FIRST_SEEN: Final = Text("Vista desde", "First seen")
AGE: Final = Text("Días", "Days")
MARK: Final = Text("Ref. interna", "Internal ref.")
WHY: Final = Text("Por qué (regla)", "Why (rule)")

# Changes
SINCE: Final = Text("Comparado con la actualización al {date}.", "Compared with the refresh as of {date}.")
SINCE_NOTHING: Final = Text(
    "No hay ninguna actualización de una fecha anterior con la que comparar: esta hoja se llena a partir de la siguiente.",
    "There is no refresh of an earlier date to compare with: this sheet fills in from the next one on.",
)
CHANGE_KINDS: Final[Mapping[str, Text]] = {
    "new": Text("▲ Nueva", "▲ New"),
    "worse": Text("▲ Empeora", "▲ Worse"),
    "better": Text("▼ Mejora", "▼ Better"),
    "closed": Text("✓ Cerrada", "✓ Closed"),
}
CHANGED_ALERTS: Final = Text("Alertas que cambiaron", "Alerts that changed")
NO_CHANGES: Final = Text("Ninguna alerta cambió.", "No alert changed.")
CHANGE: Final = Text("Cambio", "Change")
SEVERITY_BEFORE: Final = Text("Antes", "Before")
SEVERITY_NOW: Final = Text("Ahora", "Now")
AMOUNT_BEFORE: Final = Text("Importe antes", "Amount before")
AMOUNT_NOW: Final = Text("Importe ahora", "Amount now")
CLOSED_MESSAGE: Final = Text(
    "Ya no se señala; se vio por primera vez el {date} y duró {days} días.",
    "No longer reported; first seen on {date}, it lasted {days} days.",
)
CHANGED_KPIS: Final = Text("Indicadores", "Key indicators")
BETTER: Final = Text("▼ Mejor", "▼ Better")
WORSE: Final = Text("▲ Peor", "▲ Worse")
SAME: Final = Text("= Igual", "= Same")
KEPT_NOTES: Final = Text("Notas guardadas", "Notes kept")
KEPT_HINT: Final = Text(
    "Notas de alertas que hoy no se señalan: si la alerta vuelve, su nota vuelve con ella. Borre aquí las que ya no sirvan.",
    "Notes of alerts that are not reported now: if the alert returns, its note returns with it. Delete here those no longer needed.",
)
LAST_SEEN: Final = Text("Vista hasta", "Last seen")

# History
HISTORY_HINT: Final = Text(
    "Cada actualización deja una fila por fecha de corte; repetirla sustituye la suya. Los fines de mes sin actualización "
    "(«Recalculado») se calculan de nuevo con los datos de hoy. Volver a una fecha anterior a la última («Consulta») no deja "
    "rastro: para verla basta con repetirla.",
    "Every refresh leaves one row per cut-off date; repeating it replaces its own. Month ends without a refresh "
    "(“Recomputed”) are computed again from today's data. Going back to a date before the latest (“Look back”) leaves no "
    "trace: repeat it to see it again.",
)
BY_MONTH: Final = Text("Evolución por mes", "Month by month")
TREND: Final = Text("Tendencia", "Trend")
ALL_DATES: Final = Text("Todas las fechas", "All dates")
ORIGIN: Final = Text("Origen", "Origin")
ORIGINS: Final[Mapping[str, Text]] = {
    "run": Text("Actualización", "Refresh"),
    "look_back": Text("Consulta", "Look back"),
    "recomputed": Text("Recalculado", "Recomputed"),
}

# Rejected
REJECTED_HINT: Final = Text(
    "Estas celdas no se entendieron. Abra el enlace, corrija el valor según la columna «Se esperaba» y vuelva a "
    "actualizar. Nada se borró: el libro conserva lo que usted escribió.",
    "These cells could not be understood. Open the link, correct the value as the column “Expected” says and refresh "
    "again. Nothing was deleted: the workbook keeps what you typed.",
)
REJECTED_EMPTY: Final = Text(
    "● Todo se leyó: no hay celdas rechazadas.",
    "● Everything was read: there are no rejected cells.",
)
SHEET: Final = Text("Hoja", "Sheet")
CELL: Final = Text("Celda", "Cell")
FOUND: Final = Text("Encontrado", "Found")
EXPECTED: Final = Text("Se esperaba", "Expected")
ROW: Final = Text("Fila", "Row")
ROW_USED: Final = Text("● Se usa sin este dato", "● Used without this value")
ROW_LEFT_OUT: Final = Text("▲ Queda fuera del cálculo", "▲ Left out of the figures")

# Audit
RUN: Final = Text("Ejecución", "Run")
CLIENT: Final = Text("Cliente", "Client")
VERSION: Final = Text("Versión de Aliado", "Aliado version")
CONTROL_TOTAL: Final = Text("Total de control de la ficha", "Control total of the profile")
PACKS: Final = Text("Paquetes de reglas", "Rule packs")
PACK: Final = Text("Paquete", "Pack")
PACK_VERSION: Final = Text("Versión", "Version")
FILE: Final = Text("Archivo", "File")
SHA256: Final = Text("SHA-256", "SHA-256")
TABLES: Final = Text("Tablas leídas", "Tables read")
TABLE: Final = Text("Tabla", "Table")
ROWS_READ: Final = Text("Filas leídas", "Rows read")
ROWS_USED: Final = Text("Filas usadas", "Rows used")
ROWS_REJECTED: Final = Text("Filas rechazadas", "Rows rejected")
NO_TABLES: Final = Text("No se reconoció ninguna tabla.", "No table was recognised.")
CHECK: Final = Text("Comprobación", "Check")
LEFT: Final = Text("Primera cifra", "First figure")
RIGHT: Final = Text("Segunda cifra", "Second figure")
DIFFERENCE: Final = Text("Diferencia", "Difference")
DETAIL: Final = Text("Detalle", "Detail")
FORMULA: Final = Text("Fórmula", "Formula")
PARAMETERS: Final = Text("Parámetros", "Parameters")
LIMITS: Final = Text("Meta y límites", "Target and limits")
AMBER_BEYOND: Final = Text("ámbar pasado", "amber beyond")
RED_BEYOND: Final = Text("rojo pasado", "red beyond")
DAYS_WORD: Final = Text("días", "days")
RULE_AND_SOURCE: Final = Text("Regla y fuente", "Rule and source")
ROWS_THAT_COUNT: Final = Text("Filas que cuentan", "Rows that count")
MORE_ROWS: Final = Text("y {count} filas más", "and {count} more rows")
WHERE_ROWS: Final = Text("filas que cuentan:", "rows that count:")
ROWS_COUNTED: Final = Text("{rows} filas de {sheet} →", "{rows} rows of {sheet} →")
METHODS: Final = Text("Método de cada indicador", "Method of each indicator")
SOURCE: Final = Text("Fuente", "Source")
NO_NOTES: Final = Text("Sin notas.", "No notes.")

SAME_IN_BOTH: Final = frozenset({PANEL.es, TOTAL.es, SHA256.es})
"""Words that are spelled alike in both languages."""
