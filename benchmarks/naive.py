"""The script that a user would write instead: pandas reads, openpyxl (or wolfxl) loads, writes and saves.

Run: python naive.py WORKBOOK OUT YYYY-MM-DD [openpyxl|calamine] [openpyxl|wolfxl]
"""

from __future__ import annotations

import sys
from typing import Any

import pandas as pd

BANDS = ("Por vencer", "1-30", "31-60", "61-90", "91-120", "121+")
WINDOW = 90


def main(source: str, target: str, day: str, reader: str = "openpyxl", writer: str = "openpyxl") -> None:
    as_of = pd.Timestamp(day)
    sheets = pd.read_excel(source, sheet_name=["Facturas", "Tareas", "Documentos"], engine=reader)
    invoices, tasks, documents = (sheets[name] for name in ("Facturas", "Tareas", "Documentos"))

    invoices["Saldo"] = invoices["Total"].where(~(invoices["Fecha de cobro"] <= as_of), 0.0)
    invoices["Días"] = (as_of - invoices["Vencimiento"]).dt.days
    invoices["Tramo"] = pd.cut(invoices["Días"], [-10_000, 0, 30, 60, 90, 120, 10_000], labels=BANDS)
    invoices["Aviso"] = ((invoices["Saldo"] > 0) & (invoices["Días"] > 0)).map({True: "VENCIDA", False: ""})
    ageing = invoices.pivot_table("Saldo", "Cliente", "Tramo", aggfunc="sum", fill_value=0, observed=False)
    ageing["Total"] = ageing.sum(axis=1)
    ageing = ageing[ageing["Total"] > 0].sort_values("Total", ascending=False)
    kpis = measure(invoices, ageing, as_of)

    workbook = open_workbook(source, writer)
    sheet = workbook["Facturas"]
    column = list(invoices.columns).index("Aliado") + 1
    for row, warning in enumerate(invoices["Aviso"], 2):
        sheet.cell(row, column, warning)
    write_frame(workbook, "Panel", kpis)
    write_frame(workbook, "Antigüedad", ageing.reset_index())
    late = invoices.loc[invoices["Aviso"] != "", ["Factura", "Cliente", "Vencimiento", "Saldo", "Días"]]
    write_frame(workbook, "Alertas", late.sort_values("Días", ascending=False))
    write_frame(workbook, "Tareas atrasadas", tasks[(tasks["Vence"] < as_of) & tasks["Terminada"].isna()])
    write_frame(workbook, "Documentos caducados", documents[documents["Caduca"] < as_of])
    workbook.save(target)


def open_workbook(source: str, writer: str) -> Any:
    if writer == "wolfxl":
        import wolfxl

        return wolfxl.load_workbook(source, modify=True)
    from openpyxl import load_workbook

    return load_workbook(source)


def measure(invoices: pd.DataFrame, ageing: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
    owed = invoices["Saldo"].sum()
    overdue = invoices.loc[invoices["Días"] > 0, "Saldo"].sum()
    sales = invoices.loc[invoices["Fecha"] > as_of - pd.Timedelta(days=WINDOW), "Total"].sum()
    paid = invoices[invoices["Fecha de cobro"] <= as_of]
    late = (paid["Fecha de cobro"] - paid["Vencimiento"]).dt.days.clip(lower=0).mean()
    rows = [
        ("Saldo pendiente", owed),
        ("Saldo vencido", overdue),
        ("% vencido", overdue / owed),
        ("Periodo medio de cobro", owed / sales * WINDOW),
        ("Mejor periodo posible", (owed - overdue) / sales * WINDOW),
        ("Días medios de retraso", late),
        ("Cinco mayores deudores", ageing["Total"].head(5).sum() / owed),
    ]
    return pd.DataFrame(rows, columns=["Indicador", "Valor"])


def write_frame(workbook: Any, name: str, frame: pd.DataFrame) -> None:
    plain_dates = type(workbook).__module__.startswith("wolfxl")  # it fails on dates in new sheets
    if plain_dates:
        from wolfxl import Font, PatternFill
    else:
        from openpyxl.styles import Font, PatternFill
    sheet = workbook.create_sheet(name)
    for column, heading in enumerate(frame.columns, 1):
        cell = sheet.cell(1, column, str(heading))
        cell.font = Font(bold=True, color="FFFFFF")
        cell.fill = PatternFill("solid", fgColor="1F4E79")
    for number, row in enumerate(frame.itertuples(index=False), 2):
        for column, value in enumerate(row, 1):
            if not pd.isna(value):
                is_day = plain_dates and isinstance(value, pd.Timestamp)
                sheet.cell(number, column, str(value) if is_day else value)


if __name__ == "__main__":
    main(*sys.argv[1:])
