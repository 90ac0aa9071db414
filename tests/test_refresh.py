"""One workbook end to end: what is the client's stays byte for byte, whatever the date and however often."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from aliado.batch.outcome import Job, Options
from aliado.batch.refresh import refresh
from aliado.batch.samples import write_samples
from aliado.report.donor import OPTIONAL, SHEETS
from aliado.workbook.verify import compare
from builders import open_workbook

AS_OF = date(2026, 10, 31)
OURS = {title.to(language) for title in SHEETS.values() for language in ("es", "en")}
SPANISH = {title.es for title in SHEETS.values()}


@pytest.fixture(scope="module")
def clients(tmp_path_factory) -> list[Path]:
    return write_samples(tmp_path_factory.mktemp("clients"), AS_OF)


def done(source: Path, target: Path, as_of: date = AS_OF, **options):
    outcome = refresh(Job(source, target), Options(as_of, **options))
    assert outcome.done, outcome.reason
    return outcome


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as package:
        assert package.testzip() is None
        return {name: package.read(name) for name in package.namelist()}


def test_every_part_of_the_clients_is_byte_for_byte_as_it_was(clients, tmp_path):
    for client in clients:
        target = tmp_path / client.name
        done(client, target)
        before, after = parts(client), parts(target)
        edited = {"[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"}
        assert not [name for name in before if name not in after]
        assert not [name for name in before if name not in edited and before[name] != after[name]]
        states = {change.part: change.change for change in compare(client.read_bytes(), target.read_bytes())}
        assert set(states.values()) <= {"identical", "ours", "appended"}, states


def test_refreshing_again_and_again_adds_nothing(clients, tmp_path):
    path = tmp_path / "client.xlsx"
    done(clients[0], path)
    first = path.read_bytes()
    for _ in range(3):
        assert done(path, path).status == "unchanged"
    for earlier in (date(2026, 6, 30), date(2026, 10, 12)):
        done(path, path, earlier)
        assert path.read_bytes() != first
        done(path, path)
        assert path.read_bytes() == first


def test_changing_the_language_renames_nothing_that_a_formula_could_point_at(clients, tmp_path):
    path = tmp_path / "client.xlsx"
    done(clients[0], path, language="es")
    done(path, path, language="en")
    assert OURS & set(open_workbook(path).sheetnames) == SPANISH


def test_a_past_date_can_be_recomputed_and_says_what_it_said_then(clients, tmp_path):
    """Receipts that came later are not seen, so June read in October is June read in June."""
    june = date(2026, 6, 30)
    record = done(clients[0], tmp_path / "a.xlsx", june).record
    assert all(tie["ok"] for tie in record["ties"] if "control" not in tie["name"])
    assert Decimal(record["ageing"]["outstanding"]) != Decimal(
        done(clients[0], tmp_path / "b.xlsx").record["ageing"]["outstanding"]
    )
    assert not [
        flag
        for flag in record["flags"]
        if flag["table"] == "invoices" and flag["values"].get("issue_date", "") > "2026-06-30"
    ]


@pytest.mark.slow
def test_the_readers_of_other_programs_open_what_comes_out(clients, tmp_path):
    import python_calamine

    for client in clients:
        target = tmp_path / client.name
        done(client, target)
        names = open_workbook(target).sheetnames
        assert len(OURS & set(names)) >= len(SHEETS) - len(OPTIONAL)
        assert python_calamine.CalamineWorkbook.from_path(str(target)).sheet_names == names


def test_alerts_link_to_the_rows_they_speak_of(clients, tmp_path):
    target = tmp_path / "client.xlsx"
    outcome = done(clients[0], target)
    book = open_workbook(target)
    links = {
        cell.hyperlink.location
        for row in book["Alertas"].iter_rows()
        for cell in row
        if cell.hyperlink and cell.hyperlink.location
    }
    numbers = [flag for flag in outcome.record["flags"] if flag["row"] and flag["rule"] == "IN-001"]
    assert numbers
    for flag in numbers:
        place = next(link for link in links if link.endswith(str(flag["row"])) and flag["sheet"] in link)
        sheet, cell = place.replace("'", "").rsplit("!", 1)
        assert str(book[sheet][cell].value) == flag["key"]


def test_a_workbook_saved_by_somebody_else_meanwhile_is_skipped_and_kept(clients, tmp_path, monkeypatch):
    from aliado.batch import refresh as module

    path = tmp_path / "client.xlsx"
    path.write_bytes(clients[0].read_bytes())
    lay_in = module.lay_in

    def saved_meanwhile(*arguments):
        path.write_bytes(clients[1].read_bytes())
        return lay_in(*arguments)

    monkeypatch.setattr(module, "lay_in", saved_meanwhile)
    outcome = refresh(Job(path, path, tmp_path / "copias" / "client.xlsx"), Options(AS_OF))
    assert outcome.status == "skipped"
    assert "Repita" in outcome.reason.es
    assert path.read_bytes() == clients[1].read_bytes()
    assert [p.name for p in tmp_path.rglob("*") if p.is_file()] == ["client.xlsx"]


@pytest.mark.slow
def test_two_refreshes_of_one_file_at_once_leave_one_whole_result(clients, tmp_path):
    path = tmp_path / "client.xlsx"
    done(clients[0], tmp_path / "wanted.xlsx")
    wanted = (tmp_path / "wanted.xlsx").read_bytes()
    for _ in range(3):
        path.write_bytes(clients[0].read_bytes())
        command = [sys.executable, "-m", "aliado", "refresh", str(path), "--as-of", AS_OF.isoformat()]
        runs = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(3)]
        said = [run.communicate(timeout=120)[0] for run in runs]
        assert path.read_bytes() == wanted
        assert all("refrescado" in text or "sin cambios" in text or "cambió en el disco" in text for text in said), said
    assert sorted(p.name for p in tmp_path.iterdir()) == ["client.xlsx", "wanted.xlsx"]
