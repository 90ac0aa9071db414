"""Dunning: one letter at a time, never for who is blocked; interest and compensation by law."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aliado.rules.assess import assess
from aliado.rules.functions import FUNCTIONS
from aliado.rules.interest import Rate, late_interest
from aliado.rules.packs import load_pack
from aliado.tables.gather import gather
from builders import sheet

AS_OF = date(2026, 10, 31)
HEADINGS = ("Factura", "Cliente", "Fecha", "Vencimiento", "Total")
PROFILE = sheet("Ficha", ("Nombre", "RUC", "Moneda"), ("ACME", "1790012355001", "USD"))
LETTERS = ["carta-1", "carta-2", "carta-3", "burofax"]


@pytest.fixture(scope="module")
def base():
    return load_pack("base", functions=FUNCTIONS)


def assessed(pack, *sheets, as_of=AS_OF):
    return assess(gather([*sheets, PROFILE], pack.tables), pack, as_of)


def invoice(late, *more, number="F-1", headings=()):
    row = (number, "Alfa", date(2026, 1, 1), AS_OF - timedelta(days=late), 100.0, *more)
    return sheet("Facturas", (*HEADINGS, *headings), row)


def notices(*rows):
    return sheet("Reclamaciones", ("Factura", "Carta", "Enviada el"), *rows)


def step(said):
    (found,) = said.dunning
    return found.state, found.action.es


def letter(pack, number):
    (flag,) = [rule for rule in pack.flags.values() if rule.one_at_a_time]
    return sorted(flag.levels, key=lambda level: level.over)[number].action.es


def test_the_first_letter_comes_first_however_old_the_invoice_is(base):
    said = assessed(base, invoice(130))
    assert step(said) == ("send", letter(base, 0))
    (flag,) = [item for item in said.findings if item.rule == "AR-010"]
    assert (flag.label, flag.severity, flag.action.es) == ("121+", "info", letter(base, 0))


@pytest.mark.parametrize(
    ("late", "written", "expected"),
    [
        (130, "carta-1", ("send", 1)),
        (130, "2", ("send", 2)),
        (130, "Carta 3", ("send", 3)),
        (40, "carta-1", ("send", 1)),
        (20, "carta-1", ("sent", None)),
        (70, "carta-3", ("sent", None)),
    ],
)
def test_the_next_letter_follows_the_last_one_sent_and_never_outruns_the_age(base, late, written, expected):
    said = assessed(base, invoice(late), notices(("F-1", written, date(2026, 10, 1))))
    state, action = step(said)
    assert state == expected[0]
    if expected[1] is not None:
        assert action == letter(base, expected[1])
    else:
        assert "01/10/2026" in action


def test_a_letter_sent_later_was_not_sent_yet(base):
    book = (invoice(130), notices(("F-1", "carta-1", date(2026, 9, 1)), ("F-1", "carta-2", date(2026, 10, 15))))
    assert step(assessed(base, *book, as_of=date(2026, 10, 14))) == ("send", letter(base, 1))
    assert step(assessed(base, *book, as_of=date(2026, 10, 15))) == ("send", letter(base, 2))


def test_the_invoices_own_columns_tell_what_was_sent(base):
    book = invoice(130, "carta-2", date(2026, 10, 1), headings=("Último aviso", "Fecha del último aviso"))
    said = assessed(base, book)
    assert step(said) == ("send", letter(base, 2))
    assert said.dunning[0].last_sent == date(2026, 10, 1)
    assert step(assessed(base, book, as_of=date(2026, 9, 30))) == ("send", letter(base, 0))


def test_a_disputed_invoice_and_a_blocked_customer_never_go_up(base):
    disputed = invoice(130, "Sí", headings=("En disputa",))
    assert step(assessed(base, disputed)) == ("blocked", "no reclamar: en disputa")
    blocked = sheet("Clientes", ("Cliente", "Bloqueado"), ("ALFA", "sí"))
    said = assessed(base, invoice(130), blocked)
    assert step(said)[0] == "blocked"
    (flag,) = [item for item in said.findings if item.rule == "AR-010"]
    assert flag.action.es == "no reclamar: cliente bloqueado"


def test_what_is_not_overdue_or_has_a_credit_balance_gets_no_letter(base):
    assert assessed(base, invoice(0)).dunning == ()
    paid = sheet("Cobros", ("Factura", "Fecha", "Importe"), ("F-1", date(2026, 10, 1), 150.0))
    assert assessed(base, invoice(30), paid).dunning == ()


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 3), max_size=5), st.integers(1, 400))
def test_letters_go_up_one_at_a_time(base, sent, late):
    rows = [("F-1", LETTERS[number], date(2026, 10, 1)) for number in sent]
    said = assessed(base, invoice(late), *([notices(*rows)] if rows else []))
    (found,) = said.dunning
    if found.state == "send":
        following = max(sent, default=-1) + 1
        assert found.action.es == letter(base, following)


RATES = (Rate(date(2024, 1, 1), Decimal("0.125")), Rate(date(2024, 7, 1), Decimal("0.1225")))


@pytest.mark.parametrize(
    ("due", "until", "expected"),
    [
        (date(2024, 3, 31), date(2024, 3, 31), "0"),
        (date(2024, 3, 31), date(2024, 4, 30), "10.27"),  # 1000 x 12.5 % x 30 / 365
        (date(2024, 6, 20), date(2024, 7, 10), "6.78"),  # 10 days at 12.5 %, 10 at 12.25 %
        (date(2024, 7, 31), date(2025, 7, 31), "122.50"),
    ],
)
def test_late_interest_runs_each_day_at_the_rate_then_in_force(due, until, expected):
    assert late_interest(Decimal(1000), due, until, RATES) == Decimal(expected)


def test_interest_before_the_first_known_rate_is_not_guessed():
    assert late_interest(Decimal(1000), date(2023, 12, 30), date(2024, 2, 1), RATES) is None
    assert late_interest(Decimal(1000), date(2024, 1, 1), date(2024, 2, 1), ()) is None


@given(st.integers(0, 10**9), st.integers(0, 400), st.integers(0, 400))
def test_interest_never_falls_with_time(cents, first, more):
    balance, due = Decimal(cents) / 100, date(2024, 1, 31)
    early = late_interest(balance, due, due + timedelta(days=first), RATES)
    late = late_interest(balance, due, due + timedelta(days=first + more), RATES)
    assert early <= late


def test_spain_asks_forty_euros_and_interest_that_says_it_is_unverified():
    pack = load_pack("es", functions=FUNCTIONS)
    (found,) = assessed(pack, invoice(31, "EUR", headings=("Moneda",))).dunning
    assert found.compensation == 40
    assert found.interest == Decimal("0.86")  # 100 x 10.15 % x 31 / 365
    assert found.verified is False


def test_forty_euros_are_not_asked_for_an_invoice_in_another_currency():
    pack = load_pack("es", functions=FUNCTIONS)
    (found,) = assessed(pack, invoice(31, "USD", headings=("Moneda",))).dunning
    assert (found.compensation, found.interest) == (None, Decimal("0.86"))


def test_chile_asks_a_share_and_a_country_without_a_rate_asks_nothing(base):
    (chile,) = assessed(load_pack("cl", functions=FUNCTIONS), invoice(31)).dunning
    assert (chile.compensation, chile.interest) == (Decimal("1.00"), None)
    (plain,) = assessed(base, invoice(31)).dunning
    assert (plain.compensation, plain.interest, plain.verified) == (None, None, True)


@pytest.mark.parametrize(("late", "severity"), [(5, "amber"), (45, "amber"), (70, "red"), (130, "red")])
def test_an_overdue_invoice_alarms_once_with_the_worst_severity_and_the_letter_that_comes_next(base, late, severity):
    said = assessed(base, invoice(late))
    found = {item.rule: item for item in said.findings if item.rule in {"AR-001", "AR-010"}}
    assert (found["AR-001"].severity, found["AR-010"].severity) == (severity, "info")
    assert found["AR-001"].action == found["AR-010"].action == said.dunning[0].action
    assert found["AR-001"].level == found["AR-010"].level


def test_the_level_alarms_by_itself_where_the_other_flag_does_not_speak(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text(
        "pack: mine\nextends: base\nversion: 1\ntitle: Mine\nparams:\n  dias_gracia: {value: 90}\n", encoding="utf-8"
    )
    said = assessed(load_pack(path, functions=FUNCTIONS), invoice(70))
    assert [(item.rule, item.severity) for item in said.findings if item.rule.startswith("AR-0")] == [("AR-010", "red")]
