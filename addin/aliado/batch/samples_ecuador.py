"""The Ecuadorian sample: a wholesaler in Quito, kept in plain sheets under title blocks, part of it pasted in as text."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from aliado.batch.samples_ledger import (
    Item,
    Party,
    Payment,
    bill,
    credit,
    credit_limits,
    month_starts,
    next_month,
    outstanding,
    payments,
    seed,
    settle,
    workday,
)
from aliado.batch.samples_sheet import Book, Column, Formula, Look, Value, place

NAME = "Distribuidora Chimborazo Cía. Ltda."
FILE = "Distribuidora Chimborazo.xlsx"
TOP = 5
"""Row (0-based) of the headings: a title block stands above."""


def _ruc(province: int, serial: int) -> str:
    """Return a company's RUC: the first of the serials from `serial` on whose check digit exists."""
    while True:
        digits = f"{province:02d}9{serial:06d}"
        check = -sum(int(d) * weight for d, weight in zip(digits, (4, 3, 2, 7, 6, 5, 4, 3, 2), strict=True)) % 11
        if check < 10:
            return f"{digits}{check}001"
        serial += 1


CUSTOMERS = tuple(
    Party(name, _ruc(province, 104_233 + at * 17_389), terms, late, weight, place)
    for at, (name, province, terms, late, weight, place) in enumerate((
        ("Comercial El Constructor Cía. Ltda.", 17, 30, 14, 7, "Quito"),
        ("Supermercados La Pradera S.A.", 17, 45, 3, 9, "Quito"),
        ("Ferretería Hermanos Chávez Cía. Ltda.", 18, 30, 9, 4, "Ambato"),
        ("Almacenes Tungurahua S.A.", 18, 30, 6, 5, "Ambato"),
        ("Hostería Baños Termales Cía. Ltda.", 18, 30, 18, 2, "Baños"),
        ("Agrícola Valle del Chota S.A.", 10, 45, 21, 3, "Ibarra"),
        ("Textiles Otavalo Norte Cía. Ltda.", 10, 30, 5, 3, "Otavalo"),
        ("Comisariato del Austro S.A.", 1, 45, 2, 6, "Cuenca"),
        ("Cerámicas Tomebamba S.A.", 1, 45, 11, 4, "Cuenca"),
        ("Bananera Río Babahoyo S.A.", 12, 60, 16, 5, "Babahoyo"),
        ("Camaronera Golfo Sur S.A.", 7, 60, 24, 4, "Machala"),
        ("Distribuciones Puerto Bolívar Cía. Ltda.", 7, 30, 8, 3, "Machala"),
        ("Importadora Guayas Centro S.A.", 9, 45, 4, 7, "Guayaquil"),
        ("Constructora Samanes S.A.", 9, 60, 33, 5, "Guayaquil"),
        ("Farmacias Buen Pastor Cía. Ltda.", 9, 30, 1, 5, "Guayaquil"),
        ("Pesquera Manta Azul S.A.", 13, 45, 12, 4, "Manta"),
        ("Hotel Malecón Portoviejo Cía. Ltda.", 13, 30, 15, 2, "Portoviejo"),
        ("Aserraderos Quinindé S.A.", 8, 30, 27, 2, "Quinindé"),
        ("Palmera Esmeraldas Verde S.A.", 8, 45, 19, 3, "Esmeraldas"),
        ("Lácteos Machachi Cía. Ltda.", 17, 30, 4, 4, "Machachi"),
        ("Molinos Cordillera S.A.", 5, 30, 7, 3, "Latacunga"),
        ("Flores Cotopaxi Export S.A.", 5, 45, 10, 4, "Latacunga"),
        ("Curtiembre Guano Cía. Ltda.", 6, 30, 13, 2, "Guano"),
        ("Cooperativa Riobamba Andina", 6, 30, -2, 3, "Riobamba"),
        ("Transportes Panamericana Sur S.A.", 11, 30, 17, 2, "Loja"),
        ("Café Zamora Alto Cía. Ltda.", 19, 45, 22, 2, "Zamora"),
        ("Servicios Petroleros Coca S.A.", 22, 60, 29, 4, "El Coca"),
        ("Maderas Puyo Oriental Cía. Ltda.", 16, 30, 90, 1, "Puyo"),
        ("Ópticas Los Andes S.A.", 17, 30, 0, 2, "Quito"),
        ("Papelería Universitaria Cía. Ltda.", 17, 30, 5, 3, "Quito"),
        ("Gráficas Cumbayá S.A.", 17, 30, 6, 2, "Quito"),
        ("Clínica San Blas S.A.", 17, 45, 20, 3, "Quito"),
    ))
)  # fmt: skip
ABROAD = Party("Blumen Handel Nord GmbH", "DE811569869", 45, 12, 1, "Hamburgo")
SUPPLIERS = tuple(
    Party(name, _ruc(province, 61_870 + at * 23_117), terms, late, weight)
    for at, (name, province, terms, late, weight) in enumerate((
        ("Plásticos Sierra Industrial S.A.", 17, 45, 4, 6),
        ("Acería Nacional del Pacífico S.A.", 9, 60, 2, 7),
        ("Químicos Daule S.A.", 9, 30, 6, 4),
        ("Cementos Chimbo S.A.", 2, 30, 3, 5),
        ("Empresa Eléctrica Norte S.A.", 17, 15, 0, 2),
        ("Telefonía Cotacachi S.A.", 10, 15, 0, 2),
        ("Courier Mitad del Mundo Cía. Ltda.", 17, 30, 8, 3),
        ("Agencia Aduanera Litoral S.A.", 9, 15, 5, 3),
        ("Arriendos Carcelén S.A.", 17, 5, 0, 2),
        ("Combustibles Pifo Cía. Ltda.", 17, 15, 1, 3),
        ("Embalajes Pintag Cía. Ltda.", 17, 30, 10, 3),
    ))
)  # fmt: skip
CONCEPTS = ("Material de ferretería", "Menaje", "Grifería", "Pintura y solventes", "Tubería PVC", "Herramienta eléctrica",
            "Iluminación LED", "Artículos de limpieza")  # fmt: skip
