"""What was not seen at its source, and the words that say so wherever it is shown."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np
import numpy.typing as npt

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
    days = _days(flag, standing) if flag.params_at is not None and params else None
    if days is None:
        whole = all(pack.verified_on(param, standing.as_of) for param in params)
        return [whole] * len(chosen)
    known: dict[int, bool] = {}
    for day in {int(days[row]) for row in chosen}:
        when = from_serial(day) if day > 0 else standing.as_of
        known[day] = all(pack.verified_on(param, when) for param in params)
    return [known[int(days[row])] for row in chosen]


def _days(flag: Flag, standing: Standing) -> npt.NDArray[np.int64] | None:
    if flag.params_at is None:
        return None
    column = flag.params_at.evaluate(standing.data(flag.table))
    return np.broadcast_to(column.data.astype(np.int64), (len(standing.tables[flag.table]),))
