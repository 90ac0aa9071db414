"""The Spanish sample on paper: Excel tables, a summary with a chart, names, lists and comments of the client's own."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from aliado.batch import samples_spain_office
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
from aliado.batch.samples_spain import CUSTOMERS, NAME, SUPPLIERS, TAX_ID, bills, invoices

FILE = "Suministros Ribera del Ebro.xlsx"
OPEN = (
    '=IF(Facturas[[#This Row],[Estado]]="Anulada",0,ROUND(Facturas[[#This Row],[Total]]'
    "-SUMIFS(Cobros[Importe],Cobros[Factura],Facturas[[#This Row],[Factura]]),2))"
)
LATE = (
    '=IF(OR(Facturas[[#This Row],[Pendiente]]<=0,Facturas[[#This Row],[Vencimiento]]=""),0,'
    "MAX(0,Fecha_corte-Facturas[[#This Row],[Vencimiento]]))"
)
INVOICES = (
    Column("Factura", width=13),
    Column("Serie", width=7),
    Column("Fecha", "date", 11),
    Column("Fecha albarán", "date", 11),
    Column("Cliente", width=34),
    Column("NIF", width=11),
    Column("Concepto", width=27),
    Column("Base imponible", "money", 12),
    Column("% IVA", "percent", 7),
    Column("Cuota IVA", "money", 11),
    Column("Total", "money", 12),
    Column("Vencimiento", "date", 12),
    Column("Forma de pago", width=15),
    Column("Estado", width=11),
    Column("Pendiente", "money", 12, OPEN),
    Column("Días de retraso", "number", 9, LATE),
    Column("Observaciones", width=34),
)


def write(folder: Path, as_of: date) -> Path:
    """Write the workbook into `folder` and return its path."""
    path = folder / FILE
    issued, received = invoices(as_of), bills(as_of)
    book = Book(
        path,
        Look("#1F4E79", money='#,##0.00 "€";[Red]-#,##0.00 "€";"-"'),
        as_of,
        {"title": NAME, "author": "Gestoría Aljafería", "subject": "Seguimiento mensual"},
    )
    _write_profile(book, as_of, outstanding(issued, "EUR"))
    _write_invoices(book, issued, as_of)
    _write_receipts(book, issued)
    _write_bills(book, received)
    _write_parties(book, issued)
    _write_bank(book, issued, received)
    samples_spain_office.write_documents(book, as_of)
    samples_spain_office.write_filings(book, as_of)
    samples_spain_office.write_tasks(book, as_of)
    samples_spain_office.write_budget(book, issued, received, as_of)
    _write_summary(book, issued, as_of)
    book.close()
    return path


def _write_profile(book: Book, as_of: date, control: int) -> None:
    sheet = book.add_sheet("Ficha")
    book.write(sheet, 0, 0, NAME, "title")
    book.write(sheet, 1, 0, "Ficha del cliente. El saldo de control es el de la cuenta 430 en contabilidad.", "note")
    columns: tuple[Column, ...] = (
        Column("Razón social", width=36),
        Column("NIF", width=12),
        Column("País", width=8),
        Column("Moneda", width=9),
        Column("Idioma", width=9),
        Column("Régimen", width=12),
        Column("Tipo", width=12),
        Column("Gran empresa", width=10),
        Column("Empleados", "number", 11),
        Column("Modelos", width=34),
        Column("Responsable", width=18),
        Column("Saldo de control", "money", 18),
        Column("Fecha de control", "date", 13),
    )
    row: list[Value] = [
        NAME,
        TAX_ID,
        "ES",
        "EUR",
        "es",
        "General",
        "Sociedad",
        "No",
        9,
        "303, 111, 115, 180, 190, 200, 347, 390",
        "Marta Lahoz",
        control,
        as_of,
    ]
    book.write_list(sheet, columns, [row], top=3, table="Ficha")


def _write_invoices(book: Book, items: list[Item], as_of: date) -> None:
    sheet = book.add_sheet("Facturas")
    rows = [_describe(item, as_of) for item in items]
    book.write_list(sheet, INVOICES, rows, table="Facturas")
    count = len(rows)
    sheet.conditional_format(
        f"A2:Q{count + 1}", {"type": "formula", "format": book.styles["late"], "criteria": "=$P2>60"}
    )
    sheet.conditional_format(
        f"A2:Q{count + 1}", {"type": "formula", "format": book.styles["done"], "criteria": '=$N2="Anulada"'}
    )
    states = {"validate": "list", "source": ["Pendiente", "Parcial", "Cobrada", "En disputa", "Anulada", "Abono"]}
    sheet.data_validation(place(INVOICES, "Estado", 0, count), states)
    ways = {"validate": "list", "source": ["Transferencia", "Giro", "Confirming", "Contado"]}
    sheet.data_validation(place(INVOICES, "Forma de pago", 0, count), ways)
    dispute = next(row for row, item in enumerate(items, 1) if item.disputed)
    sheet.write_comment(
        dispute,
        4,
        "Hablado con el jefe de obra: pagan cuando aparezca el albarán firmado.",
        {"author": "Marta", "x_scale": 1.6},
    )


def _describe(item: Item, as_of: date) -> list[Value]:
    """Return one row of the sheet of invoices."""
    late = max(0, (as_of - item.due).days) if item.due and item.balance > 0 else 0
    way = ("Transferencia", "Giro", "Confirming")[(item.party.terms // 15 + len(item.party.name)) % 3]
    return [
        item.number,
        item.series,
        item.issued,
        # Delivered a few days before it is billed; a credit note has no delivery.
        workday(item.issued - timedelta(days=len(item.concept + item.party.name) % 9), -1) if item.total > 0 else None,
        item.party.name,
        item.party.tax_id,
        item.concept,
        item.base,
        item.rate / 100,
        item.vat,
        item.total,
        item.due,
        way,
        _state(item),
        Formula(OPEN, item.balance / 100),
        Formula(LATE, late),
        item.note or None,
    ]


def _state(item: Item) -> str:
    if item.cancelled:
        return "Anulada"
    if item.disputed:
        return "En disputa"
    if item.total < 0:
        return "Abono"
    if not item.balance:
        return "Cobrada"
    return "Parcial" if item.paid else "Pendiente"


def _write_receipts(book: Book, items: list[Item]) -> None:
    sheet = book.add_sheet("Cobros")
    columns: tuple[Column, ...] = (
        Column("Fecha de cobro", "date", 12),
        Column("Factura", width=14),
        Column("Cliente", width=34),
        Column("Importe", "money", 14),
        Column("Medio de pago", width=15),
        Column("Referencia", width=16),
    )
    rows: list[list[Value]] = []
    for place_, (item, payment) in enumerate(payments(items), 4101):
        way = "Compensación" if payment.offset else ("Transferencia", "Transferencia", "Giro")[place_ % 3]
        reference = None if payment.offset else f"TR{place_:06d}"
        rows.append([payment.day, item.number, item.party.name, payment.amount, way, reference])
    paid = sum(payment.amount for _, payment in payments(items))
    book.write_list(sheet, columns, rows, table="Cobros", total={"Importe": paid})


def _write_bills(book: Book, items: list[Item]) -> None:
    sheet = book.add_sheet("Facturas recibidas", "#7F6000")
    columns: tuple[Column, ...] = (
        Column("Nº factura proveedor", width=15),
        Column("Fecha factura", "date", 11),
        Column("Proveedor", width=34),
        Column("NIF proveedor", width=11),
        Column("Concepto", width=24),
        Column("Base imponible", "money", 12),
        Column("% IVA", "percent", 7),
        Column("Cuota IVA", "money", 11),
        Column("Total", "money", 12),
        Column("Vencimiento", "date", 12),
        Column("Registrada por", width=13),
        Column("Aprobada por", width=13),
    )
    rows: list[list[Value]] = []
    for position, item in enumerate(items):
        approved = "Lucía" if position % 47 == 19 else "Marta"
        rows.append(
            [
                item.number,
                item.issued,
                item.party.name,
                item.party.tax_id,
                item.concept,
                item.base,
                item.rate / 100,
                item.vat,
                item.total,
                item.due,
                "Lucía",
                approved,
            ]
        )
    book.write_list(sheet, columns, rows, table="Recibidas")
    sheet = book.add_sheet("Pagos", "#7F6000")
    columns = (
        Column("Fecha de pago", "date", 12),
        Column("Factura", width=15),
        Column("Proveedor", width=34),
        Column("Importe", "money", 14),
        Column("Medio de pago", width=15),
    )
    paid: list[list[Value]] = [
        [payment.day, item.number, item.party.name, payment.amount, "Transferencia"]
        for item, payment in payments(items)
    ]
    book.write_list(sheet, columns, paid, table="Pagos")


def _write_parties(book: Book, items: list[Item]) -> None:
    sheet = book.add_sheet("Clientes", "#548235")
    limits = credit_limits(items, CUSTOMERS)
    columns: tuple[Column, ...] = (
        Column("Cliente", width=36),
        Column("NIF", width=12),
        Column("Población", width=22),
        Column("Plazo (días)", "number", 11),
        Column("Límite de crédito", "money", 14),
        Column("Correo electrónico", width=34),
        Column("Contacto", width=16),
    )
    contacts = ("Pilar", "Javier", "Ana", "Jesús", "Elena", "Miguel")
    rows: list[list[Value]] = []
    for at, party in enumerate(CUSTOMERS):
        mail = f"administracion@{_domain(party.name)}.example" if at % 9 != 5 else None
        rows.append(
            [party.name, party.tax_id, party.place, party.terms, limits[party.name], mail, contacts[at % len(contacts)]]
        )
    book.write_list(sheet, columns, rows, table="Clientes")
    sheet = book.add_sheet("Proveedores", "#548235")
    columns = (Column("Proveedor", width=36), Column("NIF", width=12), Column("Plazo (días)", "number", 11))
    book.write_list(sheet, columns, [[p.name, p.tax_id, p.terms] for p in SUPPLIERS], table="Proveedores")


def _domain(name: str) -> str:
    plain = name.split(",", maxsplit=1)[0].lower().translate(str.maketrans("áéíóúñ", "aeioun"))
    return "".join(plain.split()[:2])


def _write_bank(book: Book, issued: list[Item], received: list[Item]) -> None:
    sheet = book.add_sheet("Bancos", "#548235")
    moves = [
        (pay.day, f"Transf. de {item.party.name}", pay.amount, item.number)
        for item, pay in payments(issued)
        if not pay.offset
    ]
    moves += [(pay.day, f"Pago a {item.party.name}", -pay.amount, item.number) for item, pay in payments(received)]
    first, last = min(move[0] for move in moves), max(move[0] for move in moves)
    for month in month_starts(last, 14):
        day = workday(next_month(month) - timedelta(days=1), -1)
        moves += [(day, "Nóminas", -1_284_000, "NOM"), (day, "Seguridad Social", -402_518, "TC1")]
    # Movements that nobody has matched yet.
    moves += [
        (workday(last - timedelta(days=12), -1), "Ingreso en efectivo oficina 0482", 75_000, ""),
        (workday(last - timedelta(days=5), -1), "Comisión mantenimiento", -1_850, ""),
    ]
    balance = 9_641_277
    rows: list[list[Value]] = []
    for day, text, amount, reference in sorted(move for move in moves if first <= move[0] <= last):
        balance += amount
        rows.append([day, text, amount, balance, reference or None])
    columns: tuple[Column, ...] = (
        Column("Fecha", "date", 11),
        Column("Concepto", width=46),
        Column("Importe", "money", 14),
        Column("Saldo", "money", 15),
        Column("Referencia", width=16),
    )
    book.write_list(sheet, columns, rows, table="Bancos")


def _write_summary(book: Book, items: list[Item], as_of: date) -> None:
    """Write what the client made for itself: its months, its target, its chart and its names."""
    sheet = book.add_sheet("Resumen", "#404040")
    book.write(sheet, 0, 0, "Resumen de ventas", "title")
    book.write(sheet, 1, 0, "Fecha de corte", "label")
    book.write(sheet, 1, 1, as_of, "date")
    book.write(sheet, 2, 0, "Objetivo mensual", "label")
    book.write(sheet, 2, 1, 4_500_000, "money")
    book.workbook.define_name("Fecha_corte", "=Resumen!$B$2")
    book.workbook.define_name("Objetivo_mensual", "=Resumen!$B$3")
    months = month_starts(as_of, 13)
    live = [item for item in items if not item.cancelled]
    rows: list[list[Value]] = []
    for at, month in enumerate(months, 7):
        sold = sum(item.base for item in live if month <= item.issued < next_month(month))
        taken = sum(pay.amount for _, pay in payments(items) if month <= pay.day < next_month(month))
        window = f'">="&$A{at},{{0}},"<"&EDATE($A{at},1)'
        sales = (
            f"=SUMIFS(Facturas[Base imponible],Facturas[Fecha],{window.format('Facturas[Fecha]')},"
            'Facturas[Estado],"<>Anulada")'
        )
        cash = f"=SUMIFS(Cobros[Importe],Cobros[Fecha de cobro],{window.format('Cobros[Fecha de cobro]')})"
        rows.append(
            [
                month,
                Formula(sales, sold / 100),
                Formula(cash, taken / 100),
                Formula("=Objetivo_mensual", 45_000),
                Formula(f"=B{at}/D{at}", sold / 4_500_000),
            ]
        )
    columns: tuple[Column, ...] = (
        Column("Mes", "month", 17),
        Column("Ventas sin IVA", "money", 15),
        Column("Cobros del mes", "money", 15),
        Column("Objetivo", "money", 15),
        Column("Logro", "percent", 10),
    )
    book.write_list(sheet, columns, rows, top=5)
    last = 6 + len(rows)
    sheet.conditional_format(
        f"E7:E{last}", {"type": "3_color_scale", "min_color": "#F8CBAD", "mid_color": "#FFF2CC", "max_color": "#C6E0B4"}
    )
    chart = book.workbook.add_chart({"type": "column"})
    chart.add_series(
        {
            "name": "=Resumen!$B$6",
            "categories": f"=Resumen!$A$7:$A${last}",
            "values": f"=Resumen!$B$7:$B${last}",
            "fill": {"color": "#1F4E79"},
            "gap": 60,
        }
    )
    line = book.workbook.add_chart({"type": "line"})
    line.add_series(
        {
            "name": "=Resumen!$D$6",
            "categories": f"=Resumen!$A$7:$A${last}",
            "values": f"=Resumen!$D$7:$D${last}",
            "line": {"color": "#C55A11", "width": 2},
        }
    )
    chart.combine(line)
    chart.set_title({"name": "Ventas mensuales y objetivo", "name_font": {"size": 12}})
    chart.set_x_axis({"num_format": "mmm yy", "date_axis": False})
    chart.set_y_axis({"num_format": "#,##0", "major_gridlines": {"visible": True, "line": {"color": "#D9D9D9"}}})
    chart.set_legend({"position": "bottom"})
    chart.set_size({"width": 720, "height": 340})
    sheet.insert_chart("G6", chart, {"description": "Ventas de los últimos 13 meses frente al objetivo"})
