"""Every word of the board's own, in Spanish and in English."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from aliado.language import Text

TITLE: Final = Text("Cartera de clientes", "Client portfolio")
AS_OF: Final = Text("Al {date} · {count} clientes", "As of {date} · {count} clients")

OVERVIEW: Final = Text("Cartera", "Portfolio")
INDICATORS: Final = Text("Indicadores", "Indicators")
OBLIGATIONS: Final = Text("Obligaciones", "Obligations")
ALERTS: Final = Text("Alertas", "Alerts")
WORKLOAD: Final = Text("Carga de trabajo", "Workload")
BALANCES: Final = Text("Saldos", "Balances")

ORDER: Final = Text(
    "Lo peor primero: los libros que no se pudieron leer; después, más alertas críticas, más obligaciones vencidas, más tareas vencidas y más avisos de atención.",
    "Worst first: workbooks that could not be read; then most critical alerts, overdue obligations, overdue tasks and warnings.",
)
INDICATORS_HINT: Final = Text(
    "Cada casilla lleva la luz de las metas de su propio cliente: ● en meta, ◆ atención, ▲ fuera de meta, ○ sin meta. Los indicadores sin meta en ningún cliente no salen.",
    "Each cell has the light of its own client's targets: ● on target, ◆ watch, ▲ off target, ○ no target. Indicators without a target at any client are not shown.",
)
OBLIGATIONS_HINT: Final = Text(
    "De cada obligación, lo más urgente: ▲ vencida sin presentar (y cuántas), ◆ vence pronto, ○ pendiente o sin dato, ● presentada. Detrás, el periodo y su plazo; * = plazo por verificar.",
    "The most urgent period of each obligation: ▲ overdue (and how many), ◆ due soon, ○ pending or no data, ● filed. Then the period and its deadline; * = deadline to be verified.",
)
ALERTS_HINT: Final = Text(
    "Las alertas críticas y de atención de cada cliente, hasta {count} por cliente; las demás están en su libro. Una factura puede dar varias.",
    "Each client's critical alerts and warnings, up to {count} per client; the others are in its workbook. One invoice may raise several.",
)
BALANCES_HINT: Final = Text(
    "Pendiente de cobro de cada cliente en cada moneda. Las monedas nunca se suman entre sí.",
    "Open receivables of each client in each currency. Currencies are never added together.",
)

RANK: Final = Text("N.º", "No.")
CLIENT: Final = Text("Cliente", "Client")
COUNTRY: Final = Text("País", "Country")
RESPONSIBLE: Final = Text("Responsable", "Responsible")
STATE: Final = Text("Estado", "State")
RED: Final = Text("Alertas críticas", "Critical alerts")
AMBER: Final = Text("Avisos de atención", "Warnings")
INFO: Final = Text("Informativas", "Information")
OVERDUE_DUTIES: Final = Text("Obligaciones vencidas", "Overdue obligations")
DUE_SOON: Final = Text("Vencen en 30 días", "Due in 30 days")
OVERDUE_TASKS: Final = Text("Tareas vencidas", "Overdue tasks")
REJECTED: Final = Text("Celdas sin entender", "Cells not understood")
TIES: Final = Text("Cuadra", "Ties")
CURRENCY: Final = Text("Moneda", "Currency")
OUTSTANDING: Final = Text("Pendiente de cobro", "Open receivables")
OVERDUE: Final = Text("Vencido", "Overdue")
SHARE_OVERDUE: Final = Text("% vencido", "% overdue")
REMARK: Final = Text("Motivo u observación", "Reason or remark")
SEVERITY: Final = Text("Gravedad", "Severity")
RULE: Final = Text("Regla", "Rule")
MESSAGE: Final = Text("Qué pasa", "What is the matter")
OWNER: Final = Text("Área", "Area")
PLACE: Final = Text("Dónde", "Where")
CLIENTS: Final = Text("Clientes", "Clients")
UP_TO_DATE: Final = Text("Al día", "Up to date")
NOT_READ: Final = Text("Sin leer", "Not read")
WITH_RED: Final = Text("Con alertas críticas", "With critical alerts")
PERSON: Final = Text("Persona", "Person")
OPEN_TASKS: Final = Text("Tareas abiertas", "Open tasks")
TASKS_SOON: Final = Text("Vencen en 7 días", "Due in 7 days")
NEXT_DUE: Final = Text("Próximo plazo", "Next due")


BY_RESPONSIBLE: Final = Text("Por responsable de la firma", "By responsible person of the firm")
BY_OWNER: Final = Text("Alertas por área", "Alerts by area")
BY_PERSON: Final = Text("Tareas abiertas por persona", "Open tasks by person")
BY_CURRENCY: Final = Text("Por moneda", "By currency")
BY_CLIENT: Final = Text("Por cliente y moneda", "By client and currency")

NOBODY: Final = Text("Sin responsable", "Nobody")
STATUSES: Final[Mapping[str, Text]] = {
    "refreshed": Text("● Al día", "● Up to date"),
    "unchanged": Text("● Al día", "● Up to date"),
    "skipped": Text("◆ Omitido", "◆ Skipped"),
    "refused": Text("▲ Rehusado", "▲ Refused"),
    "failed": Text("▲ Fallido", "▲ Failed"),
}
LIGHTS: Final[Mapping[str, str]] = {
    "refreshed": "green",
    "unchanged": "green",
    "skipped": "amber",
    "refused": "red",
    "failed": "red",
}
TIES_YES: Final = Text("✓ Sí", "✓ Yes")
TIES_NO: Final = Text("▲ No", "▲ No")
BROKEN: Final = Text("No cuadra: {names}.", "Does not tie: {names}.")
ALSO_OPEN: Final = Text("Además {amounts}.", "Also {amounts}.")
MORE_ALERTS: Final = Text("y {count} alertas más en su libro", "and {count} more alerts in its workbook")
NOTHING: Final = Text("Nada que mostrar.", "Nothing to show.")
ROW: Final = Text("{sheet}, fila {row}", "{sheet}, row {row}")

# The page
FILTER: Final = Text("Buscar", "Search")
FILTER_HINT: Final = Text("cliente, responsable o texto", "client, person or text")
EVERYONE: Final = Text("Todos", "Everyone")
SHOWN: Final = Text("{shown} de {count} filas", "{shown} of {count} rows")
SKIP: Final = Text("Ir al contenido", "Skip to content")
CONTENTS: Final = Text("Secciones", "Sections")
MADE_WITH: Final = Text(
    "Hecho con Aliado {version}. Esta página no pide nada a internet.",
    "Made with Aliado {version}. This page asks nothing of the internet.",
)
SYMBOLS: Final[Mapping[str, str]] = {"green": "●", "amber": "◆", "red": "▲", "none": "○"}
