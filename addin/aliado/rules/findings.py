"""What is said of the rows that a flag marks: all rows of a flag at once, since every column is written only once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import repeat
from typing import Final

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from aliado.formula.values import Byte, Column, Kind, State
from aliado.language import Language, Text
from aliado.locales import Locale, locale_of
from aliado.rules.assessment import Evidence, Finding, Severity
from aliado.rules.doubt import dates_read, marked, rows_seen
from aliado.rules.models import Flag
from aliado.rules.reasons import fields_read, reason
from aliado.rules.standing import Standing
from aliado.rules.values import Cell, at, to_json, write_value
from aliado.tables.schema import FieldType
from aliado.tables.table import Table

_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_BLANK = Text("", "")
KNOWN_BY: Final = {
    "receipts": ("invoice", "date", "amount"),
    "payments": ("bill", "date", "amount"),
    "bank": ("date", "description", "amount"),
    "stock": ("date", "value"),
}
"""What tells the rows of a table apart where they have no number of their own: alerts and notes go by it, not by the row."""


class Hit(Struct, frozen=True):
    """A row that a flag marks. detail: what a check adds to the message, in place of the flag's own."""

    row: int
    severity: Severity
    label: str = ""
    action: Text = _BLANK
    level: Text = _BLANK
    value: Cell | None = None
    detail: Text | None = None
    field: str | None = None
    evidence: tuple[Evidence, ...] = ()


def tell(flag: Flag, hits: Sequence[Hit], standing: Standing) -> list[Finding]:
    """Return the findings of a flag on the rows that it marks, in their order."""
    if not hits:
        return []
    table = standing.tables[flag.table]
    written = _Written(table, np.array([hit.row for hit in hits], dtype=np.intp))
    numbers: list[int] = table.rows[written.rows].tolist()
    letters = table.cells.get(table.spec.key) or next(iter(table.cells.values()), "A")
    fields = fields_told(flag, table)
    columns = [written.json(name) for name in fields]
    cells: Iterable[tuple[str, ...]] = zip(*columns, strict=True) if columns else repeat(())
    keys = _keys(table, written)
    source, read = ", ".join(flag.source), fields_read(fields, table)
    days = dates_read(flag, [hit.row for hit in hits], standing)
    reasons = {day: reason(flag, standing, day) for day in set(days)}
    owner, of_flag = flag.owner.title if flag.owner else None, flag.action
    return [
        Finding(
            rule=flag.id,
            title=flag.title,
            table=flag.table,
            sheet=table.sheet,
            row=number,
            cell=f"{table.cells.get(hit.field) or letters if hit.field else letters}{number}",
            key=key,
            severity=hit.severity,
            message=message if sure else marked(message),
            values=_values(fields, row, hit),
            owner=owner,
            label=hit.label,
            action=hit.action if hit.action.es else of_flag or hit.action,
            level=hit.level,
            source=source,
            explanation=reasons[day],
            read=read,
            evidence=hit.evidence,
            verified=sure,
        )
        for hit, number, key, row, day, message, sure in zip(
            hits,
            numbers,
            keys,
            cells,
            days,
            _messages(flag, hits, written, standing),
            rows_seen(flag, (hit.row for hit in hits), standing),
            strict=False,
        )
    ]


def _keys(table: Table, written: _Written) -> list[str]:
    """Return what each row is known by, whatever row it stands in: its key, else what else tells it apart."""
    keys = written.json(table.spec.key) if table.spec.key in table.columns else [""] * len(written.rows)
    others = [written.json(name) for name in KNOWN_BY.get(table.spec.name, ()) if name in table.columns]
    if all(keys) or not others:
        return keys
    return [
        key or " · ".join(part for part in parts if part)
        for key, parts in zip(keys, zip(*others, strict=True), strict=True)
    ]


def _values(fields: Sequence[str], row: tuple[str, ...], hit: Hit) -> dict[str, str]:
    values = dict(zip(fields, row, strict=True))
    if hit.value is not None:
        values["value"] = to_json(hit.value)
    return values


def fields_told(flag: Flag, table: Table) -> list[str]:
    """Return the fields that explain a finding: those its formulas read and those its check is about."""
    formulas = [formula for formula in (flag.for_, flag.when, flag.value, flag.params_at) if formula is not None]
    used = {name for formula in formulas for owner, name in formula.uses if owner == flag.table}
    used |= {*flag.of, *flag.by, "currency"}
    return [name for name in table.spec.fields if name in used and name in table.columns]


# ---------------------------------------------------------------- messages


def _messages(flag: Flag, hits: Sequence[Hit], written: _Written, standing: Standing) -> list[Text]:
    if all(hit.detail is not None for hit in hits):
        return [hit.detail or _BLANK for hit in hits]
    if flag.message is None:
        by_level = {level: _titled(flag.title, level) for level in {hit.level for hit in hits}}
        told = [by_level[hit.level] for hit in hits]
    else:
        spanish = _filled(flag.message.es, "es", flag, hits, written, standing)
        english = _filled(flag.message.en, "en", flag, hits, written, standing)
        told = [Text(es, en) for es, en in zip(spanish, english, strict=True)]
    return [hit.detail or text for hit, text in zip(hits, told, strict=True)]


