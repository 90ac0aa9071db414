"""What the office of the Spanish sample keeps track of: documents, tax returns, tasks, budget."""

from __future__ import annotations

from datetime import date, timedelta

from aliado.batch.samples_ledger import Item, month_starts, next_month, seed, workday
from aliado.batch.samples_sheet import Book, Column, Value


def write_documents(book: Book, as_of: date) -> None:
    """Write the permanent file: some valid, some expired, some missing."""
    sheet = book.add_sheet("Documentos", "#833C0B")
    columns: tuple[Column, ...] = (
        Column("Documento", width=44),
        Column("Fecha de emisión", "date", 12),
        Column("Caducidad", "date", 12),
        Column("Estado", width=12),
        Column("Enlace", width=36),
        Column("Responsable", width=14),
    )

    def day(days: int) -> date:
        return as_of + timedelta(days=days)

    rows: list[list[Value]] = [
        ["Certificado de estar al corriente (AEAT)", day(-171), day(12), "Vigente", "", "Lucía"],
        [
            "Certificado de estar al corriente (TGSS)",
            day(-220),
            day(-38),
            "Vigente",
            "",
            "Lucía",
        ],
        ["Escritura de constitución", date(2011, 3, 14), None, "Vigente", "", "Marta"],
        ["Poder del administrador", date(2019, 9, 2), None, "Vigente", "", "Marta"],
        ["Póliza de responsabilidad civil", day(-310), day(55), "Vigente", "", "Marta"],
        [
            "Contrato de arrendamiento de la nave",
            date(2022, 2, 1),
            day(402),
            "Vigente",
            "",
            "Marta",
        ],
        ["Encargo de tratamiento de datos (RGPD)", None, None, "Falta", None, "Lucía"],
        ["Plan de prevención de riesgos laborales", day(-390), day(-25), "En trámite", "docs/prl.pdf", "Sergio"],
        ["Certificado digital de representante", day(-640), day(90), "Vigente", None, "Lucía"],
    ]
    book.write_list(sheet, columns, rows, table="Documentos")


def write_filings(book: Book, as_of: date) -> None:
    """Write the tax returns: most in time, one late, some owed."""
    sheet = book.add_sheet("Declaraciones", "#833C0B")
    columns: tuple[Column, ...] = (
        Column("Modelo", width=9),
        Column("Periodo", width=10),
        Column("Vencimiento", "date", 12),
        Column("Fecha de presentación", "date", 13),
        Column("Estado", width=13),
        Column("Importe", "money", 13),
        Column("Justificante", width=18),
        Column("Responsable", width=14),
    )
    random = seed(20_263)
    rows: list[list[Value]] = []
    for model, period, due in _deadlines(as_of):
        late = model == "111" and due == max(d for m, _, d in _deadlines(as_of) if m == "111" and d < as_of)
        filed = (
            None if due > as_of + timedelta(days=6) or late else workday(due - timedelta(days=random.randint(1, 9)), -1)
        )
        if filed and model == "115" and period.startswith("1T"):
            filed = workday(due + timedelta(days=3), 1)
        filed = filed if filed and filed <= as_of else None
        amount = {"303": 1_240_000, "111": 386_000, "115": 57_000, "202": 310_000}.get(model, 0)
        rows.append(
            [
                model,
                period,
                due,
                filed,
                "Presentada" if filed else "Pendiente",
                int(amount * random.uniform(0.8, 1.2)) if filed and amount else None,
                f"{random.randint(10**9, 10**10 - 1)}" if filed else None,
                "Lucía",
            ]
        )
    book.write_list(sheet, columns, rows, table="Declaraciones")


def _deadlines(as_of: date) -> list[tuple[str, str, date]]:
    """Return model, period and due date of the filings of the last six quarters and those due soon, by due date."""
    found = []
    for start in month_starts(as_of, 18):
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
            found += [(model, year, workday(after.replace(day=31), 1)) for model in ("180", "190")]
            found.append(("347", year, workday(next_month(after, 2) - timedelta(days=1), 1)))
            found.append(("200", year, workday(after.replace(month=7, day=25), 1)))
    soon = as_of + timedelta(days=92)
    return sorted((row for row in found if row[2] <= soon), key=lambda row: (row[2], row[0]))


def write_tasks(book: Book, as_of: date) -> None:
    """Write the team's tasks of the last months."""
    sheet = book.add_sheet("Tareas", "#833C0B")
    columns: tuple[Column, ...] = (
        Column("Tarea", width=32),
        Column("Proceso", width=16),
        Column("Periodo", width=10),
        Column("Responsable", width=14),
        Column("Inicio", "date", 11),
        Column("Fecha límite", "date", 12),
        Column("Terminada", "date", 11),
        Column("Estado", width=13),
        Column("Depende de", width=28),
    )
    steps = (
        ("Conciliar bancos", "Cierre mensual", "Lucía", 3, 2, None),
        ("Cuadrar IVA", "Cierre mensual", "Lucía", 7, 6, "Conciliar bancos"),
        ("Nóminas y seguros sociales", "Laboral", "Sergio", 5, 4, None),
        ("Reclamar facturas vencidas", "Cobros", "Marta", 10, 13, None),
        ("Informe de indicadores", "Cierre mensual", "Marta", 12, 11, "Cuadrar IVA"),
    )
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
    rows.append(
        [
            "Aportar albarán firmado",
            "Cobros",
            f"{as_of:%m/%Y}",
            "Marta",
            as_of - timedelta(days=19),
            workday(as_of - timedelta(days=8), -1),
            None,
            "En curso",
            None,
        ]
    )
    book.write_list(sheet, columns, rows, table="Tareas")


def write_budget(book: Book, issued: list[Item], received: list[Item], as_of: date) -> None:
    """Write the budget of the last six months beside what came of it, per account."""
    sheet = book.add_sheet("Presupuesto", "#404040")
    columns = (
        Column("Cuenta", width=34),
        Column("Periodo", "month", 11),
        Column("Tipo", width=10),
        Column("Presupuesto", "money", 14),
        Column("Real", "money", 14),
    )
    random = seed(20_271)
    rows: list[list[Value]] = []
    for month in month_starts(as_of, 7)[:-1]:
        end = next_month(month)
        sold = sum(item.base for item in issued if month <= item.issued < end and not item.cancelled)
        bought = sum(item.base for item in received if month <= item.issued < end)
        rows += [
            ["700 Ventas de mercaderías", month, "Ingreso", 4_500_000, sold],
            ["600 Compras y servicios", month, "Gasto", 2_200_000, bought],
            ["640 Sueldos y salarios", month, "Gasto", 1_300_000, 1_284_000],
            ["642 Seguridad Social", month, "Gasto", 400_000, 402_518],
            ["623 Servicios profesionales", month, "Gasto", 60_000, int(60_000 * random.uniform(0.7, 1.5))],
            ["678 Gastos excepcionales", month, "Gasto", 0, 0 if random.random() < 0.7 else 31_500],
        ]
    book.write_list(sheet, columns, rows, table="Presupuesto")
