"""workbook/README.md says what the code goes by."""

from __future__ import annotations

from aliado.cells.registry import FUNCTIONS
from aliado.excel.reference import fill_in
from aliado.resources import workbook_folder


def test_the_contract_of_the_workbook_is_up_to_date():
    text = (workbook_folder() / "README.md").read_text(encoding="utf-8")
    assert fill_in(text) == text, "run: python -m aliado.excel.build"
    assert all(text.count(f"`{spec.name}(") == 2 for spec in FUNCTIONS)


def test_a_section_is_written_anew():
    old = "<!-- sheets es -->\nviejo\n<!-- end -->"
    assert "viejo" not in fill_in(old)
    assert "Antigüedad" in fill_in(old)
