"""`aliado rules explain`: every line can be checked against the workbook and the rule file."""

from __future__ import annotations

from datetime import date

import pytest

from aliado.errors import AliadoError
from aliado.locales import locale_of
from aliado.rules.checks import CHECKS
from aliado.rules.explanation import explain_rule
from aliado.rules.flags import find_flags
from aliado.rules.packs import load_pack
from aliado.rules.reasons import _CHECKS, reason, row_reason
from aliado.rules.standing import stand
from aliado.tables.gather import gather
from builders import sheet

AS_OF = date(2026, 11, 20)
HEADINGS = ("Factura", "Cliente", "Fecha", "Vencimiento", "Base", "% IVA", "IVA", "Total", "Estado", "Moneda")
ROWS = (
    ("F-001", "Alfa", date(2026, 9, 1), date(2026, 10, 1), 100.0, 0.15, 15.0, 115.0, "Emitida", None),
    ("F-002", "Alfa", date(2026, 11, 1), date(2026, 12, 1), 100.0, 0.12, 12.0, 112.0, "Emitida", None),
    ("F-003", "Beta", date(2026, 11, 1), None, None, None, None, 50.0, "Emitida", None),
    ("F-004", "Ayuntamiento", date(2026, 1, 1), date(2026, 2, 1), None, None, None, 500.0, "Emitida", None),
    ("F-005", "Alfa", date(2026, 1, 1), date(2026, 2, 1), None, None, None, 700.0, "Anulada", None),
    ("F-006", "Gama", date(2026, 9, 1), date(2026, 10, 1), None, None, None, 900.0, "Emitida", "JPY"),
)
PROFILE = (("RUC", "Tipo", "Moneda"), ("1790012345001", "Sociedad", "USD"))
CHILD = """\
pack: mine
extends: ec
version: 1.0.0
title: {es: x, en: x}
params:
  dias_gracia: {value: 3}
flags:
  AR-001: {severity: red}
exceptions:
  EX-1:
    rules: ["AR-*"]
    table: invoices
    when: =[@Cliente]="Ayuntamiento"
    reason: {es: Convenio, en: Agreement}
    by: socio
    until: 2027-03-31
"""


@pytest.fixture(scope="module")
def standing(tmp_path_factory):
    path = tmp_path_factory.mktemp("rules") / "mine.yaml"
    path.write_text(CHILD, encoding="utf-8")
    pack = load_pack(path)
    sheets = [
        sheet("Facturas", HEADINGS, *ROWS),
        sheet("Ficha", *PROFILE),
        sheet("Documentos", ("Documento",), ("Otro",)),
    ]
    return stand(gather(sheets, pack.tables).tables, pack, AS_OF)


def told(standing, rule, language="en", **place):
    return [line.to(language) for line in explain_rule(standing, rule, **place)]


def test_a_row_that_fires_shows_each_condition_with_its_values_and_truth(standing):
    lines = told(standing, "AR-001", row=2)
    text = "\n".join(lines)
    assert lines[0] == "AR-001 · Overdue invoice"
    assert "  written in base.yaml:" in lines[1]
    assert any(line.startswith("  severity is changed by ") and line.endswith("mine.yaml:8") for line in lines)
    assert "Facturas, row 2: F-001" in lines
    parts = {line.split("  ")[-1].strip(): line.split()[0] for line in lines if line.startswith("    ")}
    assert parts["[@Saldo]>0"] == "yes"
    assert parts["[@Saldo]"] == "115.00"
    assert parts["HOY()-[@Vencimiento]"] == "50"
    assert parts["dias_gracia"] == "3"
    assert "parameter dias_gracia = 3 [POL-COBROS] (" in text
    assert lines[-1] == "  FIRES (red): F-001 from Alfa: 115.00 was due 1 Oct 2026"


def test_spanish_says_the_same(standing):
    lines = told(standing, "AR-001", "es", key="f-001")
    assert lines[0] == "AR-001 · Factura vencida"
    assert lines[-1] == "  SALTA (roja): F-001 de Alfa: 115,00 vencido el 01/10/2026"
    assert len(lines) == len(told(standing, "AR-001", key="F-001"))


