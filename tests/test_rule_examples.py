"""`aliado rules test`: examples run through the engine; those that ship all come out and cover every rule."""

from __future__ import annotations

import textwrap

import pytest

from aliado.resources import rules_folder
from aliado.rules.examples import load_examples
from aliado.rules.runner import run_examples
from aliado.rules.trials import BAD_FILE, FAILED, PASSED, check_files, run_files

SHIPPED = sorted((rules_folder() / "tests").glob("*.test.yaml"))
INVOICE = "F-001 | Alfa | 2026-09-01 | 2026-10-01 | 100"


def write(folder, *, expect="AR-001, AR-010:31-60", row=INVOICE, head="", tail="", rules='["AR-*"]'):
    path = folder / "mine.test.yaml"
    text = f"""\
        test: base
        today: 2026-11-20
        rules: {rules}
        cases:
          one:
            invoices: |
              Factura | Cliente | Fecha | Vencimiento | Total | espera
              {row} | {expect}
        """
    path.write_text(head + textwrap.dedent(text) + tail, encoding="utf-8")
    return path


def report(path, *, coverage=False, language="en"):
    return run_files([path], coverage=coverage, language=language)


def test_an_example_that_comes_out_passes(tmp_path):
    text, status = report(write(tmp_path))
    assert status == PASSED
    assert "all as expected" in text


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_every_shipped_example_comes_out(path):
    assert run_examples(load_examples(path)).failures == ()


def test_every_shipped_rule_has_a_positive_and_a_negative_example():
    text, status = run_files([rules_folder()], coverage=True, language="en")
    assert status == PASSED, text
    assert "every rule covered" in text


def test_a_flag_that_is_missing_and_one_too_many_are_shown_as_a_difference(tmp_path):
    text, status = report(write(tmp_path, expect="AR-001, AR-010:61-90"))
    assert status == FAILED
    lines = [line.strip() for line in text.splitlines()]
    assert lines[0].endswith("mine.test.yaml:8: one · invoices · F-001")
    assert lines[1] == "expected: AR-001, AR-010:61-90"
    assert lines[2] == "found   : AR-001, AR-010:31-60"
    assert lines[3] == "- AR-010:61-90"
    assert lines[4].startswith("+ AR-010:31-60   F-001 from Alfa: ")


def test_a_level_is_compared_only_where_it_is_named(tmp_path):
    assert report(write(tmp_path, expect="AR-001, AR-010"))[1] == PASSED


def test_rules_that_are_not_named_are_not_compared(tmp_path):
    assert report(write(tmp_path, expect="AR-001", rules="[AR-001]"))[1] == PASSED
    text, status = report(write(tmp_path, expect="AR-001, AR-010", rules="[AR-001]"))
    assert status == BAD_FILE
    assert "AR-010 is not among the rules compared" in text


def test_a_table_without_expectations_is_only_data(tmp_path):
    tail = "    customers: |\n      Cliente | Límite\n      Alfa    | 50\n"
    assert report(write(tmp_path, tail=tail))[1] == PASSED
    tail = "    customers: |\n      Cliente | Límite | expect\n      Alfa    | 50 |\n"
    text, status = report(write(tmp_path, tail=tail))
    assert status == FAILED
    assert "+ AR-020" in text


@pytest.mark.parametrize("amount", ["33.50", "33,50", "33.5"])
def test_decimals_may_be_written_either_way_whatever_the_client_declares(tmp_path, amount):
    row = f"F-001 | Alfa | 2026-09-01 | 2026-12-01 | {amount}"
    tail = f"    customers: |\n      Cliente | Límite | expect\n      Alfa    | {amount} |\n"
    assert report(write(tmp_path, row=row, expect="", tail=tail))[1] == PASSED


def test_a_cell_that_cannot_be_understood_fails_with_what_was_wanted(tmp_path):
    text, status = report(write(tmp_path, row="F-001 | Alfa | 2026-09-01 | 2026-13-01 | 100", expect=""))
    assert status == FAILED
    assert "2026-13-01" in text
    assert "date" in text


@pytest.mark.parametrize(
    ("expected", "status"),
    [
        ("81.82% red", PASSED),
        ("0.8182", PASSED),
        ("0.82 red", PASSED),
        ("red", PASSED),
        ("81.83% red", FAILED),
        ("81.82% amber", FAILED),
        ("green", FAILED),
        ("unknown", FAILED),
    ],
)
def test_figures_agree_in_value_and_light(tmp_path, expected, status):
    more = "      F-002 | Alfa | 2026-11-01 | 2026-12-01 | 2000 |\n"
    row = "F-001 | Alfa | 2026-09-01 | 2026-10-01 | 9000"
    tail = f"{more}kpis:\n  one: {{AR-OVERDUE: {expected}}}\n"
    found = report(write(tmp_path, row=row, tail=tail, expect="AR-001, AR-010"))
    assert found[1] == status, found[0]
    if status == FAILED:
        assert f"expected: {expected.replace('81.83%', '0.8183').replace('81.82%', '0.8182')}" in found[0]


