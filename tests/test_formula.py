"""The formula language: what accountants write, what it means, and what they are told when it is wrong."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from aliado.errors import PackError
from aliado.formula.compile import compile_formula
from aliado.formula.data import Data
from aliado.formula.function import FunctionSpec, parameter
from aliado.formula.registry import STANDARD
from aliado.formula.scope import Scope
from aliado.formula.texts import text_column, vocabulary
from aliado.formula.values import Column, Kind, State, round_half_up
from aliado.language import Text, fold
from formula_cases import DATA, PARAMETERS, PLACE, SCOPE, TABLES, compiled, dates, numbers, texts, value, values


def problems(text: str, **options: object) -> list[str]:
    """Return the codes of the mistakes in a formula."""
    with pytest.raises(PackError) as caught:
        compiled(text, **options)
    return [problem.code for problem in caught.value.problems]


def told(text: str, **options: object) -> str:
    """Return what is said about the mistakes in a formula, in Spanish."""
    with pytest.raises(PackError) as caught:
        compiled(text, **options)
    return caught.value.text.es


# ------------------------------------------------------------------ precedence


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("=-2^2", 4),
        ("=2^3^2", 64),
        ("=2^-1", Decimal("0.5")),
        ("=50%*4", 2),
        ("=50%^2", Decimal("0.25")),
        ("=-50%", Decimal("-0.5")),
        ("=200%%", Decimal("0.02")),
        ("=1+2*3", 7),
        ("=10-4-3", 3),
        ("=100/10/5", 2),
        ("=--3", 3),
        ("=+3", 3),
        ("=(1+2)*3", 9),
        ('=1+1&"a"', "2a"),
        ('="a"&1+1', "a2"),
        ('=1&2="12"', True),
        ("=1+1=2", True),
        ("=2>1=VERDADERO", True),
        ("=3<>3", False),
        ("2+2", 4),
        ("= 2 + \n 2", 4),
    ],
)
def test_operators_bind_as_in_excel(text, expected):
    assert value(text) == expected


# ------------------------------------------------------------------ numbers and separators


def test_a_semicolon_anywhere_makes_the_comma_a_decimal_comma():
    assert value("=REDONDEAR(1,2345; 2)") == Decimal("1.23")
    assert value("=SUMA(0,5; 1)") == Decimal("1.5")
    assert value("=SUM(0.5, 1)") == Decimal("1.5")


def test_a_semicolon_inside_a_text_or_a_heading_changes_nothing():
    assert value('=SUM(1,2)&";"') == "3;"


def test_a_decimal_comma_without_semicolon_and_with_spanish_names_is_refused_with_both_readings():
    said = told("=SUMA([@Base]*0,21)")
    assert "F104" in said
    assert "0.21" in said
    assert "0; 21" in said
    assert value("=ROUND(2.5,0)") == 3
    assert problems("=[@Base]*0,21") == ["F104"]
    assert problems("=[@Base]*MAX(0,21)") == ["F104"]  # MAX is Spanish as well as English
    assert value("=MAX(0, 21)") == 21
    assert value("=MAX(0.5,0.25)") == Decimal("0.5")
    assert value("=ROUND(MAX(0,21),0)") == 21
    assert "1234.56" in told("=[@Base]*1.234,56")


def test_messages_name_arguments_in_the_reader_s_language():
    with pytest.raises(PackError) as caught:
        compiled("=REDONDEAR([@Saldo])")
    assert "REDONDEAR(número; decimales)" in caught.value.text.es
    assert "REDONDEAR(number, digits)" in caught.value.text.en


def test_a_point_that_may_group_thousands_is_refused():
    assert problems("=SUMA(1.234; 1)") == ["F104"]
    assert value("=SUMA(1234; 0.125)") == Decimal("1234.125")


# ------------------------------------------------------------------ references


def test_columns_go_by_any_heading_in_any_language():
    expected = [Decimal(500), Decimal(115), Decimal(0), Decimal(115), Decimal(-20)]
    for text in (
        "=[@Saldo]",
        "=[@balance]",
        "=[@[Balance]]",
        "=[@ saldo ]",
        "=facturas[@Saldo]",
        "=[[#Esta fila];[Saldo]]",
    ):
        assert values(text) == expected


def test_headings_with_special_characters_stand_in_double_brackets():
    assert values("=[@[% IVA]]")[0] == Decimal("0.15")
    assert value("=SUMA([[Base imponible]])") == Decimal("20233.50")


def test_a_whole_column_of_another_table_goes_by_its_table():
    assert value("=SUMA(customers[Límite])") == value("=SUMA(clientes[[credit_limit]])") == 715


def test_a_formula_tells_which_columns_and_parameters_it_uses():
    formula = compiled("=Y([@Saldo]>tolerancia; SUMA(customers[Límite])>0)")
    assert formula.uses == {("invoices", "balance"), ("customers", "credit_limit")}
    assert formula.parameters == {"tolerancia"}
    assert formula.kind is Kind.BOOL


# ------------------------------------------------------------------ the shipped and draft rules


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('=Y([@Saldo]>0; HOY()-[@Vencimiento]>dias_gracia; [@Estado]<>"Anulada")', [True, False, False, False, False]),
        ('=Y([@Saldo]>0; [@Estado]<>"Anulada")', [True, False, False, False, False]),
        ("=ABS(REDONDEAR([@Base]*[@[% IVA]]; 2) - [@IVA]) > tolerancia", [False, False, True, "UNKNOWN", False]),
        ("=HOY()-[@Vencimiento]", [50, -11, 292, "UNKNOWN", 0]),
        ("=Y([@Total]>20000; ESBLANCO([@Serie]))", [False, False, False, "UNKNOWN", True]),
        ("=Y([@[% IVA]]<>0; [@[% IVA]]<>5%; [@[% IVA]]<>iva_general)", [False, False, True, "UNKNOWN", False]),
    ],
)
def test_the_draft_rules_decide_each_row(text, expected):
    assert values(text) == expected


def test_the_credit_limit_rule_adds_up_another_table_per_row():
    formula = compile_formula(
        "=SUMAR.SI.CONJUNTO(invoices[Saldo]; invoices[Cliente]; [@Cliente]) > [@Límite]",
        replace(SCOPE, table="customers"),
        place=PLACE,
        shape="row",
        kind=Kind.BOOL,
    )
    result = formula.evaluate(replace(DATA, table="customers"))
    assert [result.value(row) for row in range(3)] == [True, False, State.UNKNOWN]


def test_overdue_share_counts_only_what_was_due_before_today():
    assert value('=SUMAR.SI.CONJUNTO([Saldo]; [Vencimiento]; "<"&HOY()) / SUMA([Saldo])') == pytest.approx(500 / 710)


# ------------------------------------------------------------------ money and rounding


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("=ROUND(33.50*15%, 2)", "5.03"),
        ("=ROUND(1.005, 2)", "1.01"),
        ("=ROUND(2.675, 2)", "2.68"),
        ("=ROUND(-2.5, 0)", "-3"),
        ("=ROUND(33.50*15%/1, 2)", "5.03"),
        ("=ROUND(10.05/10, 2)", "1.01"),
        ("=ROUND(1234.5, -2)", "1200"),
        ("=ROUND(1250, -2)", "1300"),
        ("=ROUNDUP(2.001, 0)", "3"),
        ("=ROUNDUP(-2.001, 0)", "-3"),
        ("=ROUNDDOWN(-2.999, 0)", "-2"),
        ("=TRUNC(2.999)", "2"),
        ("=INT(-2.5)", "-3"),
        ("=ROUND(0.285*100, 0)", "29"),
        ("=0.1+0.2", "0.3"),
        ("=MOD(-3, 2)", "1"),
        ("=MOD(10.35, 0.05)", "0"),
        ("=MROUND(1.27, 0.05)", "1.25"),
        ("=CEILING(41.2, 10)", "50"),
        ("=FLOOR(-41.2, 10)", "-50"),
    ],
)
def test_numbers_are_exact_and_round_half_up(text, expected):
    assert value(text) == Decimal(expected)


@given(st.decimals(-(10**9), 10**9, places=2), st.integers(0, 3000), st.integers(-2, 4))
def test_rounding_a_percentage_of_money_is_decimal_half_up(amount, rate, places):
    text = f"=ROUND({amount:f}*{Decimal(rate) / 100:f}%, {places})"
    assert value(text) == round_half_up(amount * rate / 10000, places)


@given(st.lists(st.decimals(-(10**13), 10**13, places=2), min_size=1, max_size=30))
def test_sums_of_money_are_exact_to_the_cent(amounts):
    column = numbers(*amounts)
    data = Data({"invoices": {"total": column}}, {"invoices": len(amounts)}, "invoices", {}, dt.date(2026, 1, 1))
    assert value("=SUM([Total])", data) == sum(amounts)


@given(st.integers(-(2**63) + 1, 2**63 - 1), st.integers(-(2**63) + 1, 2**63 - 1))
def test_arithmetic_past_sixty_four_bits_stays_exact(one, two):
    left, right = Column(Kind.NUMBER, np.array([one]), None, 2), Column(Kind.NUMBER, np.array([two]), None, 0)
    data = Data({"invoices": {"total": left, "base": right}}, {"invoices": 1}, "invoices", {}, dt.date(2026, 1, 1))
    assert value("=[@Total]+[@Base]", data) == Decimal(one).scaleb(-2) + two
    assert value("=[@Total]-[@Base]", data) == Decimal(one).scaleb(-2) - two
    assert value("=[@Total]<[@Base]", data) is bool(Decimal(one).scaleb(-2) < two)


def test_floats_are_compared_in_fifteen_digits():
    assert value("=1/3*3=1") is True
    assert value("=10/3=3.33333333333333") is True
    assert value("=10/3=3.3333333333333") is False
    assert value("=(1.1/1-1)*10=1") is True


# ------------------------------------------------------------------ blanks, unknowns, errors


def test_a_blank_text_is_empty_and_a_blank_amount_or_date_is_unknown():
    assert values('=[@Estado]=""') == [False, False, True, False, False]
    assert values("=[@Vencimiento]<HOY()") == [True, False, True, "UNKNOWN", False]
    assert values("=[@Total]+1")[3] == "UNKNOWN"


def test_a_column_that_the_client_does_not_have_is_blank():
    assert values('=[@Serie]="A"') == [False] * 5
    assert values("=ESBLANCO([@Serie])") == [True] * 5


def test_a_column_that_the_client_does_not_have_goes_with_those_it_has():
    assert values('=[@Serie]&"-"') == ["-"] * 5
    assert values('=SI([@Serie]=""; [@Total]; 0)') == values("=[@Total]")
    assert values('=O([@Serie]="A"; [@Total]>0)') == values("=O(FALSO; [@Total]>0)")
    assert value('=CONTAR.SI.CONJUNTO([Serie]; "")') == 5


def test_blank_is_seen_by_isblank_and_by_comparing_with_an_empty_text():
    assert values("=ESBLANCO([@Vencimiento])") == [False, False, False, True, False]
    assert values('=[@Vencimiento]=""') == [False, False, False, True, False]
    assert values('=[@Total]<>""') == [True, True, True, False, True]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("=Y([@Total]>0; FALSO)", False),
        ("=Y([@Total]>0; VERDADERO)", "UNKNOWN"),
        ("=O([@Total]>0; VERDADERO)", True),
        ("=O([@Total]>0; FALSO)", "UNKNOWN"),
        ("=NO([@Total]>0)", "UNKNOWN"),
        ("=SI([@Total]>0; 1; 1)", "UNKNOWN"),
        ("=SI(VERDADERO; 1; [@Total])", 1),
        ("=Y([@Total]>0; 1/0>0)", "DIV0"),
        ("=SI.ERROR(1/0; 7)", 7),
        ("=SI.ERROR([@Total]; 7)", "BLANK"),
        ("=SI(FALSO; 1/0; 2)", 2),
        ("=1/0+[@Total]", "DIV0"),
        ("=SUMA([@Total]; [@Saldo])", 115),
        ("=MAX([@Total]; [@Saldo])", 115),
    ],
)
def test_unknowns_spread_unless_the_rest_decides(text, expected):
    found = values(text)
    assert found[3 if len(found) > 1 else 0] == expected


def test_totals_pass_over_blanks_and_cells_that_were_not_understood():
    unread = Column(Kind.NUMBER, np.array([100, 0, 200]), np.array([0, State.UNKNOWN, 0], dtype=np.uint8), 2)
    data = replace(DATA, tables={"invoices": {"total": unread}}, lengths={"invoices": 3})
    assert value("=SUMA([Total])", data) == 3
    assert value("=PROMEDIO([Total])", data) == 1.5
    assert value("=SUMA([Total]*2)", data) == "UNKNOWN"


def test_an_error_in_a_column_reaches_its_total_only_where_it_counts():
    broken = Column(Kind.NUMBER, np.array([100, 0, 200]), np.array([0, State.NA, 0], dtype=np.uint8), 2)
    tables = {"invoices": {"total": broken, "customer": texts("A", "B", "A")}}
    data = replace(DATA, tables=tables, lengths={"invoices": 3})
    assert value("=SUMA([Total])", data) == "NA"
    assert values("=SUMAR.SI.CONJUNTO([Total]; [Cliente]; [@Cliente])", data) == [3, "NA", 3]


# ------------------------------------------------------------------ criteria


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('=CONTAR.SI([Cliente]; "alfa")', 2),
        ('=CONTAR.SI([Cliente]; "a*")', 2),
        ('=CONTAR.SI([Cliente]; "?ETA")', 1),
        ('=CONTAR.SI([Cliente]; "<>alfa")', 3),
        ('=CONTAR.SI([Cliente]; "")', 1),
        ('=CONTAR.SI([Cliente]; "<>")', 4),
        ('=CONTAR.SI([Vencimiento]; "")', 1),
        ('=CONTAR.SI([Vencimiento]; "<"&HOY())', 2),
        ('=CONTAR.SI([Vencimiento]; ">=2026-11-20")', 2),
        ("=CONTAR.SI([Vencimiento]; HOY())", 1),
        ('=CONTAR.SI([Saldo]; ">0")', 3),
        ('=CONTAR.SI([Saldo]; ">"&114,5)', 3),
        ('=CONTAR.SI([Saldo]; "115")', 2),
        ("=CONTAR.SI([Saldo]; 115)", 2),
        ('=CONTAR.SI([En disputa]; "VERDADERO")', 2),
        ("=CONTAR.SI([En disputa]; VERDADERO)", 2),
        ('=SUMAR.SI([Saldo]; ">0")', 730),
        ('=SUMAR.SI([Cliente]; "alfa"; [Saldo])', 615),
        ('=PROMEDIO.SI.CONJUNTO([Saldo]; [Cliente]; "alfa")', 307.5),
        ('=PROMEDIO.SI.CONJUNTO([Saldo]; [Cliente]; "nadie")', "DIV0"),
        ('=MAX.SI.CONJUNTO([Fecha]; [Cliente]; "alfa")', dt.date(2026, 11, 1)),
        ('=MIN.SI.CONJUNTO([Saldo]; [Estado]; "<>Anulada")', -20),
        ('=MAX.SI.CONJUNTO([Saldo]; [Cliente]; "nadie")', 0),
        ('=CONTAR.SI.CONJUNTO([Cliente]; "alfa"; [Saldo]; ">200")', 1),
    ],
)
def test_criteria_choose_rows_as_in_excel(text, expected):
    assert value(text) == expected


def slow_countifs(conditions, rows):
    return [sum(all(test(row, other) for test in conditions) for other in range(rows)) for row in range(rows)]


def test_criteria_that_change_by_row_agree_with_a_double_loop():
    generator = np.random.default_rng(7)
    size = 300
    names = [["Alfa", "beta", "BETA", "Gama", None][index] for index in generator.integers(0, 5, size)]
    days = [f"2026-{month:02d}-15" for month in generator.integers(1, 13, size)]
    amounts = [int(amount) for amount in generator.integers(-50, 50, size)]
    tables = {"invoices": {"customer": texts(*names), "issue_date": dates(*days), "total": numbers(*amounts)}}
    data = Data(tables, {"invoices": size}, "invoices", {}, dt.date(2026, 1, 1))
    folded = [(name or "").casefold() for name in names]
    for operator, holds in {
        "<": lambda a, b: a < b,
        "<=": lambda a, b: a <= b,
        ">": lambda a, b: a > b,
        ">=": lambda a, b: a >= b,
        "<>": lambda a, b: a != b,
        "=": lambda a, b: a == b,
    }.items():
        chosen = [[o for o in range(size) if folded[o] == folded[r] and holds(days[o], days[r])] for r in range(size)]
        conditions = f'[Cliente]; [@Cliente]; [Fecha]; "{operator}"&[@Fecha]'
        assert values(f"=CONTAR.SI.CONJUNTO({conditions})", data) == [len(rows) for rows in chosen]
        assert values(f"=SUMAR.SI.CONJUNTO([Total]; {conditions})", data) == [
            sum(amounts[o] for o in rows) for rows in chosen
        ]
        best = [max((amounts[o] for o in rows), default=0) for rows in chosen]
        assert values(f"=MAX.SI.CONJUNTO([Total]; {conditions})", data) == best
        least = [min((amounts[o] for o in rows), default=0) for rows in chosen]
        assert values(f"=MIN.SI.CONJUNTO([Total]; {conditions})", data) == least


def test_texts_past_what_a_cell_or_memory_holds_are_errors():
    assert value('=LARGO(REPETIR("x"; 32767))') == 32767
    assert value('=REPETIR("x"; 32768)') == "VALUE_ERROR"
    many = [f"{number}" for number in range(2000)]
    data = Data({"invoices": {"number": texts(*many)}}, {"invoices": 2000}, "invoices", {}, dt.date(2026, 1, 1))
    assert values('=[@Factura]&REPETIR("x"; 30000)', data)[-1] == "VALUE_ERROR"


def test_a_wildcard_made_from_the_row_is_honoured():
    assert values('=CONTAR.SI([Cliente]; IZQUIERDA([@Cliente]; 1)&"*")') == [2, 2, 1, 5, 1]


def test_a_bound_that_is_blank_in_a_row_makes_that_row_unknown():
    assert values('=CONTAR.SI([Fecha]; "<"&[@Vencimiento])')[3] == "UNKNOWN"


# ------------------------------------------------------------------ lookups, LET, choices


def test_xlookup_brings_a_value_by_one_or_several_keys():
    expected = [Decimal(600), Decimal(600), Decimal(115), "NA", "NA"]
    assert values("=BUSCARX([@Cliente]; customers[Cliente]; customers[Límite])") == expected
    assert values("=BUSCARX([@Cliente]; customers[Cliente]; customers[Límite]; 0)")[4] == 0
    joined = "=BUSCARX([@Cliente]&[@Factura]; [Cliente]&[Factura]; [Fecha])"
    assert values(joined)[2] == dt.date(2026, 1, 1)


def test_xlookup_finds_the_nearest_the_last_and_wildcards():
    assert value('=BUSCARX(FECHA(2026;10;15); [Fecha]; [Factura]; ""; -1)') == "F-001"
    assert value('=BUSCARX(FECHA(2026;10;15); [Fecha]; [Factura]; ""; 1)') == "F-002"
    assert value('=BUSCARX("alfa"; [Cliente]; [Factura]; ""; 0; -1)') == "F-002"
    assert value('=BUSCARX("?et*"; [Cliente]; [Factura]; ""; 2)') == "F-003"


def test_let_names_parts_of_a_calculation():
    assert values("=LET(dias; HOY()-[@Vencimiento]; doble; dias*2; SI(dias>0; doble; 0))")[0] == 100
    assert problems("=LET(dias; 1; días2)") == ["F204"]


def test_choices_take_the_first_that_fits():
    assert values('=SI.CONJUNTO([@Saldo]<=0; "no"; [@Saldo]>200; "mucho"; VERDADERO; "poco")') == [
        "mucho", "poco", "no", "poco", "no",
    ]  # fmt: skip
    assert values('=CAMBIAR([@Estado]; "ANULADA"; 1; "Cobrada"; 2; 0)') == [0, 1, 0, 1, 2]
    assert value("=CAMBIAR(3; 1; 1)") == "NA"
    assert value('=ELEGIR(2; "a"; "b")') == "b"
    assert value('=ELEGIR(3; "a"; "b")') == "VALUE_ERROR"


def test_an_empty_text_instead_of_an_amount_is_a_blank():
    assert values('=SI([@Saldo]>200; [@Saldo]; "")') == [500, "BLANK", "BLANK", "BLANK", "BLANK"]


# ------------------------------------------------------------------ dates


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("=HOY()", dt.date(2026, 11, 20)),
        ("=FECHA(2026; 14; 1)", dt.date(2027, 2, 1)),
        ("=FECHA(2026; 2; 31)", dt.date(2026, 3, 3)),
        ("=FECHA.MES(FECHA(2026;1;31); 1)", dt.date(2026, 2, 28)),
        ("=FECHA.MES(FECHA(2024;3;31); -1)", dt.date(2024, 2, 29)),
        ("=FIN.MES(FECHA(2026;1;15); 1)", dt.date(2026, 2, 28)),
        ("=DIA.LAB(FECHA(2026;11;20); 1)", dt.date(2026, 11, 23)),
        ("=DIA.LAB(FECHA(2026;11;21); 1)", dt.date(2026, 11, 23)),
        ("=DIA.LAB(FECHA(2026;11;21); -1)", dt.date(2026, 11, 20)),
        ("=DIA.LAB(FECHA(2026;12;24); 1)", dt.date(2026, 12, 28)),
        ("=DIAS.LAB(FECHA(2026;12;21); FECHA(2026;12;27))", 4),
        ("=DIAS.LAB(FECHA(2026;12;27); FECHA(2026;12;21))", -4),
        ("=DIASEM(FECHA(2026;11;20))", 6),
        ("=DIASEM(FECHA(2026;11;20); 2)", 5),
        ("=ISO.NUM.DE.SEMANA(FECHA(2027;1;1))", 53),
        ('=SIFECHA(FECHA(2026;1;31); FECHA(2026;3;1); "m")', 1),
        ('=SIFECHA(FECHA(2026;3;1); FECHA(2026;1;31); "m")', "NUM"),
        ("=FRAC.AÑO(FECHA(2026;1;1); FECHA(2026;7;1))", 0.5),
        ("=AÑO(HOY())*10000+MES(HOY())*100+DIA(HOY())", 20261120),
        ("=HOY()+1", dt.date(2026, 11, 21)),
        ('=HOY()&""', "46346"),
        ("=FECHA(10000;1;1)", "NUM"),
        ("=FECHA(1900;1;1)-100", "NUM"),
    ],
)  # fmt: skip
def test_dates_are_counted_as_in_excel(text, expected):
    data = replace(DATA, holidays=lambda year: frozenset({dt.date(year, 12, 25)}))
    assert value(text, data) == expected


def test_changed_data_never_sees_results_of_the_data_it_was_made_from():
    formula = compiled("=[@Saldo]>dias_gracia")
    assert formula.evaluate(DATA).value(1) is True
    later = replace(DATA, parameters={**PARAMETERS, "dias_gracia": numbers(200)})
    assert formula.evaluate(later).value(1) is False
    column = texts("a", None)
    assert column.take(np.array([1])).value(0) is State.BLANK
    changed = replace(column, data=texts("b", "b").data, state=None)
    data = replace(DATA, tables={"invoices": {"status": changed}}, lengths={"invoices": 2})
    assert values('=[@Estado]="b"', data) == [True, True]


def test_parameters_may_change_by_row():
    rates = numbers("0.14", "0.14", "0.12", "0.15", "0.15")
    data = replace(DATA, parameters={**PARAMETERS, "iva_general": rates})
    assert values("=[@[% IVA]]=iva_general", data) == [False, False, True, "UNKNOWN", True]


# ------------------------------------------------------------------ texts


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('=IZQUIERDA("F-001"; 2)', "F-"),
        ('=IZQUIERDA("F")', "F"),
        ('=IZQUIERDA("F"; -1)', "VALUE_ERROR"),
        ('=DERECHA("F-001"; 3)', "001"),
        ('=EXTRAE("F-001"; 3; 2)', "00"),
        ('=LARGO("ñandú")', 5),
        ('=ESPACIOS("  a   b ")', "a b"),
        ('=MAYUSC("año")', "AÑO"),
        ('=NOMPROPIO("juan pérez")', "Juan Pérez"),
        ('=SUSTITUIR("a-b-c"; "-"; "")', "abc"),
        ('=SUSTITUIR("a-b-c"; "-"; "+"; 2)', "a-b+c"),
        ('=REEMPLAZAR("abcdef"; 2; 3; "-")', "a-ef"),
        ('=ENCONTRAR("b"; "abB")', 2),
        ('=HALLAR("B"; "ab"; 1)', 2),
        ('=HALLAR("b*d"; "abcde")', 2),
        ('=HALLAR("z"; "ab")', "VALUE_ERROR"),
        ('=IGUAL("a"; "A")', False),
        ('="a"="A"', True),
        ('="á"="a"', False),
        ('="a"<"B"', True),
        ('=VALOR("12,5")', Decimal("12.5")),
        ('=VALOR("15%")', Decimal("0.15")),
        ('=VALOR("doce")', "VALUE_ERROR"),
        ('=UNIRCADENAS("-"; VERDADERO; "a"; ""; "b")', "a-b"),
        ('=CONCATENAR("a"; 1; "b")', "a1b"),
        ('=REPETIR("0"; 3)&1', "0001"),
        ('=1,50&""&SUMA(0; 0)', "1,50"),
        ('="di ""hola"""', 'di "hola"'),
        ('=TEXTO(FECHA(2026;3;7); "dd/mm/aaaa")', "07/03/2026"),
        ('=TEXTO(FECHA(2026;3;7); "d mmm yy")', "7 mar 26"),
        ('=TEXT(DATE(2026,3,7), "mmmm yyyy")', "March 2026"),
        ('=TEXTO(1234567,895; "#.##0,00")', "1.234.567,90"),
        ('=TEXT(-0.125, "0.0%")', "-12.5%"),
        ('=TEXTO(7; "000")', "007"),
    ],
)  # fmt: skip
def test_texts_are_worked_as_in_excel(text, expected):
    assert value(text) == expected


