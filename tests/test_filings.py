"""The calendar of obligations: which are this client's, when they fall due, and what became of them."""

from datetime import date, timedelta
from decimal import Decimal

import holidays
import pytest
from click.testing import CliRunner

from aliado.commands.rules import stale
from aliado.language import same
from aliado.rules.assess import assess
from aliado.rules.business_days import add_business_days, add_span, business_days_between, holidays_of, is_business_day
from aliado.rules.due_dates import due_date, find_period, instalments, periods
from aliado.rules.functions import FUNCTIONS
from aliado.rules.models import Due, Duration, Obligation, Where
from aliado.rules.packs import load_pack, shipped_packs
from aliado.rules.periods import add_months, period_span, year_start
from aliado.rules.stale import stale_rules
from aliado.tables.gather import gather
from aliado.workbook.files import files_beside
from builders import sheet

FILINGS = ("Obligación", "Periodo", "Presentada")
TAX_IDS = {"EC": "1790012355001", "CO": "900123456-8", "MX": "AAA010101AA9", "PE": "20100047218", "PA": "155-1-1"}


@pytest.fixture(scope="module")
def packs():
    return {name: load_pack(name, functions=FUNCTIONS) for name in shipped_packs()}


def client(country, *more, headings=(), tax_id=None):
    first = ("ACME", tax_id or TAX_IDS.get(country, "1"), country, "Sociedad")
    return sheet("Ficha", ("Nombre", "RUC", "País", "Tipo", *headings), (*first, *more))


def assessed(pack, *sheets, as_of, **more):
    return assess(gather(sheets, pack.tables), pack, as_of, **more)


def filings(*rows, headings=FILINGS):
    return sheet("Declaraciones", headings, *rows)


def due(pack, rule, period, tax_id):
    obligation = pack.obligations[rule]
    found = find_period(obligation.every, period)
    return due_date(obligation, found, tax_id, holidays_of(pack.country, *pack.holidays))


# Dated tables: the days that the facts and the project's own notes give.


@pytest.mark.parametrize(
    ("country", "rule", "period", "tax_id", "expected"),
    [
        ("ec", "EC-IVA-M", "2026-10", "1790012315001", date(2026, 11, 10)),
        ("ec", "EC-IVA-M", "2026-10", "1790012325001", date(2026, 11, 12)),
        ("ec", "EC-IVA-M", "2026-10", "1790012335001", date(2026, 11, 16)),  # the 14th is a Saturday
        ("ec", "EC-IVA-M", "2026-10", "1790012345001", date(2026, 11, 16)),
        ("ec", "EC-IVA-M", "2026-10", "1790012355001", date(2026, 11, 18)),
        ("ec", "EC-IVA-M", "2026-10", "1790012365001", date(2026, 11, 20)),
        ("ec", "EC-IVA-M", "2026-10", "1790012375001", date(2026, 11, 23)),
        ("ec", "EC-IVA-M", "2026-10", "1790012385001", date(2026, 11, 24)),
        ("ec", "EC-IVA-M", "2026-10", "1790012395001", date(2026, 11, 26)),
        ("ec", "EC-IVA-M", "2026-10", "1790012305001", date(2026, 11, 30)),
        ("ec", "EC-IVA-M", "2026-01", "1790012305001", date(2026, 2, 27)),  # the next business day is in March
        ("ec", "EC-IVA-E", "2026-10", "1790012355001", date(2026, 11, 11)),
        ("ec", "EC-IVA-S", "2026-H1", "1790012355001", date(2026, 7, 20)),
        ("mx", "MX-IVA-M", "2026-10", "AAA010101AA9", date(2026, 11, 18)),  # 17 is a Tuesday, digits 1 and 2
        ("mx", "MX-IVA-M", "2026-10", "AAA010110AA9", date(2026, 11, 24)),  # digits 9 and 0
        ("es", "ES-303", "2020-Q4", "B1", date(2021, 2, 1)),
        ("es", "ES-303", "2026-Q1", "B1", date(2026, 4, 20)),
        ("es", "ES-111", "2026-Q4", "B1", date(2027, 1, 20)),
        ("es", "ES-390", "2026", "B1", date(2027, 2, 1)),
        ("es", "ES-347", "2026", "B1", date(2027, 3, 1)),
        ("es", "ES-200", "2025", "B1", date(2026, 7, 27)),
        ("cl", "CL-F29", "2026-09", "1-9", date(2026, 10, 13)),  # the 12th is a holiday
        ("cl", "CL-F29-E", "2026-10", "1-9", date(2026, 11, 20)),
        ("pa", "PA-ITBMS-M", "2026-09", "1", date(2026, 10, 15)),
        ("pa", "PA-RENTA-J", "2025", "1", date(2026, 3, 31)),
        ("co", "CO-RET-M", "2024-01", "900123451", date(2024, 2, 9)),
        ("co", "CO-RET-M", "2024-01", "900123459", date(2024, 2, 21)),
        ("co", "CO-RET-M", "2024-01", "900123450", date(2024, 2, 22)),
    ],
)
def test_due_dates_are_those_of_the_dated_tables(packs, country, rule, period, tax_id, expected):
    assert due(packs[country], rule, period, tax_id) == expected


