"""What each sheet of an unknown workbook seems to be: a mapping of its headings to canonical fields, to be reviewed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from msgspec import Struct

from aliado.tables import amounts, cells
from aliado.tables.cells import NotUnderstood, Raw, describe
from aliado.tables.headings import ENOUGH, EXACT, Headings
from aliado.tables.recognition import name_weight
from aliado.tables.regions import ENOUGH_FIELDS, Region, header_candidates
from aliado.tables.schema import Field, FieldType, Formats, TableSpec
from aliado.workbook.sheet import Sheet

SAMPLE_ROWS: Final = 200
"""So many rows below the header are looked at."""

SHOWN: Final = 3
"""So many sample values are shown beside a field."""

GUESSED: Final = 0.35
"""How sure a column is that only its values speak for."""

_TYPED = 0.6
"""The part of the confidence that the values decide; the heading decides the rest."""
_UNSEEN = 0.9
"""What an empty column's heading is worth."""
_MOST = 0.5
"""At least this share of a column's values must read as the field's type."""
_TEXT_DATE = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{2,4})\b")
_COMMA_DECIMAL = re.compile(r"^\D*\d{1,3}(?:\.\d{3})*,\d{1,2}\D*$")
_POINT_DECIMAL = re.compile(r"^\D*\d{1,3}(?:,\d{3})*\.\d{1,2}\D*$")


class ProposedField(Struct, frozen=True):
    """A column that seems to be a field. confidence: 0 to 1; samples: some of its values, as text."""

    name: str
    column: int
    heading: str
    confidence: float
    samples: tuple[str, ...]


class ProposedTable(Struct, frozen=True):
    """A region that seems to be a canonical table. missing: required fields that no column seems to be.

    unused: headings that stand for nothing Aliado reads. sure_date: the text dates themselves tell their order.
    """

    spec: TableSpec
    region: Region
    fields: tuple[ProposedField, ...]
    formats: Formats
    missing: tuple[str, ...]
    unused: tuple[str, ...]
    sure_date: bool = True

    @property
    def confidence(self) -> float:
        """How sure the table is: the mean over its required fields, or over all where none is required."""
        needed = [item for item in self.fields if self.spec.fields[item.name].required] or list(self.fields)
        return sum(item.confidence for item in needed) / max(1, len(needed) + len(self.missing))


def propose(sheets: Sequence[Sheet], specs: Mapping[str, TableSpec]) -> tuple[ProposedTable, ...]:
    """Return the tables that a workbook seems to hold, in the order of `specs`; each sheet's region goes to one table."""
    headings = {name: Headings(spec) for name, spec in specs.items()}
    ranked: list[tuple[float, int, ProposedTable]] = []
    for sheet in sheets:
        if sheet.role is None:
            for region in header_candidates(sheet):
                if region.excel_table is None and _inside_a_table(region):
                    continue
                for name, spec in specs.items():
                    table = _propose_table(region, spec, headings[name])
                    if table is not None:
                        ranked.append((_rank(table), len(ranked), table))
    ranked.sort(key=lambda item: (-item[0], item[1]))
    chosen: dict[str, ProposedTable] = {}
    taken: set[tuple[str, str | None]] = set()
    for _, _, table in ranked:
        place = (table.region.sheet.name, table.region.excel_table)
        if table.spec.name not in chosen and place not in taken:
            chosen[table.spec.name] = table
            taken.add(place)
    return tuple(chosen[name] for name in specs if name in chosen)


def _inside_a_table(region: Region) -> bool:
    return any(table.first_row <= region.header_row <= table.last_row for table in region.sheet.tables)


def _rank(table: ProposedTable) -> float:
    named = name_weight(table.region, table.spec)
    return sum(item.confidence for item in table.fields) - len(table.missing) + (2 if named else 0)


def _propose_table(region: Region, spec: TableSpec, headings: Headings) -> ProposedTable | None:
    scores = {column: headings.scores(heading) for column, heading in region.headings.items()}
    told = {name for each in scores.values() for name in each}
    required = {name for name, item in spec.fields.items() if item.required}
    named = bool(name_weight(region, spec))
    if len(told) < (1 if named else min(ENOUGH_FIELDS, len(region.headings))) or not (named or told & required):
        return None
    values = {column: list(_values(region, column)) for column in region.headings}
    formats, sure = _guess_formats(values)
    fields = _assign(region, spec, scores, values, formats)
    for name in sorted(required - fields.keys(), key=list(spec.fields).index):
        guess = _guess(spec.fields[name], region, values, formats, {item.column for item in fields.values()})
        if guess is not None:
            fields[name] = guess
    missing = tuple(name for name in spec.fields if name in required - fields.keys())
    if not fields or len(missing) * 2 > len(required) or (required and required == set(missing)):
        return None
    used = {item.column for item in fields.values()}
    table = ProposedTable(
        spec,
        region,
        tuple(fields[name] for name in spec.fields if name in fields),
        formats,
        missing,
        tuple(heading for column, heading in region.headings.items() if column not in used),
        sure,
    )
    return table if named or table.confidence >= ENOUGH else None


