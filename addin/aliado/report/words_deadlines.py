"""What Aliado says of deadlines: the calendar of obligations, the matrix of filings, the documents required."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from aliado.language import Text
from aliado.rules.assessment import DocumentStatus, FilingStatus

# Calendar
MONTHS: Final[Mapping[int, Text]] = {
    number: Text(*names)
    for number, names in enumerate(
        (
            ("Enero", "January"),
            ("Febrero", "February"),
            ("Marzo", "March"),
            ("Abril", "April"),
            ("Mayo", "May"),
            ("Junio", "June"),
            ("Julio", "July"),
            ("Agosto", "August"),
            ("Septiembre", "September"),
            ("Octubre", "October"),
            ("Noviembre", "November"),
            ("Diciembre", "December"),
        ),
        start=1,
    )
}
SHORT_MONTHS: Final[Mapping[int, Text]] = {
    number: Text(name.es[:3].lower(), name.en[:3]) for number, name in MONTHS.items()
}
WEEKDAYS: Final[Mapping[int, Text]] = {
    number: Text(*names)
    for number, names in enumerate(
        (
            ("lunes", "Monday"),
            ("martes", "Tuesday"),
            ("miércoles", "Wednesday"),
            ("jueves", "Thursday"),
            ("viernes", "Friday"),
            ("sábado", "Saturday"),
            ("domingo", "Sunday"),
        )
    )
}
TODAY: Final = Text("{day} · corte", "{day} · as of")
MORE_THAT_DAY: Final = Text("+ {count} más", "+ {count} more")
CALENDAR_LIST: Final = Text("Todas las obligaciones", "All obligations")
DAYS_LEFT: Final = Text("Faltan", "Days left")
FILED: Final = Text("Presentada", "Filed")
PROOF_EXPECTED: Final = Text("Prueba que se espera", "Proof expected")
PROOF_GIVEN: Final = Text("Prueba que consta", "Proof given")
CHECKED: Final = Text("Comprobado", "Last checked")
VERIFIED: Final = Text("Plazo", "Deadline")
IS_VERIFIED: Final = Text("● Verificado", "● Verified")
NOT_VERIFIED: Final = Text("◆ Sin verificar", "◆ Not verified")
NO_CALENDAR: Final = Text(
    "Las reglas aplicadas no señalan obligaciones para este cliente.",
    "The rules applied name no obligations for this client.",
)

# Compliance
FILING_STATUSES: Final[Mapping[FilingStatus, Text]] = {
    "filed_on_time": Text("● Presentada a tiempo", "● Filed on time"),
    "filed_late": Text("◆ Presentada tarde", "◆ Filed late"),
    "overdue": Text("▲ Vencida sin presentar", "▲ Overdue"),
    "due_soon": Text("◆ Vence pronto", "◆ Due soon"),
    "pending": Text("○ Pendiente", "○ Pending"),
    "unknown": Text("○ Sin dato", "○ No data"),
}
MATRIX: Final = Text("Obligaciones por mes de vencimiento", "Obligations by month due")
MATRIX_HINT: Final = Text(
    "Cada casilla dice el periodo declarado: ● a tiempo, ◆ tarde o por vencer, ▲ vencida sin presentar, ○ pendiente o sin dato.",
    "Each cell names the period: ● on time, ◆ late or due soon, ▲ overdue, ○ pending or no data.",
)
UNSCHEDULED: Final = Text("Fuera del calendario", "Not on the calendar")
UNSCHEDULED_STATUSES: Final[Mapping[str, Text]] = {
    "unknown": Text("○ No se sabe", "○ Unknown"),
    "not_applicable": Text("– No corresponde", "– Does not apply"),
}
REASON: Final = Text("Motivo", "Reason")
ON_TIME: Final = Text("A tiempo", "On time")
LATE: Final = Text("Tarde", "Late")
OVERDUE_COUNT: Final = Text("Vencidas", "Overdue")
SHARE_ON_TIME: Final = Text("% a tiempo", "% on time")
DOCUMENTS: Final = Text("Documentos exigidos", "Required documents")
DOCUMENT: Final = Text("Documento", "Document")
EXPIRES: Final = Text("Caduca", "Expires")
NO_DOCUMENTS: Final = Text(
    "Las reglas aplicadas no exigen documentos a este cliente, o el libro no tiene tabla de documentos.",
    "The rules applied require no documents of this client, or the workbook has no documents table.",
)
DOCUMENT_STATUSES: Final[Mapping[DocumentStatus, Text]] = {
    "valid": Text("● Vigente", "● Valid"),
    "expiring": Text("◆ Por caducar", "◆ Expiring"),
    "undated": Text("◆ Sin fecha", "◆ No date"),
    "expired": Text("▲ Caducado", "▲ Expired"),
    "missing": Text("▲ Falta", "▲ Missing"),
}