# ------------------------------------------------------------------ static checks


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "F108"),
        ("=", "F108"),
        ("=[@Sald]>0", "F201"),
        ("=SUMA(facturs[Saldo])", "F202"),
        ("=SUMMA([Saldo])", "F203"),
        ("=toleranci", "F204"),
        ("=customers[@Límite]", "F206"),
        ("=invoices", "F207"),
        ("=SUMA()", "F302"),
        ("=REDONDEAR(1; 2; 3)", "F302"),
        ("=SI([@Estado]; 1; 2)", "F301"),
        ("=[@Estado]*2", "F301"),
        ("=FECHA.MES([@Saldo]; 1)", "F301"),
        ("=[@Estado]>5", "F303"),
        ('=[@Vencimiento]<"01/02/2026"', "F303"),
        ("=[@Vencimiento]+[@Fecha]", "F303"),
        ('=SI([@Saldo]>0; 1; "sí")', "F304"),
        ("=[Saldo]>1", "F306"),
        ("=[@Saldo]>[Saldo]", "F306"),
        ('=CONTAR.SI([Vencimiento]; "<01/02/2026")', "F309"),
        ("=SUMAR.SI.CONJUNTO([Saldo]; customers[Cliente]; 1)", "F310"),
        ("=SUMAR.SI.CONJUNTO([@Saldo]; [Cliente]; 1)", "F311"),
        ('=BUSCARX([@Cliente]; [Cliente]; [Factura]; ""; [@Saldo])', "F312"),
        ('=TEXTO([@Fecha]; "0,00")', "F313"),
        ("=TEXTO([@Fecha]; [@Estado])", "F313"),
        ("=A1+1", "F204"),
        ("=Hoja1!A1", "F101"),
        ("=[@Saldo]==1", "F101"),
        ('="a', "F102"),
        ("=[@Saldo", "F103"),
        ("=[#Totales]", "F109"),
        ("=Invoices[[A]:[B]]", "F109"),
        ("=(1", "F106"),
        ("=1 Y 2", "F105"),
        ("=1 +", "F105"),
        ("={1;2}", "F101"),
    ],
)  # fmt: skip
def test_mistakes_are_found_before_any_data(text, code):
    assert code in problems(text)