PURCHASES = ("Mercadería para la venta", "Flete", "Servicios básicos", "Importación", "Material de empaque")
MONTH_END = "Acordado: paga a fin de mes"
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


def invoices(as_of: date) -> list[Item]:
    """Return the invoices and credit notes issued in the 14 months up to `as_of`, with their receipts."""
    random = seed(20_264)
    items = bill(random, CUSTOMERS, as_of, count=890, days=425, mean=118_000, rates=(15, 15, 15, 15, 15, 0),
                 concepts=CONCEPTS, currency="USD")  # fmt: skip
    items += bill(random, [ABROAD], as_of, count=6, days=400, mean=410_000, rates=(0,), concepts=("Rosas en caja",),
                  currency="EUR")  # fmt: skip
    items.sort(key=lambda item: item.issued)
    for at in (131, 402, 577, 806):
        items[at].cancelled, items[at].note = True, "Anulada en el SRI"
    for at, why in ((610, "Reclama faltante en la entrega"), (727, "Precio distinto al pedido"), (841, "Producto averiado")):
        items[at].disputed, items[at].note = True, why
    stuck = [item for item in items if item.party is CUSTOMERS[27] and 170 < (as_of - item.issued).days < 320][-2:]
    for item in stuck:
        item.kept, item.note = True, "En manos del abogado"
    items[858].due, items[858].note = None, MONTH_END
    for at in (88, 215, 330, 498, 655, 702, 760, 812, 861):
        items[at].due = None
    items[861].kept = True
    items[823].vat += 100
    items[869].kept = items[870].kept = items[858].kept = True
    notes = [credit(items[at], part, 12, as_of, offset=offset) for at, part, offset in (
        (52, 0.3, True), (190, 1.0, True), (268, 0.2, True), (441, 0.5, True), (640, 0.12, True), (790, 0.3, True),
        (850, 0.25, False), (874, 0.1, False))]  # fmt: skip
    last = 4127
    for at, item in enumerate(items):
        # A booklet number was spoiled and never registered; another was typed twice in a row.
        last += 2 if at == 533 else 1
        item.series, item.number = "001-002", f"001-002-{last:09d}"
    items[870].number = items[869].number
    for at, note in enumerate(sorted(notes, key=lambda item: item.issued), 84):
        note.series, note.number, note.note = "NC 001-002", f"NC 001-002-{at:09d}", "Nota de crédito"
    settle(random, items, as_of)
    return sorted(items + notes, key=lambda item: (item.issued, item.series))


