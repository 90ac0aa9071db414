"""The Spanish sample: an industrial supplier in Zaragoza, kept in Excel tables."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from stdnum.es import cif

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
    vat,
    workday,
)
from aliado.batch.samples_sheet import Book, Column, Formula, Look, Value, place

NAME = "Suministros Ribera del Ebro, S.L."
FILE = "Suministros Ribera del Ebro.xlsx"


def _cif(letter: str, digits: int) -> str:
    """Return a company's NIF with its control character."""
    number = f"{letter}{digits:07d}"
    return number + cif.calc_check_digits(number)[0]


CUSTOMERS = tuple(
    Party(name, _cif(letter, digits), terms, late, weight, place)
    for name, letter, digits, terms, late, weight, place in (
        ("Talleres Moncayo, S.L.", "B", 5041207, 30, -2, 6, "Zaragoza"),
        ("Construcciones Valdejalón, S.A.", "A", 5018334, 60, 22, 7, "La Almunia"),
        ("Hormigones Cinca Medio, S.L.", "B", 2214590, 60, 12, 5, "Monzón"),
        ("Bodegas Campo de Sástago, S.L.", "B", 5063118, 30, 3, 4, "Cariñena"),
        ("Cerámicas Turiaso, S.A.L.", "A", 5022871, 60, 15, 3, "Tarazona"),
        ("Mecanizados Huerva, S.L.", "B", 5071445, 30, 1, 5, "Cuarte de Huerva"),
        ("Instalaciones Jalón Norte, S.L.", "B", 5038802, 45, 8, 4, "Calatayud"),
        ("Agropecuaria Los Monegros, S.Coop.", "F", 2200417, 60, 18, 3, "Sariñena"),
        ("Transportes Bardena, S.L.", "B", 5055239, 30, 6, 3, "Ejea de los Caballeros"),
        ("Hotel Mirador del Pilar, S.L.", "B", 5080016, 30, 10, 2, "Zaragoza"),
        ("Carpintería Metálica Gállego, S.L.", "B", 5047731, 45, 5, 3, "Zuera"),
        ("Papelera Alto Aragón, S.A.", "A", 2209925, 60, -1, 6, "Huesca"),
        ("Piensos Sobrarbe, S.L.", "B", 2216603, 45, 9, 2, "Aínsa"),
        ("Obras y Reformas Delicias, S.L.", "B", 5066190, 30, 62, 2, "Zaragoza"),
        ("Frutas Bajo Cinca, S.L.", "B", 2219058, 30, 4, 3, "Fraga"),
        ("Climatización Ebro, S.L.", "B", 5059384, 45, 7, 4, "Zaragoza"),
        ("Ayuntamiento de Villar del Ebro", "P", 5029800, 30, 34, 2, "Villar del Ebro"),
        ("Ingeniería Torrero, S.L.P.", "B", 5074426, 30, 0, 2, "Zaragoza"),
        ("Embutidos Matarraña, S.L.", "B", 4412037, 30, 2, 2, "Valderrobres"),
        ("Viveros La Muela, S.L.", "B", 5069913, 45, 11, 2, "La Muela"),
    )
)
SUPPLIERS = tuple(
    Party(name, _cif(letter, digits), terms, late, weight)
    for name, letter, digits, terms, late, weight in (
        ("Aceros del Cantábrico, S.A.", "A", 4810773, 60, 2, 6),
        ("Tornillería Ibérica, S.L.", "B", 8055102, 60, 4, 5),
        ("Pinturas Levante, S.A.", "A", 4617725, 30, -1, 3),
        ("Energía Valle Medio, S.L.", "B", 5012660, 15, 0, 3),
        ("Logística Plaza Norte, S.L.", "B", 5033947, 30, 5, 4),
        ("Alquileres Cogullada, S.L.", "B", 5028716, 5, 0, 2),
        ("Seguridad y Prevención Aragón, S.L.", "B", 5051308, 30, 3, 2),
        ("Telecomunicaciones Pirineo, S.A.", "A", 2207741, 20, 0, 2),
        ("Embalajes Utebo, S.L.", "B", 5044093, 45, 8, 3),
    )
)
CONCEPTS = ("Suministro de tornillería", "Material de soldadura", "Herramienta de corte", "EPI y vestuario laboral",
            "Rodamientos y transmisiones", "Perfilería de aluminio", "Mantenimiento trimestral", "Pedido web")  # fmt: skip
