"""Domain functions over single values: when an obligation falls due, what late payment costs, which letter comes next."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any

from aliado.formula.values import Kind
from aliado.language import Text
from aliado.rules.due_dates import due_date, find_period
from aliado.rules.dunning import dunning_flag, legal_compensation, legal_rates, next_letter
from aliado.rules.figure import by_row, parameter
from aliado.rules.interest import late_interest
from aliado.rules.periods import read_period

_YEAR_FIRST = re.compile(r"\d{4}(-\w+)*", re.ASCII)

_OBLIGATION = parameter("obligation", "text", "la obligación, por ejemplo EC-IVA-M", "the obligation, such as EC-IVA-M")
_PERIOD = parameter("period", "text", "el periodo: 2026-10, 2026-Q3, 2026...", "the period: 2026-10, 2026-Q3, 2026...")
_TAX_ID = parameter(
    "tax_id",
    "text",
    "identificación fiscal; si falta, la de la ficha",
    "tax id; the profile's if left out",
    optional=True,
)
_AMOUNT = parameter("amount", "number", "lo que se debe", "what is owed")
_DUE = parameter("due", "date", "cuándo vencía", "when it was due")
_DATE = parameter(
    "date", "date", "hasta qué fecha; si falta, HOY()", "up to which date; TODAY() if left out", optional=True
)
_LAW_OF = parameter("date", "date", "con la ley de qué fecha; si falta, HOY()", "by the law of which date; TODAY() if left out", optional=True)  # fmt: skip
_DAYS = parameter("days", "number", "días vencida", "days past due")
_SENT = parameter(
    "sent",
    "text",
    "la última carta enviada (su nombre o su número); vacía, ninguna",
    "the last letter sent (its name or its number); blank for none",
    optional=True,
)


def _due_date(standing: Any, name: str, period: str, tax_id: str | None = None) -> date | None:
    rule = standing.pack.obligations.get(name.strip().upper())
    written = read_period(period)
    if rule is None or not _YEAR_FIRST.fullmatch(written):
        return None
    found = find_period(rule.every, written, year_end_month=standing.year_end_month)
    known = standing.pack.tax_id
    given = (known.restore(tax_id.strip()) if known else tax_id) if tax_id else standing.profile.tax_id
    return None if found is None else due_date(rule, found, given, standing.holidays)


def _interest(standing: Any, amount: Decimal, due: date, day: date | None = None) -> Decimal | None:
    rates = legal_rates(standing)
    return late_interest(amount, due, day or standing.as_of, rates) if rates else None


def _compensation(standing: Any, amount: Decimal, day: date | None = None) -> Decimal | None:
    return legal_compensation(amount, day or standing.as_of, standing)


def _letter(standing: Any, days: Decimal, sent: str | None = None) -> Decimal | None:
    flag = dunning_flag(standing)
    return None if flag is None else Decimal(next_letter(flag, int(days), sent or ""))


DEADLINES = (
    by_row(
        "ALIADO_DUE_DATE",
        "ALIADO_FECHA_LIMITE",
        (_OBLIGATION, _PERIOD, _TAX_ID),
        Kind.DATE,
        Text(
            "Cuándo vence una obligación en un periodo, por el dígito de la identificación, con festivos y prórrogas (#N/A si no se sabe).",
            "When an obligation falls due for a period, by the digit of the tax id, with holidays and extensions (#N/A when not known).",
        ),
        '=ALIADO_DUE_DATE("EC-IVA-M"; "2026-10"; "1790012355001")',
        _due_date,
    ),
    by_row(
        "ALIADO_LATE_INTEREST",
        "ALIADO_INTERES_DEMORA",
        (_AMOUNT, _DUE, _DATE),
        Kind.NUMBER,
        Text(
            "Interés legal de demora de una deuda desde su vencimiento, cada día al tipo entonces vigente (#N/A si el país no da tipo).",
            "Legal late interest on a debt since it was due, each day at the rate then in force (#N/A where the country gives no rate).",
        ),
        "=ALIADO_LATE_INTEREST(1000; DATE(2025; 1; 31); HOY())",
        _interest,
    ),
    by_row(
        "ALIADO_LATE_COMPENSATION",
        "ALIADO_COMPENSACION_DEMORA",
        (_AMOUNT, _LAW_OF),
        Kind.NUMBER,
        Text(
            "Compensación legal por una factura pagada tarde: una cantidad fija o una parte de ella (#N/A si el país no la da).",
            "Legal compensation for an invoice paid late: a fixed amount or a share of it (#N/A where the country gives none).",
        ),
        "=ALIADO_LATE_COMPENSATION(1000; HOY())",
        _compensation,
    ),
    by_row(
        "ALIADO_DUNNING_LEVEL",
        "ALIADO_NIVEL_CARTA",
        (_DAYS, _SENT),
        Kind.NUMBER,
        Text(
            "Qué carta toca enviar (1, 2, 3...): la siguiente a la última enviada y nunca más de lo que piden los días; 0 si ninguna.",
            "Which letter is to be sent (1, 2, 3...): the one after the last sent and never beyond what the days call for; 0 if none.",
        ),
        '=ALIADO_DUNNING_LEVEL(45; "1")',
        _letter,
    ),
)
"""Functions over deadlines and late payment."""
