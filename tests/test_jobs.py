"""Which workbooks a run is about, and what it says of those it passes over."""

from pathlib import Path

import pytest

from aliado.batch.jobs import BadUsage, list_jobs, list_passed_over, say_passed_over


@pytest.fixture
def folder(tmp_path):
    for name in ("a.xlsx", "b.XLSM", "viejo.xls", "sub/otro.XLSB", "notas.txt", "~$a.xlsx", "copias/viejo.xls"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"x")
    return tmp_path


def test_workbooks_of_old_and_binary_formats_are_counted_not_forgotten(folder):
    assert [job.source.name for job in list_jobs([folder])] == ["a.xlsx", "b.XLSM"]
    passed = list_passed_over([folder], backup=folder / "copias")
    assert [path.name for path in passed] == ["otro.XLSB", "viejo.xls"]
    assert "2 (otro.XLSB, viejo.xls)" in say_passed_over(passed).es
    assert say_passed_over([]) == ("", "")


def test_a_folder_of_nothing_but_old_formats_says_so(tmp_path):
    (tmp_path / "viejo.xls").write_bytes(b"x")
    with pytest.raises(BadUsage, match=r"viejo\.xls.*save them as \.xlsx"):
        list_jobs([tmp_path])
    with pytest.raises(BadUsage):
        list_jobs([Path(tmp_path / "no")])
