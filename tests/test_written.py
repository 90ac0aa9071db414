"""Mistakes in formulas are shown where they stand in the file, however YAML writes the formula."""

import pytest

from aliado.rules.packs import check_pack

HEAD = "pack: mine\nextends: base\nversion: 1.0.0\ntitle: Mine\nflags:\n"
FLAG = "  A-1:\n    title: x\n    table: invoices\n    severity: red\n    when: "


@pytest.mark.parametrize(
    "when",
    [
        "=Y([@Saldo]>0; ¿[@Totl]>5)",
        "=Y([@Saldo]>0;\n      ¿[@Totl]>5)",
        "=Y([@Saldo]>0;\n\n      ¿[@Totl]>5)",
        "'=Y([@Saldo]>0; [@Cliente]=\"it''s ''\"; ¿[@Totl]>5)'",
        "'=Y([@Saldo]>0;\n      [@Cliente]=\"it''s\";\n      ¿[@Totl]>5)'",
        '"=Y([@Cliente]=\\"a\\"; ¿[@Totl]>5)"',
        '"=Y([@Cliente]=\\"a\\";\n      ¿[@Totl]>5)"',
        "|\n      =Y([@Saldo]>0;\n        ¿[@Totl]>5)",
        ">-\n      =Y([@Saldo]>0;\n      ¿[@Totl]>5)",
        "|\n      =Y([@Saldo]>0; ¿[@Totl]>5)",
    ],
)
def test_a_mistake_is_shown_where_it_stands(tmp_path, when):
    text = HEAD + FLAG + when + "\n"
    before = text[: text.index("¿")]
    place = before.count("\n") + 1, len(before) - before.rfind("\n")
    path = tmp_path / "mine.yaml"
    path.write_text(text.replace("¿", ""), encoding="utf-8")
    assert [(p.code, p.line, p.column) for p in check_pack(path)] == [("F201", *place)]


def test_what_is_missing_at_the_end_is_shown_behind_the_last_character(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text(HEAD + FLAG + "=[@Saldo] >\n    owner: cobros\n", encoding="utf-8")
    assert [(p.code, p.line, p.column) for p in check_pack(path)] == [("F105", 10, 22)]


def test_a_hint_names_the_heading_as_people_write_it(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text(HEAD + FLAG + "=[@Salod]>0\n", encoding="utf-8")
    assert "'Saldo'" in check_pack(path)[0].hint.es