def bills(as_of: date) -> list[Item]:
    """Return the suppliers' invoices of the 14 months up to `as_of`, with their payments."""
    random = seed(20_265)
    items = bill(random, SUPPLIERS, as_of, count=270, days=425, mean=236_000, rates=(15, 15, 15, 0), concepts=PURCHASES,
                 currency="USD")  # fmt: skip
    for at, item in enumerate(items):
        shop = 1 + SUPPLIERS.index(item.party)
        item.number = f"001-{shop:03d}-{20_410 + at * 13:09d}"
    items[244].party, items[244].number, items[244].kept = items[241].party, items[241].number.replace("-000", "-"), True
    items[244].base, items[244].rate, items[244].vat = items[241].base, items[241].rate, items[241].vat
    items[250].kept = items[262].kept = True
    settle(random, items, as_of)
    twice = next(item for item in items[190:] if item.paid_on and item.paid_on < as_of - timedelta(days=15))
    twice.paid.append(Payment(workday(twice.paid[-1].day + timedelta(days=2), 1), twice.total))
    return items


def write(folder: Path, as_of: date) -> Path:
    """Write the workbook into `folder` and return its path."""
    path = folder / FILE
    sold, bought = invoices(as_of), bills(as_of)
    book = Book(path, Look("#7B2C2C"), as_of, {"title": NAME, "author": "Contadores Pichincha"})
    _write_sales(book, sold, as_of)
    _write_receipts(book, sold)
    _write_bills(book, bought)
    _write_parties(book, sold)
    _write_bank(book, sold, bought)
    _write_documents(book, as_of)
    _write_filings(book, as_of)
    _write_tasks(book, as_of)
    _write_profile(book, as_of, outstanding(sold, "USD"))
    _write_control(book, sold, as_of)
    book.close()
    return path


def _add_list(book: Book, name: str, title: str, columns: Sequence[Column], rows: Sequence[Sequence[Value]]) -> Any:
    """Return a new sheet: company, title and a remark, a blank row, then headings and rows."""
    sheet = book.add_sheet(name)
    book.write(sheet, 0, 0, NAME.upper(), "title")
    book.write(sheet, 1, 0, title, "label")
    book.write(sheet, 2, 0, "Valores en dólares de los Estados Unidos de América, salvo indicación", "note")
    book.write_list(sheet, columns, rows, top=TOP)
    return sheet


def _write_sales(book: Book, items: list[Item], as_of: date) -> None:
    rows = [_describe(at, item, as_of) for at, item in enumerate(items)]
    sheet = _add_list(book, "VENTAS", "REGISTRO DE VENTAS", SALES, rows)
    last = TOP + 1 + len(rows)
    book.write(sheet, 1, 8, "Corte:", "label")
    book.write(sheet, 1, 9, as_of, "date")
    book.write(sheet, 2, 8, "Facturado USD:", "label")
    typed = sum(row[8] for row, item in zip(rows, items, strict=True)
                if isinstance(row[8], int) and item.currency == "USD")  # fmt: skip
    total = f'=SUMIFS(I{TOP + 2}:I{last},K{TOP + 2}:K{last},"USD")'
    book.write(sheet, 2, 9, Formula(total, typed / 100), "money")
    area = f"A{TOP + 2}:P{last}"
    sheet.conditional_format(area, {"type": "formula", "criteria": f'=$L{TOP + 2}="Anulada"',
                                    "format": book.styles["done"], "stop_if_true": True})  # fmt: skip
    sheet.conditional_format(place(SALES, "Días vencida", TOP, len(rows)), {
        "type": "data_bar", "bar_color": "#E6A1A1", "bar_solid": True, "max_type": "num", "max_value": 180})  # fmt: skip
    states = {"validate": "list", "source": ["Pendiente", "Abonada", "Cobrada", "Anulada"]}
    sheet.data_validation(place(SALES, "Estado", TOP, len(rows)), states)
    disputed = next(row for row, item in enumerate(items, TOP + 1) if item.disputed)
    sheet.write_comment(disputed, 12, "Bodega confirma 4 cajas de menos; falta la nota de crédito.", {"author": "Rocío"})
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
    return [item.number, item.series, issued, item.party.tax_id, item.party.name, base, item.rate / 100, item.vat, total,
            due, item.currency, state, "Sí" if item.disputed else None, SELLERS[len(item.party.name) % 3], late,
            item.note or None]  # fmt: skip


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
    columns: tuple[Column, ...] = (Column("Fecha de cobro", "date", 12), Column("No. Factura", width=19), Column("Cliente", width=38),
               Column("Valor", "money", 13), Column("Moneda", width=9), Column("Forma de cobro", width=18),
               Column("Comprobante", width=14))  # fmt: skip
    rows: list[list[Value]] = []
    for at, (item, payment) in enumerate(payments(items)):
        way = "Cruce con NC" if payment.offset else ("Transferencia", "Cheque", "Transferencia", "Depósito")[at % 4]
        amount: Value = _type(payment.amount) if at % 203 == 101 else payment.amount
        rows.append([payment.day, item.number, item.party.name, amount, item.currency, way, f"CI-{at + 3302:05d}"])
    _add_list(book, "COBROS", "COBROS DE CLIENTES", columns, rows)


