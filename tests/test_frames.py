"""An assessment as pandas tables."""

from datetime import date
from decimal import Decimal

from aliado.report.frames import ageing_frame, kpi_frame, to_frame
from aliado.rules.assess import assess
from aliado.rules.packs import load_pack
from aliado.tables.gather import gather
from builders import invoices, sheet

DAY = date(2026, 8, 1)


def test_a_table_keeps_exact_amounts_dates_and_worksheet_rows():
    frame = to_frame(invoices(("F-1", "Alfa", DAY, None, 100.10), ("F-2", "Beta", DAY, DAY, 5.0)))
    assert frame.index.tolist() == [2, 3]
    assert frame.loc[2, "total"] == Decimal("100.10")
    assert frame.loc[2, "issue_date"] == DAY
    assert frame.loc[2, "due_date"] is None


def test_ageing_and_kpis_are_those_of_the_assessment():
    pack = load_pack("base")
    headings = ("Factura", "Cliente", "Fecha", "Vencimiento", "Total")
    book = sheet("Facturas", headings, ("F-1", "Alfa", DAY, DAY, 100.10), ("F-2", "Beta", DAY, None, 5.0))
    said = assess(gather([book], pack.tables), pack, date(2026, 8, 31))
    ageing = ageing_frame(said)
    assert ageing["outstanding"].sum() == said.ageing[0].outstanding == Decimal("105.10")
    assert ageing.loc[("", "Beta"), "no_due_date"] == Decimal("5.00")
    kpis = kpi_frame(said)
    assert kpis.loc["AR-OVERDUE", "value"] == next(kpi.value for kpi in said.kpis if kpi.id == "AR-OVERDUE")
