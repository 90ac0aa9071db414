"""The Ecuadorian sample on paper: plain lists under title blocks, part of it pasted in as text."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from aliado.batch import samples_ecuador_office
from aliado.batch.samples_ecuador import ABROAD, CUSTOMERS, MONTH_END, NAME, SUPPLIERS, TAX_ID, bills, invoices
from aliado.batch.samples_ecuador_office import TOP, add_list
from aliado.batch.samples_ledger import (
    Item,
    credit_limits,
    month_starts,
    next_month,
    outstanding,
    payments,
    workday,
)
from aliado.batch.samples_sheet import Book, Column, Formula, Look, Value, place

FILE = "Distribuidora Chimborazo.xlsx"
PACK = """\
# Lo propio de este cliente: vende a plazos más largos. Lo demás se hereda del paquete de Ecuador.
# This client's own: it sells on longer terms. Everything else is inherited from the pack of Ecuador.
pack: distribuidora-chimborazo
extends: ec
version: 1.0.0
title: {es: Distribuidora Chimborazo, en: Distribuidora Chimborazo}
kpis:
  AR-DSO: {target: 50, amber: 60, red: 75}
"""
"""The rule pack beside the workbook."""
SELLERS = ("K. Paredes", "J. Guamán", "D. Intriago")

SALES = (
    Column("No. Factura", width=19),
    Column("Serie", width=11),
    Column("Fecha de emisión", "date", 12),
    Column("RUC", width=15),
    Column("Cliente", width=38),
    Column("Subtotal", "money", 12),
    Column("% IVA", "percent", 7),
    Column("IVA", "money", 11),
    Column("Total", "money", 12),
    Column("Fecha de vencimiento", "date", 13),
    Column("Moneda", width=9),
    Column("Estado", width=11),
    Column("En disputa", width=10),
    Column("Vendedor", width=13),
    Column("Días vencida", "number", 10),
    Column("Observaciones", width=34),
)


def write(folder: Path, as_of: date) -> Path:
    """Write the workbook and, beside it, its rule pack into `folder`; return the workbook's path."""
    path = folder / FILE
    path.with_suffix(".aliado.yaml").write_text(PACK, encoding="utf-8", newline="\n")
    sold, bought = invoices(as_of), bills(as_of)
    book = Book(path, Look("#7B2C2C"), as_of, {"title": NAME, "author": "Contadores Pichincha"})
    _write_sales(book, sold, as_of)
    _write_receipts(book, sold)
    _write_bills(book, bought)
    _write_parties(book, sold)
    _write_bank(book, sold, bought)
    samples_ecuador_office.write_documents(book, as_of)
    samples_ecuador_office.write_filings(book, as_of)
    samples_ecuador_office.write_tasks(book, as_of)
    _write_profile(book, as_of, outstanding(sold, "USD"))
    _write_control(book, sold, as_of)
    book.close()
    return path


def _write_sales(book: Book, items: list[Item], as_of: date) -> None:
    rows = [_describe(at, item, as_of) for at, item in enumerate(items)]
    sheet = add_list(book, "VENTAS", "REGISTRO DE VENTAS", SALES, rows)
    last = TOP + 1 + len(rows)
    book.write(sheet, 1, 8, "Corte:", "label")
    book.write(sheet, 1, 9, as_of, "date")
    book.write(sheet, 2, 8, "Facturado USD:", "label")
    typed = sum(
        row[8] for row, item in zip(rows, items, strict=True) if isinstance(row[8], int) and item.currency == "USD"
    )
    total = f'=SUMIFS(I{TOP + 2}:I{last},K{TOP + 2}:K{last},"USD")'
    book.write(sheet, 2, 9, Formula(total, typed / 100), "money")
    area = f"A{TOP + 2}:P{last}"
    sheet.conditional_format(
        area,
        {"type": "formula", "criteria": f'=$L{TOP + 2}="Anulada"', "format": book.styles["done"], "stop_if_true": True},
    )
    sheet.conditional_format(
        place(SALES, "Días vencida", TOP, len(rows)),
        {"type": "data_bar", "bar_color": "#E6A1A1", "bar_solid": True, "max_type": "num", "max_value": 180},
    )
    states = {"validate": "list", "source": ["Pendiente", "Abonada", "Cobrada", "Anulada"]}
    sheet.data_validation(place(SALES, "Estado", TOP, len(rows)), states)
    disputed = next(row for row, item in enumerate(items, TOP + 1) if item.disputed)
    sheet.write_comment(
        disputed, 12, "Bodega confirma 4 cajas de menos; falta la nota de crédito.", {"author": "Rocío"}
    )
    book.workbook.define_name("Ventas_totales", f"=VENTAS!$I${TOP + 2}:$I${last}")