def _write_bills(book: Book, items: list[Item]) -> None:
    columns: tuple[Column, ...] = (Column("No. Factura proveedor", width=19), Column("Fecha de emisión", "date", 12), Column("RUC", width=15),
               Column("Proveedor", width=36), Column("Concepto", width=26), Column("Subtotal", "money", 12),
               Column("% IVA", "percent", 7), Column("IVA", "money", 11), Column("Total", "money", 12),
               Column("Fecha de vencimiento", "date", 13), Column("Ingresado por", width=14),
               Column("Aprobado por", width=14))  # fmt: skip
    rows: list[list[Value]] = []
    for at, item in enumerate(items):
        issued: Value = "31/02/" + str(item.issued.year) if at == 250 else item.issued
        total: Value = "por confirmar" if at == 262 else item.total
        approved = "M. Yánez" if at % 83 == 30 else "R. Almeida"
        rows.append([item.number, issued, item.party.tax_id, item.party.name, item.concept, item.base, item.rate / 100,
                     item.vat, total, item.due, "M. Yánez", approved])  # fmt: skip
    _add_list(book, "COMPRAS", "REGISTRO DE COMPRAS", columns, rows)
    columns = (Column("Fecha de pago", "date", 12), Column("No. Factura", width=19), Column("Proveedor", width=36),
               Column("Valor", "money", 13), Column("Forma de pago", width=16))  # fmt: skip
    paid: list[list[Value]] = [[payment.day, item.number, item.party.name, payment.amount, "Transferencia" if payment.amount % 2 else "Cheque"]
            for item, payment in payments(items)]  # fmt: skip
    _add_list(book, "PAGOS", "PAGOS A PROVEEDORES", columns, paid)


def _write_parties(book: Book, items: list[Item]) -> None:
    limits = credit_limits([item for item in items if item.currency == "USD"], CUSTOMERS)
    columns: tuple[Column, ...] = (Column("Cliente", width=40), Column("RUC", width=15), Column("Ciudad", width=14),
               Column("Días de crédito", "number", 10), Column("Cupo de crédito", "money", 14),
               Column("Correo", width=34))  # fmt: skip
    rows: list[list[Value]] = [
        [p.name, p.tax_id, p.place, p.terms, limits[p.name], f"pagos{at:02d}@cliente.example" if at % 10 != 7 else None]
        for at, p in enumerate(CUSTOMERS, 1)]  # fmt: skip
    rows.append([ABROAD.name, ABROAD.tax_id, ABROAD.place, ABROAD.terms, None, "ap@blumen.example"])
    _add_list(book, "CLIENTES", "CLIENTES", columns, rows)
    columns = (Column("Proveedor", width=38), Column("RUC", width=15), Column("Días de crédito", "number", 10))
    _add_list(book, "PROVEEDORES", "PROVEEDORES", columns, [[p.name, p.tax_id, p.terms] for p in SUPPLIERS])


def _write_bank(book: Book, sold: list[Item], bought: list[Item]) -> None:
    moves = [(pay.day, f"Depósito {item.party.name}", pay.amount, item.number) for item, pay in payments(sold)
             if not pay.offset and item.currency == "USD"]  # fmt: skip
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
    columns: tuple[Column, ...] = (Column("Fecha", "date", 11), Column("Detalle", width=50), Column("Valor", "money", 13),
               Column("Saldo", "money", 14), Column("Documento", width=20))  # fmt: skip
    _add_list(book, "BANCOS", "BANCO CUENTA CORRIENTE 22-0418", columns, rows)


