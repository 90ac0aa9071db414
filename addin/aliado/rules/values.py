"""How a cell of the client's is written in messages and in JSON."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from aliado.formula.values import ERROR_TEXT, Column, State
from aliado.language import write_date
from aliado.locales import Locale, write_amount
from aliado.tables.schema import FieldType

Cell = Decimal | float | date | str | bool | State


def write_value(value: Cell, kind: FieldType | None, locale: Locale) -> str:
    """Return a value as a person writes it; blank and unknown are ""."""
    if isinstance(value, State):
        return ERROR_TEXT.get(value, "")
    if isinstance(value, bool):
        return {"es": ("no", "sí"), "en": ("no", "yes")}[locale.language][value]
    if isinstance(value, date):
        return write_date(value, locale.language)
    if isinstance(value, str):
        return value
    exact = value if isinstance(value, Decimal) else Decimal(repr(value))
    if kind is FieldType.MONEY:
        return write_amount(exact, locale)
    if kind is FieldType.PERCENT:
        return f"{_plain(exact * 100, locale)} %"
    return _plain(exact, locale)


def _plain(value: Decimal, locale: Locale) -> str:
    return locale.mark(f"{value.normalize():f}")


def to_json(value: Cell) -> str:
    """Return a value as JSON holds it: decimal strings, ISO dates, text; blank and unknown are ""."""
    if isinstance(value, State):
        return ERROR_TEXT.get(value, "")
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value if isinstance(value, str) else repr(value)


def at(column: Column, index: int) -> Cell:
    """Return the value of a row; a single value stands for every row."""
    return column.value(index if len(column) > 1 else 0)
