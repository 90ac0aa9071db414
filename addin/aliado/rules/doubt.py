"""What was not seen at its source, and the words that say so wherever it is shown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

import numpy as np

from aliado.formula.values import from_serial
from aliado.language import Text
from aliado.rules.models import Flag, KpiRule, Param
from aliado.rules.standing import Standing

UNVERIFIED: Final = Text(" (sin verificar)", " (unverified)")
"""What is added to a message."""


def marked(text: Text) -> Text:
    """Return a message with the words that say nobody saw its source."""
    return Text(text.es + UNVERIFIED.es, text.en + UNVERIFIED.en)


def params_of(rule: Flag | KpiRule, standing: Standing) -> list[Param]:
    """Return the parameters that a rule's formulas name."""
    formulas = (getattr(rule, name, None) for name in ("for_", "when", "where", "value"))
    names = {name for formula in formulas if formula is not None for name in formula.parameters}
    return [standing.pack.params[name] for name in sorted(names) if name in standing.pack.params]


def seen(rule: KpiRule, standing: Standing) -> bool:
    """Return whether a figure's rule, and every parameter in it as of the date, was seen at its source."""
    pack = standing.pack
    return pack.verified(rule) and all(pack.verified_on(param, standing.as_of) for param in params_of(rule, standing))


def rows_seen(flag: Flag, rows: Iterable[int], standing: Standing) -> list[bool]:
    """Return, for rows that a flag marks, whether all they were compared with was seen at its source.

    Parameters with dates count as of each row's own date where the flag reads them so.
    """
    chosen = list(rows)
    pack, params = standing.pack, params_of(flag, standing)
    if not pack.verified(flag):
        return [False] * len(chosen)
    known: dict[date, bool] = {}
    days = dates_read(flag, chosen, standing) if params else [standing.as_of] * len(chosen)
    for day in set(days):
        known[day] = all(pack.verified_on(param, day) for param in params)
    return [known[day] for day in days]


def dates_read(flag: Flag, rows: Sequence[int], standing: Standing) -> list[date]:
    """Return, for rows that a flag marks, the date at which it reads parameters: the row's own where the flag says so."""
    if flag.params_at is None:
        return [standing.as_of] * len(rows)
    column = flag.params_at.evaluate(standing.data(flag.table))
    days: list[int] = np.broadcast_to(column.data.astype(np.int64), (len(standing.tables[flag.table]),)).tolist()
    return [from_serial(days[row]) if days[row] > 0 else standing.as_of for row in rows]
