"""Holidays remembered between runs: the library's answers, whatever state the cache is in."""

from datetime import date

import pytest

from aliado.rules import holiday_cache
from aliado.rules.business_days import _ask_library
from aliado.rules.holiday_cache import remember
from aliado.rules.user_cache import FOLDER
from builders import said_by_processes


@pytest.fixture
def kept(tmp_path, monkeypatch):
    monkeypatch.setenv(FOLDER, str(tmp_path))
    holiday_cache._folder.cache_clear()
    yield tmp_path
    holiday_cache._folder.cache_clear()


def never():
    raise AssertionError("asked again")


@pytest.mark.usefixtures("kept")
def test_what_was_asked_once_is_not_asked_again():
    wanted = _ask_library("EC", None, 2026)
    assert date(2026, 1, 1) in wanted
    assert remember("EC", None, 2026, lambda: wanted) == wanted
    assert remember("EC", None, 2026, never) == wanted
    assert remember("XX", None, 2026, frozenset) == remember("XX", None, 2026, never) == frozenset()


@pytest.mark.usefixtures("kept")
def test_regions_and_years_are_kept_apart():
    days = {key: frozenset({date(2026, 1, number)}) for number, key in enumerate(("", "Madrid", "Cataluña"), 1)}
    for region, found in days.items():
        remember("ES", region or None, 2026, lambda found=found: found)
    for region, found in days.items():
        assert remember("ES", region or None, 2026, never) == found


@pytest.mark.parametrize(
    "damage", ["", "ES  2026: 9\n2026-01-01\n", "ES  2026: 1\nmañana\n", "EC  2026: 1\n2026-01-01\n"]
)
def test_a_damaged_file_is_asked_again_and_put_right(kept, damage):
    days = frozenset({date(2026, 1, 1)})
    remember("ES", None, 2026, lambda: days)
    (file,) = (path for path in kept.rglob("*") if path.is_file())
    file.write_text(damage, encoding="utf-8")
    assert remember("ES", None, 2026, lambda: days) == days
    assert remember("ES", None, 2026, never) == days


def test_a_cache_that_cannot_be_written_is_done_without(tmp_path, monkeypatch):
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    for given in (str(blocked), ""):
        monkeypatch.setenv(FOLDER, given)
        holiday_cache._folder.cache_clear()
        assert remember("ES", None, 2026, lambda: frozenset({date(2026, 1, 1)})) == {date(2026, 1, 1)}
    holiday_cache._folder.cache_clear()


@pytest.mark.usefixtures("kept")
def test_with_the_cache_a_refresh_does_not_load_the_library():
    script = (
        "import sys; from aliado.rules.business_days import holidays_of; "
        "days = holidays_of('ES')(2026); print(len(days), 'holidays' in sys.modules)"
    )
    first, second = said_by_processes(script, 2)
    assert first == [second[0], "True"]
    assert second[1] == "False"