def test_every_mistake_is_told_with_its_place_and_a_suggestion():
    said = told("=Y([@Sald]>0; SUMMA([Saldo])>1; [@Estado]>5)").splitlines()
    assert [line.split(" ")[0] for line in said] == [
        "rules/acme.yaml:10:8:", "rules/acme.yaml:10:19:", "rules/acme.yaml:10:37:",
    ]  # fmt: skip
    assert "¿quiso decir 'saldo'" in said[0]
    assert "'SUMA'" in said[1]


def test_well_known_functions_that_rules_lack_are_answered_with_what_to_use():
    assert "BUSCARX" in told("=BUSCARV([@Cliente]; customers[Cliente]; 2)")
    assert "HOY()" in told("=AHORA()")


def test_the_column_counts_from_the_start_of_the_line_in_a_formula_of_several_lines():
    assert told("=Y([@Saldo]>0;\n  [@Nada])").startswith("rules/acme.yaml:11:3: F201")


def test_an_aggregate_where_a_row_value_is_needed_is_a_mistake():
    assert problems("=SUMA([Saldo])>100", shape="row") == ["F307"]
    compiled("=[@Saldo]>PROMEDIO([Saldo])", shape="row")
    compiled("=HOY()>FECHA(2026;1;1)", shape="row")


