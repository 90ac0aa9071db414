"""The check that looks for the document behind every bank movement."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal

from aliado.language import Text, fold
from aliado.locales import say_amount
from aliado.rules.assessment import Evidence
from aliado.rules.bank_matching import BY_DAY, Entry, match
from aliado.rules.marked import Marked, evidence, flagged_table
from aliado.rules.models import Flag
from aliado.rules.money_flows import books_of, clear_pairs, movements_of, of_amounts
from aliado.rules.receivables import money
from aliado.rules.standing import Standing

DAYS = 5
"""How far apart the dates may be where the pack does not say (parameter dias_conciliacion)."""

MOST_ALIKE = 3
"""Documents of the same amount that are shown beside a movement, at most."""


def find_unmatched(flag: Flag, standing: Standing) -> Iterator[Marked]:
    """Yield every bank movement that no receipt or payment matches.

    Those whose text holds one of the words of the parameter banco_sin_documento (payroll, taxes) need no document.
    """
    bank = flagged_table(flag, standing)
    window = standing.number("dias_conciliacion", DAYS)
    left = clear_pairs(movements_of(bank, standing.profile.currency), books_of(standing), window)
    result = match(left.movements.entries(), [item for flows in left.books for item in flows.entries()], window)
    alike: dict[tuple[str, int], list[Entry]] = defaultdict(list)
    far = of_amounts(left.far, {item.cents for item in result.movements})
    for item in sorted([*result.entries, *far], key=BY_DAY):
        alike[item.currency, item.cents].append(item)
    without = tuple(filter(None, (fold(word) for word in standing.text("banco_sin_documento").split(";"))))
    descriptions = bank.columns.get("description")
    for movement in sorted(result.movements, key=lambda item: item.row):
        shown = str(descriptions.data[movement.row]) if descriptions is not None else ""
        folded = fold(shown) if without else ""
        if any(word in folded for word in without):
            continue
        near = alike[movement.currency, movement.cents][:MOST_ALIKE]
        yield Marked(
            movement.row,
            _text(shown, money(movement.cents), window, standing.profile.country, hurried=result.hurried),
            "amount",
            tuple(_evidence(near, standing)),
        )


def _text(shown: str, amount: Decimal, window: int, country: str, *, hurried: bool) -> Text:
    what = f"{shown}: " if shown else ""
    es, en = say_amount(amount, country)
    how = _HURRIED if hurried else _HOW
    return Text(
        f"{what}{es} sin cobro ni pago que coincida (±{window} días, {how.es})",
        f"{what}{en} with no receipt or payment to match (±{window} days, {how.en})",
    )


_HOW = Text("uno o varios", "one or several")
_HURRIED = Text(
    "uno a uno; hay demasiados para probar también sumas de varios",
    "one to one; there are too many to try sums of several as well",
)


def _evidence(entries: Iterable[Entry], standing: Standing) -> Iterator[Evidence]:
    fields = ("date", "paid_date", "number", "invoice", "bill", "customer", "supplier", "amount", "total")
    for item in entries:
        yield from evidence(standing.tables[item.table], [item.row], fields)
