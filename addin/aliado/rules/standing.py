"""A client's tables as they stood on one date, ready for rules to be evaluated on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from msgspec import Struct
from msgspec.structs import replace

from aliado.formula.compile import Formula
from aliado.formula.data import Data
from aliado.formula.kept import kept_property
from aliado.formula.texts import vocabulary
from aliado.formula.values import Byte, Column, Kind, State, to_serial
from aliado.language import fold
from aliado.rules.assessment import Profile
from aliado.rules.business_days import holidays_of
from aliado.rules.countries import read_country
from aliado.rules.models import Param, ParamValue
from aliado.rules.packs import Pack
from aliado.tables.as_of import exist_by, stand_at
from aliado.tables.open_items import OpenItems, read_open_items
from aliado.tables.table import Table

if TYPE_CHECKING:
    from aliado.rules.compliance import Compliance

Mask = npt.NDArray[np.bool_]


class Standing(Struct, frozen=True, dict=True):
    """The client on `as_of`: tables hold only what had happened by then, with the computed fields filled in.

    exists: says whether a file lies at a path relative to the workbook; None where files cannot be seen.
    """

    pack: Pack
    as_of: date
    profile: Profile
    tables: Mapping[str, Table]
    receivables: OpenItems | None = None
    payables: OpenItems | None = None
    exists: Callable[[str], bool] | None = None

    @property
    def day(self) -> int:
        """The date as an Excel serial day."""
        return to_serial(self.as_of)

    @kept_property
    def holidays(self) -> Callable[[int], frozenset[date]]:
        """The public holidays of a year: the country's and the pack's own."""
        added, removed, region = self.pack.holidays
        return holidays_of(self.profile.country or self.pack.country, added, removed, self._region or region)

    @property
    def _region(self) -> str:
        """What the profile says of the client's region, "" when nothing."""
        profile = self.tables.get("profile")
        column = profile.columns.get("region") if profile is not None and len(profile) else None
        return str(column.data[0]).strip() if column is not None else ""

    @kept_property
    def compliance(self) -> Compliance:
        """The client's documents and filings, checked once."""
        from aliado.rules.compliance import check_compliance

        return check_compliance(self)

    def data(self, table: str | None, params_at: Formula | None = None) -> Data:
        """Return what a formula over `table` is evaluated on; dated parameters are read at `params_at`, else at as_of.

        Rules over the same table get the same columns and memo, so that what one works out serves the others.
        """
        kept = self._data.get(table)
        if kept is None:
            kept = self._data[table] = Data(
                tables=self._columns,
                lengths=self._lengths,
                table=table,
                parameters=self._parameters,
                today=self.as_of,
                holidays=self.holidays,
            )
        base = kept.for_domain(self)
        if params_at is None:
            return base
        return replace(base, parameters=self._parameters_at(params_at.evaluate(base)))

    @kept_property
    def _columns(self) -> dict[str, Mapping[str, Column]]:
        return {name: item.columns for name, item in self.tables.items()}

    @kept_property
    def _lengths(self) -> dict[str, int]:
        return {name: len(item) for name, item in self.tables.items()}

    @kept_property
    def _data(self) -> dict[str | None, Data]:
        """The data by table, without this standing: a circle of large things would stay until the collector comes."""
        return {}

    @kept_property
    def _parameters(self) -> _Parameters:
        return _Parameters(self.pack.params, self.as_of)

    def _parameters_at(self, days: Column) -> _Parameters:
        """Return the parameters with the dated ones read at each row's date; blank where that is not known."""
        return _Parameters(self.pack.params, self.as_of, days) if len(days) else self._parameters

    def restrict(self, table: str, rows: Mask, *, items: bool = True) -> Standing:
        """Return the standing with only some rows (a mask) of one table. items: False where nothing asks for its open items."""
        part = replace(self, tables={**self.tables, table: self.tables[table].take(rows)})
        if table != "profile":
            part.__dict__["holidays"], part.__dict__["_parameters"] = self.holidays, self._parameters
        if table == "invoices" and self.receivables is not None:
            return replace(part, receivables=self.receivables.take(rows) if items else None)
        if table == "bills" and self.payables is not None:
            return replace(part, payables=self.payables.take(rows) if items else None)
        return part

    @kept_property
    def year_end_month(self) -> int:
        """The month in which the client's fiscal year ends, by its profile; December when it does not say."""
        table = self.tables.get("profile")
        column = table.columns.get("year_end_month") if table is not None and len(table) else None
        value = column.value(0) if column is not None else State.BLANK
        month = int(value) if not isinstance(value, (State, str, date)) else 12
        return month if 1 <= month <= 12 else 12

    def amount(self, name: str) -> Decimal:
        """Return a numeric parameter of the pack as of the date; 0 where it has none."""
        param = self.pack.params.get(name)
        value = param.at(self.as_of) if param is not None else None
        return value if isinstance(value, Decimal) else Decimal(0)

    def number(self, name: str, otherwise: int) -> int:
        """Return a whole-number parameter of the pack; `otherwise` where it has none."""
        return int(self.amount(name)) if name in self.pack.params else otherwise

    def text(self, name: str) -> str:
        """Return a text parameter of the pack; "" where it has none."""
        param = self.pack.params.get(name)
        value = param.at(self.as_of) if param is not None else None
        return value if isinstance(value, str) else ""

    def own_table(self, name: str) -> Table | None:
        """Return the rows of a table that are in the client's own currency; None when it has no such table."""
        table = self.tables.get(name)
        codes = row_currencies(table, self.profile.currency) if table is not None else None
        if table is None or codes is None:
            return table
        mine = np.asarray(codes == self.profile.currency, dtype=bool)
        return table if mine.all() else table.take(mine)

    def in_currency(self, currency: str) -> Standing:
        """Return the standing with only the rows in one currency, in every table that has amounts by row."""
        found: Standing | None = self.memo.get(("currency", currency))
        if found is None:
            found = self._only(currency)
            if found is not self:
                self.memo["currency", currency] = found
        return found

    @kept_property
    def memo(self) -> dict[Hashable, Any]:
        """What was worked out about this standing once: parts of it, by what they keep. Never the standing itself."""
        return {}

    @kept_property
    def foreign(self) -> dict[str, frozenset[str]]:
        """The currencies other than the client's own, by table; tables in that one alone are left out."""
        own = self.profile.currency
        found = {name: currencies_of(table, own) - {own} for name, table in self.tables.items()}
        return {name: others for name, others in found.items() if others}

    def _only(self, currency: str) -> Standing:
        part = self
        for name, table in self.tables.items():
            codes = row_currencies(table, self.profile.currency)
            if codes is not None:
                mine = np.asarray(codes == currency, dtype=bool)
                part = part if mine.all() else part.restrict(name, mine)
        return part


