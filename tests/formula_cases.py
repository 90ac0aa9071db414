"""Tables, data and generated formulas for the tests of the formula language."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from random import Random

import numpy as np

from aliado.formula.compile import Formula, Place, compile_formula
from aliado.formula.data import Data
from aliado.formula.function import FunctionSpec
from aliado.formula.registry import STANDARD
from aliado.formula.scope import Scope, TableScope
from aliado.formula.values import Column, Kind, State, to_serial
from aliado.language import fold

NUMBER, DATE, TEXT, BOOL = Kind.NUMBER, Kind.DATE, Kind.TEXT, Kind.BOOL
PLACE = Place("rules/acme.yaml", 10, 5)
TODAY = dt.date(2026, 11, 20)


def numbers(*values: str | float | None, scale: int = 2) -> Column:
    """Return exact numbers; None is blank."""
    data = [0 if value is None else int(Decimal(str(value)).scaleb(scale)) for value in values]
    return Column(NUMBER, np.array(data, dtype=np.int64), _blanks(values), scale)


def dates(*values: str | None) -> Column:
    """Return ISO dates; None is blank."""
    days = [0 if value is None else to_serial(dt.date.fromisoformat(value)) for value in values]
    return Column(DATE, np.array(days, dtype=np.int64), _blanks(values))


def texts(*values: str | None) -> Column:
    """Return texts; None is blank."""
    data = np.empty(len(values), dtype=object)
    data[:] = [value or "" for value in values]
    return Column(TEXT, data, _blanks(values))


def truths(*values: bool | None) -> Column:
    """Return truths; None is blank."""
    return Column(BOOL, np.array([bool(value) for value in values], dtype=np.bool_), _blanks(values))


def _blanks(values: Sequence[object]) -> np.ndarray[tuple[int], np.dtype[np.uint8]] | None:
    if None not in values:
        return None
    return np.array([State.BLANK if value is None else State.VALUE for value in values], dtype=np.uint8)


def table_scope(**fields: tuple[Kind, list[str]]) -> TableScope:
    """Return a table's scope from field = (kind, headings)."""
    headings = {name: name for name in fields}
    headings |= {fold(heading): name for name, (_, names) in fields.items() for heading in names}
    return TableScope({name: kind for name, (kind, _) in fields.items()}, headings)


INVOICES = table_scope(
    number=(TEXT, ["Factura", "Invoice No."]),
    series=(TEXT, ["Serie"]),
    customer=(TEXT, ["Cliente", "Customer"]),
    issue_date=(DATE, ["Fecha", "Invoice date"]),
    due_date=(DATE, ["Vencimiento", "Due date"]),
    base=(NUMBER, ["Base imponible", "Base"]),
    vat_pct=(NUMBER, ["% IVA", "VAT rate"]),
    vat=(NUMBER, ["IVA"]),
    total=(NUMBER, ["Total"]),
    balance=(NUMBER, ["Saldo", "Balance"]),
    disputed=(BOOL, ["En disputa", "Disputed"]),
    status=(TEXT, ["Estado", "Status"]),
)
CUSTOMERS = table_scope(
    customer=(TEXT, ["Cliente", "Customer"]),
    tax_id=(TEXT, ["NIF", "RUC"]),
    credit_limit=(NUMBER, ["Límite", "Credit limit"]),
    since=(DATE, ["Alta"]),
)
SCOPE = Scope(
    {"invoices": INVOICES, "customers": CUSTOMERS},
    "invoices",
    {"tolerancia": NUMBER, "dias_gracia": NUMBER, "iva_general": NUMBER, "corte": DATE},
    table_names={"facturas": "invoices", "clientes": "customers"},
)
PARAMETERS = {
    "tolerancia": numbers("0.02"),
    "dias_gracia": numbers(0),
    "iva_general": numbers("0.15"),
    "corte": dates("2026-06-30"),
}
TABLES = {
    "invoices": {
        "number": texts("F-001", "F-002", "F-003", "F-004", "F-005"),
        "customer": texts("Alfa", "ALFA", "Beta", None, "Gama"),
        "issue_date": dates("2026-09-01", "2026-11-01", "2026-01-01", "2026-01-31", "2026-05-01"),
        "due_date": dates("2026-10-01", "2026-12-01", "2026-02-01", None, "2026-11-20"),
        "base": numbers("33.50", 100, 100, None, 20000),
        "vat_pct": numbers("0.15", "0.15", "0.12", None, "0.15"),
        "vat": numbers("5.03", 15, 15, None, 3000),
        "total": numbers("38.53", 115, 115, None, 23000),
        "balance": numbers(500, 115, 0, 115, -20),
        "status": texts("Emitida", "anulada", None, "Anulada", "Cobrada"),
        "disputed": truths(True, False, None, False, True),
    },
    "customers": {
        "customer": texts("Alfa", "Beta", "Delta"),
        "tax_id": texts("1790012355001", "1790012301001", None),
        "credit_limit": numbers(600, 115, None),
        "since": dates("2020-01-01", None, "2024-02-29"),
    },
}
DATA = Data(TABLES, {"invoices": 5, "customers": 3}, "invoices", PARAMETERS, TODAY)