PURCHASES = ("Mercaderías", "Transporte", "Suministros", "Servicios profesionales", "Material de embalaje")

INVOICES = (
    Column("Factura", width=13),
    Column("Serie", width=7),
    Column("Fecha", "date", 11),
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
    Column(
        "Pendiente",
        "money",
        12,
        '=IF(Facturas[[#This Row],[Estado]]="Anulada",0,ROUND(Facturas[[#This Row],[Total]]'
        "-SUMIFS(Cobros[Importe],Cobros[Factura],Facturas[[#This Row],[Factura]]),2))",
    ),
    Column(
        "Días de retraso",
        "number",
        9,
        '=IF(OR(Facturas[[#This Row],[Pendiente]]<=0,Facturas[[#This Row],[Vencimiento]]=""),0,'
        "MAX(0,Fecha_corte-Facturas[[#This Row],[Vencimiento]]))",
    ),
    Column("Observaciones", width=34),
)  # fmt: skip


def invoices(as_of: date) -> list[Item]:
    """Return the invoices and credit notes issued in the 14 months up to `as_of`, with their receipts."""
    random = seed(20_261)
    items = bill(random, CUSTOMERS, as_of, count=220, days=425, mean=310_000, rates=(21, 21, 21, 10),
                 concepts=CONCEPTS, currency="EUR")  # fmt: skip
    items[61].cancelled, items[61].note = True, "Anulada: emitida al NIF equivocado"
    items[150].disputed = True
    items[150].note = "Falta albarán firmado"
    items[183].due = None
    items[183].kept, items[183].note = True, "Vencimiento por confirmar con el cliente"
    items[198].vat += 100
    items[214].kept = items[215].kept = True
    stuck = [item for item in items if item.party is CUSTOMERS[13] and 150 < (as_of - item.issued).days < 260][-1]
    stuck.kept, stuck.note = True, "En recobro: propone pagarla en tres plazos"
    notes = [credit(items[at], part, 9, as_of, offset=offset)
             for at, part, offset in ((40, 0.25, True), (118, 1.0, True), (205, 0.15, False))]  # fmt: skip
    for note in notes:
        note.note = "Abono por devolución de material"
    _number(items, "A", 131)
    _number(notes, "R", 9)
    # Somebody reused the number of the invoice before: a duplicate here and a gap where the next should stand.
    items[215].number = items[214].number
    settle(random, items, as_of)
    return sorted(items + notes, key=lambda item: (item.issued, item.series))


def _number(items: list[Item], series: str, first: int) -> None:
    """Number the items year by year; the oldest year goes on from `first`, and one number of it was lost."""
    year, last = items[0].issued.year, first - 1
    for position, item in enumerate(items):
        if item.issued.year != year:
            year, last = item.issued.year, 0
        last += 2 if position == 24 else 1
        item.series, item.number = series, f"{series}-{year}-{last:04d}"


def bills(as_of: date) -> list[Item]:
    """Return the suppliers' invoices of the 14 months up to `as_of`, with their payments."""
    random = seed(20_262)
    items = bill(random, SUPPLIERS, as_of, count=132, days=425, mean=240_000, rates=(21, 21, 21, 21, 10),
                 concepts=PURCHASES, currency="EUR")  # fmt: skip
    for position, item in enumerate(items):
        code = "".join(word[0] for word in item.party.name.split()[:2]).upper()
        item.number = f"{code}/{item.issued:%y}/{1040 + position * 7}"
    # The same bill entered twice, the second time with its number written another way.
    again, first = items[121], items[119]
    again.party, again.base, again.rate, again.vat = first.party, first.base, first.rate, first.vat
    again.number, again.kept = first.number.replace("/", "-"), True
    items[126].vat = vat(items[126].base, 10)
    settle(random, items, as_of)
    paid_twice = next(item for item in items[90:] if item.paid_on and item.paid_on < as_of - timedelta(days=20))
    paid_twice.paid.append(Payment(workday(paid_twice.paid[-1].day + timedelta(days=3), 1), paid_twice.total))
    return items


