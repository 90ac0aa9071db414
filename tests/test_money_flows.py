"""Pairs that belong together beyond doubt are taken out first, and the rest is matched as if they had stayed."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from aliado.rules.bank_matching import match
from aliado.rules.money_flows import Flows, clear_pairs, of_amounts
from builders import invoices, receipts

WINDOW = 3
MONEY = st.lists(
    st.tuples(st.integers(0, 25), st.sampled_from([-40, -7, 10, 20, 30, 50, 70]), st.sampled_from(["EUR", "USD"])),
    max_size=14,
)


def flows(table, rows):
    return Flows(
        table,
        np.arange(len(rows)),
        np.array([day for day, _, _ in rows], dtype=np.int64),
        np.array([cents for _, cents, _ in rows], dtype=np.int64),
        np.array([code for _, _, code in rows], dtype=object),
    )


def bank(rows):
    return flows(receipts(*[("", None, 1.0)] * max(len(rows), 1)), rows)


def books(rows):
    half = len(rows) // 2
    table = invoices(*[("F", "A", None, None, 1.0)] * max(len(rows), 1), headings=HEADINGS)
    return [flows(table, rows[:half]), flows(receipts(*[("", None, 1.0)] * max(len(rows), 1)), rows[half:])]


HEADINGS = ("Factura", "Cliente", "Fecha", "Vencimiento", "Total")


@settings(max_examples=40, deadline=None)
@given(MONEY, MONEY)
def test_the_rest_is_the_same_as_when_all_are_matched_one_by_one(movements, entries):
    mine, theirs = bank(movements), books(entries)
    plain = match(mine.entries(), [item for each in theirs for item in each.entries()], WINDOW)
    left = clear_pairs(mine, theirs, WINDOW)
    quick = match(left.movements.entries(), [item for each in left.books for item in each.entries()], WINDOW)
    assert sorted(quick.movements) == sorted(plain.movements)
    far = of_amounts(left.far, {cents for _, cents, _ in entries})
    assert sorted([*quick.entries, *far]) == sorted(plain.entries)


def test_a_lone_pair_goes_and_whatever_has_a_choice_stays():
    mine = bank([(10, 50, "EUR"), (10, 20, "EUR"), (11, 20, "EUR"), (20, 70, "EUR")])
    theirs = books([(12, 50, "EUR"), (9, 20, "EUR"), (15, 70, "EUR")])
    left = clear_pairs(mine, theirs, WINDOW)
    assert left.movements.row.tolist() == [1, 2, 3]
    assert [len(each) for each in left.books] == [0, 1]
    assert [len(each) for each in left.far] == [0, 1]


def test_amounts_too_large_for_one_number_with_a_day_are_told_apart_too():
    vast = 2**42
    mine = bank([(10, vast, "EUR"), (10, -vast, "EUR"), (11, 20, "EUR"), (20, vast + 1, "EUR")])
    theirs = books([(12, vast, "EUR"), (9, 20, "EUR"), (11, -vast, "EUR"), (20, vast + 2, "EUR")])
    left = clear_pairs(mine, theirs, WINDOW)
    assert left.movements.row.tolist() == [3]
    assert [len(each) for each in left.books] == [0, 1]
