"""The command line as a new user meets it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import jsonschema
import pytest
import xlsxwriter

from aliado.batch.samples import write_samples
from aliado.resources import workbook_folder

AS_OF = date(2026, 10, 31)


def aliado(*arguments: object, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run the command line in a process of its own."""
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # compiling every library anew would be most of the time
    return subprocess.run(
        [sys.executable, "-m", "aliado", *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=cwd,
        env=environment,
        check=False,
        timeout=120,
    )


def write_invoices(path: Path, rows=(("F-1", "Alfa", date(2026, 9, 1), date(2026, 9, 30), 100.0),)) -> Path:
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("Facturas")
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    sheet.write_row(0, 0, ("Factura", "Cliente", "Fecha", "Vencimiento", "Total"))
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            if isinstance(value, date):
                sheet.write_datetime(number, column, value, day)
            else:
                sheet.write(number, column, value)
    book.close()
    return path


@pytest.fixture(scope="module")
def clients(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("clients")
    write_samples(folder, AS_OF)
    return folder


def test_help_names_every_command_in_both_languages():
    shown = aliado("--help").stdout
    assert "refresh" in shown
    assert "demo" in shown
    assert "rules" in shown
    assert "Refresca libros" in shown
    assert "Refresh workbooks" in shown


def test_a_batch_writes_json_that_fits_its_published_schema(clients, tmp_path):
    out = tmp_path / "out"
    done = aliado("refresh", clients, "--as-of", AS_OF, "--out", out, "--json", tmp_path / "run.json", "--workers", 2)
    assert done.returncode == 1, done.stdout + done.stderr
    document = json.loads((tmp_path / "run.json").read_text(encoding="utf-8"))
    schema = json.loads((workbook_folder() / "refresh.schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(document, schema)
    assert [item["status"] for item in document["workbooks"]] == ["refreshed"] * 3
    assert len(list(out.rglob("*.xlsx"))) == 3
    assert all(tie["ok"] for item in document["workbooks"] for tie in item["ties"])
    for item in document["workbooks"]:
        ageing = dict(item["ageing"])
        outstanding = float(ageing.pop("outstanding"))
        assert sum(map(float, ageing.values())) == pytest.approx(outstanding, abs=0.001)


def test_one_worker_and_many_give_the_same_bytes(clients, tmp_path):
    for workers in (1, 2):
        aliado("refresh", clients, "--as-of", AS_OF, "--out", tmp_path / str(workers), "--workers", workers)
    for path in (tmp_path / "1").rglob("*.xlsx"):
        assert path.read_bytes() == (tmp_path / "2" / path.name).read_bytes()


def test_a_second_refresh_of_the_same_date_changes_nothing(tmp_path):
    path = write_invoices(tmp_path / "a.xlsx")
    assert ": refrescado" in aliado("refresh", path, "--as-of", AS_OF).stdout
    first, when = path.read_bytes(), path.stat().st_mtime_ns
    assert ": sin cambios" in aliado("refresh", path, "--as-of", AS_OF).stdout
    assert path.read_bytes() == first
    assert path.stat().st_mtime_ns == when


def test_a_clean_client_exits_with_zero_and_a_red_one_with_one(tmp_path):
    clean = write_invoices(
        tmp_path / "clean.xlsx", rows=(("F-1", "Alfa", date(2026, 10, 1), date(2026, 12, 1), 100.0),)
    )
    late = write_invoices(tmp_path / "late.xlsx", rows=(("F-1", "Alfa", date(2026, 1, 1), date(2026, 2, 1), 100.0),))
    assert aliado("refresh", clean, "--as-of", AS_OF).returncode == 0
    assert aliado("refresh", late, "--as-of", AS_OF).returncode == 1


def test_dry_run_writes_no_workbook(tmp_path):
    path = write_invoices(tmp_path / "a.xlsx")
    before = path.read_bytes()
    done = aliado("refresh", path, "--as-of", AS_OF, "--dry-run", "--out", tmp_path / "out", "--lang", "en")
    assert "refreshed" in done.stdout
    assert path.read_bytes() == before
    assert not (tmp_path / "out").exists()


def test_backup_keeps_the_workbook_as_it_was(tmp_path):
    path = write_invoices(tmp_path / "a.xlsx")
    before = path.read_bytes()
    aliado("refresh", path, "--as-of", AS_OF, "--backup", tmp_path / "kept")
    assert (tmp_path / "kept" / "a.xlsx").read_bytes() == before
    assert path.read_bytes() != before


def test_one_bad_workbook_never_stops_the_others(tmp_path):
    write_invoices(tmp_path / "a.xlsx")
    (tmp_path / "b.xlsx").write_bytes(b"this is no workbook")
    (tmp_path / "sub").mkdir()
    write_invoices(tmp_path / "sub" / "c.xlsx")
    done = aliado("refresh", tmp_path, "--as-of", AS_OF, "--json", tmp_path / "run.json", "--workers", 2)
    assert done.returncode == 2
    statuses = {
        Path(item["path"]).name: item["status"]
        for item in json.loads((tmp_path / "run.json").read_text("utf-8"))["workbooks"]
    }
    assert statuses == {"a.xlsx": "refreshed", "b.xlsx": "refused", "c.xlsx": "refreshed"}
    assert "Traceback" not in done.stderr


def test_a_workbook_that_is_open_in_excel_is_skipped(tmp_path):
    path = write_invoices(tmp_path / "a.xlsx")
    (tmp_path / "~$a.xlsx").write_bytes(b"\x04User" + b" " * 160)
    before = path.read_bytes()
    done = aliado("refresh", tmp_path, "--as-of", AS_OF)
    assert done.returncode == 2
    assert "omitido" in done.stdout
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "arguments",
    [
        ("refresh",),
        ("refresh", "nowhere.xlsx"),
        ("refresh", ".", "--as-of", "31/10/2026"),
        ("refresh", ".", "--out", "x", "--backup", "y"),
        ("refresh", "."),
        ("nonsense",),
    ],
    ids=str,
)
def test_bad_usage_exits_with_two_and_no_traceback(arguments, tmp_path):
    done = aliado(*arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.strip()
    assert "Traceback" not in done.stderr


def test_the_nearest_pack_applies(tmp_path):
    base = "pack: {name}\nextends: base\nversion: 1.0.0\ntitle: {{es: x, en: x}}\n"
    inner = tmp_path / "clients"
    inner.mkdir()
    path = write_invoices(inner / "acme.xlsx")
    for place, name in (
        (tmp_path / "aliado.yaml", "above"),
        (inner / "aliado.yaml", "folder"),
        (inner / "acme.aliado.yaml", "own"),
        (tmp_path / "given.yaml", "given"),
    ):
        place.write_text(base.format(name=name), encoding="utf-8")

    def pack_used(*more: object) -> str:
        import python_calamine

        aliado("refresh", path, "--as-of", AS_OF, "--out", tmp_path / "out", *more)
        sheets = python_calamine.CalamineWorkbook.from_path(str(tmp_path / "out" / "acme.xlsx"))
        cells = {str(cell) for row in sheets.get_sheet_by_name("Auditoría").to_python() for cell in row}
        return next(name for name in ("given", "own", "folder", "above") if name in cells)

    assert pack_used("--rules", tmp_path / "given.yaml") == "given"
    assert pack_used() == "own"
    (inner / "acme.aliado.yaml").unlink()
    assert pack_used() == "folder"
    (inner / "aliado.yaml").unlink()
    assert pack_used() == "above"


def test_a_pack_with_mistakes_refuses_the_workbook_and_says_where(tmp_path):
    path = write_invoices(tmp_path / "a.xlsx")
    before = path.read_bytes()
    (tmp_path / "a.aliado.yaml").write_text(
        "pack: a\nextends: base\nversion: 1.0.0\ntitle: {es: x, en: x}\nparam: {}\n", encoding="utf-8"
    )
    done = aliado("refresh", path, "--as-of", AS_OF)
    assert done.returncode == 2
    assert "a.aliado.yaml:5:1" in done.stdout
    assert path.read_bytes() == before


def test_rules_check_lists_every_mistake_with_its_place(tmp_path):
    pack = tmp_path / "p.yaml"
    pack.write_text(
        "pack: p\nextends: base\nversion: 1.0.0\ntitle: {es: x, en: x}\nflags:\n  X-1:\n    table: invoices\n    when: =[@Saldoo]>0\n",
        encoding="utf-8",
    )
    done = aliado("rules", "check", pack)
    assert done.returncode == 2
    assert "p.yaml:8:" in done.stdout
    assert "Saldo" in done.stdout
    assert aliado("rules", "check", "base").returncode == 0


def test_rules_test_exits_with_zero_one_or_two(tmp_path):
    path = tmp_path / "mine.test.yaml"
    text = "test: base\ntoday: 2026-11-20\nrules: [AR-001]\ncases:\n  one:\n    invoices: |\n      Factura | Cliente | Fecha | Vencimiento | Total | espera\n      F-1 | Alfa | 2026-01-01 | 2026-02-01 | 100 | {}\n"
    for expected, status in (("AR-001", 0), ("", 1), ("AR-1", 2)):
        path.write_text(text.format(expected), encoding="utf-8")
        done = aliado("rules", "test", path)
        assert done.returncode == status, done.stdout
        assert "Traceback" not in done.stderr
    assert aliado("rules", "test", tmp_path / "nowhere.yaml").returncode == 2


def test_rules_explain_answers_for_a_row_and_names_what_is_not_there(tmp_path):
    path = write_invoices(tmp_path / "a.xlsx")
    done = aliado("rules", "explain", "AR-001", "--workbook", path, "--row", 2, "--as-of", AS_OF, "--lang", "en")
    assert done.returncode == 0, done.stderr
    assert "FIRES (amber): F-1 from Alfa" in done.stdout
    done = aliado("rules", "explain", "AR-001", "--workbook", path, "--key", "F-9", "--as-of", AS_OF)
    assert done.returncode == 2
    assert 'no tiene "F-9"' in done.stderr
    assert aliado("rules", "explain", "AR-001", "--workbook", path, "--key", "F-1", "--row", 2).returncode == 2


def test_demo_makes_three_clients_and_says_what_to_try_next(tmp_path):
    done = aliado("demo", "--out", tmp_path / "demo", "--as-of", AS_OF)
    assert done.returncode == 0, done.stderr
    paths = list((tmp_path / "demo").glob("*.xlsx"))
    assert len(paths) == 3
    assert all(path.name in done.stdout for path in paths)
    assert "aliado refresh" in done.stdout
