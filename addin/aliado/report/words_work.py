"""The words of the sheets on what the office works through: warnings, dunning, payables, budget, team."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from aliado.language import Text
from aliado.rules.assessment import StepStatus, WarningKind

# Sheets
WARNINGS: Final = Text("Alertas tempranas", "Early warnings")
DUNNING: Final = Text("Reclamación", "Dunning")
PAYABLES: Final = Text("Por pagar", "Payables")
BUDGET: Final = Text("Desviaciones", "Variances")
TEAM: Final = Text("Equipo", "Team")

WARNINGS_TITLE: Final = Text("Alertas tempranas: lo que se desvía", "Early warnings: what is drifting")
DUNNING_TITLE: Final = Text("Reclamación de cobros", "Dunning list")
PAYABLES_TITLE: Final = Text("Antigüedad de saldos por pagar", "Payables ageing")
BUDGET_TITLE: Final = Text("Presupuesto y real del ejercicio", "Budget against actual, year to date")
TEAM_TITLE: Final = Text("Equipo, procesos y avisos", "Team, processes and notices")

# Early warnings
WARNINGS_HINT: Final = Text(
    "Cada indicador se compara con su meta, su propia historia, el mismo mes del año anterior y el presupuesto; un día suelto "
    "no da alarma. Abajo están las filas que más pesan en cada aviso.",
    "Each indicator is compared with its target, its own history, the same month a year before and the budget; one odd day "
    "raises no alarm. The rows that weigh most in each warning stand below.",
)
WARNING_KINDS: Final[Mapping[WarningKind, Text]] = {
    "target": Text("Cruza su meta", "Crosses its line"),
    "trend": Text("Empeora con el tiempo", "Worsening trend"),
    "seasonal": Text("Peor que hace un año", "Worse than a year ago"),
    "budget": Text("Peor que el presupuesto", "Worse than budget"),
    "outlier": Text("Valor inusual", "Unusual value"),
}
NO_WARNINGS: Final = Text(
    "● Ningún indicador se desvía de forma que deba avisarse.",
    "● No indicator is drifting in a way that calls for a warning.",
)
SIGN: Final = Text("Señal", "Signal")
BEFORE: Final = Text("Antes", "Before")
NOW: Final = Text("Ahora", "Now")
CHANGE_SHARE: Final = Text("Cambio %", "Change %")
COMPARED: Final = Text("Comparado con", "Compared with")
DRIVERS: Final = Text("Filas que lo explican", "Rows that drive it")
NO_DRIVERS: Final = Text("Sin filas propias que mostrar.", "No rows of its own to show.")

# Dunning
DUNNING_HINT: Final = Text(
    "Los niveles suben de uno en uno y solo después de enviar la carta anterior; lo bloqueado o en disputa no sube nunca. "
    "Anote cada envío en su tabla de facturas (última carta y su fecha) o en una tabla de avisos, y actualice.",
    "Levels rise one at a time and only after the letter before was sent; what is blocked or disputed never rises. "
    "Record each letter in your invoices table (last notice and its date) or in a table of notices, and refresh.",
)
DUNNING_UNVERIFIED: Final = Text(
    "◆ Sin verificar: compruebe el interés de mora y la compensación con la norma vigente antes de reclamarlos.",
    "◆ Not verified: check late interest and compensation against the law in force before you claim them.",
)
DUNNING_NO_RATE: Final = Text(
    "Las reglas aplicadas no dan interés de mora ni compensación para este cliente: se reclama solo el saldo.",
    "The rules applied give no late interest or compensation for this client: only the balance is claimed.",
)
DUNNING_EMPTY: Final = Text(
    "● No hay facturas que reclamar a esta fecha.", "● There are no invoices to dun as of this date."
)
DUNNING_STATES: Final[Mapping[str, Text]] = {
    "send": Text("▲ Por enviar", "▲ To send"),
    "blocked": Text("◆ Bloqueada", "◆ Blocked"),
    "sent": Text("● Ya enviada", "● Already sent"),
}
DUNNING_SUMMARY: Final = Text("Resumen · {currency}", "Summary · {currency}")
INVOICES: Final = Text("Facturas", "Invoices")
INVOICE: Final = Text("Factura", "Invoice")
BALANCE: Final = Text("Saldo", "Balance")
INTEREST: Final = Text("Interés de mora", "Late interest")
COMPENSATION: Final = Text("Compensación", "Compensation")
CLAIM: Final = Text("A reclamar", "To claim")
WHAT_NEXT: Final = Text("Qué toca", "What is next")
LAST_LETTER: Final = Text("Última carta", "Last letter")
SENT_ON: Final = Text("Enviada el", "Sent on")
DUNNING_LIST: Final = Text("Factura por factura", "Invoice by invoice")

# Payables
PAYABLES_METHOD: Final = Text(
    "Cómo se calcula: saldo abierto de cada factura de proveedor a la fecha de corte, según los días pasados desde su "
    "vencimiento. Los abonos restan. Los tramos suman el saldo pendiente; las monedas nunca se suman entre sí.",
    "Method: open balance of each supplier's bill as of the cut-off date, by days past its due date. "
    "Credits subtract. The bands sum to the outstanding balance; currencies are never added together.",
)
PAYABLES_BLOCK: Final = Text("Pendiente de pago en {currency}", "Open bills in {currency}")
PAYABLES_EMPTY: Final = Text("No hay saldos por pagar a esta fecha.", "There are no open bills as of this date.")
PAYABLES_DUE: Final = Text("Facturas de proveedor vencidas", "Overdue bills")
NO_PAYABLES_DUE: Final = Text("● Ninguna factura de proveedor está vencida.", "● No bill is overdue.")
SUPPLIER: Final = Text("Proveedor", "Supplier")

# Budget
BUDGET_HINT: Final = Text(
    "Periodos cerrados del ejercicio con presupuesto y real. «Favorable» es positivo cuando se ingresa más o se gasta menos "
    "de lo previsto.",
    "Closed periods of the fiscal year with both budget and actual. “Favourable” is positive when income is higher or "
    "expense lower than planned.",
)
NO_BUDGET: Final = Text(
    "No hay periodos cerrados con presupuesto y real.", "There are no closed periods with both budget and actual."
)
ACCOUNT: Final = Text("Cuenta", "Account")
KIND: Final = Text("Tipo", "Kind")
KINDS: Final[Mapping[str, Text]] = {
    "ingreso": Text("Ingreso", "Income"),
    "gasto": Text("Gasto", "Expense"),
    "": Text("Sin tipo", "Not known"),
}
BUDGETED: Final = Text("Presupuesto", "Budget")
ACTUAL: Final = Text("Real", "Actual")
FAVOURABLE: Final = Text("Favorable", "Favourable")
FAVOURABLE_SHARE: Final = Text("% del presupuesto", "% of budget")
BUDGET_STATES: Final[Mapping[str, Text]] = {
    "green": Text("● Igual o mejor", "● As planned or better"),
    "amber": Text("◆ Peor", "◆ Worse"),
    "none": Text("○ Sin tipo", "○ Kind not known"),
}
INCOME_TOTAL: Final = Text("Total ingresos", "Total income")
EXPENSE_TOTAL: Final = Text("Total gastos", "Total expense")
RESULT: Final = Text("Resultado (ingresos − gastos)", "Result (income − expense)")
BUDGET_CHART: Final = Text(
    "Gráfico de barras: presupuesto y real de cada cuenta. {accounts}.",
    "Bar chart: budget and actual of each account. {accounts}.",
)
BUDGET_CHART_TITLE: Final = Text("Presupuesto y real por cuenta", "Budget and actual by account")
ROWS: Final = Text("Filas", "Rows")

# Team
NO_TEAM: Final = Text("No hay tareas, pasos ni avisos que mostrar.", "There are no tasks, steps or notices to show.")
WORKLOAD: Final = Text("Carga por persona", "Workload by person")
PERSON: Final = Text("Persona", "Person")
NEXT_DAYS: Final = Text("Próximos 7 días", "Next 7 days")
HANDS: Final = Text("De quién depende cada proceso (12 meses)", "Whom each process hangs on (12 months)")
PROCESS: Final = Text("Proceso", "Process")
TASKS_COUNT: Final = Text("Tareas", "Tasks")
PEOPLE: Final = Text("Personas", "People")
MOST: Final = Text("Quién más lleva", "Who does most")
MOST_SHARE: Final = Text("Su parte", "Their share")
ONE_PERSON: Final = Text("▲ Depende de una sola persona", "▲ Hangs on one person")
FEW_TASKS: Final = Text("○ Pocas tareas para decirlo", "○ Too few tasks to tell")
MANY_PEOPLE: Final = Text("● Repartido", "● Shared")
NOTICES: Final = Text("A quién se avisa y qué sube", "Who is told, and what goes up")
NOTICES_HINT: Final = Text(
    "Avisos agrupados como dicen las reglas. Lo que sigue abierto pasado su plazo sube a la persona indicada.",
    "Findings grouped as the rules say. What stays open past its time goes up to the person named.",
)
MORE_NOTICES: Final = Text("y {count} grupos más: vea la hoja {sheet}", "and {count} more groups: see sheet {sheet}")
TELL: Final = Text("Se avisa a", "Told to")
EVERY: Final = Text("Cada", "Every")
GROUP: Final = Text("Grupo o regla", "Group or rule")
FREQUENCIES: Final[Mapping[str, Text]] = {
    "day": Text("día", "day"),
    "week": Text("semana", "week"),
    "once": Text("una vez", "once"),
}
NOTICE_COUNT: Final = Text("Avisos", "Findings")
OLDEST: Final = Text("El más antiguo", "Oldest")
BUSINESS_DAYS: Final = Text("Días hábiles", "Business days")
GOES_UP: Final = Text("Sube a", "Goes up to")
SINCE_WHEN: Final = Text("Desde", "Since")
STEPS: Final = Text("Pasos de los procesos", "Steps of the processes")
STEP: Final = Text("Paso", "Step")
DONE_ON: Final = Text("Hecho", "Done")
WAITS_FOR: Final = Text("Espera a", "Waits for")
STEP_STATUSES: Final[Mapping[StepStatus, Text]] = {
    "overdue": Text("▲ Vencido", "▲ Overdue"),
    "blocked": Text("◆ Bloqueado", "◆ Blocked"),
    "due_soon": Text("◆ Vence pronto", "◆ Due soon"),
    "pending": Text("○ Pendiente", "○ Pending"),
    "late": Text("◆ Hecho tarde", "◆ Done late"),
    "on_time": Text("● A tiempo", "● On time"),
}
