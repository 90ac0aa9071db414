"""The stylesheet of our sheets: records that are made once say what the written part says."""

from __future__ import annotations

import pytest

from aliado.locales import locale_of
from aliado.report.donor import OPTIONS
from aliado.report.loose_writer import LooseWriter
from aliado.report.stylesheet import loose_styles, write_stylesheet
from aliado.report.theme import STYLES, Theme
from aliado.workbook import own_styles
from aliado.workbook.loose import LooseStyles
from aliado.workbook.markup import write_node
from aliado.workbook.own_styles import read_loose_styles
from aliado.workbook.style_lists import DonorStyles, read_donor_styles


def formats(*currencies):
    """Return the formats of a workbook: its default, each style of the theme, one a currency; and two of conditions."""
    book = LooseWriter(OPTIONS)
    theme = Theme(book, locale_of("es", "ES"))
    styles = [theme.style(name) for name in STYLES]
    money = [theme.style("line", num_format=f'0.00" {currency}"') for currency in currencies]
    for each in [*styles, *money]:
        each._get_xf_index()  # as writing a cell with it does; the library leaves out number formats without
    return [book.formats[0], *styles, *money], [
        theme.lines,
        book.add_format({"font_color": "#8F1B1B", "bg_color": "#FBE1E1"}),
    ]


def kept(cells, differential) -> DonorStyles:
    return read_loose_styles(loose_styles(cells, differential))


def said(styles: DonorStyles):
    cells = [(dict(f.attributes), f.code, f.facets, f.leaves, f.mark) for f in styles.cells]
    for attributes, *_ in cells:  # these count within one stylesheet only
        for key in ("numFmtId", "fontId", "fillId", "borderId"):
            attributes.pop(key)
    return cells, [write_node(node, "") for node in styles.dxfs]


def read_again(cells, differential):
    return said(read_donor_styles(write_stylesheet(cells, differential)))


@pytest.mark.parametrize("currencies", [["EUR"], ["MXN", "EUR"], []])
def test_records_are_what_the_written_stylesheet_says_whatever_was_asked_before(currencies):
    assert said(kept(*formats(*currencies))) == read_again(*formats(*currencies))


def test_writing_a_stylesheet_changes_no_format():
    cells, differential = formats("EUR")
    assert write_stylesheet(cells, differential) == write_stylesheet(cells, differential)


def test_a_format_that_is_known_is_not_written_again():
    wanted = read_again(*formats("PAB", "USD"))
    kept(*formats("PAB"))
    cells, differential = formats("PAB", "USD")
    loose = loose_styles(cells, differential)
    asked = []

    def write(*chosen):
        asked.append([list(numbers) for numbers in chosen])
        return loose.write(*chosen)

    assert said(read_loose_styles(LooseStyles(loose.cells, loose.dxfs, write))) == wanted
    assert asked == [[[0, len(cells) - 1], []]]  # the default, which goes first, and the one in dollars


def test_no_more_formats_are_kept_than_a_bound(monkeypatch):
    monkeypatch.setattr(own_styles, "MOST_KEPT", 10)
    for currency in ("AAA", "BBB", "CCC"):
        assert said(kept(*formats(currency))) == read_again(*formats(currency))
        assert len(own_styles._cells) == len(STYLES) + 2
