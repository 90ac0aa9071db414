"""Thirty rules over invoices, each written as an accountant would and in the language of every contender."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from aliado.formula.values import to_serial

AS_OF = date(2026, 11, 20)
TODAY = to_serial(AS_OF)
STATUSES = ("Emitida", "Cobrada", "Anulada")
SELLERS = ("Ana", "Luis", "Marta", "Pedro", "Sara", "Tomás", "Vera", "Iván")


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. excel: as in a pack; pandas, sql, zen, engine (rule-engine): the same condition in those languages."""

    excel: str
    pandas: str
    sql: str
    zen: str
    engine: str


def _overdue(days: int, least: int) -> Rule:
    return Rule(
        f'=Y([@Saldo]>{least}; HOY()-[@Vencimiento]>{days}; [@Estado]<>"Anulada")',
        f'(df.balance > {least}) & ((today - df.due).dt.days > {days}) & (df.status != "Anulada")',
        f"balance > {least} AND DATE '{AS_OF}' - due > {days} AND status <> 'Anulada'",
        f'#.balance > {least} and #.due != null and {TODAY} - #.due > {days} and #.status != "Anulada"',
        f'balance > {least} and due != null and {TODAY} - due > {days} and status != "Anulada"',
    )


def _seller(name: str, total: int) -> Rule:
    return Rule(
        f'=Y([@Vendedor]="{name}"; [@Total]>{total}; [@Saldo]>0)',
        f'(df.seller == "{name}") & (df.total > {total}) & (df.balance > 0)',
        f"seller = '{name}' AND total > {total} AND balance > 0",
        f'#.seller == "{name}" and #.total > {total} and #.balance > 0',
        f'seller == "{name}" and total > {total} and balance > 0',
    )


def _term(days: int) -> Rule:
    return Rule(
        f"=[@Vencimiento]-[@Fecha]>{days}",
        f"(df.due - df.issue).dt.days > {days}",
        f"due - issue > {days}",
        f"#.due != null and #.due - #.issue > {days}",
        f"due != null and due - issue > {days}",
    )


def _open_share(percent: int) -> Rule:
    share = percent / 100
    return Rule(
        f"=Y([@Total]>0; [@Saldo]/[@Total]>{share})",
        f"(df.total > 0) & (df.balance / df.total > {share})",
        f"total > 0 AND balance / total > {share}",
        f"#.total > 0 and #.balance / #.total > {share}",
        f"total > 0 and balance / total > {share}",
    )