def _write_documents(book: Book, as_of: date) -> None:
    def day(days: int) -> date:
        return as_of + timedelta(days=days)

    columns: tuple[Column, ...] = (Column("Documento", width=46), Column("Fecha de emisión", "date", 12),
               Column("Fecha de caducidad", "date", 12), Column("Estado", width=12), Column("Archivo", width=34),
               Column("Responsable", width=14))  # fmt: skip
    rows: list[list[Value]] = [
        ["Certificado de RUC actualizado", day(-402), day(-37), "Entregado", "docs/ruc.pdf", "M. Yánez"],
        ["Nombramiento del representante legal", day(-690), day(40), "Entregado", "docs/nombramiento.pdf", "R. Almeida"],
        ["Certificado de cumplimiento tributario (SRI)", day(-12), day(18), "Entregado", "docs/sri.pdf", "M. Yánez"],
        ["Certificado de obligaciones IESS", day(-45), day(-15), "Entregado", "docs/iess.pdf", "M. Yánez"],
        ["Firma electrónica", day(-500), day(230), "Entregado", None, "R. Almeida"],
        ["Permiso de bomberos", None, None, "Pendiente", None, "K. Paredes"],
        ["Patente municipal", day(-160), day(205), "Entregado", "docs/patente.pdf", "K. Paredes"],
        ["Escritura de constitución", date(2008, 6, 17), None, "Entregado", "docs/escritura.pdf", "R. Almeida"],
    ]
    _add_list(book, "DOCUMENTOS", "CARPETA PERMANENTE", columns, rows)


def _write_filings(book: Book, as_of: date) -> None:
    columns: tuple[Column, ...] = (Column("Obligación", width=34), Column("Período", width=11), Column("Fecha de vencimiento", "date", 13),
               Column("Fecha de presentación", "date", 13), Column("Estado", width=12), Column("Valor", "money", 12),
               Column("Formulario", width=12), Column("Responsable", width=14))  # fmt: skip
    random = seed(20_266)
    rows: list[list[Value]] = []
    months = month_starts(as_of, 9)
    day = (28, 10, 12, 14, 16, 18, 20, 22, 24, 26)[int(_own_ruc()[8])]
    for month in months:
        due = workday(next_month(month).replace(day=day), 1)
        for name, form, usual in (("Declaración mensual de IVA", "104", 940_000),
                                  ("Retenciones en la fuente", "103", 212_000),
                                  ("Anexo transaccional (ATS)", "ATS", 0)):  # fmt: skip
            filed = workday(due - timedelta(days=random.randint(0, 5)), -1)
            if (form, month) == ("103", months[4]):
                filed = workday(due + timedelta(days=4), 1)
            open_ = filed > as_of or (form == "ATS" and month in months[-4:-2])
            rows.append([name, f"{month:%m/%Y}", due, None if open_ else filed, "Pendiente" if open_ else "Declarado",
                         None if open_ or not usual else int(usual * random.uniform(0.8, 1.2)), form, "M. Yánez"])  # fmt: skip
    year = as_of.year - 1 if as_of >= date(as_of.year, 4, day) else as_of.year - 2
    due = workday(date(year + 1, 4, day), 1)
    rows.append(["Impuesto a la renta sociedades", str(year), due, due - timedelta(days=3), "Declarado", 1_833_742, "101",
                 "R. Almeida"])  # fmt: skip
    _add_list(book, "DECLARACIONES", "OBLIGACIONES TRIBUTARIAS", columns, rows)