def _describe(at: int, item: Item, as_of: date) -> list[Value]:
    """Return one row of the register; some rows were pasted in as text, as the portal hands them out."""
    issued: Value = f"{item.issued:%d/%m/%Y}" if 300 <= at < 372 or at % 97 == 40 else item.issued
    base: Value = item.base
    total: Value = item.total
    if at % 151 == 75:
        base, total = _type(item.base), _type(item.total)
    state = _state(item)
    due: Value = item.due
    late: Value = None
    if item.note == MONTH_END:
        due = "fin de mes"
    elif item.balance > 0 and item.due and not item.disputed:
        row = TOP + 2 + at
        late = Formula(f'=IF(OR(L{row}="Anulada",J{row}=""),"",MAX(0,$J$2-J{row}))', max(0, (as_of - item.due).days))
    return [
        item.number,
        item.series,
        issued,
        item.party.tax_id,
        item.party.name,
        base,
        item.rate / 100,
        item.vat,
        total,
        due,
        item.currency,
        state,
        "Sí" if item.disputed else None,
        SELLERS[len(item.party.name) % 3],
        late,
        item.note or None,
    ]


def _type(cents: int) -> str:
    """Return an amount as somebody types it: 1.234,56."""
    return f"{cents / 100:,.2f}".translate(str.maketrans(",.", ".,"))


def _state(item: Item) -> str:
    if item.cancelled:
        return "Anulada"
    if not item.balance:
        return "Cobrada"
    return "Abonada" if item.paid else "Pendiente"


def _write_receipts(book: Book, items: list[Item]) -> None:
    columns: tuple[Column, ...] = (
        Column("Fecha de cobro", "date", 12),
        Column("No. Factura", width=19),
        Column("Cliente", width=38),
        Column("Valor", "money", 13),
        Column("Moneda", width=9),
        Column("Forma de cobro", width=18),
        Column("No. recibo", width=14),
    )
    rows: list[list[Value]] = []
    for at, (item, payment) in enumerate(payments(items)):
        way = "Cruce con NC" if payment.offset else ("Transferencia", "Cheque", "Transferencia", "Depósito")[at % 4]
        amount: Value = _type(payment.amount) if at % 203 == 101 else payment.amount
        rows.append([payment.day, item.number, item.party.name, amount, item.currency, way, f"CI-{at + 3302:05d}"])
    add_list(book, "COBROS", "COBROS DE CLIENTES", columns, rows)


def _write_bills(book: Book, items: list[Item]) -> None:
    columns: tuple[Column, ...] = (
        Column("No. Factura", width=19),
        Column("Fecha de emisión", "date", 12),
        Column("RUC", width=15),
        Column("Proveedor", width=36),
        Column("Concepto", width=26),
        Column("Subtotal", "money", 12),
        Column("% IVA", "percent", 7),
        Column("IVA", "money", 11),
        Column("Total", "money", 12),
        Column("Fecha de vencimiento", "date", 13),
        Column("Registrado por", width=14),
        Column("Aprobado por", width=14),
    )
    rows: list[list[Value]] = []
    for at, item in enumerate(items):
        issued: Value = "31/02/" + str(item.issued.year) if at == 250 else item.issued
        total: Value = "por confirmar" if at == 262 else item.total
        approved = "M. Yánez" if at % 83 == 30 else "R. Almeida"
        rows.append(
            [
                item.number,
                issued,
                item.party.tax_id,
                item.party.name,
                item.concept,
                item.base,
                item.rate / 100,
                item.vat,
                total,
                item.due,
                "M. Yánez",
                approved,
            ]
        )
    add_list(book, "COMPRAS", "REGISTRO DE COMPRAS", columns, rows)
    columns = (
        Column("Fecha de pago", "date", 12),
        Column("No. Factura", width=19),
        Column("Proveedor", width=36),
        Column("Valor", "money", 13),
        Column("Forma de pago", width=16),
    )
    paid: list[list[Value]] = [
        [payment.day, item.number, item.party.name, payment.amount, "Transferencia" if payment.amount % 2 else "Cheque"]
        for item, payment in payments(items)
    ]
    add_list(book, "PAGOS", "PAGOS A PROVEEDORES", columns, paid)


def _write_parties(book: Book, items: list[Item]) -> None:
    limits = credit_limits([item for item in items if item.currency == "USD"], CUSTOMERS)
    columns: tuple[Column, ...] = (
        Column("Cliente", width=40),
        Column("RUC", width=15),
        Column("Ciudad", width=14),
        Column("Días de crédito", "number", 10),
        Column("Cupo de crédito", "money", 14),
        Column("Correo", width=34),
    )
    rows: list[list[Value]] = [
        [p.name, p.tax_id, p.place, p.terms, limits[p.name], f"pagos{at:02d}@cliente.example" if at % 10 != 7 else None]
        for at, p in enumerate(CUSTOMERS, 1)
    ]
    rows.append([ABROAD.name, ABROAD.tax_id, ABROAD.place, ABROAD.terms, None, "ap@blumen.example"])
    add_list(book, "CLIENTES", "CLIENTES", columns, rows)
    columns = (Column("Proveedor", width=38), Column("RUC", width=15), Column("Días de crédito", "number", 10))
    add_list(book, "PROVEEDORES", "PROVEEDORES", columns, [[p.name, p.tax_id, p.terms] for p in SUPPLIERS])


