"""The packs that come with Aliado: complete, unambiguous, bilingual, and no surer than their sources."""

import json
import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from aliado.language import fold
from aliado.resources import rules_folder
from aliado.rules.examples import check_examples, load_examples
from aliado.rules.models import Duration
from aliado.rules.packs import check_pack, load_pack, shipped_packs
from aliado.rules.user_cache import FOLDER
from aliado.tables.schema import FieldType

SHARED = Path(__file__).parents[2] / "shared"
COUNTRIES = ["cl", "co", "ec", "es", "mx", "pa", "pe"]
ALL = ["base", *COUNTRIES]
RULE_FILES = sorted(rules_folder().rglob("*.yaml"))

ENGINE_FIELDS = {
    "profile": "name tax_id country currency language regime kind responsible control_total start_date special_taxpayer employees",
    "invoices": "number series customer issue_date due_date base vat_pct vat total balance paid_date currency disputed status doc_type delivery_date order notes paid_on days_overdue days_late days_to_pay",
    "receipts": "number invoice customer date amount currency method notes",
    "customers": "customer tax_id credit_limit payment_days email contact blocked kind",
    "bills": "number supplier issue_date receipt_date due_date base vat_pct vat total balance paid_date currency disputed status doc_type created_by approved_by",
    "payments": "number bill supplier date amount currency method created_by approved_by",
    "suppliers": "supplier tax_id payment_days email",
    "bank": "date description amount balance reference account currency",
    "budget": "account period amount kind",
    "documents": "document party issue_date expiry_date link status notes",
    "filings": "obligation period due_date filed_date amount reference notes",
    "tasks": "task process case step owner due_date start_date done_date status notes",
}


@pytest.fixture(scope="module", params=ALL)
def pack(request):
    return load_pack(request.param)


@pytest.fixture(scope="module")
def base():
    return load_pack("base")


@pytest.mark.parametrize("path", RULE_FILES, ids=lambda p: p.relative_to(rules_folder()).as_posix())
def test_every_file_of_the_rules_folder_is_without_problems(path):
    check = check_examples if path.name.endswith(".test.yaml") else check_pack
    assert [p.to("en") for p in check(path)] == []


def test_the_canonical_tables_hold_what_the_engine_relies_on(base):
    for table, fields in ENGINE_FIELDS.items():
        assert set(fields.split()) <= set(base.tables[table].fields), table
    computed = {name for name, item in base.tables["invoices"].fields.items() if item.computed}
    assert computed == {"paid_on", "days_overdue", "days_late", "days_to_pay"}
    assert base.tables["profile"].fields["control_total"].type is FieldType.MONEY
    assert not [name for name, item in base.tables["profile"].fields.items() if item.required]


def test_no_heading_belongs_to_two_fields_of_a_table(pack):
    for table in pack.tables.values():
        owner = {}
        for name, item in table.fields.items():
            spoken = name if item.computed else name.replace("_", " ")
            for heading in {fold(text) for text in (*item.names, *(item.title or ()), name, spoken)}:
                assert owner.setdefault(heading, name) == name, (table.name, heading)


def test_no_table_name_belongs_to_two_tables(base):
    owner = {}
    for table in base.tables.values():
        for name in {fold(text) for text in (*table.names, *table.title)}:
            assert owner.setdefault(name, table.name) == table.name, name


@pytest.mark.parametrize(
    ("table", "heading", "field"),
    [
        ("invoices", "Tipo", "doc_type"),
        ("profile", "Tipo", "kind"),
        ("invoices", "FECHA  DE EMISION", "issue_date"),
        ("invoices", "Nº Fra.", "number"),
        ("invoices", "Invoice #", "number"),
        ("invoices", "Importe c/IVA", "total"),
        ("invoices", "F. vto.", "due_date"),
        ("invoices", "IGV", "vat"),
        ("bills", "Fecha de recepción", "receipt_date"),
        ("receipts", "Importe cobrado", "amount"),
        ("filings", "Fecha de presentación", "filed_date"),
        ("tasks", "Responsable", "owner"),
    ],
)
def test_headings_of_real_workbooks_are_known(base, table, heading, field):
    spec = base.tables[table]
    assert {**spec.spare_headings, **spec.headings}[fold(heading)] == field


def test_every_table_and_field_has_a_title_in_both_languages(base):
    for table in base.tables.values():
        assert table.names
        for item in table.fields.values():
            assert item.title is not None, (table.name, item.name)
            assert item.names, (table.name, item.name)


def test_a_cancelled_invoice_is_void_only_where_the_country_says_so():
    meaning = {
        name: load_pack(name).tables["invoices"].values["status"].get("Cancelada")
        for name in ("base", "ec", "pe", "mx", "es")
    }
    assert meaning == {"base": None, "ec": "Cobrada", "pe": "Cobrada", "mx": "Anulada", "es": None}


