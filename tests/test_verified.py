"""What nobody saw at its source says so wherever it is shown; what was seen does not."""

from datetime import date

import pytest

from aliado.rules.assess import assess
from aliado.rules.functions import FUNCTIONS
from aliado.rules.packs import load_pack, shipped_packs
from aliado.rules.stale import stale_rules
from aliado.tables.gather import gather
from builders import sheet

INVOICES = ("Factura", "Cliente", "Fecha", "Total", "% IVA")
FILINGS = ("Obligación", "Periodo", "Presentada")


@pytest.fixture(scope="module")
def packs():
    return {name: load_pack(name, functions=FUNCTIONS) for name in shipped_packs()}


def assessed(pack, *sheets, as_of, **more):
    return assess(gather(sheets, pack.tables), pack, as_of, **more)


def vat(pack, day, rate):
    said = assessed(pack, sheet("Facturas", INVOICES, ("F-1", "Alfa", day, 100.0, rate)), as_of=date(2026, 11, 20))
    (found,) = [item for item in said.findings if item.rule == "VAT-010"]
    return found


def test_a_finding_of_an_unverified_rule_says_so_in_both_languages(packs):
    found = vat(packs["cl"], date(2026, 10, 1), 0.18)
    assert found.verified is False
    assert found.message.es.endswith("(sin verificar)")
    assert found.message.en.endswith("(unverified)")


def test_a_rate_is_as_sure_as_the_source_of_the_value_in_force_on_the_rows_date(packs):
    old, new = vat(packs["ec"], date(2017, 5, 2), 0.12), vat(packs["ec"], date(2026, 5, 4), 0.12)
    assert (old.verified, new.verified) == (False, True)
    assert old.message.es.endswith("(sin verificar)")
    assert "sin verificar" not in new.message.es
    assert "(general: 14" in old.message.es  # the rate of its own date, not today's
    assert "(general: 15" in new.message.es


def test_an_extension_is_as_sure_as_its_own_source(packs):
    pack = packs["ec"]
    client = sheet("Ficha", ("Nombre", "RUC", "País", "Tipo"), ("ACME", "1790012355001", "EC", "Sociedad"))
    filings = sheet("Declaraciones", FILINGS, ("IVA", "2024-09", date(2024, 10, 17)), ("IVA", "2024-10", None))
    said = assessed(pack, client, filings, as_of=date(2025, 3, 1))
    entries = {item.period: item for item in said.calendar if item.obligation == "EC-IVA-M"}
    assert (entries["2024-09"].verified, entries["2024-09"].source) == (True, "EC-CAL, EC-RES-48")
    assert (entries["2024-10"].verified, entries["2024-10"].source) == (False, "SRI-046-24")
    assert entries["2024-10"].status == "unknown"
    (finding,) = [item for item in said.findings if item.key == "EC-IVA-M 2024-10"]
    assert (finding.verified, finding.label) == (False, "unverified")


@pytest.mark.parametrize(
    ("due", "as_of", "sure"),
    [
        (date(2025, 1, 10), date(2025, 3, 1), True),  # 11.15 %, seen
        (date(2025, 1, 10), date(2025, 8, 1), False),  # the second half of 2025 was not
        (date(2023, 12, 31), date(2024, 6, 30), True),
        (date(2023, 12, 30), date(2024, 6, 30), False),
    ],
)
def test_late_interest_is_as_sure_as_every_rate_in_it(packs, due, as_of, sure):
    headings = ("Factura", "Cliente", "Fecha", "Vencimiento", "Total")
    said = assessed(packs["es"], sheet("Facturas", headings, ("F-1", "Alfa", due, due, 100.0)), as_of=as_of)
    (step,) = said.dunning
    assert step.interest is not None
    assert step.verified is sure


def test_a_half_year_without_a_source_of_its_own_cites_none(packs):
    rates = packs["es"].params["interes_mora"]
    assert rates.origin_at(date(2025, 3, 1)).source == ("ES-MORA-2025-1",)
    assert rates.origin_at(date(2023, 8, 1)) == ((), True)


def test_no_source_is_newer_than_the_facts(packs):
    for pack in packs.values():
        for source in pack.sources.values():
            assert source.checked is None or source.checked <= date(2026, 11, 30), source.id
            assert source.kind in {"business", "example"} or source.checked is not None, source.id


def test_stale_rules_tell_what_rests_on_sources_that_nobody_saw(packs):
    late = {item.rule: item.verified for item in stale_rules(packs["ec"], date(2028, 1, 1), 30)}
    assert late["EC-IVA-E"] is False
    assert late["EC-IVA-M"] is True


def test_every_country_has_vat_withholding_income_tax_a_rate_and_a_check(packs):
    for name, vat_rule, withheld, income in (
        ("ec", "EC-IVA-M", "EC-RET-M", "EC-RENTA-S"),
        ("co", "CO-IVA-B", "CO-RET-M", "CO-RENTA"),
        ("mx", "MX-IVA-M", "MX-RET-M", "MX-ANUAL-PM"),
        ("es", "ES-303", "ES-111", "ES-200"),
        ("cl", "CL-F29", "CL-F29", "CL-RENTA"),
        ("pa", "PA-ITBMS-M", "PA-RET-M", "PA-RENTA-J"),
        ("pe", "PE-IGV-M", "PE-RET-M", "PE-RENTA-A"),
    ):
        pack = packs[name]
        assert {vat_rule, withheld, income} <= set(pack.obligations)
        assert pack.params["iva_general"].at(date(2026, 11, 20)) > 0
        assert pack.tax_id.validator or name == "pa"
    assert {name for name, pack in packs.items() if "plazo_legal_pago" in pack.params} >= {"es", "cl", "co"}


def test_a_tax_id_that_lost_its_leading_zero_in_excel_gets_it_back(packs):
    client = sheet("Ficha", ("Nombre", "RUC", "País", "Tipo"), ("ACME", 102030405001, "EC", "Sociedad"))
    said = assessed(packs["ec"], client, as_of=date(2026, 10, 20))
    assert said.profile.tax_id == "0102030405001"
    entry = next(item for item in said.calendar if (item.obligation, item.period) == ("EC-IVA-M", "2026-09"))
    assert entry.due == date(2026, 10, 28)


def test_an_instalment_is_found_by_the_obligation_or_by_the_period(packs):
    client = sheet("Ficha", ("Nombre", "NIF", "País", "Tipo", "Modelos"), ("ACME", "B12345674", "ES", "SL", "202"))
    for written in (("Modelo 202 1P", "2026"), ("Modelo 202", "1P 2026"), ("202", "2026-P1")):
        filings = sheet("Declaraciones", FILINGS, (*written, date(2026, 4, 17)))
        said = assessed(packs["es"], client, filings, as_of=date(2026, 10, 31))
        states = {item.obligation: item.status for item in said.calendar if item.obligation.startswith("ES-202")}
        assert states["ES-202-1P"] == "filed_on_time", written
        assert states["ES-202-2P"] == "overdue", written