def test_due_dates_are_compared_for_the_profile_given(tmp_path):
    path = tmp_path / "due.test.yaml"
    head = "test: ec\ntoday: 2026-11-20\ndue_dates:\n"
    row = '  - {{rule: EC-IVA-M, tax_id: "1790012345001", period: 2026-09, expect: {}}}\n'
    path.write_text(head + row.format("2026-10-16"), encoding="utf-8")
    assert report(path)[1] == PASSED
    path.write_text(head + row.format("2026-10-17") + row.format("unknown"), encoding="utf-8")
    text, status = report(path)
    assert status == FAILED
    assert "due.test.yaml:4: EC-IVA-M 2026-09 1790012345001" in text
    assert text.count("found   : 2026-10-16") == 2
    path.write_text(head + row.format("2026-10-17").replace("2026-09", "2026-Q3"), encoding="utf-8")
    assert "2026-Q3 is no period of this obligation (month)" in report(path)[0]


def test_a_rule_that_could_not_be_decided_says_why_it_did_not_speak(tmp_path):
    text, _ = report(write(tmp_path, row="F-001 | Alfa | 2026-09-01 | | 100", expect="AR-001"))
    assert "- AR-001   (AR-001 " in text


def test_coverage_lists_the_rules_of_the_packs_own_file_that_lack_an_example(tmp_path):
    pack = tmp_path / "mine.yaml"
    pack.write_text(
        "pack: mine\nextends: base\nversion: 1.0.0\ntitle: {es: x, en: x}\nflags:\n"
        "  X-1:\n    title: {es: x, en: x}\n    table: invoices\n    when: =[@Total]>50\n    severity: amber\n"
        "    owner: contable\n    source: CONTROL\n  AR-001: {severity: red}\n",
        encoding="utf-8",
    )
    path = write(tmp_path, expect="AR-001, AR-010, X-1", rules='["AR-*", "X-*"]')
    path.write_text(path.read_text(encoding="utf-8").replace("test: base", "test: mine.yaml"), encoding="utf-8")
    text, status = report(path, coverage=True)
    assert status == FAILED
    assert [line for line in text.splitlines() if "no " in line] == [f"{pack.as_posix()}:6: X-1 no negative example"]
    more = "      F-002 | Alfa | 2026-11-01 | 2026-12-01 | 20 |\n"
    path.write_text(path.read_text(encoding="utf-8") + more, encoding="utf-8")
    text, status = report(path, coverage=True)
    assert status == PASSED, text
    assert "every rule covered" in text


def test_a_pack_in_the_folder_that_no_file_tests_is_not_covered(tmp_path):
    test_coverage_lists_the_rules_of_the_packs_own_file_that_lack_an_example(tmp_path)
    (tmp_path / "mine.test.yaml").unlink()
    write(tmp_path)
    text, status = run_files([tmp_path], coverage=True, language="es")
    assert status == FAILED
    assert "X-1 sin ejemplos" in text


def test_a_file_with_mistakes_lists_them_all_and_the_others_still_run(tmp_path):
    write(tmp_path)
    bad = tmp_path / "bad.test.yaml"
    bad.write_text(
        "test: base\ntoday: 2026-11-20\ncases:\n  one:\n    invoices: |\n      Factura | Días vencida\n      F-1 | 3\n"
        "    custmers: |\n      Cliente\n      Alfa\n",
        encoding="utf-8",
    )
    text, status = run_files([tmp_path], coverage=False, language="en")
    assert status == BAD_FILE
    assert "bad.test.yaml:5:15: P053" in text
    assert "bad.test.yaml:5:15: P054" in text
    assert "bad.test.yaml:8:5: P020" in text
    assert "1 file, 1 example; all as expected; 3 mistakes in the files" in text


def test_a_folder_without_examples_says_so(tmp_path):
    text, status = run_files([tmp_path], coverage=False, language="en")
    assert status == BAD_FILE
    assert "there are no examples" in text


def test_checking_a_folder_lists_the_problems_of_all_its_packs_and_examples_in_order(tmp_path):
    (tmp_path / "b.yaml").write_text(
        "pack: b\nextends: base\nversion: 1.0.0\ntitle: x\nflgas: {}\nkpis:\n  NOPE: {}\n", "utf-8"
    )
    (tmp_path / "a.test.yaml").write_text("test: base\ntoday: hoy\nrules: [ZZ-1]\n", "utf-8")
    found = check_files([tmp_path])
    places = [(problem.file.rpartition("/")[2], problem.line) for problem in found]
    assert places == sorted(places)
    assert {("b.yaml", 5), ("b.yaml", 7), ("a.test.yaml", 2), ("a.test.yaml", 3)} <= set(places)
    assert check_files(["base", rules_folder() / "tests"]) == []


def test_a_link_is_looked_for_beside_the_examples_and_nowhere_else(tmp_path):
    inner = tmp_path / "inner"
    inner.mkdir()
    (inner / "here.pdf").write_bytes(b"x")
    (tmp_path / "above.pdf").write_bytes(b"x")
    path = inner / "links.test.yaml"
    path.write_text(
        "test: base\ntoday: 2026-11-20\nrules: [DOC-002]\ncases:\n  one:\n    documents: |\n      Documento | Enlace | espera\n"
        "      A | here.pdf |\n      B | ../above.pdf | DOC-002\n      C | none.pdf | DOC-002\n",
        encoding="utf-8",
    )
    assert report(path)[1] == PASSED, report(path)[0]