def test_a_row_that_keeps_quiet_shows_the_condition_that_fails(standing):
    lines = told(standing, "AR-001", key="F-005")
    assert any(line.startswith("    no") and line.endswith('[@Estado]<>"Anulada"') for line in lines)
    assert lines[-1] == "  DOES NOT FIRE"


def test_what_is_blank_is_unknown_and_says_so(standing):
    lines = told(standing, "AR-001", key="F-003")
    assert any(line.strip().startswith("(blank)") and line.endswith("[@Vencimiento]") for line in lines)
    assert any(line.strip().startswith("unknown") for line in lines)
    assert lines[-1] == "  DOES NOT FIRE"


def test_an_exception_is_named_with_its_reason_and_end(standing):
    lines = told(standing, "AR-001", key="F-004")
    assert any("exception EX-1" in line and "until 31 Mar 2027, by socio: Agreement" in line for line in lines)
    assert lines[-1] == "  DOES NOT FIRE"


def test_dated_parameters_are_those_of_the_rows_own_date(standing):
    lines = told(standing, "VAT-010", key="F-002")
    assert any(line.startswith("  params_at: =[@Fecha]") for line in lines)
    assert any("parameter iva_general = 15 %, from 1 Apr 2024" in line for line in lines)
    assert any(line.startswith("  source DE-198: ") for line in lines)
    assert lines[-1].startswith("  FIRES (red)")


def test_without_a_row_the_ones_that_fire_are_counted_and_explained(standing):
    lines = told(standing, "AR-001")
    assert "  fires on 2 of 6 rows of Facturas" in lines
    assert [line for line in lines if line.startswith("Facturas, row")] == [
        "Facturas, row 2: F-001",
        "Facturas, row 7: F-006",
    ]


def test_a_check_across_rows_names_its_fields(standing):
    lines = told(standing, "IN-001", row=2)
    assert "  check duplicate_document: number" in lines
    assert lines[-1] == "  DOES NOT FIRE"


def test_a_figure_shows_method_parts_lines_and_its_rows(standing):
    lines = told(standing, "AR-OVERDUE")
    assert "    4 of 6 rows count" in lines  # neither the void one nor the one in yen
    assert any(line.split()[0] == "615" and "SUMAR.SI.CONJUNTO" in line for line in lines if line.startswith("    "))
    assert any(line.split()[0] == "777" and line.endswith("SUMA([Saldo])") for line in lines if line.startswith("    "))
    result = next(line for line in lines if line.startswith("  RESULT"))
    assert result == "  RESULT 79.1506 %: red (target 10 %, amber beyond 15 %, red beyond 25 %)"
    assert lines[-5] == "  it comes from 4 rows of Facturas:"
    assert lines[-4] == "    5: Invoice F-004 · Due date 1 Feb 2026 · Balance 500.00"


def test_a_figure_of_a_domain_function_lists_the_open_items(standing):
    lines = told(standing, "AR-DSO")
    assert any(line.startswith("  RESULT ") for line in lines)
    assert any("Total 115.00 · Balance 115.00" in line for line in lines)


def test_an_obligation_shows_whom_it_is_for_and_its_dates(standing):
    lines = told(standing, "EC-IVA-M")
    assert "  it is for this client" in lines
    assert "  by digit 9 of 1790012345001" in lines
    assert any(line.startswith("  2026-10: due 16 Nov 2026") for line in lines)
    assert told(standing, "EC-IVA-S")[-1] == "  NOT FOR THIS CLIENT"


def test_a_document_shows_what_is_missing(standing):
    lines = told(standing, "DOC-NOMBR")
    assert lines[-1] == "  FIRES: Document missing: Legal representative appointment"
    assert any(line.strip().startswith("yes") and line.endswith('[@Tipo]="Sociedad"') for line in lines)


