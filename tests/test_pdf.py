"""The panel as PDF: one page, up to date, and the workbook as it was."""

from __future__ import annotations

import shutil
import subprocess
from datetime import date

import pytest
from click.testing import CliRunner

from aliado.batch.samples import write_samples
from aliado.commands.pdf import pdf
from aliado.locales import locale_of
from aliado.workbook import recalculate

AS_OF = date(2026, 10, 31)


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    return write_samples(tmp_path_factory.mktemp("clients"), AS_OF)[2]


def test_without_libreoffice_a_message_says_what_to_do(client, monkeypatch):
    monkeypatch.setattr(recalculate, "find_libreoffice", lambda: None)
    before = client.read_bytes()
    result = CliRunner().invoke(pdf, [str(client), "--as-of", "2026-10-31", "--lang", "en"])
    assert result.exit_code == 2
    assert "LibreOffice, which is not installed" in result.output
    assert not client.with_suffix(".pdf").exists()
    assert client.read_bytes() == before


def test_one_bad_workbook_does_not_stop_the_others(tmp_path, client, monkeypatch):
    monkeypatch.setattr("aliado.batch.printing.print_to_pdf", lambda data, _pages, _locale: b"%PDF " + data[:2])
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

    def printed(data, _pages, locale):
        asked.append(locale)
        return b"%PDF " + data[:2]

    monkeypatch.setattr("aliado.batch.printing.print_to_pdf", printed)
    for language in ("es", "en"):
        command = [str(client), "--as-of", "2026-10-31", "--lang", language, "--out", str(tmp_path)]
        assert CliRunner().invoke(pdf, command).exit_code == 0
    assert asked == [locale_of("es", "PA"), locale_of("en", "PA")]