def test_a_row_value_where_one_value_is_needed_is_a_mistake():
    assert problems("=[@Saldo]", shape="single") == ["F308"]
    compiled("=SUMA([Saldo])", shape="single")


def test_a_row_reference_without_a_row_is_a_mistake():
    with pytest.raises(PackError) as caught:
        compile_formula("=[@Saldo]", replace(SCOPE, table=None), place=PLACE)
    assert caught.value.problems[0].code == "F205"


def test_the_kind_that_a_rule_needs_is_checked():
    assert problems("=[@Estado]", kind=Kind.BOOL) == ["F301"]
    assert compiled("=[@Saldo]", kind=Kind.TEXT).kind is Kind.TEXT


def test_a_formula_asked_for_row_values_gives_one_per_row():
    assert len(compiled("=VERDADERO", shape="row").evaluate(DATA)) == 5
    empty = replace(DATA, tables={}, lengths={})
    assert len(compiled("=[@Saldo]>0", shape="row").evaluate(empty)) == 0


# ------------------------------------------------------------------ functions


def test_functions_go_by_both_languages_with_and_without_accents():
    for spanish, english in [
        ("Y", "AND"),
        ("SI.ERROR", "IFERROR"),
        ("DÍA.LAB", "WORKDAY"),
        ("año", "YEAR"),
        ("buscarx", "XLOOKUP"),
    ]:
        found = STANDARD.find(spanish)
        assert found is not None
        assert found.name == english