class Books(Struct, frozen=True):
    """A client's tables and what they say whatever the date: read once, and looked at from any day.

    receivables, payables: all items with all their receipts, also those of later dates, since each knows its date;
    a receipt in advance of its invoice is not a stray one.
    """

    tables: Mapping[str, Table]
    pack: Pack
    profile: Profile
    receivables: OpenItems | None
    payables: OpenItems | None

    def on(self, as_of: date, exists: Callable[[str], bool] | None = None) -> Standing:
        """Return the client's standing on `as_of`, with the computed fields of invoices and bills filled in."""
        day = to_serial(as_of)
        there = {name: exist_by(table, day) for name, table in self.tables.items()}
        seen = {name: stand_at(table, day, there[name]) for name, table in self.tables.items()}
        receivables = _existing(self.receivables, there.get("invoices"))
        payables = _existing(self.payables, there.get("bills"))
        for name, items in (("invoices", receivables), ("bills", payables)):
            if items is not None:
                seen[name] = seen[name].with_columns(items.columns(day))
        return Standing(self.pack, as_of, self.profile, seen, receivables, payables, exists)


def read_books(tables: Mapping[str, Table], pack: Pack) -> Books:
    """Return the books of a client: the open items of all times, and the profile."""
    profile = read_profile(tables.get("profile"), pack)
    if not profile.currency and "invoices" in tables:
        profile = replace(profile, currency=_usual_currency(tables["invoices"]))
    return Books(
        tables,
        pack,
        profile,
        _open_items(tables, "invoices", "receipts", profile.currency),
        _open_items(tables, "bills", "payments", profile.currency, party="supplier", link="bill"),
    )


def stand(
    tables: Mapping[str, Table], pack: Pack, as_of: date, exists: Callable[[str], bool] | None = None
) -> Standing:
    """Return the client's standing on one date."""
    return read_books(tables, pack).on(as_of, exists)


def _open_items(
    tables: Mapping[str, Table],
    name: str,
    settlements: str,
    currency: str,
    party: str = "customer",
    link: str = "invoice",
) -> OpenItems | None:
    table = tables.get(name)
    if table is None:
        return None
    return read_open_items(table, tables.get(settlements), currency, party=party, link=link)


def _existing(items: OpenItems | None, there: Mask | None) -> OpenItems | None:
    return items if items is None or there is None or there.all() else items.take(there)