@pytest.mark.parametrize(
    ("close", "expected"), [("12-31", "04-30"), ("03-31", "07-29"), ("06-30", "10-28"), ("09-30", "01-28")]
)
def test_one_hundred_and_twenty_days_after_the_close_fall_where_the_source_says(close, expected):
    rule = Obligation("X", same("X"), Where("", 0, 0), every="fiscal_year", due=Due(days_after=120), if_holiday="none")
    month = int(close[:2])
    (period,) = periods("fiscal_year", date(2025, 1, 1), date(2025, 12, 31), year_end_month=month)
    assert due_date(rule, period, "", holidays_of("")).strftime("%m-%d") == expected


@pytest.mark.parametrize("country", ["CL", "CO", "EC", "ES", "MX", "PA", "PE"])
@pytest.mark.parametrize("year", [2024, 2025, 2026, 2027])
def test_business_days_are_those_of_the_holidays_library(country, year):
    own = holidays_of(country)
    official = holidays.country_holidays(country, years=year, language="en_US")
    moved = {name[: -len(" (observed)")] for day in official for name in official.get_list(day) if "(obs" in name}
    for number in range(366):
        day = date(year, 1, 1) + timedelta(days=number)
        worked_again = day in official and all(name in moved for name in official.get_list(day))
        if not (country == "EC" and worked_again) and day.year == year:
            assert is_business_day(day, own) == (day.weekday() < 5 and day not in official), day


def test_a_holiday_that_is_moved_to_another_weekday_is_worked_on_its_own():
    own = holidays_of("EC")
    assert is_business_day(date(2025, 10, 9), own)
    assert not is_business_day(date(2025, 10, 10), own)
    assert not is_business_day(date(2026, 10, 9), own)


def test_a_regions_holidays_count_by_its_code_or_name_and_an_unknown_one_takes_none_away():
    national, madrid = holidays_of("ES"), holidays_of("ES", region="Comunidad de Madrid")
    assert holidays_of("ES", region="MD")(2024) == holidays_of("ES", region="Madrid")(2024)
    assert national(2024) < holidays_of("ES", region="MD")(2024)
    assert madrid(2024) >= national(2024)
    assert holidays_of("ES", region="Ninguna")(2024) == national(2024)


def test_the_profiles_region_moves_a_due_date(packs):
    pack = packs["es"]
    book = filings(("Modelo 999", "1T 2024", None))
    plain = assessed(pack, client("ES"), book, as_of=date(2026, 4, 1))
    there = assessed(pack, client("ES", "CT", headings=("Región",)), book, as_of=date(2026, 4, 1))
    assert plain.calendar
    assert all(one.due <= other.due for one, other in zip(plain.calendar, there.calendar, strict=True))
    assert date(2026, 4, 6) in holidays_of("ES", region="CT")(2026)


@pytest.mark.parametrize(
    ("span", "times", "expected"),
    [
        (Duration(3, "business_days"), 1, date(2026, 12, 3)),
        (Duration(3, "business_days"), -1, date(2026, 11, 25)),
        (Duration(2, "weeks"), 1, date(2026, 12, 14)),
        (Duration(3, "months"), 1, date(2027, 2, 28)),
        (Duration(1, "years"), -1, date(2025, 11, 30)),
    ],
)
def test_spans_are_added_as_people_count_them(span, times, expected):
    assert add_span(date(2026, 11, 30), span, holidays_of("EC"), times) == expected