def test_status_words_lead_to_the_canonical_ones(base):
    assert set(base.tables["invoices"].values["status"].values()) == {"Anulada", "Cobrada", "Emitida"}
    assert set(base.tables["bills"].values["status"].values()) == {"Anulada", "Pagada", "Recibida"}
    assert set(base.tables["invoices"].values["doc_type"].values()) == {"Factura", "Nota de crédito", "Nota de débito"}


def test_every_rule_cites_a_source_an_owner_and_speaks_both_languages(pack):
    rules = [
        *pack.flags.values(),
        *pack.kpis.values(),
        *pack.obligations.values(),
        *pack.documents.values(),
        *pack.tasks.values(),
    ]
    for rule in rules:
        assert rule.source, rule.id
        assert rule.owner, rule.id
        assert rule.title.es, rule.id
        assert rule.title.en, rule.id
    for flag in pack.flags.values():
        assert flag.message is not None, flag.id
        assert flag.message.es != flag.message.en, flag.id
    for kpi in pack.kpis.values():
        assert kpi.method.es, kpi.id
        assert kpi.method.es != kpi.method.en, kpi.id


def test_the_shipped_indicators_are_those_of_the_catalogue(base):
    wanted = "AR-DSO AR-DSO-COUNTBACK AR-BPDSO AR-ADD AR-DAYS-LATE AR-DAYS-LATE-SIGNED AR-DAYS-TO-PAY AR-OVERDUE AR-OVERDUE-COUNT AR-CEI AR-TOP5"
    assert set(wanted.split()) <= set(base.kpis)
    assert base.kpis["AR-CEI"].better == "higher"
    assert base.kpis["AR-CEI"].unit == "index"
    assert base.kpis["AR-OVERDUE"].red == Decimal("0.25")


def test_flags_that_look_ahead_and_behind_have_their_levels(base):
    assert [level.label for level in base.flags["AR-010"].levels] == ["121+", "91-120", "61-90", "31-60", "1-30"]
    assert [(level.over, level.severity) for level in base.flags["DOC-001"].levels] == [(0, "red"), (-31, "amber")]
    assert base.tasks["T-CIERRE"].late == {"amber": Duration(1, "business_days"), "red": Duration(3, "business_days")}


# --- facts and their sources


@pytest.mark.parametrize("name", COUNTRIES)
def test_every_obligation_says_how_sure_it_is_and_when_it_was_checked(name):
    pack = load_pack(name)
    assert pack.country == name.upper()
    assert len(pack.currency) == 3
    for rule in pack.obligations.values():
        assert rule.confidence, rule.id
        checked = pack.checked(rule)
        assert checked is not None, rule.id
        assert checked <= date(2026, 11, 23), rule.id


@pytest.mark.parametrize("name", COUNTRIES)
def test_every_address_stands_in_the_facts_or_says_it_is_of_the_press_or_official(name):
    if not SHARED.is_dir():
        pytest.skip("needs the shared facts beside the checkout")
    facts = "".join(
        (SHARED / "data" / "deadlines" / file).read_text(encoding="utf-8")
        for file in ("deadline_facts.json", "legal_payment_terms.json")
    )
    known = json.dumps(json.loads("[" + facts.replace("}{", "},{").replace("}\n{", "},{") + "]"), ensure_ascii=False)
    for source in load_pack(name).sources.values():
        for url in source.urls:
            assert url in known or "prensa" in source.title.es or "página oficial" in source.title.es, url


def test_ecuador_files_by_the_ninth_digit():
    due = load_pack("ec").obligations["EC-IVA-M"].due.digit
    assert (due.of, due.position) == ("tax_id", 9)
    assert due.days == {1: 10, 2: 12, 3: 14, 4: 16, 5: 18, 6: 20, 7: 22, 8: 24, 9: 26, 0: 28}


def test_colombia_files_on_the_seventh_to_sixteenth_business_day_from_2024():
    rule = load_pack("co").obligations["CO-RET-M"]
    assert rule.due.digit.business_days == {**{digit: digit + 6 for digit in range(1, 10)}, 0: 16}
    assert rule.due.digit.position == "last_before_check"
    assert not rule.valid.includes(date(2023, 12, 31))


def test_spain_has_more_time_for_the_fourth_quarter():
    pack = load_pack("es")
    vat, withholding = pack.obligations["ES-303"].due, pack.obligations["ES-111"].due
    assert (vat.day, vat.by_period[4].day) == (20, 30)
    assert (withholding.day, withholding.by_period) == (20, {})
    assert pack.obligations["ES-347"].due.day == "last"
    assert [pack.obligations[f"ES-202-{n}P"].due.on for n in (1, 2, 3)] == [((4, 20),), ((10, 20),), ((12, 20),)]