def compiled(text: str, **options: object) -> Formula:
    """Return a formula of the sample scope."""
    return compile_formula(text, SCOPE, place=PLACE, **options)  # type: ignore[arg-type]


def values(text: str, data: Data = DATA) -> list[object]:
    """Return every value of a formula on the sample data; states by name."""
    column = compiled(text).evaluate(data)
    cells = [column.value(index) for index in range(len(column))]
    return [cell.name if isinstance(cell, State) else cell for cell in cells]


def value(text: str, data: Data = DATA) -> object:
    """Return the one value of a formula."""
    (cell,) = values(text, data)
    return cell


# ---------------------------------------------------------------------- generated formulas and data

_WORDS = [
    "",
    "Alfa",
    "alfa*",
    "A?b",
    "~*",
    "<5",
    "<>",
    ">=Beta",
    "12,5",
    "1.005",
    "ñandú",
    "2026-01-31",
    "x" * 40,
    "*a*a*b",
]
_NUMBERS = [
    "0",
    "1",
    "2",
    "0,5",
    "1,005",
    "33,50",
    "15%",
    "1000000",
    "999999999999999",
    "1E300",
    "1E-300",
    "0,000000000001",
    "-1",
    "9",
]


class Maker:
    """Makes formulas that are mostly well typed, from the registry's own parameters."""

    def __init__(self, random: Random) -> None:
        self.random = random

    def formula(self, depth: int = 4) -> str:
        """Return one formula, in Spanish punctuation."""
        return "=" + self.of(self.random.choice(list(Kind)), depth, self.random.random() < 0.2)

    def of(self, kind: Kind, depth: int, whole: bool) -> str:
        """Return a part of `kind`; whole: it may name whole columns."""
        if self.random.random() < 0.03:
            kind = self.random.choice(list(Kind))
        if depth <= 0 or self.random.random() < 0.15:
            return self.leaf(kind, whole)
        if self.random.random() < 0.45:
            return self.operation(kind, depth - 1, whole)
        return self.call(kind, depth - 1, whole)

    def leaf(self, kind: Kind, whole: bool) -> str:
        choices: list[str] = []
        mark = "" if whole else "@"
        choices += [f"[{mark}[{name}]]" for name, own in INVOICES.fields.items() if own is kind] * 2
        choices += [name for name, own in SCOPE.parameters.items() if own is kind]
        if kind is NUMBER:
            choices += _NUMBERS
        elif kind is TEXT:
            choices += [f'"{word}"' for word in _WORDS]
        elif kind is DATE:
            choices += ["HOY()", "FECHA(2026;2;31)", "FECHA(1900;1;0)", "FECHA(9999;12;31)"]
        else:
            choices += ["VERDADERO", "FALSO"]
        return self.random.choice(choices)

    def operation(self, kind: Kind, depth: int, whole: bool) -> str:
        if kind is TEXT:
            left = self.of(self.random.choice(list(Kind)), depth, whole)
            return f"({left}&{self.of(TEXT, depth, whole)})"
        if kind is DATE:
            return f"({self.of(DATE, depth, whole)}{self.random.choice('+-')}{self.of(NUMBER, depth, whole)})"
        if kind is NUMBER:
            form = self.random.randrange(8)
            if form == 0:
                return f"-{self.of(NUMBER, depth, whole)}"
            if form == 1:
                return f"({self.of(NUMBER, depth, whole)})%"
            if form == 2:
                return f"({self.of(DATE, depth, whole)}-{self.of(DATE, depth, whole)})"
            return f"({self.of(NUMBER, depth, whole)}{self.random.choice('+-*/^')}{self.of(NUMBER, depth, whole)})"
        other = self.random.choice(list(Kind))
        operator = self.random.choice(["=", "<>", "<", ">", "<=", ">="])
        return f"({self.of(other, depth, whole)}{operator}{self.of(other, depth, whole)})"

    def call(self, kind: Kind, depth: int, whole: bool) -> str:
        fitting = [f for f in STANDARD if f.returns in (kind, "result", "ordered") and f.name != "LET"]
        function = self.random.choice(fitting)
        if self.random.random() < 0.05:
            return f"LET(uno; {self.of(NUMBER, depth, whole)}; dos; uno+1; {self.of(kind, depth, whole)})"
        name = self.random.choice([function.name, *function.aliases])
        return f"{name}({'; '.join(self.arguments(function, kind, depth, whole))})"

    def arguments(self, function: FunctionSpec, kind: Kind, depth: int, whole: bool) -> list[str]:
        fixed = [p for p in function.parameters if not p.repeats]
        again = [p for p in function.parameters if p.repeats]
        chosen = [p for p in fixed if not p.optional or self.random.random() < 0.5]
        chosen += again * self.random.randint(1, 3) if again else []
        if function.default_last and self.random.random() < 0.5:
            chosen.append(again[-1])
        groups: dict[str, Kind] = {"result": kind, "ordered": kind if kind in (NUMBER, DATE) else NUMBER}
        table = self.random.choice(["invoices", "customers"])
        column_kind = NUMBER
        written = []
        for parameter in chosen:
            own = groups.setdefault(parameter.group, self.random.choice(list(Kind))) if parameter.group else None
            if parameter.type in ("column", "number_column", "ordered_column"):
                column_kind = own or (NUMBER if parameter.type == "number_column" else self.random.choice(list(Kind)))
                written.append(self.column(column_kind, table, depth))
            elif parameter.type == "setting":
                written.append(self.random.choice(["0", "1", "-1", "2", "dias_gracia", "1E300", "2-1"]))
            elif parameter.type == "format":
                written.append(
                    self.random.choice(['"0,00"', '"#.##0"', '"aaaa-mm"', '"dd/mm/yyyy"', '"mmmm"', '"0%"', '"x"'])
                )
            elif parameter.type == "criterion":
                written.append(self.criterion(column_kind, depth))
            elif parameter.type in ("numbers", "ordered", "values", "bools"):
                wanted = own or {"numbers": NUMBER, "bools": BOOL, "ordered": NUMBER}.get(parameter.type, kind)
                written.append(self.of(wanted, depth, self.random.random() < 0.5))
            else:
                wanted = own or (Kind(parameter.type) if parameter.type != "any" else self.random.choice(list(Kind)))
                written.append(self.of(wanted, depth, whole))
        return written

    def column(self, kind: Kind, table: str, depth: int) -> str:
        names = [name for name, own in SCOPE.tables[table].fields.items() if own is kind]
        if not names:
            table = "invoices"
            names = [name for name, own in INVOICES.fields.items() if own is kind]
        if kind is NUMBER and depth > 2 and self.random.random() < 0.2:
            return f"({table}[{self.random.choice(names)}]*{self.leaf(NUMBER, False)})"
        return f"{table}[{self.random.choice(names)}]"

    def criterion(self, kind: Kind, depth: int) -> str:
        form = self.random.randrange(5)
        if form == 0:
            return f'"{self.random.choice(["", "<>", "=", "<", ">=", "<>"])}"&{self.of(kind, depth, False)}'
        if form == 1:
            return f'"{self.random.choice([*_WORDS, "<0,5", ">=2026-01-31", "<>12", "VERDADERO"])}"'
        return self.of(kind, depth, False)


