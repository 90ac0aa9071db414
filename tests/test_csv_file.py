"""CSV files as other programs export them: what they hold is read as it stands, or the line that cannot be is named."""

from __future__ import annotations

import csv
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aliado.intake.csv_file import DELIMITERS, BadCsv, parse_csv, sniff_encoding

TEXT = "Factura;Cliente;Total\nF-1;Peña y Cía;1,50\nF-2;Ñandú;2,50\n"
ROWS = (("Factura", "Cliente", "Total"), ("F-1", "Peña y Cía", "1,50"), ("F-2", "Ñandú", "2,50"))


def parse(data, **options):
    return parse_csv(data, "x.csv", "x", **options)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"])
def test_the_encoding_is_found_out(encoding):
    assert parse(TEXT.encode(encoding)).rows == ROWS


@pytest.mark.parametrize("delimiter", DELIMITERS)
def test_the_delimiter_is_found_out_also_with_decimal_commas(delimiter):
    buffer = StringIO()
    csv.writer(buffer, delimiter=delimiter).writerows(ROWS)
    file = parse(buffer.getvalue().encode())
    assert (file.delimiter, file.rows) == (delimiter, ROWS)


def test_excels_own_mark_of_the_delimiter_is_no_row():
    file = parse(b"sep=|\r\na|b\r\n1|2\r\n")
    assert (file.delimiter, file.rows, file.lines) == ("|", (("a", "b"), ("1", "2")), (2, 3))


def test_lines_are_those_of_the_file_whatever_quotes_and_blank_rows_hold():
    file = parse(b'a;b\n\n"one\ntwo";2\n;\nlast;3\n')
    assert file.rows == (("a", "b"), ("one\ntwo", "2"), ("last", "3"))
    assert file.lines == (1, 3, 6)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "empty"),
        (b" \n\n", "empty"),
        (b'a;b\n1;2\n"x;3\n', "line 3"),
        (b"PK\x03\x04 rest", "Excel workbook"),
        (b"\xef\xbb\xbfa;\xff", "byte"),
    ],
)
def test_what_is_no_csv_is_named(data, told):
    with pytest.raises(BadCsv) as refused:
        parse(data)
    assert told in refused.value.text.en


def test_an_encoding_that_does_not_fit_is_named():
    with pytest.raises(BadCsv) as refused:
        parse("Ñ;1".encode("cp1252"), encoding="utf-8")
    assert "--encoding" in refused.value.text.en


CELLS = st.text(st.characters(exclude_categories=("Cs", "Cc"), include_characters='\n";,|\t'), max_size=12)


@given(
    rows=st.lists(st.lists(CELLS, min_size=2, max_size=5), min_size=1, max_size=8),
    delimiter=st.sampled_from(DELIMITERS),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_what_a_csv_writer_writes_is_read_back_cell_for_cell(rows, delimiter, encoding):
    buffer = StringIO(newline="")
    csv.writer(buffer, delimiter=delimiter, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)
    wanted = tuple(tuple(row) for row in rows if any(cell.strip() for cell in row))
    data = buffer.getvalue().encode(encoding)
    assert parse(data, delimiter=delimiter, encoding=encoding).rows == wanted


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data):
    sniff_encoding(data)
    try:
        file = parse(data)
    except BadCsv:
        return
    assert len(file.rows) == len(file.lines)
    assert list(file.lines) == sorted(set(file.lines))
