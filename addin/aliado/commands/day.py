"""Dates as command-line options, and the one place that asks the clock what day it is."""

from __future__ import annotations

from datetime import UTC, date, datetime

import click

FIRST_AS_OF, LAST_AS_OF = date(1990, 1, 1), date(2199, 12, 31)
"""Cut-off dates outside these are slips of the keyboard."""


class Day(click.ParamType[date]):
    """A date written as YYYY-MM-DD."""

    name = "AAAA-MM-DD"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Return the date, or end with a usage error that says what was found and expected."""
        if isinstance(value, date):
            return value
        try:
            day = date.fromisoformat(str(value))
        except ValueError:
            day = None
        if day is None or not FIRST_AS_OF <= day <= LAST_AS_OF:
            self.fail(
                f"«{value}»: se espera una fecha real AAAA-MM-DD, p. ej. 2026-10-31. / a real date YYYY-MM-DD is expected, e.g. 2026-10-31.",
                param,
                ctx,
            )
        return day


def today() -> date:
    """Return today's date where the computer stands; only the doors know it."""
    return datetime.now(UTC).astimezone().date()