def test_the_registry_is_extended_with_domain_functions_that_get_the_data():
    def count_rows(data: Data, table: str, extra: Column) -> Column:
        return Column(Kind.NUMBER, extra.data + data.lengths[table] * 10 ** (extra.scale or 0), None, extra.scale)

    spec = FunctionSpec(
        "ALIADO_ROWS",
        (),
        "domain",
        (parameter("table", "table", "tabla", "table"), parameter("extra", "number", "más", "more")),
        Kind.NUMBER,
        Text("Filas.", "Rows."),
        ("=ALIADO_ROWS(invoices; 1)",),
        count_rows,
        aggregate=True,
    )
    scope = replace(SCOPE, functions=STANDARD.extend([spec]))
    formula = compile_formula("=ALIADO_ROWS(facturas; 0,5)", scope, place=PLACE, shape="single", kind=Kind.NUMBER)
    assert formula.evaluate(DATA).value(0) == Decimal("5.5")
    assert formula.tables == {"invoices"}
    assert STANDARD.find("ALIADO_ROWS") is None
    with pytest.raises(ValueError, match="ALIADO_ROWS"):
        scope.functions.extend([spec])


@pytest.mark.parametrize("function", tuple(STANDARD), ids=lambda function: function.name)
def test_every_function_is_described_and_its_examples_compile(function):
    fields = {**SCOPE.tables["invoices"].fields, "Meses": Kind.NUMBER, "tax_id": Kind.TEXT}
    headings = {**SCOPE.tables["invoices"].headings, "meses": "Meses", "nif": "tax_id"}
    tables = {**SCOPE.tables, "invoices": replace(SCOPE.tables["invoices"], fields=fields, headings=headings)}
    scope = replace(SCOPE, tables=tables, parameters={**SCOPE.parameters, "tipo": Kind.NUMBER})
    assert function.summary.es
    assert function.summary.en
    assert function.examples
    for text in function.examples:
        formula = compile_formula(text, scope, place=PLACE)
        formula.evaluate(DATA)
    for own in function.parameters:
        assert own.help.es
        assert own.help.en


def test_there_are_about_sixty_functions():
    assert len(STANDARD) >= 60


# ------------------------------------------------------------------ lightness


def test_compiling_formulas_imports_neither_pandas_nor_anything_heavy():
    code = (
        "import sys, aliado.formula.compile\n"
        "heavy = {'pandas', 'openpyxl', 'lxml', 'pydantic', 'yaml', 'holidays', 'xlwings'} & set(sys.modules)\n"
        "sys.exit(f'imported {heavy}' if heavy else 0)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_data_of_the_wrong_kind_or_length_is_unknown_and_never_raises():
    data = Data({"invoices": {"total": texts("a", "b")}}, {"invoices": 3}, "invoices", {}, dt.date(2026, 1, 1))
    assert values("=[@Total]+tolerancia", data) == ["UNKNOWN"] * 3
    assert isinstance(SCOPE, Scope)
    assert TABLES["invoices"]["total"].kind is Kind.NUMBER


@given(st.lists(st.text("aB É\t \n\x1c", max_size=5), max_size=5))
def test_words_are_folded_alike_together_and_one_by_one(words):
    known = vocabulary(text_column(words))
    assert known.names == [fold(word) for word in known.words]