def test_peru_has_no_dates_without_its_yearly_table():
    due = load_pack("pe").obligations["PE-IGV-M"].due
    assert due.table == {}
    assert due.table_digit.position == "last"


def test_what_was_not_seen_at_the_source_is_marked():
    assert load_pack("ec").obligations["EC-RENTA-S"].unverified
    assert load_pack("ec").sources["LOSC-16"].unverified
    assert load_pack("es").params["recargo_interes_mora"].unverified
    assert not load_pack("ec").obligations["EC-IVA-M"].unverified


# --- examples and drafts


def test_the_example_client_inherits_through_firm_and_country():
    pack = load_pack(rules_folder() / "clients" / "acme-example.yaml")
    assert [used.name for used in pack.chain] == ["base", "ec", "firm-example", "acme-example"]
    assert pack.kpis["AR-DSO"].target == 50
    assert pack.flags["AR-001"].severity == "red"
    assert pack.flags["IN-002"].off.by == "socio responsable"
    assert pack.owners["cobros"].email == "cobros@firma.example"
    assert pack.tables["invoices"].map["balance"].startswith("=")
    assert pack.tables["invoices"].sheet == "Ventas"


def test_the_example_tests_hold_rows_and_what_they_must_raise():
    examples = load_examples(rules_folder() / "tests" / "acme-example.test.yaml")
    rows = examples.cases["vencimientos"]["invoices"].rows
    assert rows[0].expect == ("AR-001", "AR-010:31-60")
    assert rows[2].expect == ()
    assert examples.today == date(2026, 11, 20)
    assert examples.due_dates[0].expect == date(2026, 11, 18)
    assert examples.kpis["vencimientos"]["AR-OVERDUE"][:2] == (Decimal("0.864"), "")


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("AR-001, AR-010:31-60", "AR-001, AR-010:31-61", "P020"),
        ("AR-001, AR-010:31-60", "AR-0O1", "P020"),
        ("| Estado  | espera", "| Estadoo | espera", "P020"),
        ("    customers: |", "    customer: |", "P020"),
        ("rule: EC-IVA-M, tax_id", "rule: EC-IVA, tax_id", "P020"),
        ("expect: 2026-11-18", "expect: 2026-11-31", "P004"),
        ("      Beta    | 115    |", "      Beta    | 115", "P052"),
        ("AR-OVERDUE: 0.864", "AR-OVERDEW: 0.864", "P020"),
    ],
)  # fmt: skip
def test_mistakes_in_examples_are_found_before_any_is_run(tmp_path, old, new, code):
    text = (rules_folder() / "tests" / "acme-example.test.yaml").read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "rules" / "tests").mkdir(parents=True)
    (tmp_path / "rules" / "clients").mkdir()
    for name in ("firm-example.yaml", "clients/acme-example.yaml"):
        (tmp_path / "rules" / name).write_bytes((rules_folder() / name).read_bytes())
    path = tmp_path / "rules" / "tests" / "x.test.yaml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    assert [p.code for p in check_examples(path)] == [code]


def test_the_draft_client_of_the_design_loads():
    draft = SHARED / "design" / "rules" / "clients" / "acme.yaml"
    if not draft.is_file():
        pytest.skip("needs the shared design beside the checkout")
    pack = load_pack(draft)
    assert pack.flags["ACME-001"].valid.includes(date(2026, 12, 31))
    assert pack.exceptions["EX-001"].rules == ("AR-001", "AR-010")


def test_shipped_packs_are_named():
    assert set(ALL) <= set(shipped_packs())


@pytest.mark.slow
def test_loading_four_packs_that_were_checked_before_costs_less_than_a_tenth_of_importing_pandas(tmp_path, monkeypatch):
    monkeypatch.setenv(FOLDER, str(tmp_path))
    code = (
        "import time; from pathlib import Path; from aliado.resources import rules_folder;"
        "from aliado.rules.functions import FUNCTIONS; from aliado.rules.packs import load_pack;"
        "a = time.process_time(); load_pack(rules_folder() / 'clients' / 'acme-example.yaml', functions=FUNCTIONS);"
        "print(time.process_time() - a)"
    )
    pandas = "import time; a = time.process_time(); import pandas; print(time.process_time() - a)"
    _python(code)  # the first time is about 0.13 of it
    ours = min(float(_python(code)) for _ in range(3))
    theirs = min(float(_python(pandas)) for _ in range(3))
    assert ours < theirs / 10


def _python(code):
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
