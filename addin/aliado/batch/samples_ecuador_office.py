"""What the office of the Ecuadorian sample keeps track of: documents, tax returns, tasks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from aliado.batch.samples_ecuador import NAME, TAX_ID
from aliado.batch.samples_ledger import month_starts, next_month, seed, workday
from aliado.batch.samples_sheet import Book, Column, Value

TOP = 5
"""Row (0-based) of the headings: a title block stands above."""


def add_list(book: Book, name: str, title: str, columns: Sequence[Column], rows: Sequence[Sequence[Value]]) -> Any:
    """Return a new sheet: company, title and a remark, a blank row, then headings and rows."""
    sheet = book.add_sheet(name)
    book.write(sheet, 0, 0, NAME.upper(), "title")
    book.write(sheet, 1, 0, title, "label")
    book.write(sheet, 2, 0, "Valores en dólares de los Estados Unidos de América, salvo indicación", "note")
    book.write_list(sheet, columns, rows, top=TOP)
    return sheet


def write_documents(book: Book, as_of: date) -> None:
    """Write the permanent file: some valid, some expired, some missing."""

    def day(days: int) -> date:
        return as_of + timedelta(days=days)

    columns: tuple[Column, ...] = (
        Column("Documento", width=46),
        Column("Fecha de emisión", "date", 12),
        Column("Fecha de caducidad", "date", 12),
        Column("Estado", width=12),
        Column("Archivo", width=34),
        Column("Responsable", width=14),
    )
    rows: list[list[Value]] = [
        ["Certificado de RUC actualizado", day(-402), day(-37), "Entregado", "", "M. Yánez"],
        [
            "Nombramiento del representante legal",
            day(-690),
            day(40),
            "Entregado",
            "",
            "R. Almeida",
        ],
        ["Certificado de cumplimiento tributario (SRI)", day(-12), day(18), "Entregado", "", "M. Yánez"],
        ["Certificado de obligaciones IESS", day(-45), day(-15), "Entregado", "", "M. Yánez"],
        ["Firma electrónica", day(-500), day(230), "Entregado", None, "R. Almeida"],
        ["Permiso de bomberos", None, None, "Pendiente", None, "K. Paredes"],
        ["Patente municipal", day(-160), day(205), "Entregado", "docs/patente.pdf", "K. Paredes"],
        ["Escritura de constitución", date(2008, 6, 17), None, "Entregado", "", "R. Almeida"],
    ]
    add_list(book, "DOCUMENTOS", "CARPETA PERMANENTE", columns, rows)


def write_filings(book: Book, as_of: date) -> None:
    """Write the tax returns: most in time, one late, some owed."""
    columns: tuple[Column, ...] = (
        Column("Obligación", width=34),
        Column("Período", width=11),
        Column("Fecha de vencimiento", "date", 13),
        Column("Fecha de presentación", "date", 13),
        Column("Estado", width=12),
        Column("Valor", "money", 12),
        Column("Formulario SRI", width=12),
        Column("Responsable", width=14),
    )
    random = seed(20_266)
    rows: list[list[Value]] = []
    months = month_starts(as_of, 14)
    day = (28, 10, 12, 14, 16, 18, 20, 22, 24, 26)[int(TAX_ID[8])]
    for month in months:
        due = workday(next_month(month).replace(day=day), 1)
        for name, form, usual in (
            ("Declaración mensual de IVA", "104", 940_000),
            ("Retenciones en la fuente", "103", 212_000),
            ("Anexo transaccional (ATS)", "ATS", 0),
        ):
            filed = workday(due - timedelta(days=random.randint(0, 5)), -1)
            if (form, month) == ("103", months[9]):
                filed = workday(due + timedelta(days=4), 1)
            open_ = filed > as_of or (form == "ATS" and month in months[-4:-2])
            rows.append(
                [
                    name,
                    f"{month:%m/%Y}",
                    due,
                    None if open_ else filed,
                    "Pendiente" if open_ else "Declarado",
                    None if open_ or not usual else int(usual * random.uniform(0.8, 1.2)),
                    form,
                    "M. Yánez",
                ]
            )
    year = as_of.year - 1 if as_of >= date(as_of.year, 4, day) else as_of.year - 2
    due = workday(date(year + 1, 4, day), 1)
    rows.append(
        [
            "Impuesto a la renta sociedades",
            str(year),
            due,
            due - timedelta(days=3),
            "Declarado",
            1_833_742,
            "101",
            "R. Almeida",
        ]
    )
    add_list(book, "DECLARACIONES", "OBLIGACIONES TRIBUTARIAS", columns, rows)


def write_tasks(book: Book, as_of: date) -> None:
    """Write the team's tasks of the last months."""
    columns: tuple[Column, ...] = (
        Column("Tarea", width=34),
        Column("Proceso", width=16),
        Column("Período", width=10),
        Column("Responsable", width=14),
        Column("Fecha de inicio", "date", 12),
        Column("Fecha límite", "date", 12),
        Column("Fecha de fin", "date", 12),
        Column("Estado", width=12),
        Column("Depende de", width=26),
    )
    steps = (
        ("Conciliación bancaria", "Cierre mensual", "M. Yánez", 4, 3, None),
        ("Cuadre de IVA y retenciones", "Cierre mensual", "M. Yánez", 8, 8, "Conciliación bancaria"),
        ("Rol de pagos y planilla IESS", "Nómina", "M. Yánez", 12, 9, None),
        ("Gestión de cartera vencida", "Cobros", "K. Paredes", 10, 14, None),
        ("Inventario físico parcial", "Inventario", "J. Guamán", 15, 15, None),
        ("Informe gerencial", "Cierre mensual", "R. Almeida", 15, 14, "Cuadre de IVA y retenciones"),
    )
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
    begun = as_of - timedelta(days=16)
    period = f"{as_of:%m/%Y}"
    due = workday(as_of - timedelta(days=6), -1)
    rows.append(["Actualizar certificado de RUC", "Legal", period, "M. Yánez", begun, due, None, "En curso", None])
    redone = workday(as_of - timedelta(days=60), -1)
    rows.append(
        [
            "Conciliación bancaria",
            "Cierre mensual",
            f"{month_starts(as_of, 4)[0]:%m/%Y}",
            "M. Yánez",
            redone,
            workday(redone + timedelta(days=3), 1),
            workday(redone + timedelta(days=6), 1),
            "Hecha",
            None,
        ]
    )
    add_list(book, "TAREAS", "TAREAS DEL EQUIPO", columns, rows)