def _titled(title: Text, level: Text) -> Text:
    """Return the message of a flag that gives none: its title, with the level where there is one."""
    return Text(
        f"{title.es}: {level.es}" if level.es else title.es, f"{title.en}: {level.en}" if level.en else title.en
    )


def _filled(
    template: str, language: Language, flag: Flag, hits: Sequence[Hit], written: _Written, standing: Standing
) -> list[str]:
    """Return a message for every hit, its placeholders filled in."""
    parts = _PLACEHOLDER.split(template)  # text, name, text, name, ..., text
    columns: list[Iterable[str]] = [
        _part(part, language, flag, hits, written, standing) if place % 2 else repeat(part)
        for place, part in enumerate(parts)
    ]
    return ["".join(row) for row, _ in zip(zip(*columns, strict=False), hits, strict=False)]


def _part(
    name: str, language: Language, flag: Flag, hits: Sequence[Hit], written: _Written, standing: Standing
) -> Iterable[str]:
    locale = locale_of(language, standing.profile.country)
    if name == "label":
        return [hit.level.to(language) for hit in hits]
    if name == "action":
        return [hit.action.to(language) for hit in hits]
    if name == "value":
        return ["" if hit.value is None else write_value(hit.value, None, locale) for hit in hits]
    if name in written.table.columns and name in written.table.spec.fields:
        return written.text(name, locale)
    param = standing.pack.params.get(name)
    if param is None:
        return repeat("—")
    days = dates_read(flag, [hit.row for hit in hits], standing)
    kind = FieldType(param.type)
    told = {day: "—" if (value := param.at(day)) is None else write_value(value, kind, locale) for day in set(days)}
    return [told[day] for day in days]


# ---------------------------------------------------------------- columns in writing


class _Written:
    """The columns of some rows of a table, written as asked for."""

    def __init__(self, table: Table, rows: npt.NDArray[np.intp]) -> None:
        self.table = table
        self.rows = rows
        self._made: dict[tuple[str, str], list[str]] = {}

    def json(self, name: str) -> list[str]:
        """Return a column as JSON holds it."""
        return self._once(name, "json", to_json, _plain_decimal)

    def text(self, name: str, locale: Locale) -> list[str]:
        """Return a column as a person writes it."""
        field = self.table.spec.fields[name]
        exact = None
        if field.type is FieldType.MONEY and self.table.columns[name].scale == 2:
            exact = partial(_cents_as_amount, locale)
        return self._once(name, locale.language, partial(write_value, kind=field.type, locale=locale), exact)

    def _once(
        self, name: str, how: str, write: Callable[[Cell], str], exact: Callable[[int, int], str] | None
    ) -> list[str]:
        made = self._made.get((name, how))
        if made is None:
            made = self._made[name, how] = write_cells(self.table.columns[name], self.rows, write, exact)
        return made


def write_cells(
    column: Column,
    rows: npt.NDArray[np.intp],
    write: Callable[[Cell], str],
    exact: Callable[[int, int], str] | None = None,
) -> list[str]:
    """Return some cells of a column in writing, each distinct value written once.

    exact: how to write an exact number from its scaled integer and its scale, where that is quicker.
    """
    if len(column) == 1:
        return [write(at(column, 0))] * len(rows)
    raw: list[object] = column.data[rows].tolist()
    if column.kind is Kind.TEXT:
        texts = [str(text) for text in raw]
    elif column.kind is Kind.NUMBER and column.scale is not None and exact is not None:
        scale = column.scale
        texts = [exact(number, scale) for number in raw]  # type: ignore[arg-type]
    else:
        known: dict[object, str] = {}
        plain = Column(column.kind, column.data, None, column.scale)
        for row, value in zip(rows.tolist(), raw, strict=True):
            if value not in known:
                known[value] = write(plain.value(row))
        texts = [known[value] for value in raw]
    if column.state is not None:
        for place in np.flatnonzero(column.state[rows] != Byte.VALUE).tolist():
            texts[place] = write(State(int(column.state[rows[place]])))
    return texts


def _plain_decimal(number: int, scale: int) -> str:
    """Return a scaled integer as a decimal string: (115000, 2) is 1150.00."""
    if not scale:
        return str(number)
    whole, rest = divmod(abs(number), 10**scale)
    return f"{'-' if number < 0 else ''}{whole}.{rest:0{scale}d}"


def _cents_as_amount(locale: Locale, cents: int, scale: int) -> str:
    del scale  # money has two decimals
    whole, rest = divmod(abs(cents), 100)
    return locale.mark(f"{'-' if cents < 0 else ''}{whole:,}.{rest:02d}")