def _assign(
    region: Region,
    spec: TableSpec,
    scores: Mapping[int, Mapping[str, float]],
    values: Mapping[int, Sequence[Raw]],
    formats: Formats,
) -> dict[str, ProposedField]:
    """Give each column to the field it is nearest to, surest first; one column and one field go together once."""
    pairs = []
    for column, by_name in scores.items():
        for name, near in by_name.items():
            share = _readable(spec.fields[name], values[column], formats)
            if share is None:
                pairs.append((near * _UNSEEN, -column, name))
            elif share >= _MOST or (near >= EXACT and spec.fields[name].type is FieldType.TEXT):
                pairs.append((near * (1 - _TYPED + _TYPED * share), -column, name))
    fields: dict[str, ProposedField] = {}
    for confidence, place, name in sorted(pairs, reverse=True):
        column = -place
        if name not in fields and all(item.column != column for item in fields.values()):
            fields[name] = _field(name, column, region, confidence, values[column])
    return fields


def _guess(
    field: Field, region: Region, values: Mapping[int, Sequence[Raw]], formats: Formats, used: set[int]
) -> ProposedField | None:
    """Return the free column whose values alone look like a required field, None when none or several do."""
    free = {
        column: items
        for column, items in values.items()
        if column not in used and (_readable(field, items, formats) or 0) >= 1
    }
    if field.type is FieldType.TEXT:
        numbers = {column for column, items in free.items() if not any(isinstance(item, str) for item in items)}
        distinct = {column for column, items in free.items() if len(set(map(str, items))) == len(items) > 1}
        wanted = distinct if field.name == "number" else free.keys() - distinct - numbers
    else:
        wanted = set(free)
    if len(wanted) != 1:
        return None
    (column,) = wanted
    return _field(field.name, column, region, GUESSED, values[column])


def _field(name: str, column: int, region: Region, confidence: float, values: Sequence[Raw]) -> ProposedField:
    samples = tuple(dict.fromkeys(_show(item) for item in values))[:SHOWN]
    return ProposedField(name, column, region.headings[column], round(min(confidence, 1.0), 2), samples)


def _show(raw: Raw) -> str:
    if isinstance(raw, float) and raw.is_integer():
        return str(int(raw))
    return raw.date().isoformat() if isinstance(raw, datetime) else describe(raw)


def _values(region: Region, column: int) -> Iterator[Raw]:
    """Yield the first cells below a heading that hold something."""
    sheet = region.sheet
    start = region.first_row - sheet.first_row
    for row in sheet.rows[start : min(start + SAMPLE_ROWS, region.last_row - sheet.first_row + 1)]:
        place = column - sheet.first_column
        raw = row[place] if place < len(row) else None
        if raw is not None and raw != "":
            yield raw


def _readable(field: Field, values: Sequence[Raw], formats: Formats) -> float | None:
    """Return the share of values that read as the field's type, None when there are none."""
    if not values:
        return None
    return sum(_reads(raw, field.type, formats) for raw in values) / len(values)


def _reads(raw: Raw, kind: FieldType, formats: Formats) -> bool:
    if kind is FieldType.TEXT:
        return not isinstance(raw, (date, bool, Decimal))
    if kind is FieldType.DATE:
        return not isinstance(cells.read_date(raw, formats), NotUnderstood)
    if kind is FieldType.BOOL:
        return not isinstance(cells.read_bool(raw), NotUnderstood)
    if isinstance(raw, (date, bool)):
        return False
    if kind is FieldType.PERCENT:
        text = raw.strip().removesuffix("%") if isinstance(raw, str) else raw
        return isinstance(amounts.read_decimal(text, formats), Decimal)
    if kind is FieldType.MONEY:
        return not isinstance(amounts.read_money(raw, formats), NotUnderstood)
    return isinstance(amounts.read_decimal(raw, formats), Decimal)


def _guess_formats(values: Mapping[int, Sequence[Raw]]) -> tuple[Formats, bool]:
    """Return how dates and amounts typed as text seem to be written, and whether the dates leave no doubt."""
    texts = [raw.strip() for items in values.values() for raw in items if isinstance(raw, str)]
    dates = [(int(found[1]), int(found[2])) for text in texts if (found := _TEXT_DATE.fullmatch(text))]
    order, sure = None, True
    if dates:
        day_first, month_first = any(one > 12 for one, _ in dates), any(two > 12 for _, two in dates)
        order, sure = ("mdy" if month_first and not day_first else "dmy"), day_first != month_first
    commas = sum(bool(_COMMA_DECIMAL.match(text)) for text in texts)
    points = sum(bool(_POINT_DECIMAL.match(text)) for text in texts)
    decimal = None if commas == points else "," if commas > points else "."
    return Formats(order, decimal), sure