@pytest.mark.parametrize(
    ("rule", "place", "said"),
    [
        ("AR-002", {}, "has no rule"),
        ("AR-001", {"row": 99}, "rows 2 to 7"),
        ("AR-001", {"key": "F-0001"}, "it has F-001"),
    ],
)
def test_what_is_not_there_is_named_with_what_is(standing, rule, place, said):
    with pytest.raises(AliadoError) as stop:
        explain_rule(standing, rule, **place)
    assert said in stop.value.text.en


def test_a_finding_that_rests_on_other_rows_names_them(standing):
    pack = standing.pack
    rows = (
        ("F-001", "Alfa", date(2026, 9, 1), date(2026, 10, 1), None, None, None, 115.0, "Emitida", None),
        ("F-1", "Alfa", date(2026, 9, 1), date(2026, 10, 1), None, None, None, 115.0, "Emitida", None),
    )
    other = stand(gather([sheet("Facturas", HEADINGS, *rows)], pack.tables).tables, pack, AS_OF)
    lines = told(other, "IN-001", row=2)
    assert "    along with Facturas, row 3: F-1 · Alfa · 1 Sep 2026 · 115.00" in lines
    assert "    junto con Facturas, fila 3: F-1 · Alfa · 01/09/2026 · 115,00" in told(other, "IN-001", "es", row=2)


def why(standing, rule, language):
    found = [finding for finding in find_flags(standing).findings if finding.rule == rule]
    return row_reason(found[0], locale_of(language, standing.profile.country))


def test_an_alert_says_on_one_line_what_its_row_holds_and_what_its_rule_asks(standing):
    place = standing.pack.flags["AR-001"].place
    assert why(standing, "AR-001", "es") == (
        "Vencimiento = 01/10/2026; Saldo = 115,00; Estado = Emitida · "
        'cuando =Y([@Saldo]>0; HOY()-[@Vencimiento]>dias_gracia; [@Estado]<>"Anulada") · dias_gracia = 3 · '
        f"[POL-COBROS] · {place}"
    )
    assert why(standing, "AR-001", "en").startswith(
        "Due date = 1 Oct 2026; Balance = 115.00; Status = Emitida · when =Y("
    )


def test_an_alert_of_a_check_names_what_was_looked_for_in_words(standing):
    flag = standing.pack.flags["IN-003"]
    assert why(standing, "IN-003", "es").endswith(
        f"dato obligatorio en blanco (Factura, Cliente, Fecha, Vencimiento, Total) · [CONTROL] · {flag.place}"
    )


def test_every_check_is_said_in_words():
    assert set(_CHECKS) == set(CHECKS)


def test_parameters_are_those_of_the_date_that_the_rule_reads_them_at(standing):
    """The VAT rate counts as of each invoice's own date."""
    flag = standing.pack.flags["VAT-010"]
    assert flag.params_at is not None
    assert " · iva_general = 12 % · " in reason(flag, standing, date(2024, 3, 31)).es
    assert " · iva_general = 15 % · " in reason(flag, standing, date(2024, 4, 1)).es


def test_a_process_shows_its_steps_and_what_each_waits_for(standing):
    lines = told(standing, "T-CIERRE")
    assert "  iva: Reconcile VAT · 5 business days after the period, after banco · Tax" in lines


@pytest.mark.parametrize(
    ("until", "said", "counts"),
    [
        ("2026-12-31", "  switched off until 31 Dec 2026 by socio: Moving", False),
        ("2026-01-31", "  no longer switched off, it was until 31 Jan 2026 by socio: Moving", True),
    ],
)
def test_an_off_switch_says_whether_it_still_holds(tmp_path, until, said, counts):
    path = tmp_path / "mine.yaml"
    switch = f"flags:\n  IN-003: {{off: {{reason: {{es: Cambio, en: Moving}}, by: socio, until: {until}}}}}\n"
    path.write_text(CHILD.partition("flags:")[0] + switch, encoding="utf-8")
    pack = load_pack(path)
    standing = stand(gather([sheet("Facturas", HEADINGS, *ROWS[:2])], pack.tables).tables, pack, AS_OF)
    lines = told(standing, "IN-003")
    assert said in lines
    assert ("  does not count on 20 Nov 2026" in lines) != counts
    assert any("--row 2" in line for line in lines) == counts
