"""Document numbers compared all at once, beside the plain way of one by one."""

import re

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from aliado.formula.texts import text_column, vocabulary
from aliado.language import fold
from aliado.rules.digit_runs import come_again, find_runs
from aliado.rules.number_series import MOST_BEGINNINGS, MOST_DIGITS, _split_all
from aliado.rules.numbering import number_tokens, without_year

NUMBERS = st.lists(
    st.text("Aa -/.0123456²ºÑ²٣", max_size=12) | st.from_regex(r"F ?(20)?2[56][/-]?0{0,3}[0-9]{1,9}", fullmatch=True),
    min_size=1,
    max_size=12,
)


def repeated(keys):
    return {row for row, key in enumerate(keys) if key is not None and keys.count(key) > 1}


def test_a_run_knows_its_text_its_place_and_its_value():
    runs = find_runs(["f-2026/00012", "", "x", "7"])
    told = zip(*(each.tolist() for each in (runs.text, runs.start, runs.size, runs.value)), strict=True)
    assert list(told) == [(0, 2, 4, 2026), (0, 7, 5, 12), (3, 0, 1, 7)]
    assert runs.last().tolist() == [1, -1, -1, 2]


@settings(max_examples=40, deadline=None)
@given(NUMBERS, st.lists(st.sampled_from([2005, 2025, 2026, 2020]), min_size=12, max_size=12))
def test_no_pair_of_equal_numbers_is_passed_over(texts, years):
    years = np.array(years[: len(texts)])
    runs, everything = find_runs([fold(text) for text in texts]), np.ones(len(texts), dtype=bool)
    tokens = [number_tokens(text) or None for text in texts]
    assert repeated(tokens) <= set(come_again([runs.keys()], everything).tolist())
    bare = [without_year(token, year) if token else None for token, year in zip(tokens, years.tolist(), strict=True)]
    assert repeated(bare) <= set(come_again([runs.keys_without_year(years)], everything).tolist())


def test_different_numbers_are_hardly_ever_looked_at():
    texts = [f"a-{number:06d}" for number in range(5_000)] + ["b 1-2", "b 2-2"]
    assert len(come_again([find_runs(texts).keys()], np.ones(len(texts), dtype=bool))) == 0


def test_rows_left_aside_repeat_nobody():
    keys = np.array([1, 1, 2, 2, 2])
    assert come_again([keys], np.array([True, False, True, True, False])).tolist() == [2, 3]


@settings(max_examples=40, deadline=None)
@given(NUMBERS)
def test_a_series_is_told_by_the_text_before_the_last_digits(texts):
    prefixes, numbers = _split_all(vocabulary(text_column([text.strip() for text in texts])))
    expected = []
    for text in texts:
        match = re.fullmatch(r"(.*?)([0-9]+)[^0-9]*", text.strip(), re.ASCII)
        expected.append((fold(match[1]), int(match[2])) if match and len(match[2]) <= MOST_DIGITS else None)
    assert [number >= 0 for number in numbers.tolist()] == [each is not None for each in expected]
    assert [number for number in numbers.tolist() if number >= 0] == [each[1] for each in expected if each]
    spelled = [(each[0], code) for each, code in zip(expected, prefixes.tolist(), strict=True) if each]
    assert len(set(spelled)) == len({text for text, _ in spelled}) == len({code for _, code in spelled})


def test_more_beginnings_than_are_told_at_once_are_told_all_the_same():
    texts = [f"{'x' * (place % 3)}s{place}-{number}" for place in range(MOST_BEGINNINGS + 20) for number in (7, 8)]
    prefixes, numbers = _split_all(vocabulary(text_column(texts)))
    assert numbers.tolist() == [7, 8] * (MOST_BEGINNINGS + 20)
    assert len(set(prefixes.tolist())) == MOST_BEGINNINGS + 20
    assert (prefixes[::2] == prefixes[1::2]).all()


def test_chosen_texts_keep_their_runs():
    texts = ["a-1-22", "none", "333", "b 4"]
    chosen = [3, 0, 0, 1, 2]
    taken, again = find_runs(texts).take(np.array(chosen)), find_runs([texts[place] for place in chosen])
    for name in ("text", "start", "size", "value", "count"):
        assert np.array_equal(getattr(taken, name), getattr(again, name))


def test_beginnings_in_other_alphabets_are_told_apart_as_well():
    prefixes, numbers = _split_all(vocabulary(text_column(["F–1", "F?2", "F?4", "Ж-1", "Б-1", "Ж-2"])))
    assert numbers.tolist() == [1, 2, 4, 1, 1, 2]
    dash, mark, again, zhe, be, zhe_again = prefixes.tolist()
    assert (mark, zhe) == (again, zhe_again)
    assert len({dash, mark, zhe, be}) == 4
