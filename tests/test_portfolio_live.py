"""The board in real programs: the page in Chromium, the workbook in LibreOffice."""

from __future__ import annotations

import base64
import hashlib
import re
import shutil
import subprocess
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook

import portfolio_samples as boards
from aliado.batch.portfolio import read_board
from aliado.report.portfolio.page import render_page
from aliado.report.portfolio.workbook import render_workbook
from aliado.workbook.recalculate import recalculate
from test_portfolio import Tables

pytestmark = pytest.mark.live
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--enable-logging=stderr",
]
AS_OF = date(2026, 10, 31)


def board_of(outcomes):
    return read_board(Path("/clientes/cartera.xlsx"), outcomes, [], AS_OF)


def load(page: str, folder: Path, script: str = "") -> tuple[str, str]:
    """Return the page as Chromium has it once its script and then `script` have run, and what Chromium logged."""
    if script:
        allowed = "sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        page = page.replace("script-src ", f"script-src '{allowed}' ").replace(
            "</body>", f"<script>{script}</script></body>"
        )
    path = folder / "cartera.html"
    path.write_text(page, encoding="utf-8")
    command = [CHROMIUM, *FLAGS, f"--user-data-dir={folder / 'profile'}", "--dump-dom", path.as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=True, timeout=120)
    return done.stdout, done.stderr


def shown(dom: str) -> list[str]:
    return re.findall(r'<p class="shown"[^>]*>([^<]*)</p>', dom)


@needs_chromium
@pytest.mark.parametrize("language", ["es", "en"])
def test_the_page_runs_by_itself_and_hostile_names_stay_text(tmp_path, language):
    dom, log = load(render_page(board_of(boards.many(40)), language, "1"), tmp_path)
    assert {"es": "40 de 40 filas", "en": "40 of 40 rows"}[language] == shown(dom)[0]
    assert "<title>owned" not in dom
    assert "Refused to" not in log
    assert "violates" not in log
    assert dom.count("<script>") == 1


@needs_chromium
def test_a_page_that_is_tampered_with_runs_nothing(tmp_path):
    page = render_page(board_of(boards.few()), "es", "1").replace(
        "</h1>", "</h1><script>document.title='owned'</script><img src='http://127.0.0.1:9/x'>", 1
    )
    dom, log = load(page, tmp_path)
    assert "<title>Cartera de clientes" in dom
    assert "Content Security Policy" in log


@needs_chromium
def test_rows_are_filtered_by_word_without_accents_and_by_person(tmp_path):
    board = board_of(boards.many(40))
    # Nobody knows whose the refused ones are: they stay in sight.
    whose = sum(entry.client is None or entry.client.responsible == "Marta Gil" for entry in board.entries)
    script = """
        const words = document.getElementById('words'), person = document.getElementById('person');
        words.value = 'CLIENTÉ 00'; words.dispatchEvent(new Event('input'));
        document.body.dataset.first = document.querySelector('.shown').textContent;
        words.value = ''; person.value = 'Marta Gil'; person.dispatchEvent(new Event('change'));
    """
    dom, _ = load(render_page(board, "es", "1"), tmp_path, script)
    assert 'data-first="8 de 40 filas"' in dom  # 0 to 9 but the refused one and the hostile one
    assert shown(dom)[0] == f"{whose} de 40 filas"


@needs_chromium
def test_a_click_on_a_head_sorts_numbers_as_numbers_and_back(tmp_path):
    script = """
        const head = document.querySelectorAll('thead th')[3];
        head.firstElementChild.click();
        document.body.dataset.order = head.getAttribute('aria-sort');
        head.firstElementChild.click();
    """
    board = board_of(boards.many(40))
    dom, _ = load(render_page(board, "en", "1"), tmp_path, script)
    assert 'data-order="descending"' in dom
    assert 'aria-sort="ascending"' in dom
    counts = [row[3][0] for row in Tables(dom).tables["clientes"][1:]]
    numbers = [-1 if text == "–" else int(text) for text in counts]
    assert numbers == sorted(numbers)
    assert max(numbers) >= 10


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice (soffice) is not installed")
def test_libreoffice_computes_every_figure_of_the_workbook_as_it_was_cached():
    content = render_workbook(board_of([*boards.many(40), *boards.few()]), "es", "1")
    cached, computed = (load_workbook(BytesIO(data), data_only=True) for data in (content, recalculate(content)))
    formulas = [
        (sheet.title, cell.coordinate)
        for sheet in load_workbook(BytesIO(content)).worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    ]
    assert len(formulas) > 100
    different = [
        (place, cached[place[0]][place[1]].value, computed[place[0]][place[1]].value)
        for place in formulas
        if cached[place[0]][place[1]].value != computed[place[0]][place[1]].value
        and abs(float(cached[place[0]][place[1]].value) - float(computed[place[0]][place[1]].value)) > 1e-9
    ]
    assert different == []