def random_data(random: Random) -> Data:
    """Return data full of edge cases: no rows, blanks, errors, huge and tiny numbers, infinities, missing columns."""
    lengths = {"invoices": random.choice([0, 1, 2, 7]), "customers": random.choice([0, 1, 3])}
    tables = {
        name: {
            field: random_column(random, kind, lengths[name])
            for field, kind in scope.fields.items()
            if random.random() < 0.85
        }
        for name, scope in SCOPE.tables.items()
    }
    parameters = {
        name: random_column(random, kind, random.choice([1, 1, lengths["invoices"]]))
        for name, kind in SCOPE.parameters.items()
        if random.random() < 0.9
    }
    return Data(tables, lengths, "invoices", parameters, TODAY, lambda year: frozenset({dt.date(year, 1, 1)}))


def random_column(random: Random, kind: Kind, length: int) -> Column:
    """Return a column of edge cases."""
    state = None
    if random.random() < 0.6:
        state = np.array([random.choice([0, 0, 0, 1, 1, 2, 3, 4, 5, 6]) for _ in range(length)], dtype=np.uint8)
    scale = None
    if kind is TEXT:
        data = np.empty(length, dtype=object)
        data[:] = [random.choice(_WORDS) for _ in range(length)]
    elif kind is BOOL:
        data = np.array([random.random() < 0.5 for _ in range(length)], dtype=np.bool_)
    elif kind is DATE:
        data = np.array([random.choice([0, 1, 60, 46000, 46053, 2958465]) for _ in range(length)], dtype=np.int64)
    elif random.random() < 0.3:
        choices = [0.0, -0.0, 1.005, 2.675, 1e300, -1e-300, float("nan"), float("inf"), 0.1, -3.5, 1e15]
        data = np.array([random.choice(choices) for _ in range(length)], dtype=np.float64)
    elif random.random() < 0.2:
        scale = random.choice([0, 2, 12])
        data = np.empty(length, dtype=object)
        data[:] = [random.choice([0, 10**25, -(10**20), 5]) for _ in range(length)]
    else:
        scale = random.choice([0, 2, 2, 6, 12])
        data = np.array(
            [random.choice([0, 1, -1, 50, 3350, 2**62, -(2**63) + 1]) for _ in range(length)], dtype=np.int64
        )
    if state is not None:
        blank = {TEXT: "", BOOL: False}.get(kind, 0)
        data[state != 0] = blank
    return Column(kind, data, state, scale)