def test_business_days_between_undo_added_business_days():
    calendar = holidays_of("CO")
    for count in range(30):
        later = add_business_days(date(2026, 11, 20), count, calendar)
        assert business_days_between(date(2026, 11, 20), later, calendar) == count


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("2026-02", date(2026, 2, 1), date(2026, 2, 28)),
        ("2026-B6", date(2026, 11, 1), date(2026, 12, 31)),
        ("2026-Q1", date(2026, 1, 1), date(2026, 3, 31)),
        ("2026-C3", date(2026, 9, 1), date(2026, 12, 31)),
        ("2026-H2", date(2026, 7, 1), date(2026, 12, 31)),
        ("2024", date(2024, 1, 1), date(2024, 12, 31)),
    ],
)
def test_a_periods_name_says_which_days_it_holds(name, first, last):
    assert period_span(name) == (first, last)


@pytest.mark.parametrize("name", ["", "2026-13", "2026-Q5", "2026-X1", "lo que sea", "26-01"])
def test_another_text_is_no_period(name):
    assert period_span(name) is None


def test_months_are_clamped_and_fiscal_years_begin_after_their_last_month():
    assert add_months(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert year_start(date(2026, 10, 31)) == date(2026, 1, 1)
    assert year_start(date(2026, 3, 31), 3) == date(2025, 4, 1)
    assert year_start(date(2026, 4, 1), 3) == date(2026, 4, 1)


def test_several_fixed_days_of_a_year_are_its_instalments():
    rule = Obligation("X", same("X"), Where("", 0, 0), every="year", due=Due(on=((4, 20), (10, 20))), if_holiday="none")
    parts = instalments(rule.due, find_period("year", "2026"))
    assert [part.name for part in parts] == ["2026-P1", "2026-P2"]
    assert [due_date(rule, part, "", holidays_of("")) for part in parts] == [date(2026, 4, 20), date(2026, 10, 20)]
    assert due_date(rule, find_period("year", "2026-P2"), "", holidays_of("")) == date(2026, 10, 20)


def test_an_instalment_that_falls_due_before_its_year_ends_is_on_the_calendar(packs):
    book = (client("ES", "202", headings=("Modelos",)), filings(("Modelo 303", "1T 2026", date(2026, 4, 10))))
    said = assessed(packs["es"], *book, as_of=date(2026, 4, 25))
    states = {(entry.obligation, entry.period): (entry.status, entry.due) for entry in said.calendar}
    assert states["ES-202-1P", "2026"] == ("overdue", date(2026, 4, 20))
    assert ("ES-202-2P", "2026") not in states


def test_a_filing_is_on_time_late_due_soon_pending_or_overdue(packs):
    rows = (
        ("ITBMS", "2026-06", date(2026, 7, 15)),
        ("ITBMS", "2026-07", date(2026, 8, 18)),
        ("ITBMS", "2026-08", None),
    )
    said = assessed(packs["pa"], client("PA"), filings(*rows), as_of=date(2026, 10, 5))
    states = {entry.period: (entry.status, entry.days) for entry in said.calendar if entry.obligation == "PA-ITBMS-M"}
    assert states["2026-06"][0] == "filed_on_time"
    assert states["2026-07"][0] == "filed_late"
    assert states["2026-08"] == ("overdue", -20)
    assert states["2026-09"] == ("due_soon", 10)
    assert {entry.obligation for entry in said.unscheduled if entry.status == "not_applicable"} >= {"PA-ITBMS-T"}
    figure = next(item for item in said.kpis if item.id == "CMP-FILED")
    assert figure.value == Decimal("0.333333")


def test_a_filing_made_later_does_not_count_at_an_earlier_date(packs):
    book = (client("PA"), filings(("ITBMS", "2026-08", date(2026, 9, 20))))
    then = assessed(packs["pa"], *book, as_of=date(2026, 9, 19))
    states = {entry.period: entry.status for entry in then.calendar if entry.obligation == "PA-ITBMS-M"}
    assert states["2026-08"] == "overdue"


def test_a_year_without_its_table_is_unknown_once_and_never_overdue(packs):
    said = assessed(packs["pe"], client("PE"), filings(("IGV", "2026-01", None)), as_of=date(2026, 4, 30))
    assert not [item for item in said.findings if item.rule == "PE-IGV-M"]
    unknown = [entry for entry in said.unscheduled if entry.obligation == "PE-IGV-M"]
    assert [entry.period for entry in unknown] == ["2026-01", "2026-02", "2026-03", "2026-04"]
    assert {entry.status for entry in unknown} == {"unknown"}
    assert "2026" in unknown[0].reason.es
    notes = [note.es for note in said.notes if note.es.startswith("PE-IGV-M")]
    assert notes == ["PE-IGV-M 2026-01 … 2026-04: no se sabe el vencimiento (falta la tabla de 2026)."]


def test_where_the_rules_give_no_date_the_clients_own_is_taken_and_called_unverified(packs):
    book = filings(
        ("IGV", "2026-01", date(2026, 2, 16), None), headings=("Obligación", "Periodo", "Vencimiento", "Presentada")
    )
    said = assessed(packs["pe"], client("PE"), book, as_of=date(2026, 3, 15))
    (entry,) = [item for item in said.calendar if item.obligation == "PE-IGV-M"]
    assert (entry.due, entry.verified, entry.status) == (date(2026, 2, 16), False, "unknown")


def test_a_passed_deadline_that_nobody_verified_is_unknown_and_says_so(packs):
    rows = (("IVA", "2025-12", date(2026, 1, 10)), ("Renta", "2025", None))
    said = assessed(packs["ec"], client("EC"), filings(*rows), as_of=date(2026, 6, 1))
    (entry,) = [item for item in said.calendar if item.obligation == "EC-RENTA-S"]
    assert (entry.status, entry.verified) == ("unknown", False)
    (finding,) = [item for item in said.findings if item.rule == "EC-RENTA-S"]
    assert (finding.severity, finding.label) == ("amber", "unverified")
    assert "(plazo sin verificar). La fuente dice el mes (abril)" in finding.message.es
    assert entry.note is not None
    assert entry.note.en in finding.message.en


def test_a_filing_says_who_what_proves_it_and_when_the_rule_was_looked_at(packs):
    headings = (*FILINGS, "Responsable", "Enlace")
    book = filings(("IVA", "2026-09", date(2026, 10, 9), "Ana", "pruebas/iva.pdf"), headings=headings)
    said = assessed(packs["ec"], client("EC"), book, as_of=date(2026, 10, 31))
    entry = next(item for item in said.calendar if item.obligation == "EC-IVA-M" and item.period == "2026-09")
    assert (entry.responsible, entry.shown, entry.confidence) == ("Ana", "pruebas/iva.pdf", "high")
    assert entry.evidence is not None
    assert entry.checked == date(2026, 11, 1)
    assert entry.source


def test_a_rule_that_is_over_still_dates_the_periods_it_held_for():
    pack = load_pack("pa", functions=FUNCTIONS)
    rule = pack.obligations["PA-ITBMS-M"]
    assert rule.valid.includes(date(2020, 1, 31))


@pytest.mark.parametrize(
    ("country", "headings", "values", "present", "absent"),
    [
        ("EC", ("Régimen",), ("Semestral",), {"EC-IVA-S"}, {"EC-IVA-M", "EC-IVA-E", "EC-RENTA-N"}),
        ("EC", ("Contribuyente especial",), ("Sí",), {"EC-IVA-E"}, {"EC-IVA-M"}),
        ("ES", ("Empleados",), (3,), {"ES-111", "ES-190"}, {"ES-115", "ES-130"}),
        ("CL", ("Factura electrónica",), ("Sí",), {"CL-F29-E"}, {"CL-F29"}),
        ("CO", ("Régimen",), ("Cuatrimestral",), {"CO-IVA-C"}, {"CO-IVA-B"}),
    ],
)
def test_obligations_are_for_whom_the_profile_says(packs, country, headings, values, present, absent):
    pack = packs[country.lower()]
    invoices = sheet("Facturas", ("Factura", "Cliente", "Fecha", "Total"), ("F-1", "Alfa", date(2026, 1, 1), 1.0))
    said = [
        assessed(pack, client(country, *values, headings=headings), invoices, as_of=day)
        for day in (date(2026, 1, 10), date(2026, 4, 5), date(2026, 7, 5))
    ]
    scheduled = {entry.obligation for each in said for entry in each.calendar}
    assert present <= scheduled
    assert not absent & scheduled
    assert absent <= {entry.obligation for entry in said[0].unscheduled if entry.status == "not_applicable"}


DOCUMENTS = ("Documento", "Emitido", "Caduca", "Enlace")


def test_the_share_of_required_documents_in_order_counts_an_expired_one_as_missing(packs):
    rows = (
        ("Certificado de RUC", date(2026, 9, 1), None, None),
        ("Nombramiento", date(2024, 1, 1), date(2026, 10, 30), None),
    )
    said = assessed(packs["ec"], client("EC"), sheet("Documentos", DOCUMENTS, *rows), as_of=date(2026, 10, 31))
    assert {item.document: item.status for item in said.documents} == {
        "DOC-ENCARGO": "missing",
        "DOC-RUC": "valid",
        "DOC-NOMBR": "expired",
    }
    assert next(item for item in said.kpis if item.id == "CMP-DOCS").value == Decimal("0.333333")


def test_a_document_that_takes_long_to_renew_is_told_in_time(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text(
        "pack: mine\nextends: ec\nversion: 1\ntitle: Mine\ndocuments:\n  DOC-NOMBR: {renew: 60 business days}\n",
        encoding="utf-8",
    )
    pack = load_pack(path, functions=FUNCTIONS)
    rows = sheet("Documentos", DOCUMENTS, ("Nombramiento", date(2024, 1, 1), date(2027, 1, 15), None))
    begin = add_business_days(date(2027, 1, 15), -60, holidays_of("EC"))
    for day, expected in ((begin - timedelta(days=1), "valid"), (begin, "expiring")):
        said = assessed(pack, client("EC"), rows, as_of=day)
        (found,) = [item for item in said.documents if item.document == "DOC-NOMBR"]
        assert (found.status, found.renew_from) == (expected, begin)
    finding = next(item for item in said.findings if item.rule == "DOC-NOMBR")
    assert "empezar a renovarlo" in finding.message.es


def test_evidence_is_looked_for_only_beside_the_workbook(packs, tmp_path):
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "ruc.pdf").write_bytes(b"%PDF")
    (tmp_path.parent / "outside.pdf").write_bytes(b"%PDF")
    rows = (
        ("Certificado de RUC", date(2026, 9, 1), None, "docs\\ruc.pdf"),
        ("Nombramiento", date(2026, 9, 1), date(2028, 1, 1), "docs/nombramiento.pdf"),
        ("Otro", date(2026, 9, 1), None, "../outside.pdf"),
        ("Web", date(2026, 9, 1), None, "https://example.com/a.pdf"),
        ("Disco", date(2026, 9, 1), None, "C:\\a.pdf"),
        ("Raíz", date(2026, 9, 1), None, "/etc/hosts"),
        ("Sin", date(2026, 9, 1), None, None),
    )
    book = sheet("Documentos", DOCUMENTS, *rows)
    said = assessed(
        packs["ec"], client("EC"), book, as_of=date(2026, 10, 31), exists=files_beside(tmp_path / "book.xlsx")
    )
    assert [item.row for item in said.findings if item.rule == "DOC-002"] == [3, 4]
    unseen = assessed(packs["ec"], client("EC"), book, as_of=date(2026, 10, 31))
    assert not [item for item in unseen.findings if item.rule == "DOC-002"]


def test_rules_not_looked_at_for_long_are_listed_oldest_first(packs):
    pack = packs["ec"]
    assert stale_rules(pack, date(2026, 11, 20), 365) == []
    late = stale_rules(pack, date(2027, 11, 20), 365)
    assert {item.rule for item in late} >= {"EC-IVA-M", "EC-RENTA-S", "iva_general"}
    assert [item.checked for item in late] == sorted(item.checked for item in late)
    assert not {item.rule for item in late} & {"AR-001", "DOC-RUC"}
    assert next(item for item in late if item.rule == "EC-RENTA-S").verified is False


def test_filings_of_later_periods_change_nothing_of_a_past_date(packs):
    early = [("ITBMS", "2026-08", None), ("Otra", "2026-01", None)]
    late = [("ITBMS", "2026-10", date(2026, 11, 10)), ("Renta", "2027", None)]
    then, now = (
        assessed(packs["pa"], client("PA"), filings(*rows), as_of=date(2026, 9, 30)) for rows in (early, early + late)
    )
    assert then.calendar == now.calendar
    assert [(item.rule, item.key) for item in then.findings] == [(item.rule, item.key) for item in now.findings]


def test_the_command_lists_stale_rules_in_both_languages():
    run = CliRunner().invoke(stale, ["ec", "--older-than", "100", "--as-of", "2027-11-20", "--lang", "en"])
    assert run.exit_code == 0
    assert "EC-RENTA-S" in run.output
    assert "checked on 1 Nov 2026, 384 days ago · unverified" in run.output
    fresh = CliRunner().invoke(stale, ["ec", "--as-of", "2026-11-20"])
    assert fresh.output.startswith("Ninguna regla")