def write(folder: Path, as_of: date) -> Path:
    """Write the workbook into `folder` and return its path."""
    path = folder / FILE
    issued, received = invoices(as_of), bills(as_of)
    book = Book(path, Look("#1F4E79", money='#,##0.00 "€";[Red]-#,##0.00 "€"'), as_of,
                {"title": NAME, "author": "Gestoría Aljafería", "subject": "Seguimiento mensual"})  # fmt: skip
    _write_profile(book, as_of, outstanding(issued, "EUR"))
    _write_invoices(book, issued, as_of)
    _write_receipts(book, issued)
    _write_bills(book, received)
    _write_parties(book, issued)
    _write_bank(book, issued, received)
    _write_documents(book, as_of)
    _write_filings(book, as_of)
    _write_tasks(book, as_of)
    _write_summary(book, issued, as_of)
    book.close()
    return path


def _write_profile(book: Book, as_of: date, control: int) -> None:
    sheet = book.add_sheet("Ficha")
    book.write(sheet, 0, 0, NAME, "title")
    book.write(sheet, 1, 0, "Ficha del cliente. El saldo de control es el de la cuenta 430 en contabilidad.", "note")
    columns: tuple[Column, ...] = (Column("Razón social", width=36), Column("NIF", width=12), Column("País", width=8),
               Column("Moneda", width=9), Column("Idioma", width=9), Column("Régimen", width=12),
               Column("Tipo", width=12), Column("Responsable", width=18),
               Column("Saldo de control", "money", 18), Column("Fecha de control", "date", 13))  # fmt: skip
    row: list[Value] = [NAME, _cif("B", 5077201), "ES", "EUR", "es", "General", "Sociedad", "Marta Lahoz", control, as_of]
    book.write_list(sheet, columns, [row], top=3, table="Ficha")


def _write_invoices(book: Book, items: list[Item], as_of: date) -> None:
    sheet = book.add_sheet("Facturas")
    rows = [_describe(item, as_of) for item in items]
    book.write_list(sheet, INVOICES, rows, table="Facturas")
    count = len(rows)
    sheet.conditional_format(f"A2:P{count + 1}", {"type": "formula", "format": book.styles["late"],
                                                 "criteria": "=$O2>60"})  # fmt: skip
    sheet.conditional_format(f"A2:P{count + 1}", {"type": "formula", "format": book.styles["done"],
                                                 "criteria": '=$M2="Anulada"'})  # fmt: skip
    states = {"validate": "list", "source": ["Pendiente", "Parcial", "Cobrada", "En disputa", "Anulada", "Abono"]}
    sheet.data_validation(place(INVOICES, "Estado", 0, count), states)
    ways = {"validate": "list", "source": ["Transferencia", "Giro", "Confirming", "Contado"]}
    sheet.data_validation(place(INVOICES, "Forma de pago", 0, count), ways)
    dispute = next(row for row, item in enumerate(items, 1) if item.disputed)
    sheet.write_comment(dispute, 3, "Hablado con el jefe de obra: pagan cuando aparezca el albarán firmado.",
                        {"author": "Marta", "x_scale": 1.6})  # fmt: skip


