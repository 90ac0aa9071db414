"""The board over all clients: worst first, nobody left out, nothing added across currencies, no name trusted."""

from __future__ import annotations

import re
import zipfile
from datetime import date
from decimal import Decimal
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

import pytest
from click.testing import CliRunner
from msgspec.structs import replace
from openpyxl import load_workbook

import portfolio_samples as boards
import report_samples as samples
from aliado.batch import portfolio as files
from aliado.batch.jobs import BadUsage, list_jobs
from aliado.batch.portfolio import read_board, write_portfolio
from aliado.commands.portfolio import portfolio
from aliado.commands.refresh import refresh
from aliado.language import fold
from aliado.report.portfolio.page import render_page
from aliado.report.portfolio.summary import ALERTS_LISTED, summarise
from aliado.report.portfolio.workbook import render_workbook
from aliado.workbook.files import WorkbookNotWritten
from test_cli import write_invoices

AS_OF = date(2026, 10, 31)
TARGET = Path("/clientes/cartera.xlsx")


def board_of(outcomes, passed_over=()):
    return read_board(TARGET, outcomes, passed_over, AS_OF)


class Tables(HTMLParser):
    """The page's tables by id of their heading, as rows of (text, link)."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tables: dict[str, list[list[tuple[str, str]]]] = {}
        self.tags: list[str] = []
        self._table = ""
        self._cell = False
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        given = dict(attrs)
        if tag == "section":
            self._table = given["aria-labelledby"]
            self.tables[self._table] = []
        elif tag == "tr":
            self.tables[self._table].append([])
        elif tag in {"td", "th"}:
            self._cell = True
            self.tables[self._table][-1].append(("", ""))
        elif tag == "a" and self._cell:
            self.tables[self._table][-1][-1] = ("", given["href"])

    def handle_endtag(self, tag):
        if tag in {"td", "th"}:
            self._cell = False

    def handle_data(self, data):
        if self._cell:
            text, link = self.tables[self._table][-1][-1]
            self.tables[self._table][-1][-1] = (text + data.strip(), link)


def sheets(content):
    return load_workbook(BytesIO(content))


def values(sheet):
    return [[cell for cell in row if cell is not None] for row in sheet.iter_rows(values_only=True)]


def test_what_could_not_be_read_comes_first_then_the_worst():
    board = board_of(boards.few(), [Path("/clientes/viejo.xls")])
    assert [entry.name for entry in board.entries] == [
        "cifrado",
        "viejo",
        "Importadora Pichincha & Asociados S.A.",
        "Taller Ruiz",
    ]
    ranks = [(client.count("red"), client.overdue_duties) for _, client in board_of(boards.many(60)).clients]
    assert ranks == sorted(ranks, reverse=True)
    assert len(set(ranks)) > 5


@pytest.mark.parametrize("language", ["es", "en"])
def test_a_client_that_was_refused_is_on_both_boards_with_its_reason(language):
    board = board_of(boards.few(), [Path("/clientes/viejo.xls")])
    reason = boards.REFUSED.to(language)
    overview = sheets(render_workbook(board, language, "1")).worksheets[0]
    rows = [row for row in values(overview) if "cifrado" in row]
    assert len(rows) == 1
    assert reason in rows[0]
    (row,) = [row for row in Tables(render_page(board, language, "1")).tables["clientes"] if row[0][0] == "cifrado"]
    assert row[-1][0] == reason
    assert {"es": "▲ Rehusado", "en": "▲ Refused"}[language] in [text for text, _ in row]
    assert any(".xls" in str(cell) for row in values(overview) if "viejo" in row for cell in row)


def test_currencies_are_never_added_together():
    typical = summarise(samples.typical())
    board = board_of([boards.outcome("a", typical), boards.outcome("b", summarise(samples.tiny()))])
    by_code = {line.currency: (line.clients, line.outstanding) for line in board.currencies}
    usd, eur = (samples.typical().ageing[place].outstanding for place in (0, 1))
    assert by_code == {"USD": (1, usd), "EUR": (2, eur + Decimal("120.50"))}
    assert f"{eur:,.2f}".replace(",", " ").replace(".", ",").replace(" ", ".") in render_page(board, "es", "1")


def test_one_person_spelt_in_two_ways_is_one():
    names = [line.name for line in board_of(boards.many(60)).responsible]
    assert sorted(fold(name) for name in names) == sorted({fold(name) for name in boards.PEOPLE})


def test_every_alert_is_listed_or_counted():
    many = replace(samples.typical(), findings=samples.typical().findings * 4)
    client = summarise(many)
    told = sum(item.severity != "info" for item in many.findings)
    assert told > ALERTS_LISTED
    board = board_of([boards.outcome("a", client)])
    rows = Tables(render_page(board, "en", "1")).tables["alertas"][1:]
    assert len(rows) == ALERTS_LISTED + 1
    assert f"and {told - ALERTS_LISTED} more alerts" in rows[-1][5][0]
    assert sum(row[2][0].startswith("▲") for row in rows) == min(ALERTS_LISTED, client.count("red"))


def test_a_hostile_name_is_only_text():
    board = board_of(boards.many(5))
    page = render_page(board, "es", "1")
    assert "<script>document" not in page
    read = Tables(page)
    assert read.tags.count("script") == 1
    assert boards.HOSTILE in [row[0][0] for row in read.tables["clientes"]]
    content = render_workbook(board, "es", "1")
    cells = [cell for sheet in sheets(content).worksheets for row in sheet.iter_rows() for cell in row]
    (one, *_) = [cell for cell in cells if cell.value == boards.HOSTILE]
    assert one.data_type == "s"
    assert not one.hyperlink.target.startswith("http")


def test_the_page_asks_nothing_of_the_internet():
    page = render_page(board_of(boards.many(5)), "en", "1")
    assert "default-src 'none'" in page
    assert not re.findall(r"""(?:src|href|url)\s*[=(]\s*["']?(?:https?:)?//""", page.replace("&#34;", '"'))
    assert {link for rows in Tables(page).tables.values() for row in rows for _, link in row if ":" in link} == set()


def test_links_lead_to_the_workbooks_whatever_their_names():
    board = board_of(boards.few())
    page = Tables(render_page(board, "es", "1")).tables["clientes"]
    assert page[2][0][1] == "andes/importadora%20%231%2050%25.xlsx"
    content = render_workbook(board, "es", "1")
    with zipfile.ZipFile(BytesIO(content)) as package:
        targets = package.read("xl/worksheets/_rels/sheet1.xml.rels").decode()
    assert 'Target="andes\\importadora%20%231%2050%25.xlsx"' in targets


def test_alerts_lead_to_their_rows():
    client = summarise(samples.typical())
    sheet = sheets(render_workbook(board_of([boards.outcome("a", client)]), "es", "1"))["Alertas"]
    alert = next(item for item in client.alerts if item.row)
    places = {cell.hyperlink.location for row in sheet.iter_rows() for cell in row if cell.hyperlink}
    sheet_name = alert.sheet.replace("'", "''")
    assert f"'{sheet_name}'!A{alert.row}" in places


def test_the_same_run_gives_the_same_bytes():
    for language in ("es", "en"):
        one, other = (board_of(boards.many(20)) for _ in range(2))
        assert render_workbook(one, language, "1") == render_workbook(other, language, "1")
        assert render_page(one, language, "1") == render_page(other, language, "1")


def test_nothing_of_the_other_language_is_left():
    english = render_page(board_of(boards.few()), "en", "1")
    for word in ("Cartera", "Cliente ", "Responsable", "Vencen", "Tareas", "Saldos"):
        assert word not in re.sub(r"<(style|script)>.*?</\1>", "", english, flags=re.DOTALL)


def test_shares_are_written_as_each_language_does():
    board = board_of(boards.few())
    for language, form in (("es", r"-?\d+,\d %"), ("en", r"-?\d+\.\d%")):
        tables = Tables(render_page(board, language, "1")).tables
        shares = [row[10][0] for row in tables["clientes"][2:]] + [row[4][0] for row in tables["monedas"][1:]]
        assert len(shares) == 4
        assert all(re.fullmatch(form, share) for share in shares), shares


def test_the_board_is_the_old_one_or_the_new_one(tmp_path, monkeypatch):
    target = tmp_path / "cartera.xlsx"
    write_portfolio(target, boards.few(), [], AS_OF, "es")
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert set(before) == {"cartera.xlsx", "cartera.html"}

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("aliado.workbook.files._write_whole", full)
    with pytest.raises(WorkbookNotWritten):
        write_portfolio(target, boards.many(3), [], AS_OF, "es")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_the_board_is_never_taken_for_a_client(tmp_path):
    write_invoices(tmp_path / "a.xlsx")
    target = tmp_path / "cartera.xlsx"
    write_portfolio(target, boards.few(), [], AS_OF, "es")
    assert [job.source.name for job in list_jobs([tmp_path])] == ["a.xlsx"]
    saved = load_workbook(target)
    saved.save(target)  # as a person who saves it again would
    assert [job.source.name for job in list_jobs([tmp_path])] == ["a.xlsx"]
    with pytest.raises(BadUsage):
        list_jobs([target])


def test_refresh_writes_the_board_beside_its_own_work(tmp_path):
    (tmp_path / "clientes").mkdir()
    write_invoices(tmp_path / "clientes" / "a.xlsx")
    (tmp_path / "clientes" / "malo.xlsx").write_bytes(b"no")
    board = tmp_path / "cartera.xlsx"
    given = [str(tmp_path / "clientes"), "--as-of", "2026-10-31", "--portfolio", str(board), "--workers", "1"]
    done = CliRunner().invoke(refresh, given)
    assert done.exit_code == 2, done.output
    rows = values(load_workbook(board).worksheets[0])
    assert [row[1] for row in rows if row and row[0] in {1, 2}] == ["malo", "a"]
    assert 'href="clientes/a.xlsx"' in board.with_suffix(".html").read_text(encoding="utf-8")


def test_the_board_alone_touches_no_workbook(tmp_path):
    path = write_invoices(tmp_path / "a.xlsx")
    before = path.read_bytes()
    done = CliRunner().invoke(
        portfolio, [str(path), "--as-of", "2026-10-31", "--out", str(tmp_path / "b.xlsx"), "--lang", "en"]
    )
    assert done.exit_code == 0, done.output
    assert path.read_bytes() == before
    assert load_workbook(tmp_path / "b.xlsx").sheetnames[0] == "Portfolio"


def test_a_board_that_is_no_xlsx_is_bad_usage(tmp_path):
    done = CliRunner().invoke(refresh, [str(tmp_path), "--portfolio", "cartera.pdf"])
    assert done.exit_code == 2
    assert ".xlsx" in done.output


def test_a_board_that_cannot_be_written_is_told(tmp_path, monkeypatch):
    path = write_invoices(tmp_path / "a.xlsx")

    def refuse(*_args, **_options):
        raise OSError(13, "Permission denied")

    monkeypatch.setattr(files, "write_workbook_file", refuse)
    done = CliRunner().invoke(portfolio, [str(path), "--as-of", "2026-10-31", "--out", str(tmp_path / "b.xlsx")])
    assert done.exit_code == 2
    assert "Permission denied" in done.output
