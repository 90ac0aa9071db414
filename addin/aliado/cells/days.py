"""Custom functions over single cells or columns of them: business days, days late, tax ids."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from importlib import import_module
from typing import Any, Final

from aliado.cells.block import Block, read_block, read_day
from aliado.cells.function import Parameter, cell_function
from aliado.cells.question import NoValue
from aliado.language import Text
from aliado.rules.business_days import Holidays, add_business_days, holidays_of, is_business_day
from aliado.tables.cells import read_text

_COUNTRY = Parameter(
    "country",
    "any",
    Text("país, en dos letras, cuyos festivos cuentan; si falta, solo fines de semana", "country, two letters, whose holidays count; weekends only if left out"),
    optional=True,
)  # fmt: skip
_START = Parameter("start", "any", Text("fecha inicial, o una columna de ellas", "start date, or a column of them"))
_END = Parameter("finish", "any", Text("fecha final, o una columna de ellas", "end date, or a column of them"))
_DAYS = Parameter("days", "any", Text("días hábiles; negativos, hacia atrás", "business days; negative ones go back"))
_DUE = Parameter("due", "any", Text("vencimiento, o una columna de ellos", "due date, or a column of them"))
_PAID = Parameter(
    "paid", "any", Text("fecha de pago; en blanco, sin pagar", "date of payment; blank when unpaid"), optional=True
)
_AT = Parameter(
    "as_of", "any", Text("fecha de corte para lo no pagado", "cut-off date for what is unpaid"), optional=True
)
_NUMBER = Parameter(
    "number", "any", Text("identificación fiscal, o una columna de ellas", "tax id, or a column of them")
)
_OF = Parameter("country", "any", Text("país, en dos letras", "country, two letters"))

LONGEST: Final = 20_000
"""Business days further off than this are a mistake, not a date."""

VALIDATORS: Final = {
    "AR": ("ar.cuit",),
    "CL": ("cl.rut",),
    "CO": ("co.nit",),
    "CR": ("cr.cpj", "cr.cpf"),
    "CU": ("cu.ni",),
    "DO": ("do.rnc", "do.cedula"),
    "EC": ("ec.ruc", "ec.ci"),
    "ES": ("es.nif",),
    "GT": ("gt.nit",),
    "MX": ("mx.rfc",),
    "PE": ("pe.ruc",),
    "PY": ("py.ruc",),
    "SV": ("sv.nit",),
    "UY": ("uy.rut",),
    "VE": ("ve.rif",),
}
"""Country -> python-stdnum's validators, any of which will do."""


@cell_function(
    aliases=("ALIADO_DIA_LAB",),
    parameters=(_START, _DAYS, _COUNTRY),
    summary=Text(
        "El día hábil que cae tantos días hábiles después de una fecha, con los festivos de un país.",
        "The business day so many business days after a date, with a country's holidays.",
    ),
    example='=ALIADO_WORKDAY(B2,10,"EC")',
)
def ALIADO_WORKDAY(start: Any, days: Any, country: Any = None, caller: Any = None) -> Any:  # noqa: N802
    """Return a date, or one per cell of a range."""
    del caller
    holidays = _holidays(country)
    return each(lambda first, count: _work_day(first, count, holidays), start, days)


@cell_function(
    aliases=("ALIADO_DIAS_LAB",),
    parameters=(_START, _END, _COUNTRY),
    summary=Text(
        "Días hábiles entre dos fechas, ambas incluidas, con los festivos de un país.",
        "Business days between two dates, both included, with a country's holidays.",
    ),
    example='=ALIADO_NETWORKDAYS(B2,C2,"EC")',
)
def ALIADO_NETWORKDAYS(start: Any, finish: Any, country: Any = None, caller: Any = None) -> Any:  # noqa: N802
    """Return a count, negative when the second date comes first, or one per cell of a range."""
    del caller
    holidays = _holidays(country)
    return each(lambda first, last: _net_days(first, last, holidays), start, finish)


@cell_function(
    aliases=("ALIADO_DIAS_RETRASO",),
    parameters=(_DUE, _PAID, _AT),
    summary=Text(
        "Días de retraso de un pago, 0 si llegó a tiempo; sin pagar, hasta la fecha de corte.",
        "Days late of a payment, 0 when on time; of what is unpaid, up to the cut-off date.",
    ),
    example="=ALIADO_DAYS_LATE(D2,F2,TODAY())",
)
def ALIADO_DAYS_LATE(due: Any, paid: Any = None, as_of: Any = None, caller: Any = None) -> Any:  # noqa: N802
    """Return whole days, #N/A without a due date, or one per cell of a range."""
    del caller
    return each(_days_late, due, paid, as_of)


