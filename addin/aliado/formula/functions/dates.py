"""Dates: today (the date of the work, never the clock), parts of dates, months and working days."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

import numpy as np

from aliado.formula.calendar import (
    Serials,
    business_days_between,
    days_of_month,
    month_ends,
    month_numbers,
    months_of_year,
    serials_of,
    shifted_business_days,
    shifted_months,
    years,
)
from aliado.formula.data import Data
from aliado.formula.function import FunctionSpec, parameter
from aliado.formula.kinds import date_column
from aliado.formula.numbers import as_float
from aliado.formula.rounding import round_to
from aliado.formula.states import States, operand_state, spread, with_state
from aliado.formula.texts import word_mask
from aliado.formula.totals import known
from aliado.formula.values import Column, Kind, State, to_serial
from aliado.language import Text

_MANY = 10_000_000


def _today(data: Data) -> Column:
    return _single_day(data.today)


@lru_cache(maxsize=64)
def _single_day(day: date) -> Column:
    return Column(Kind.DATE, np.array([to_serial(day)], dtype=np.int64))


def _whole(column: Column) -> Serials:
    """Return numbers cut to whole ones, small enough to count days with."""
    values = np.trunc(as_float(round_to(column, 9)))
    return np.clip(values, -_MANY, _MANY).astype(np.int64)


def _number(data: Serials, state: States | None) -> Column:
    return Column(Kind.NUMBER, data, state, 0)


def _date(_data: Data, year: Column, month: Column, day: Column) -> Column:
    """Return a date; years 0 to 1899 count from 1900, as in Excel."""
    state = spread(year, month, day)
    in_full = np.clip(_whole(year), -1, 10_000)
    in_full = np.where((in_full >= 0) & (in_full < 1900), in_full + 1900, in_full)
    months = np.clip(_whole(month), -1_000_000, 1_000_000)
    serials = serials_of(in_full, months, _whole(day))
    return date_column(np.where(in_full < 0, -1, serials), state)


def _year(_data: Data, day: Column) -> Column:
    return _number(years(day.data), operand_state(day))


def _month(_data: Data, day: Column) -> Column:
    return _number(months_of_year(day.data), operand_state(day))


def _day(_data: Data, day: Column) -> Column:
    return _number(days_of_month(day.data), operand_state(day))


def _days(_data: Data, last: Column, first: Column) -> Column:
    return _number(last.data - first.data, spread(last, first))


def _edate(_data: Data, day: Column, months: Column) -> Column:
    return date_column(shifted_months(day.data, np.clip(_whole(months), -200_000, 200_000)), spread(day, months))


def _eomonth(_data: Data, day: Column, months: Column) -> Column:
    target = month_numbers(day.data) + np.clip(_whole(months), -200_000, 200_000)
    return date_column(month_ends(target), spread(day, months))


def _workday(data: Data, day: Column, days: Column, more: Column | None = None) -> Column:
    moved = shifted_business_days(day.data, _whole(days), data.holidays, _more_days(more))
    return date_column(moved, spread(day, days))


def _networkdays(data: Data, first: Column, last: Column, more: Column | None = None) -> Column:
    return _number(business_days_between(first.data, last.data, data.holidays, _more_days(more)), spread(first, last))


def _more_days(more: Column | None) -> Serials:
    if more is None or more.kind is not Kind.DATE:
        return np.zeros(0, dtype=np.int64)
    return known(more).data.astype(np.int64)


def _weekday(_data: Data, day: Column, system: Column | None = None) -> Column:
    """Return the day of the week: 1 = Sunday first, 2 = Monday 1 to Sunday 7, 3 = Monday 0, 11 to 17 = first day."""
    if system is None:
        return _number((day.data - 1) % 7 + 1, operand_state(day))
    which = _whole(system)
    first = np.where(which == 1, 1, np.where((which == 2) | (which == 3), 2, which - 9))
    fine = (which >= 1) & (which <= 3) | (which >= 11) & (which <= 17)
    result = (day.data - first) % 7 + np.where(which == 3, 0, 1)
    wrong = np.broadcast_to(~fine, result.shape)
    state = spread(day, system)
    return _number(
        result, with_state(None if state is None else np.broadcast_to(state, result.shape), wrong, State.NUM)
    )


def _isoweek(_data: Data, day: Column) -> Column:
    thursday = day.data - (day.data - 2) % 7 + 3
    first = serials_of(years(thursday), np.int64(1) + 0 * thursday, np.int64(1) + 0 * thursday)
    return _number((thursday - first) // 7 + 1, operand_state(day))


def _datedif(_data: Data, first: Column, last: Column, unit: Column) -> Column:
    """Return whole years, months or days between two dates; #NUM! when the first comes later."""
    one, two = np.broadcast_arrays(first.data, last.data)
    late = one > two
    low = np.where(late, two, one)
    months = month_numbers(two) - month_numbers(low) - (days_of_month(two) < days_of_month(low))
    # 29 February, in a year without one, is 1 March.
    since_year = two - serials_of(years(low) + months // 12, months_of_year(low), days_of_month(low))
    since_month = two - shifted_months(low, months)
    options = {"y": months // 12, "m": months, "d": two - low, "ym": months % 12, "yd": since_year, "md": since_month}
    result = np.zeros(np.broadcast_shapes(one.shape, unit.data.shape), dtype=np.int64)
    fine = np.zeros(result.shape, dtype=np.bool_)
    for name, value in options.items():
        mask = np.broadcast_to(word_mask(unit, name.__eq__), result.shape)
        result = np.where(mask, value, result)
        fine |= mask
    state = spread(first, last, unit)
    wide = None if state is None else np.broadcast_to(state, result.shape)
    return _number(result, with_state(wide, np.broadcast_to(late, result.shape) | ~fine, State.NUM))


def _yearfrac(_data: Data, first: Column, last: Column, basis: Column | None = None) -> Column:
    """Return the years between two dates: basis 0 = 30/360, 2 = actual/360, 3 = actual/365, 4 = European 30/360."""
    one, two = np.broadcast_arrays(first.data, last.data)
    low, high = np.minimum(one, two), np.maximum(one, two)
    which = np.zeros(1, dtype=np.int64) if basis is None else _whole(basis)
    result = np.select(
        [which == 0, which == 2, which == 3, which == 4],
        [
            _days_360(low, high, european=False) / 360,
            (high - low) / 360,
            (high - low) / 365,
            _days_360(low, high, european=True) / 360,
        ],
        default=np.nan,
    )
    fine = np.broadcast_to((which >= 0) & (which <= 4) & (which != 1), result.shape)
    state = spread(first, last) if basis is None else spread(first, last, basis)
    wide = None if state is None else np.broadcast_to(state, result.shape)
    return Column(Kind.NUMBER, np.where(fine, result, 0.0), with_state(wide, ~fine, State.NUM))


def _days_360(low: Serials, high: Serials, *, european: bool) -> Serials:
    day_one, day_two = days_of_month(low), days_of_month(high)
    if european:
        day_one, day_two = np.minimum(day_one, 30), np.minimum(day_two, 30)
    else:
        ends_february = (months_of_year(low) == 2) & (low == month_ends(month_numbers(low)))
        both = ends_february & (months_of_year(high) == 2) & (high == month_ends(month_numbers(high)))
        day_two = np.where(both, 30, day_two)
        day_one = np.where(ends_february, 30, day_one)
        day_two = np.where((day_two == 31) & (day_one >= 30), 30, day_two)
        day_one = np.minimum(day_one, 30)
    return (month_numbers(high) - month_numbers(low)) * 30 + day_two - day_one


_DATE = parameter("date", "date", "fecha", "date")
_FIRST = parameter("first", "date", "fecha inicial", "first date")
_LAST = parameter("last", "date", "fecha final", "last date")
_HOLIDAYS = parameter(
    "holidays", "column", "columna con otros días no laborables", "column with further non-working days", optional=True
)

FUNCTIONS = (
    FunctionSpec(
        "TODAY",
        ("HOY",),
        "date",
        (),
        Kind.DATE,
        Text("La fecha de corte del trabajo.", "The date of the work."),
        ("=HOY()-[@Vencimiento]",),
        _today,
    ),
    FunctionSpec(
        "DATE",
        ("FECHA",),
        "date",
        (
            parameter("year", "number", "año", "year"),
            parameter("month", "number", "mes", "month"),
            parameter("day", "number", "día", "day"),
        ),
        Kind.DATE,
        Text("Una fecha por su año, mes y día.", "A date by its year, month and day."),
        ("=[@Fecha]>=FECHA(2026; 1; 1)",),
        _date,
    ),
    FunctionSpec(
        "YEAR",
        ("AÑO",),
        "date",
        (_DATE,),
        Kind.NUMBER,
        Text("El año de una fecha.", "The year of a date."),
        ("=AÑO([@Fecha])",),
        _year,
    ),
    FunctionSpec(
        "MONTH",
        ("MES",),
        "date",
        (_DATE,),
        Kind.NUMBER,
        Text("El mes, de 1 a 12.", "The month, 1 to 12."),
        ("=MES([@Fecha])",),
        _month,
    ),
    FunctionSpec(
        "DAY",
        ("DIA",),
        "date",
        (_DATE,),
        Kind.NUMBER,
        Text("El día del mes.", "The day of the month."),
        ("=DIA([@Fecha])",),
        _day,
    ),
    FunctionSpec(
        "DAYS",
        ("DIAS",),
        "date",
        (_LAST, _FIRST),
        Kind.NUMBER,
        Text("Días entre dos fechas.", "Days between two dates."),
        ("=DIAS(HOY(); [@Vencimiento])",),
        _days,
    ),
    FunctionSpec(
        "EDATE",
        ("FECHA.MES",),
        "date",
        (_DATE, parameter("months", "number", "meses (negativo: antes)", "months (negative: before)")),
        Kind.DATE,
        Text("El mismo día, unos meses después.", "The same day, some months later."),
        ("=FECHA.MES([@Fecha]; 3)",),
        _edate,
    ),
    FunctionSpec(
        "EOMONTH",
        ("FIN.MES",),
        "date",
        (_DATE, parameter("months", "number", "meses (negativo: antes)", "months (negative: before)")),
        Kind.DATE,
        Text("El último día del mes, unos meses después.", "The last day of the month, some months later."),
        ("=FIN.MES([@Fecha]; 0)",),
        _eomonth,
    ),
    FunctionSpec(
        "WORKDAY",
        ("DIA.LAB",),
        "date",
        (_DATE, parameter("days", "number", "días laborables", "working days"), _HOLIDAYS),
        Kind.DATE,
        Text(
            "La fecha a tantos días laborables, con los festivos del país.",
            "The date so many working days away, with the country's holidays.",
        ),
        ("=DIA.LAB([@Fecha]; 5)",),
        _workday,
        aggregate=True,
    ),
    FunctionSpec(
        "NETWORKDAYS",
        ("DIAS.LAB",),
        "date",
        (_FIRST, _LAST, _HOLIDAYS),
        Kind.NUMBER,
        Text("Días laborables entre dos fechas, ambas incluidas.", "Working days between two dates, both counted."),
        ("=DIAS.LAB([@Fecha]; HOY())",),
        _networkdays,
        aggregate=True,
    ),
    FunctionSpec(
        "WEEKDAY",
        ("DIASEM",),
        "date",
        (
            _DATE,
            parameter(
                "system",
                "number",
                "1: domingo=1; 2: lunes=1; 3: lunes=0",
                "1: Sunday=1; 2: Monday=1; 3: Monday=0",
                optional=True,
            ),
        ),
        Kind.NUMBER,
        Text("El día de la semana.", "The day of the week."),
        ("=DIASEM([@Fecha]; 2)>5",),
        _weekday,
    ),
    FunctionSpec(
        "ISOWEEKNUM",
        ("ISO.NUM.DE.SEMANA",),
        "date",
        (_DATE,),
        Kind.NUMBER,
        Text("El número de semana ISO.", "The ISO week number."),
        ("=ISO.NUM.DE.SEMANA([@Fecha])",),
        _isoweek,
    ),
    FunctionSpec(
        "DATEDIF",
        ("SIFECHA",),
        "date",
        (
            _FIRST,
            _LAST,
            parameter("unit", "text", '"Y", "M", "D", "YM", "YD" o "MD"', '"Y", "M", "D", "YM", "YD" or "MD"'),
        ),
        Kind.NUMBER,
        Text("Años, meses o días completos entre dos fechas.", "Whole years, months or days between two dates."),
        ('=SIFECHA([@Fecha]; HOY(); "M")',),
        _datedif,
    ),
    FunctionSpec(
        "YEARFRAC",
        ("FRAC.AÑO",),
        "date",
        (
            _FIRST,
            _LAST,
            parameter(
                "basis",
                "number",
                "0: 30/360; 2: real/360; 3: real/365; 4: 30/360 europeo",
                "0: 30/360; 2: actual/360; 3: actual/365; 4: European 30/360",
                optional=True,
            ),
        ),
        Kind.NUMBER,
        Text("La parte de año entre dos fechas.", "The fraction of a year between two dates."),
        ("=[@Saldo]*8%*FRAC.AÑO([@Vencimiento]; HOY(); 3)",),
        _yearfrac,
    ),
)
