"""The Panamanian sample: a small advisory firm that keeps its books in English, with a paid date on each invoice."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from aliado.batch.samples_ledger import (
    Item,
    Party,
    bill,
    credit,
    credit_limits,
    month_starts,
    next_month,
    seed,
    settle,
    vat,
    workday,
)
from aliado.batch.samples_sheet import Book, Column, Formula, Look, Value, place

NAME = "Gatun Bridge Advisory, Inc."
FILE = "Gatun Bridge Advisory.xlsx"

CUSTOMERS = tuple(
    Party(name, tax_id, terms, late, weight, place)
    for name, tax_id, terms, late, weight, place in (
        ("Cristobal Ship Agents, S.A.", "155596713-2-2015 DV 41", 30, 4, 5, "Colón"),
        ("Pacific Lock Engineering, Corp.", "155611208-2-2015 DV 17", 45, 6, 4, "Panama City"),
        ("Bella Vista Properties, S.A.", "155630447-2-2016 DV 80", 30, 1, 4, "Panama City"),
        ("Tocumen Air Cargo, Inc.", "155588120-2-2014 DV 5", 30, 9, 3, "Tocumen"),
        ("Boquete Highland Coffee, S.A.", "155604911-2-2015 DV 62", 30, -1, 3, "Boquete"),
        ("Coral Free Zone Trading, S.A.", "155671093-2-2018 DV 9", 45, 12, 3, "Colón Free Zone"),
        ("Amador Marina Services, Inc.", "155642256-2-2017 DV 33", 30, 6, 2, "Amador"),
        ("Darien Timber Partners, S.A.", "155659370-2-2017 DV 74", 30, 70, 1, "La Palma"),
    )
)
SUPPLIERS = tuple(
    Party(name, tax_id, terms, late, weight)
    for name, tax_id, terms, late, weight in (
        ("Costa del Este Offices, S.A.", "155570022-2-2014 DV 28", 10, 0, 3),
        ("Isthmus Cloud Hosting, Inc.", "155690415-2-2019 DV 51", 15, 2, 2),
        ("Balboa Legal Partners", "155613377-2-2015 DV 90", 30, 5, 2),
        ("Metro Couriers, S.A.", "155577805-2-2014 DV 12", 15, 6, 2),
    )
)
CONCEPTS = (
    "Monthly bookkeeping",
    "Payroll service",
    "Tax compliance review",
    "Financial model",
    "Audit support",
    "Due diligence",
)

INVOICES = (
    Column("Invoice No.", width=12),
    Column("Invoice date", "date", 13),
    Column("Customer", width=34),
    Column("Description", width=26),
    Column("Net amount", "money", 13),
    Column("% ITBMS", "percent", 9),
    Column("ITBMS", "money", 11),
    Column("Total", "money", 13),
    Column("Due date", "date", 13),
    Column("Paid on", "date", 13),
    Column("Status", width=10),
    Column("Days to pay", "number", 9),
    Column("Notes", width=34),
)


def invoices(as_of: date) -> list[Item]:
    """Return the invoices issued in the 14 months up to `as_of`; each is paid in full or not at all."""
    random = seed(20_293)
    items = bill(
        random, CUSTOMERS, as_of, count=60, days=425, mean=165_000, rates=(7,), concepts=CONCEPTS, currency="USD"
    )
    items[17].cancelled, items[17].note = True, "Void - issued to the wrong company"
    items[41].disputed, items[41].note = True, "Disputed: scope of the review"
    items[52].due, items[52].kept = None, True
    items[54].vat += 100
    items[57].kept = items[58].kept = True
    last, year = 37, items[0].issued.year
    for at, item in enumerate(items):
        if item.issued.year != year:
            year, last = item.issued.year, 0
        last += 2 if at == 33 else 1
        item.number = f"{year}-{last:03d}"
    items[58].number = items[57].number
    settle(random, items, as_of)
    for item in items:
        if item.balance != item.total:
            # No receipts are kept here: an invoice counts as paid on the day of its last payment.
            item.paid = item.paid if not item.balance else []
    note = credit(items[45], 0.2, 6, as_of, offset=False)
    note.number, note.note = f"CN-{note.issued.year}-003", "Credit note: hours billed twice"
    return sorted([*items, note], key=lambda item: item.issued)


def write(folder: Path, as_of: date) -> Path:
    """Write the workbook into `folder` and return its path."""
    path = folder / FILE
    issued = invoices(as_of)
    look = Look("#1D5C4D", date="d mmm yyyy", money='#,##0.00;[Red](#,##0.00);"-"', table_style="Table Style Light 11")
    book = Book(path, look, as_of, {"title": NAME, "author": "Office manager"})
    _write_invoices(book, issued)
    _write_bills(book, as_of)
    _write_parties(book, issued)
    _write_documents(book, as_of)
    _write_filings(book, as_of)
    _write_tasks(book, as_of)
    _write_profile(book)
    _write_summary(book, issued, as_of)
    book.close()
    return path


def _write_invoices(book: Book, items: list[Item]) -> None:
    sheet = book.add_sheet("Invoices")
    rows: list[list[Value]] = []
    for at, item in enumerate(items, 2):
        days: Value = Formula(f"=J{at}-B{at}", (item.paid_on - item.issued).days) if item.paid_on else None
        rate = Formula(f"=ROUND(E{at}*F{at},2)", item.vat / 100) if item.vat == vat(item.base, item.rate) else item.vat
        total = Formula(f"=E{at}+G{at}", item.total / 100)
        state = _state(item)
        rows.append(
            [
                item.number,
                item.issued,
                item.party.name,
                item.concept,
                item.base,
                item.rate / 100,
                rate,
                total,
                item.due,
                item.paid_on,
                state,
                days,
                item.note or None,
            ]
        )
    book.write_list(sheet, INVOICES, rows)
    sheet.data_validation(
        place(INVOICES, "Status", 0, len(rows)),
        {"validate": "list", "source": ["Open", "Paid", "Disputed", "Void", "Credit"]},
    )
    sheet.conditional_format(
        place(INVOICES, "Days to pay", 0, len(rows)),
        {
            "type": "icon_set",
            "icon_style": "3_traffic_lights",
            "reverse_icons": True,
            "icons": [
                {"criteria": ">=", "type": "number", "value": 60},
                {"criteria": ">=", "type": "number", "value": 40},
            ],
        },
    )
    disputed = next(row for row, item in enumerate(items, 1) if item.disputed)
    sheet.write_comment(disputed, 2, "Call with the CFO on Thursday.", {"author": "Grace"})
    book.workbook.define_name("Invoice_totals", f"=Invoices!$H$2:$H${len(rows) + 1}")


def _state(item: Item) -> str:
    if item.cancelled:
        return "Void"
    if item.disputed:
        return "Disputed"
    if item.total < 0:
        return "Credit"
    return "Paid" if item.paid_on else "Open"


def _write_bills(book: Book, as_of: date) -> None:
    random = seed(20_268)
    items = bill(
        random,
        SUPPLIERS,
        as_of,
        count=34,
        days=425,
        mean=72_000,
        rates=(7,),
        concepts=("Rent", "Services"),
        currency="USD",
    )
    settle(random, items, as_of)
    rows: list[list[Value]] = []
    for at, item in enumerate(items):
        code = "".join(word[0] for word in item.party.name.split()[:2]).upper()
        rows.append(
            [
                f"{code}-{3310 + at * 3}",
                item.issued,
                item.party.name,
                item.base,
                item.rate / 100,
                item.vat,
                item.total,
                item.due,
                item.paid_on,
            ]
        )
    columns: tuple[Column, ...] = (
        Column("Bill No.", width=12),
        Column("Bill date", "date", 13),
        Column("Supplier", width=30),
        Column("Net amount", "money", 13),
        Column("% ITBMS", "percent", 9),
        Column("ITBMS", "money", 11),
        Column("Total", "money", 13),
        Column("Due date", "date", 13),
        Column("Paid on", "date", 13),
    )
    book.write_list(book.add_sheet("Bills"), columns, rows)


def _write_parties(book: Book, items: list[Item]) -> None:
    limits = credit_limits(items, CUSTOMERS)
    columns: tuple[Column, ...] = (
        Column("Customer", width=34),
        Column("Tax ID", width=26),
        Column("Location", width=18),
        Column("Payment terms", "number", 10),
        Column("Credit limit", "money", 13),
        Column("E-mail", width=32),
    )
    rows: list[list[Value]] = [
        [p.name, p.tax_id, p.place, p.terms, limits[p.name], f"accounts@{p.name.split()[0].lower()}.example"]
        for p in CUSTOMERS
    ]
    book.write_list(book.add_sheet("Customers"), columns, rows)
    columns = (Column("Supplier", width=34), Column("Tax ID", width=26), Column("Payment terms", "number", 10))
    book.write_list(book.add_sheet("Suppliers"), columns, [[p.name, p.tax_id, p.terms] for p in SUPPLIERS])


def _write_documents(book: Book, as_of: date) -> None:
    def day(days: int) -> date:
        return as_of + timedelta(days=days)

    columns: tuple[Column, ...] = (
        Column("Document", width=40),
        Column("Issue date", "date", 13),
        Column("Expiry date", "date", 13),
        Column("Status", width=11),
        Column("Link", width=32),
        Column("Owner", width=12),
    )
    rows: list[list[Value]] = [
        ["Operations notice (Aviso de operación)", date(2017, 5, 9), None, "On file", "", "Grace"],
        ["Public registry certificate", day(-130), day(-40), "On file", "", "Grace"],
        ["Tax good standing (Paz y salvo DGI)", day(-8), day(22), "On file", "", "Grace"],
        ["Social security good standing (CSS)", None, None, "Missing", None, "Ruben"],
        ["Office lease", day(-500), day(230), "On file", "docs/lease.pdf", "Ruben"],
    ]
    book.write_list(book.add_sheet("Documents"), columns, rows)


def _write_filings(book: Book, as_of: date) -> None:
    random = seed(20_269)
    rows: list[list[Value]] = []
    months = month_starts(as_of, 14)
    for month in months:
        after = next_month(month)
        for name, day in (("ITBMS", 15), ("Social security (CSS)", 30 if after.month != 2 else 28)):
            due = workday(after.replace(day=day), 1)
            filed = workday(due - timedelta(days=random.randint(1, 6)), -1)
            missed = name == "ITBMS" and month == months[-3]
            done = filed <= as_of and not missed
            rows.append([name, f"{month:%Y-%m}", due, filed if done else None, "Filed" if done else "Open", "Ruben"])
    year = as_of.year - 1 if as_of >= date(as_of.year, 4, 5) else as_of.year - 2
    due = workday(date(year + 1, 3, 31), 1)
    rows.append(["ISR (annual income tax)", str(year), due, workday(due - timedelta(days=4), -1), "Filed", "Grace"])
    columns: tuple[Column, ...] = (
        Column("Obligation", width=26),
        Column("Period", width=10),
        Column("Due date", "date", 13),
        Column("Filed on", "date", 13),
        Column("Status", width=10),
        Column("Owner", width=12),
    )
    book.write_list(book.add_sheet("Filings"), columns, rows)


def _write_tasks(book: Book, as_of: date) -> None:
    rows: list[list[Value]] = []
    for month in month_starts(as_of, 5):
        after = next_month(month)
        for at, (task, owner, limit) in enumerate(
            (
                ("Bank reconciliation", "Ruben", 5),
                ("ITBMS working paper", "Ruben", 10),
                ("Chase overdue invoices", "Grace", 12),
            )
        ):
            due = workday(after + timedelta(days=limit), 1)
            done = workday(due + timedelta(days=(at * 2 + month.month) % 4 - 2), 1)
            finished = done if done <= as_of - timedelta(days=9 * (at == 2)) else None
            state = "Done" if finished else "In progress" if after <= as_of else "Not started"
            rows.append([task, f"{month:%Y-%m}", owner, after, due, finished, state])
    due = workday(as_of - timedelta(days=5), -1)
    rows.append(
        ["Renew registry certificate", f"{as_of:%Y-%m}", "Grace", due - timedelta(days=9), due, None, "In progress"]
    )
    columns: tuple[Column, ...] = (
        Column("Task", width=28),
        Column("Period", width=10),
        Column("Owner", width=12),
        Column("Start date", "date", 13),
        Column("Due date", "date", 13),
        Column("Done on", "date", 13),
        Column("Status", width=13),
    )
    book.write_list(book.add_sheet("Tasks"), columns, rows)


def _write_profile(book: Book) -> None:
    columns: tuple[Column, ...] = (
        Column("Company name", width=32),
        Column("Tax ID", width=26),
        Column("Country", width=10),
        Column("Currency", width=10),
        Column("Language", width=10),
        Column("Regime", width=12),
        Column("Kind", width=12),
        Column("Responsible", width=14),
        Column("Control total", "money", 14),
    )
    row: list[Value] = [NAME, "155623389-2-2016 DV 58", "PA", "USD", "en", "General", "Company", "Grace Ortega", None]
    book.write_list(book.add_sheet("Profile"), columns, [row])


def _write_summary(book: Book, items: list[Item], as_of: date) -> None:
    """Write the client's own sheet: billing per month, with a chart."""
    sheet = book.add_sheet("Summary", "#404040")
    book.write(sheet, 0, 0, "Billing by month", "title")
    months = month_starts(as_of, 12)
    last = len(items) + 1
    rows: list[list[Value]] = []
    for at, month in enumerate(months, 4):
        window = f'Invoices!$B$2:$B${last},">="&$A{at},Invoices!$B$2:$B${last},"<"&EDATE($A{at},1)'
        inside = [item for item in items if month <= item.issued < next_month(month)]
        count = Formula(f"=COUNTIFS({window})", len(inside))
        rows.append(
            [month, count, Formula(f"=SUMIFS(Invoices!$E$2:$E${last},{window})", sum(i.base for i in inside) / 100)]
        )
    columns: tuple[Column, ...] = (
        Column("Month", "month", 14),
        Column("Documents", "number", 12),
        Column("Billed (net)", "money", 15),
    )
    book.write_list(sheet, columns, rows, top=2)
    chart = book.workbook.add_chart({"type": "line"})
    chart.add_series(
        {
            "name": "=Summary!$C$3",
            "categories": f"=Summary!$A$4:$A${len(rows) + 3}",
            "values": f"=Summary!$C$4:$C${len(rows) + 3}",
            "line": {"color": "#1D5C4D", "width": 2.25},
            "marker": {"type": "circle", "fill": {"color": "#1D5C4D"}},
        }
    )
    chart.set_title({"name": "Net billing, last 12 months", "name_font": {"size": 12}})
    chart.set_x_axis({"num_format": "mmm yy"})
    chart.set_y_axis(
        {"num_format": "#,##0", "min": 0, "major_gridlines": {"visible": True, "line": {"color": "#D9D9D9"}}}
    )
    chart.set_legend({"none": True})
    chart.set_size({"width": 620, "height": 300})
    sheet.insert_chart("E3", chart, {"description": "Net amount billed in each of the last 12 months"})