@cell_function(
    aliases=("ALIADO_IDFISCAL",),
    parameters=(_NUMBER, _OF),
    summary=Text(
        "Si una identificación fiscal tiene la forma y el dígito de control de su país. FALSO es un aviso: compruébela.",
        "Whether a tax id has its country's form and check digit. FALSE is a warning: look it up.",
    ),
    example='=ALIADO_TAXID(B2,"EC")',
)
def ALIADO_TAXID(number: Any, country: Any, caller: Any = None) -> Any:  # noqa: N802
    """Return TRUE or FALSE, #N/A for a blank or a country whose ids are not known here, or one per cell of a range."""
    del caller
    return each(_is_tax_id, number, country)


def each(compute: Callable[..., Any], first: Any, *others: Any) -> Any:
    """Return the result for one cell, or for every cell of a range; arguments of one cell go with all of them."""
    blocks = [read_block(value, whole=True).rows for value in (first, *others)]
    shape = max(((len(rows), len(rows[0])) for rows in blocks), key=lambda size: size[0] * size[1])
    if any((len(rows), len(rows[0])) not in {shape, (1, 1)} for rows in blocks):
        raise NoValue(_SHAPES)

    def cell(i: int, j: int) -> Any:
        try:
            return compute(*(rows[i][j] if (len(rows), len(rows[0])) == shape else rows[0][0] for rows in blocks))
        except NoValue as error:
            if shape == (1, 1):
                raise
            return error.code

    if shape == (1, 1):
        return cell(0, 0)
    return [[cell(i, j) for j in range(shape[1])] for i in range(shape[0])]


def _work_day(start: Any, count: Any, holidays: Holidays) -> datetime:
    if isinstance(count, bool) or not isinstance(count, (int, float)) or abs(count) > LONGEST:
        raise NoValue(_NOT_DAYS.format(found=count))
    return datetime.combine(add_business_days(_day(start), int(count), holidays), time())


def _net_days(start: Any, finish: Any, holidays: Holidays) -> float:
    first, last = _day(start), _day(finish)
    sign = 1
    if last < first:
        first, last, sign = last, first, -1
    if (last - first).days > LONGEST * 2:
        raise NoValue(_NOT_DAYS.format(found=(last - first).days))
    days = (first + timedelta(days=count) for count in range((last - first).days + 1))
    return float(sign * sum(is_business_day(day, holidays) for day in days))


def _days_late(due: Any, paid: Any, as_of: Any) -> float:
    until = paid if paid is not None else as_of
    if due is None or until is None:
        raise NoValue(_NO_DAY, "#N/A")
    return float(max((_day(until) - _day(due)).days, 0))


def _is_tax_id(number: Any, country: Any) -> bool:
    validators = VALIDATORS.get(str(country or "").strip().upper())
    text = read_text(number)
    if not validators or not isinstance(text, str) or not text:
        raise NoValue(_NO_VALIDATOR.format(country=country), "#N/A")
    return any(import_module(f"stdnum.{name}").is_valid(text) for name in validators)


def _holidays(country: Any) -> Holidays:
    code = country.rows[0][0] if isinstance(country, Block) else country
    return holidays_of(str(code or "").strip().upper())


def _day(value: Any) -> date:
    day = read_day(value)
    if day is None:
        raise NoValue(_NOT_A_DAY.format(found=value))
    return day


_SHAPES = Text("Los rangos no miden lo mismo.", "The ranges are of different sizes.")
_NOT_DAYS = Text("Se espera un número de días; hay «{found}».", "A number of days is expected; found “{found}”.")
_NO_DAY = Text(
    "Falta el vencimiento, o la fecha de pago o de corte.",
    "The due date, or the date of payment or cut-off, is missing.",
)
_NOT_A_DAY = Text("Se espera una fecha; hay «{found}».", "A date is expected; found “{found}”.")
_NO_VALIDATOR = Text(
    "No se sabe comprobar la identificación de {country}.", "Tax ids of {country} cannot be checked here."
)
