"""The columns of a long list, each written at once: by their own types, client text never as a formula or link."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING

from aliado.formula.values import to_serial
from aliado.report.bodies import NOTHING, formula_body, make_text, number_body
from aliado.report.cells import Styles
from aliado.report.memo import Memo
from aliado.report.page import Page, clean

if TYPE_CHECKING:
    from xlsxwriter.format import Format


class Runs:
    """The lines of a list from a row on. empty: the body of cells without a value (`BLANK` keeps their format).

    Each method takes one value per line, None for none, and the format of all or one for each.
    """

    def __init__(self, page: Page, row: int, empty: str = NOTHING) -> None:
        self._page = page
        self._row = row
        self._empty = empty
        self._texts: Memo[str | None] = Memo(partial(_write_text, empty))
        self._dates: Memo[date | None] = Memo(partial(_write_date, empty))

    def texts(self, column: int, texts: Iterable[str | None], style: Format | Styles) -> None:
        """Write texts; one that is empty is no value."""
        made = self._texts
        self._page.sheet.write_run(self._row, column, [made[text] for text in texts], style)

    def numbers(self, column: int, numbers: Iterable[Decimal | int | None], style: Format | Styles) -> None:
        """Write numbers."""
        empty = self._empty
        bodies = [empty if number is None else number_body(float(number)) for number in numbers]
        self._page.sheet.write_run(self._row, column, bodies, style)

    def dates(self, column: int, days: Iterable[date | None], style: Format | Styles) -> None:
        """Write dates as Excel's serial days."""
        made = self._dates
        self._page.sheet.write_run(self._row, column, [made[day] for day in days], style)

    def formulas(
        self,
        column: int,
        formulas: Sequence[str],
        values: Iterable[Decimal | int | str | None],
        style: Format | Styles,
    ) -> None:
        """Write formulas with their values cached; one without a value is not written."""
        empty = self._empty
        bodies = [
            empty if value is None else formula_body(formula, value if isinstance(value, str) else float(value))
            for formula, value in zip(self._page.sheet.prepare_all(formulas), values, strict=True)
        ]
        self._page.sheet.write_run(self._row, column, bodies, style)

    def links(
        self,
        column: int,
        places: Iterable[tuple[str, str] | None],
        texts: Sequence[str | None],
        style: Format | Styles,
    ) -> None:
        """Write texts that lead to cells, each (sheet, cell); None is text that leads nowhere."""
        self.texts(column, texts, style)
        self._page.add_links(self._row, column, places, texts)


def _write_text(empty: str, text: str | None) -> str:
    return make_text(clean(text)) if text else empty


def _write_date(empty: str, day: date | None) -> str:
    return empty if day is None else number_body(to_serial(day))