RULES: tuple[Rule, ...] = (
    *(_overdue(days, least) for days, least in ((0, 0), (30, 0), (60, 0), (90, 0), (120, 0), (15, 5000), (45, 2500))),
    *(_seller(name, 4000) for name in SELLERS),
    *(_term(days) for days in (60, 75, 100)),
    *(_open_share(percent) for percent in (25, 50, 75)),
    Rule(
        "=ABS(REDONDEAR([@Base]*[@[% IVA]]; 2) - [@IVA]) > 0.02",
        "((df.base * df.rate).round(2) - df.vat).abs() > 0.02",
        "abs(round(base * rate, 2) - vat) > 0.02",
        "abs(round(#.base * #.rate * 100) / 100 - #.vat) > 0.02",
        "$abs(base * rate - vat) > 0.025",
    ),
    Rule(
        "=ABS([@Base]+[@IVA]-[@Total]) > 0.02",
        "(df.base + df.vat - df.total).abs() > 0.02",
        "abs(base + vat - total) > 0.02",
        "abs(#.base + #.vat - #.total) > 0.02",
        "$abs(base + vat - total) > 0.02",
    ),
    Rule(
        "=Y([@Total]>8000; ESBLANCO([@Pedido]))",
        '(df.total > 8000) & (df.order == "")',
        "total > 8000 AND \"order\" = ''",
        '#.total > 8000 and #.order == ""',
        'total > 8000 and order == ""',
    ),
    Rule(
        '=Y([@[En disputa]]; [@Saldo]>0; [@Estado]<>"Anulada")',
        '(df.disputed) & (df.balance > 0) & (df.status != "Anulada")',
        "disputed AND balance > 0 AND status <> 'Anulada'",
        '#.disputed and #.balance > 0 and #.status != "Anulada"',
        'disputed and balance > 0 and status != "Anulada"',
    ),
    Rule(
        "=[@Vencimiento]<[@Fecha]",
        "df.due < df.issue",
        "due < issue",
        "#.due != null and #.due < #.issue",
        "due != null and due < issue",
    ),
    Rule(
        "=Y([@[% IVA]]<>0; [@[% IVA]]<>5%; [@[% IVA]]<>15%)",
        "(df.rate != 0) & (df.rate != 0.05) & (df.rate != 0.15)",
        "rate <> 0 AND rate <> 0.05 AND rate <> 0.15",
        "#.rate != 0 and #.rate != 0.05 and #.rate != 0.15",
        "rate != 0 and rate != 0.05 and rate != 0.15",
    ),
    Rule(
        '=Y(IZQUIERDA([@Cliente]; 9)="Cliente 7"; O([@Vendedor]="Ana"; [@Vendedor]="Luis"))',
        '(df.customer.str[:9] == "Cliente 7") & ((df.seller == "Ana") | (df.seller == "Luis"))',
        "starts_with(customer, 'Cliente 7') AND (seller = 'Ana' OR seller = 'Luis')",
        'startsWith(#.customer, "Cliente 7") and (#.seller == "Ana" or #.seller == "Luis")',
        'customer =~ "Cliente 7" and (seller == "Ana" or seller == "Luis")',
    ),
    Rule(
        '=Y([@Fecha]<FECHA(2026;3;1); [@Saldo]>0; [@Cliente]<>"Cliente 7")',
        '(df.issue < "2026-03-01") & (df.balance > 0) & (df.customer != "Cliente 7")',
        "issue < DATE '2026-03-01' AND balance > 0 AND customer <> 'Cliente 7'",
        f'#.issue < {to_serial(date(2026, 3, 1))} and #.balance > 0 and #.customer != "Cliente 7"',
        f'issue < {to_serial(date(2026, 3, 1))} and balance > 0 and customer != "Cliente 7"',
    ),
    Rule(
        '=O(Y([@Estado]="Cobrada"; [@Saldo]>0); Y([@Estado]="Emitida"; [@Saldo]>[@Total]))',
        '((df.status == "Cobrada") & (df.balance > 0)) | ((df.status == "Emitida") & (df.balance > df.total))',
        "(status = 'Cobrada' AND balance > 0) OR (status = 'Emitida' AND balance > total)",
        '(#.status == "Cobrada" and #.balance > 0) or (#.status == "Emitida" and #.balance > #.total)',
        '(status == "Cobrada" and balance > 0) or (status == "Emitida" and balance > total)',
    ),
)


def make_invoices(rows: int) -> Mapping[str, np.ndarray]:
    """Return columns of invoices: amounts in integer cents, rates in millionths, dates as Excel serial days, due 0 where blank."""
    random = np.random.default_rng(20261120)
    base = random.integers(1_000, 1_000_000, rows)
    rate = random.choice(np.array([0, 50_000, 150_000, 120_000]), rows, p=[0.1, 0.1, 0.78, 0.02])
    vat = (base * rate + 500_000) // 1_000_000
    vat = np.where(random.random(rows) < 0.01, vat + 500, vat)
    total = np.where(random.random(rows) < 0.01, base + vat + 100, base + vat)
    paid = random.choice(np.array([0, 50, 100]), rows, p=[0.3, 0.2, 0.5])
    issue = TODAY - random.integers(0, 720, rows)
    due = issue + random.choice(np.array([-1, 15, 30, 60, 90, 120]), rows, p=[0.01, 0.19, 0.4, 0.2, 0.1, 0.1])
    balance = total - total * paid // 100
    status = np.where(balance == 0, 1, np.where(random.random(rows) < 0.03, 2, 0))
    balance = np.where((status == 0) & (random.random(rows) < 0.005), total + 100, balance)
    balance = np.where(status == 2, 0, balance)  # what is void owes nothing, in every engine
    return {
        "number": np.array([f"F-{number:06d}" for number in random.permutation(rows * 9)[:rows]], dtype=object),
        "customer": np.array([f"Cliente {number}" for number in random.integers(1, 2001, rows)], dtype=object),
        "issue": issue,
        "due": np.where(random.random(rows) < 0.02, 0, due),
        "base": base,
        "rate": rate,
        "vat": vat,
        "total": total,
        "balance": balance,
        "status": np.array(STATUSES, dtype=object)[status],
        "seller": np.array(SELLERS, dtype=object)[random.integers(0, len(SELLERS), rows)],
        "order": np.where(random.random(rows) < 0.1, "", "P-1").astype(object),
        "disputed": random.random(rows) < 0.05,
    }
