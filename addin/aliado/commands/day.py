"""Dates as command-line options, and the one place that asks the clock what day it is."""

from __future__ import annotations

from datetime import UTC, date, datetime

import click


class Day(click.ParamType[date]):
    """A date written as YYYY-MM-DD."""

    name = "AAAA-MM-DD"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Return the date, or end with a usage error that says what was found and expected."""
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            self.fail(
                f"«{value}»: se espera una fecha real AAAA-MM-DD, p. ej. 2026-10-31. / a real date YYYY-MM-DD is expected, e.g. 2026-10-31.",
                param,
                ctx,
            )


def today() -> date:
    """Return today's date where the computer stands; only the doors know it."""
    return datetime.now(UTC).astimezone().date()