def _describe(item: Item, as_of: date) -> list[Value]:
    """Return one row of the sheet of invoices."""
    late = max(0, (as_of - item.due).days) if item.due and item.balance > 0 else 0
    way = ("Transferencia", "Giro", "Confirming")[(item.party.terms // 15 + len(item.party.name)) % 3]
    return [item.number, item.series, item.issued, item.party.name, item.party.tax_id, item.concept,
            item.base, item.rate / 100, item.vat, item.total, item.due, way, _state(item),
            Formula(INVOICES[13].formula, item.balance / 100), Formula(INVOICES[14].formula, late),
            item.note or None]  # fmt: skip


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
    columns: tuple[Column, ...] = (Column("Fecha de cobro", "date", 12), Column("Factura", width=14), Column("Cliente", width=34),
               Column("Importe", "money", 14), Column("Medio", width=15), Column("Referencia", width=16))  # fmt: skip
    rows: list[list[Value]] = []
    for place_, (item, payment) in enumerate(payments(items), 4101):
        way = "Compensación" if payment.offset else ("Transferencia", "Transferencia", "Giro")[place_ % 3]
        reference = None if payment.offset else f"TR{place_:06d}"
        rows.append([payment.day, item.number, item.party.name, payment.amount, way, reference])
    paid = sum(payment.amount for _, payment in payments(items))
    book.write_list(sheet, columns, rows, table="Cobros", total={"Importe": paid})


def _write_bills(book: Book, items: list[Item]) -> None:
    sheet = book.add_sheet("Facturas recibidas", "#7F6000")
    columns: tuple[Column, ...] = (Column("Nº factura proveedor", width=15), Column("Fecha factura", "date", 11),
               Column("Proveedor", width=34), Column("NIF proveedor", width=11), Column("Concepto", width=24),
               Column("Base imponible", "money", 12), Column("% IVA", "percent", 7), Column("Cuota IVA", "money", 11),
               Column("Total", "money", 12), Column("Vencimiento", "date", 12), Column("Registrada por", width=13),
               Column("Aprobada por", width=13))  # fmt: skip
    rows: list[list[Value]] = []
    for position, item in enumerate(items):
        approved = "Lucía" if position % 47 == 19 else "Marta"
        rows.append([item.number, item.issued, item.party.name, item.party.tax_id, item.concept, item.base,
                     item.rate / 100, item.vat, item.total, item.due, "Lucía", approved])  # fmt: skip
    book.write_list(sheet, columns, rows, table="Recibidas")
    sheet = book.add_sheet("Pagos", "#7F6000")
    columns = (Column("Fecha de pago", "date", 12), Column("Factura", width=15), Column("Proveedor", width=34),
               Column("Importe", "money", 14), Column("Medio", width=15))  # fmt: skip
    paid: list[list[Value]] = [[payment.day, item.number, item.party.name, payment.amount, "Transferencia"]
            for item, payment in payments(items)]  # fmt: skip
    book.write_list(sheet, columns, paid, table="Pagos")


def _write_parties(book: Book, items: list[Item]) -> None:
    sheet = book.add_sheet("Clientes", "#548235")
    limits = credit_limits(items, CUSTOMERS)
    columns: tuple[Column, ...] = (Column("Cliente", width=36), Column("NIF", width=12), Column("Población", width=22),
               Column("Plazo de pago (días)", "number", 11), Column("Límite de crédito", "money", 14),
               Column("Correo electrónico", width=34), Column("Contacto", width=16))  # fmt: skip
    contacts = ("Pilar", "Javier", "Ana", "Jesús", "Elena", "Miguel")
    rows: list[list[Value]] = []
    for at, party in enumerate(CUSTOMERS):
        mail = f"administracion@{_domain(party.name)}.example" if at % 9 != 5 else None
        rows.append([party.name, party.tax_id, party.place, party.terms, limits[party.name], mail,
                     contacts[at % len(contacts)]])  # fmt: skip
    book.write_list(sheet, columns, rows, table="Clientes")
    sheet = book.add_sheet("Proveedores", "#548235")
    columns = (Column("Proveedor", width=36), Column("NIF", width=12), Column("Plazo de pago (días)", "number", 11))
    book.write_list(sheet, columns, [[p.name, p.tax_id, p.terms] for p in SUPPLIERS], table="Proveedores")


def _domain(name: str) -> str:
    plain = name.split(",", maxsplit=1)[0].lower().translate(str.maketrans("áéíóúñ", "aeioun"))
    return "".join(plain.split()[:2])


def _write_bank(book: Book, issued: list[Item], received: list[Item]) -> None:
    sheet = book.add_sheet("Bancos", "#548235")
    moves = [(pay.day, f"Transf. de {item.party.name}", pay.amount, item.number)
             for item, pay in payments(issued) if not pay.offset]  # fmt: skip
    moves += [(pay.day, f"Pago a {item.party.name}", -pay.amount, item.number) for item, pay in payments(received)]
    first, last = min(move[0] for move in moves), max(move[0] for move in moves)
    for month in month_starts(last, 14):
        day = workday(next_month(month) - timedelta(days=1), -1)
        moves += [(day, "Nóminas", -1_284_000, "NOM"), (day, "Seguridad Social", -402_518, "TC1")]
    # Movements that nobody has matched yet.
    moves += [(workday(last - timedelta(days=12), -1), "Ingreso en efectivo oficina 0482", 75_000, ""),
              (workday(last - timedelta(days=5), -1), "Comisión mantenimiento", -1_850, "")]  # fmt: skip
    balance = 9_641_277
    rows: list[list[Value]] = []
    for day, text, amount, reference in sorted(move for move in moves if first <= move[0] <= last):
        balance += amount
        rows.append([day, text, amount, balance, reference or None])
    columns: tuple[Column, ...] = (Column("Fecha", "date", 11), Column("Concepto", width=46), Column("Importe", "money", 14),
               Column("Saldo", "money", 15), Column("Referencia", width=16))  # fmt: skip
    book.write_list(sheet, columns, rows, table="Bancos")


def _write_documents(book: Book, as_of: date) -> None:
    sheet = book.add_sheet("Documentos", "#833C0B")
    columns: tuple[Column, ...] = (Column("Documento", width=44), Column("Fecha de emisión", "date", 12), Column("Caducidad", "date", 12),
               Column("Estado", width=12), Column("Enlace", width=36), Column("Responsable", width=14))  # fmt: skip
    def day(days: int) -> date:
        return as_of + timedelta(days=days)
    rows: list[list[Value]] = [
        ["Certificado de estar al corriente (AEAT)", day(-171), day(12), "Vigente", "docs/aeat-corriente.pdf", "Lucía"],
        ["Certificado de estar al corriente (TGSS)", day(-220), day(-38), "Vigente", "docs/tgss-corriente.pdf", "Lucía"],
        ["Escritura de constitución", date(2011, 3, 14), None, "Vigente", "docs/escritura.pdf", "Marta"],
        ["Poder del administrador", date(2019, 9, 2), None, "Vigente", "docs/poder.pdf", "Marta"],
        ["Póliza de responsabilidad civil", day(-310), day(55), "Vigente", "docs/poliza-rc.pdf", "Marta"],
        ["Contrato de arrendamiento de la nave", date(2022, 2, 1), day(402), "Vigente", "docs/arrendamiento.pdf", "Marta"],
        ["Encargo de tratamiento de datos (RGPD)", None, None, "Falta", None, "Lucía"],
        ["Plan de prevención de riesgos laborales", day(-390), day(-25), "En trámite", "docs/prl.pdf", "Sergio"],
        ["Certificado digital de representante", day(-640), day(90), "Vigente", None, "Lucía"],
    ]  # fmt: skip
    book.write_list(sheet, columns, rows, table="Documentos")


def _write_filings(book: Book, as_of: date) -> None:
    sheet = book.add_sheet("Declaraciones", "#833C0B")
    columns: tuple[Column, ...] = (Column("Modelo", width=9), Column("Periodo", width=10), Column("Vencimiento", "date", 12),
               Column("Fecha de presentación", "date", 13), Column("Estado", width=13),
               Column("Importe", "money", 13), Column("Justificante", width=18), Column("Responsable", width=14))  # fmt: skip
    random = seed(20_263)
    rows: list[list[Value]] = []
    for model, period, due in _deadlines(as_of):
        late = model == "111" and due == max(d for m, _, d in _deadlines(as_of) if m == "111" and d <= as_of)
        filed = None if due > as_of + timedelta(days=6) or late else workday(due - timedelta(days=random.randint(1, 9)), -1)
        if filed and model == "115" and period.startswith("1T"):
            filed = workday(due + timedelta(days=3), 1)
        filed = filed if filed and filed <= as_of else None
        amount = {"303": 1_240_000, "111": 386_000, "115": 57_000, "202": 310_000}.get(model, 0)
        rows.append([model, period, due, filed, "Presentada" if filed else "Pendiente",
                     int(amount * random.uniform(0.8, 1.2)) if filed and amount else None,
                     f"{random.randint(10**9, 10**10 - 1)}" if filed else None, "Lucía"])  # fmt: skip
    book.write_list(sheet, columns, rows, table="Declaraciones")


def _deadlines(as_of: date) -> list[tuple[str, str, date]]:
    """Return model, period and due date of the filings of five quarters, the running one included, by due date."""
    found = []
    for start in month_starts(as_of, 15):
        if start.month % 3 != 1:
            continue
        quarter, after = start.month // 3 + 1, next_month(start, 3)
        period = f"{quarter}T {start.year}"
        for model in ("303", "111", "115"):
            day = 30 if quarter == 4 and model == "303" else 20
            found.append((model, period, workday(after.replace(day=day), 1)))
        if quarter == 4:
            year = str(start.year)
            found.append(("390", year, workday(after.replace(day=30), 1)))
            found.append(("347", year, workday(next_month(after, 2) - timedelta(days=1), 1)))
            found.append(("200", year, workday(after.replace(month=7, day=25), 1)))
    return sorted(found, key=lambda row: (row[2], row[0]))


def _write_tasks(book: Book, as_of: date) -> None:
    sheet = book.add_sheet("Tareas", "#833C0B")
    columns: tuple[Column, ...] = (Column("Tarea", width=32), Column("Proceso", width=16), Column("Periodo", width=10),
               Column("Responsable", width=14), Column("Inicio", "date", 11), Column("Fecha límite", "date", 12),
               Column("Terminada", "date", 11), Column("Estado", width=13), Column("Depende de", width=28))  # fmt: skip
    steps = (("Conciliar bancos", "Cierre mensual", "Lucía", 3, 2, None),
             ("Cuadrar IVA", "Cierre mensual", "Lucía", 7, 6, "Conciliar bancos"),
             ("Nóminas y seguros sociales", "Laboral", "Sergio", 5, 4, None),
             ("Reclamar facturas vencidas", "Cobros", "Marta", 10, 13, None),
             ("Informe de indicadores", "Cierre mensual", "Marta", 12, 11, "Cuadrar IVA"))  # fmt: skip
    rows: list[list[Value]] = []
    for month in month_starts(as_of, 5):
        after = next_month(month)
        for at, (task, process, owner, limit, usual, before) in enumerate(steps):
            due = workday(after + timedelta(days=limit), 1)
            done = workday(after + timedelta(days=usual + (month.month + at) % 3), 1)
            start = workday(after + timedelta(days=max(0, usual - 3)), 1)
            finished = done if done <= as_of - timedelta(days=4 * (at == 3)) else None
            state = "Terminada" if finished else "En curso" if start <= as_of else "Pendiente"
            rows.append([task, process, f"{month:%m/%Y}", owner, start, due, finished, state, before])
    rows.append(["Aportar albarán firmado", "Cobros", f"{as_of:%m/%Y}", "Marta", as_of - timedelta(days=19),
                 workday(as_of - timedelta(days=8), -1), None, "En curso", None])  # fmt: skip
    book.write_list(sheet, columns, rows, table="Tareas")


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
        sales = (f"=SUMIFS(Facturas[Base imponible],Facturas[Fecha],{window.format('Facturas[Fecha]')},"
                 'Facturas[Estado],"<>Anulada")')  # fmt: skip
        cash = f"=SUMIFS(Cobros[Importe],Cobros[Fecha de cobro],{window.format('Cobros[Fecha de cobro]')})"
        rows.append([month, Formula(sales, sold / 100), Formula(cash, taken / 100),
                     Formula("=Objetivo_mensual", 45_000), Formula(f"=B{at}/D{at}", sold / 4_500_000)])  # fmt: skip
    columns: tuple[Column, ...] = (Column("Mes", "date", 17), Column("Ventas sin IVA", "money", 15), Column("Cobros del mes", "money", 15),
               Column("Objetivo", "money", 15), Column("Logro", "percent", 10))  # fmt: skip
    book.write_list(sheet, columns, rows, top=5)
    last = 6 + len(rows)
    sheet.conditional_format(f"E7:E{last}", {"type": "3_color_scale", "min_color": "#F8CBAD", "mid_color": "#FFF2CC",
                                            "max_color": "#C6E0B4"})  # fmt: skip
    chart = book.workbook.add_chart({"type": "column"})
    chart.add_series({"name": "=Resumen!$B$6", "categories": f"=Resumen!$A$7:$A${last}",
                      "values": f"=Resumen!$B$7:$B${last}", "fill": {"color": "#1F4E79"}, "gap": 60})  # fmt: skip
    line = book.workbook.add_chart({"type": "line"})
    line.add_series({"name": "=Resumen!$D$6", "categories": f"=Resumen!$A$7:$A${last}",
                     "values": f"=Resumen!$D$7:$D${last}", "line": {"color": "#C55A11", "width": 2}})  # fmt: skip
    chart.combine(line)
    chart.set_title({"name": "Ventas mensuales y objetivo", "name_font": {"size": 12}})
    chart.set_x_axis({"num_format": "mmm yy", "date_axis": False})
    chart.set_y_axis({"num_format": "#,##0", "major_gridlines": {"visible": True, "line": {"color": "#D9D9D9"}}})
    chart.set_legend({"position": "bottom"})
    chart.set_size({"width": 720, "height": 340})
    sheet.insert_chart("G6", chart, {"description": "Ventas de los últimos 13 meses frente al objetivo"})