def read_profile(table: Table | None, pack: Pack) -> Profile:
    """Return the client's profile; country and currency default to the pack's."""

    def text(name: str) -> str:
        column = table.columns.get(name) if table is not None else None
        return str(column.data[0]).strip() if column is not None and len(column) else ""

    def cell(name: str) -> object:
        column = table.columns.get(name) if table is not None else None
        return column.value(0) if column is not None and len(column) else None

    total, day = cell("control_total"), cell("control_date")
    language = fold(text("language"))
    return Profile(
        name=text("name"),
        tax_id=pack.tax_id.restore(text("tax_id")) if pack.tax_id else text("tax_id"),
        country=read_country(text("country")) or pack.country,
        currency=text("currency").upper() or pack.currency,
        language="en"
        if language.startswith(("en", "ing"))
        else "es"
        if language.startswith(("es", "spa", "cas"))
        else "",
        control_total=total if isinstance(total, Decimal) else None,
        control_date=day if isinstance(day, date) else None,
        responsible=text("responsible"),
    )


def _usual_currency(invoices: Table) -> str:
    """Return the currency that most invoices are in, "" when none says."""
    codes = row_currencies(invoices, "")
    counted = Counter(code for code in codes.tolist() if code) if codes is not None else Counter()
    return min(counted, key=lambda code: (-counted[code], code), default="")


def currencies_of(table: Table, own: str) -> frozenset[str]:
    """Return the currencies that a table's rows are in; none when it has no such column."""
    codes = row_currencies(table, own)
    if codes is None:
        return frozenset()
    cache = table.columns["currency"].cache
    found: frozenset[str] | None = cache.get(f"distinct {own}")
    if found is None:
        found = cache[f"distinct {own}"] = frozenset(codes.tolist())
    return found


def row_currencies(table: Table, own: str) -> npt.NDArray[np.object_] | None:
    """Return the currency of each row, the client's own where blank; None when the table has no such column."""
    column = table.columns.get("currency")
    if column is None or table.spec.name == "profile":
        return None
    found: npt.NDArray[np.object_] | None = column.cache.get(f"currencies {own}")
    if found is None:
        words = vocabulary(column)
        found = words.of_words([word.strip().upper() or own for word in words.words])
        column.cache[f"currencies {own}"] = found
    return found


class _Parameters(Mapping[str, Column]):
    """The parameters of a pack at a date, or the dated ones at each of several days; each is read when first asked for."""

    def __init__(self, params: Mapping[str, Param], as_of: date, days: Column | None = None) -> None:
        self._params = params
        self._as_of = as_of
        self._days = days
        self._found: dict[str, Column] = {}

    def __getitem__(self, name: str) -> Column:
        found = self._found.get(name)
        if found is None:
            found = self._found[name] = self._read(self._params[name])
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._params)

    def __len__(self) -> int:
        return len(self._params)

    def _read(self, param: Param) -> Column:
        if self._days is None or not any(since > date.min for since, _ in param.values):
            value = param.at(self._as_of)
            return _single(param.kind, value, str(value))
        days = self._days.data
        starts = np.array([to_serial(since) if since > date.min else 1 for since, _ in param.values], dtype=np.int64)
        place = np.searchsorted(starts, days, side="right")
        column = _by_row(param.kind, [None, *(value for _, value in param.values)]).take(place)
        state = self._days.state
        return column if state is None else _blanked(column, state != Byte.VALUE)


@lru_cache(maxsize=1024)
def _single(kind: Kind, value: ParamValue | None, written: str) -> Column:
    """Return one parameter value as a column; `written` tells 1.0 from 1.00, whose places are kept."""
    del written
    return _by_row(kind, [value])


def _blanked(column: Column, rows: Mask) -> Column:
    state = np.zeros(len(rows), dtype=np.uint8) if column.state is None else column.state
    return Column(column.kind, column.data, np.where(rows, Byte.BLANK, state), column.scale)


def _by_row(kind: Kind, values: list[ParamValue | None]) -> Column:
    """Return parameter values as a column; exact decimals keep all their places."""
    state = np.array([State.BLANK if value is None else State.VALUE for value in values], dtype=np.uint8)
    marked = state if state.any() else None
    if kind is Kind.NUMBER:
        numbers = [Decimal(0) if value is None else Decimal(value) for value in values]  # type: ignore[arg-type]
        scale = max(max(-int(number.as_tuple().exponent), 0) for number in numbers)
        return Column(kind, np.array([int(number.scaleb(scale)) for number in numbers], dtype=np.int64), marked, scale)
    if kind is Kind.DATE:
        days = [to_serial(value) if isinstance(value, date) else 0 for value in values]
        return Column(kind, np.array(days, dtype=np.int64), marked)
    if kind is Kind.BOOL:
        return Column(kind, np.array([bool(value) for value in values], dtype=bool), marked)
    texts = np.empty(len(values), dtype=object)
    texts[:] = ["" if value is None else str(value) for value in values]
    return Column(kind, texts, marked)
