"""Boards to render in tests."""

from __future__ import annotations

import random
from pathlib import Path

from msgspec.structs import replace

import report_samples as samples
from aliado.batch.outcome import Outcome
from aliado.language import Text
from aliado.report.portfolio.summary import ClientSummary, summarise

HOSTILE = "=HYPERLINK(\"http://evil.example\")<script>document.title='owned'</script>"
PEOPLE = ("Marta Gil", "lucía andrade", "Lucía Andrade", "", 'O\'Neil "<b>Jr</b>" & Co')
REFUSED = Text("El libro está cifrado.", "The workbook is encrypted.")


def outcome(name: str, client: ClientSummary | None, status: str = "refreshed") -> Outcome:
    path = Path("/clientes") / f"{name}.xlsx"
    return Outcome(path, status, None if client else REFUSED, {}, path if client else None, (), client)


def few() -> list[Outcome]:
    """Three clients: one in order, one in trouble and with two currencies, one that was refused."""
    return [
        outcome("taller", summarise(samples.tiny()), "unchanged"),
        outcome("andes/importadora #1 50%", summarise(samples.typical())),
        outcome("cifrado", None, "refused"),
    ]


def many(count: int) -> list[Outcome]:
    """Return so many clients, some refused, one with a hostile name."""
    chance = random.Random(11)  # noqa: S311
    base = summarise(samples.typical())
    found = []
    for number in range(count):
        if number % 29 == 3:
            found.append(outcome(f"malo {number}", None, "refused"))
            continue
        counts = tuple(
            replace(each, red=chance.randint(0, each.red), amber=chance.randint(0, each.amber)) for each in base.counts
        )
        client = replace(
            base,
            name=HOSTILE if number == 1 else f"Cliente {number:03d}",
            responsible=chance.choice(PEOPLE),
            counts=counts,
            alerts=base.alerts[: chance.randint(0, 3)],
        )
        found.append(outcome(f"grupo {number % 3}/cliente {number}", client))
    return found