def _write_bank(book: Book, sold: list[Item], bought: list[Item]) -> None:
    moves = [
        (pay.day, f"Depósito {item.party.name}", pay.amount, item.number)
        for item, pay in payments(sold)
        if not pay.offset and item.currency == "USD"
    ]
    moves += [(pay.day, f"Egreso {item.party.name}", -pay.amount, item.number) for item, pay in payments(bought)]
    first, last = min(move[0] for move in moves), max(move[0] for move in moves)
    for month in month_starts(last, 14):
        day = workday(next_month(month) - timedelta(days=1), -1)
        moves += [(day, "Rol de pagos", -1_462_000, "ROL"), (day, "Planilla IESS", -318_500, "IESS")]
    moves.append((workday(last - timedelta(days=9), -1), "Depósito en ventanilla sin referencia", 120_000, ""))
    balance = 7_218_455
    rows: list[list[Value]] = []
    for day, text, amount, reference in sorted(move for move in moves if first <= move[0] <= last):
        balance += amount
        rows.append([day, text, amount, balance, reference or None])
    columns: tuple[Column, ...] = (
        Column("Fecha", "date", 11),
        Column("Detalle", width=50),
        Column("Valor", "money", 13),
        Column("Saldo", "money", 14),
        Column("Documento", width=20),
    )
    add_list(book, "BANCOS", "BANCO CUENTA CORRIENTE 22-0418", columns, rows)


def _write_profile(book: Book, as_of: date, control: int) -> None:
    columns: tuple[Column, ...] = (
        Column("Razón social", width=38),
        Column("RUC", width=15),
        Column("País", width=8),
        Column("Moneda", width=9),
        Column("Idioma", width=9),
        Column("Régimen", width=12),
        Column("Tipo", width=12),
        Column("Contribuyente especial", width=13),
        Column("Empleados", "number", 11),
        Column("Responsable", width=14),
        Column("Saldo de control", "money", 14),
        Column("Fecha de control", "date", 13),
    )
    row: list[Value] = [NAME, TAX_ID, "EC", "USD", "es", "General", "Sociedad", "No", 14, "R. Almeida", control, as_of]
    add_list(book, "FICHA", "FICHA DEL CLIENTE", columns, [row])


def _write_control(book: Book, items: list[Item], as_of: date) -> None:
    """Write the client's own sheet: sales per seller, with a chart."""
    sheet = book.add_sheet("VENDEDORES", "#404040")
    book.write(sheet, 0, 0, "Ventas por vendedor, últimos 14 meses", "title")
    last = TOP + 1 + len(items)
    rows: list[list[Value]] = []
    for at, seller in enumerate(SELLERS, 4):
        sold = sum(
            item.base
            for row, item in enumerate(items)
            if SELLERS[len(item.party.name) % 3] == seller and row % 151 != 75
        )
        formula = f"=SUMIFS(VENTAS!$F${TOP + 2}:$F${last},VENTAS!$N${TOP + 2}:$N${last},$A{at})"
        rows.append([seller, Formula(formula, sold / 100), Formula(f"=ROUND(B{at}*1.5%,2)", round(sold * 0.015) / 100)])
    columns: tuple[Column, ...] = (
        Column("Asesor", width=18),
        Column("Subtotal vendido", "money", 18),
        Column("Comisión 1,5 %", "money", 16),
    )
    book.write_list(sheet, columns, rows, top=2)
    chart = book.workbook.add_chart({"type": "pie"})
    colours = ("#7B2C2C", "#C98A5B", "#5B7B8C")
    chart.add_series(
        {
            "categories": "=VENDEDORES!$A$4:$A$6",
            "values": "=VENDEDORES!$B$4:$B$6",
            "points": [{"fill": {"color": colour}} for colour in colours],
            "data_labels": {"percentage": True, "font": {"color": "white", "bold": True}},
        }
    )
    chart.set_title({"name": "Participación por vendedor", "name_font": {"size": 12}})
    chart.set_size({"width": 420, "height": 300})
    sheet.insert_chart("E3", chart, {"description": "Participación de cada vendedor en las ventas"})
    book.write(sheet, 7, 0, f"Elaborado al {as_of:%d/%m/%Y}", "note")
