"""The panel as PDF: one page, up to date, and the workbook as it was."""

from __future__ import annotations

import shutil
import subprocess
from datetime import date
from io import BytesIO

import pytest
import xlsxwriter
from click.testing import CliRunner

from aliado.batch.samples import write_samples
from aliado.commands.pdf import pdf
from aliado.locales import locale_of
from aliado.workbook import office

AS_OF = date(2026, 10, 31)


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    return write_samples(tmp_path_factory.mktemp("clients"), AS_OF)[2]


def test_without_libreoffice_a_message_says_what_to_do(client, monkeypatch):
    monkeypatch.setattr(office, "find_libreoffice", lambda: None)
    before = client.read_bytes()
    result = CliRunner().invoke(pdf, [str(client), "--as-of", "2026-10-31", "--lang", "en"])
    assert result.exit_code == 2
    assert "LibreOffice, which is not installed" in result.output
    assert not client.with_suffix(".pdf").exists()
    assert client.read_bytes() == before


def test_one_bad_workbook_does_not_stop_the_others(tmp_path, client, monkeypatch):
    monkeypatch.setattr("aliado.batch.printing.print_to_pdf", lambda data, *_: b"%PDF " + data[:2])
    bad = tmp_path / "malo.xlsx"
    bad.write_bytes(b"no")
    result = CliRunner().invoke(pdf, [str(bad), str(client), "--as-of", "2026-10-31", "--out", str(tmp_path / "out")])
    assert result.exit_code == 2
    assert (tmp_path / "out" / f"{client.stem}.pdf").read_bytes() == b"%PDF PK"


@pytest.mark.live
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice (soffice) is not installed")
def test_the_panel_is_one_page_and_the_workbook_is_not_touched(tmp_path, client):
    before = client.read_bytes()
    result = CliRunner().invoke(pdf, [str(client), "--as-of", "2026-10-31", "--out", str(tmp_path)])
    assert result.exit_code == 0, result.output
    made = tmp_path / f"{client.stem}.pdf"
    assert made.read_bytes().startswith(b"%PDF")
    assert client.read_bytes() == before
    if shutil.which("pdftotext"):
        text = subprocess.run(["pdftotext", made, "-"], capture_output=True, check=True, text=True).stdout
        assert text.count("\f") == 1
        assert "Key indicators" in text


def test_figures_are_printed_with_the_separators_that_the_texts_have(tmp_path, client, monkeypatch):
    asked = []

    def printed(data, day, _pages, locale):
        assert day == AS_OF
        asked.append(locale)
        return b"%PDF " + data[:2]

    monkeypatch.setattr("aliado.batch.printing.print_to_pdf", printed)
    for language in ("es", "en"):
        command = [str(client), "--as-of", "2026-10-31", "--lang", language, "--out", str(tmp_path)]
        assert CliRunner().invoke(pdf, command).exit_code == 0
    assert asked == [locale_of("es", "PA"), locale_of("en", "PA")]


@pytest.mark.live
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice (soffice) is not installed")
@pytest.mark.parametrize(
    ("language", "country", "shown"), [("es", "ES", "1.234,50"), ("es", "MX", "1,234.50"), ("en", "ES", "1,234.50")]
)
def test_numbers_in_cells_are_printed_as_the_texts_write_them_and_twice_alike(language, country, shown):
    from aliado.workbook.printing import print_to_pdf

    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        book.add_worksheet().write_number(0, 0, 1234.5, book.add_format({"num_format": "#,##0.00"}))
    made = [print_to_pdf(buffer.getvalue(), AS_OF, locale=locale_of(language, country)) for _ in range(2)]
    assert made[0] == made[1]
    assert b"/CreationDate(D:20261031000000" in made[0]
    text = subprocess.run(["pdftotext", "-", "-"], input=made[0], capture_output=True, check=True).stdout.decode()
    assert shown in text