def _write_tasks(book: Book, as_of: date) -> None:
    columns: tuple[Column, ...] = (Column("Tarea", width=34), Column("Proceso", width=16), Column("Período", width=10),
               Column("Responsable", width=14), Column("Fecha de inicio", "date", 12),
               Column("Fecha límite", "date", 12), Column("Fecha de fin", "date", 12), Column("Estado", width=12),
               Column("Depende de", width=26))  # fmt: skip
    steps = (("Conciliación bancaria", "Cierre mensual", "M. Yánez", 4, 3, None),
             ("Cuadre de IVA y retenciones", "Cierre mensual", "M. Yánez", 8, 8, "Conciliación bancaria"),
             ("Rol de pagos y planilla IESS", "Nómina", "M. Yánez", 12, 9, None),
             ("Gestión de cartera vencida", "Cobros", "K. Paredes", 10, 14, None),
             ("Inventario físico parcial", "Inventario", "J. Guamán", 15, 15, None),
             ("Informe gerencial", "Cierre mensual", "R. Almeida", 15, 14, "Cuadre de IVA y retenciones"))  # fmt: skip
    rows: list[list[Value]] = []
    for month in month_starts(as_of, 7):
        after = next_month(month)
        for at, (task, process, owner, limit, usual, before) in enumerate(steps):
            due = workday(after + timedelta(days=limit), 1)
            done = workday(after + timedelta(days=usual + (month.month * 3 + at) % 4), 1)
            start = workday(after + timedelta(days=max(0, usual - 4)), 1)
            finished = done if done <= as_of - timedelta(days=15 * (at in (3, 4))) else None
            state = "Hecha" if finished else "En curso" if start <= as_of else "Por iniciar"
            rows.append([task, process, f"{month:%m/%Y}", owner, start, due, finished, state, before])
    redone = workday(as_of - timedelta(days=60), -1)
    rows.append(["Conciliación bancaria", "Cierre mensual", f"{month_starts(as_of, 4)[0]:%m/%Y}", "M. Yánez", redone,
                 workday(redone + timedelta(days=3), 1), workday(redone + timedelta(days=6), 1), "Hecha", None])  # fmt: skip
    _add_list(book, "TAREAS", "TAREAS DEL EQUIPO", columns, rows)


def _own_ruc() -> str:
    return _ruc(17, 250_314)


def _write_profile(book: Book, as_of: date, control: int) -> None:
    columns: tuple[Column, ...] = (Column("Razón social", width=38), Column("RUC", width=15), Column("País", width=8), Column("Moneda", width=9),
               Column("Idioma", width=9), Column("Régimen", width=12), Column("Tipo", width=12),
               Column("Responsable", width=14), Column("Saldo de control", "money", 14),
               Column("Fecha de control", "date", 13))  # fmt: skip
    row: list[Value] = [NAME, _own_ruc(), "EC", "USD", "es", "General", "Sociedad", "R. Almeida", control, as_of]
    _add_list(book, "FICHA", "FICHA DEL CLIENTE", columns, [row])


def _write_control(book: Book, items: list[Item], as_of: date) -> None:
    """Write the client's own sheet: sales per seller, with a chart."""
    sheet = book.add_sheet("VENDEDORES", "#404040")
    book.write(sheet, 0, 0, "Ventas por vendedor, últimos 14 meses", "title")
    last = TOP + 1 + len(items)
    rows: list[list[Value]] = []
    for at, seller in enumerate(SELLERS, 4):
        sold = sum(item.base for row, item in enumerate(items)
                   if SELLERS[len(item.party.name) % 3] == seller and row % 151 != 75)  # fmt: skip
        formula = f"=SUMIFS(VENTAS!$F${TOP + 2}:$F${last},VENTAS!$N${TOP + 2}:$N${last},$A{at})"
        rows.append([seller, Formula(formula, sold / 100), Formula(f"=ROUND(B{at}*1.5%,2)", round(sold * 0.015) / 100)])
    columns: tuple[Column, ...] = (Column("Asesor", width=18), Column("Subtotal vendido", "money", 18), Column("Comisión 1,5 %", "money", 16))
    book.write_list(sheet, columns, rows, top=2)
    chart = book.workbook.add_chart({"type": "pie"})
    colours = ("#7B2C2C", "#C98A5B", "#5B7B8C")
    chart.add_series({"categories": "=VENDEDORES!$A$4:$A$6", "values": "=VENDEDORES!$B$4:$B$6",
                      "points": [{"fill": {"color": colour}} for colour in colours],
                      "data_labels": {"percentage": True, "font": {"color": "white", "bold": True}}})  # fmt: skip
    chart.set_title({"name": "Participación por vendedor", "name_font": {"size": 12}})
    chart.set_size({"width": 420, "height": 300})
    sheet.insert_chart("E3", chart, {"description": "Participación de cada vendedor en las ventas"})
    book.write(sheet, 7, 0, f"Elaborado al {as_of:%d/%m/%Y}", "note")
