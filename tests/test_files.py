"""Workbook files: left whole whatever happens, and skipped while somebody has them open."""

import errno
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from aliado.errors import WorkbookRefused, WorkbookSkipped
from aliado.workbook import files
from aliado.workbook.files import WorkbookNotWritten, read_workbook_file, write_workbook_file

OLD, NEW = b"old" * 1000, b"new" * 1000


@pytest.fixture
def book(tmp_path):
    file = tmp_path / "Cliente ñ.xlsx"
    file.write_bytes(OLD)
    return file


def left_in(folder):
    return sorted(p.name for p in folder.iterdir())


def test_a_written_file_replaces_the_old_one_and_leaves_nothing_beside_it(book):
    book.chmod(0o640)
    write_workbook_file(book, NEW)
    assert read_workbook_file(book) == NEW
    assert left_in(book.parent) == [book.name]
    assert book.stat().st_mode & 0o777 == 0o640


def test_a_backup_holds_the_old_bytes(book, tmp_path):
    backup = tmp_path / "copias" / "2024" / "Cliente.xlsx"
    write_workbook_file(book, NEW, backup)
    assert (book.read_bytes(), backup.read_bytes()) == (NEW, OLD)


def test_a_new_file_needs_no_old_one(tmp_path):
    write_workbook_file(tmp_path / "nuevo.xlsx", NEW, tmp_path / "copia.xlsx")
    assert left_in(tmp_path) == ["nuevo.xlsx"]


def test_a_link_stays_a_link(book, tmp_path):
    link = tmp_path / "enlace.xlsx"
    link.symlink_to(book)
    write_workbook_file(link, NEW)
    assert link.is_symlink()
    assert book.read_bytes() == NEW


@pytest.mark.parametrize(
    ("step", "error", "says"),
    [
        ("fsync", OSError(errno.ENOSPC, "No space left on device"), "disk is full"),
        ("fsync", OSError(errno.EIO, "Input/output error"), "Input/output error"),
        ("replace", PermissionError(errno.EACCES, "Permission denied"), "read-only"),
        ("replace", OSError(errno.EROFS, "Read-only file system"), "read-only"),
    ],
)
def test_when_writing_fails_the_old_file_stands_and_no_temporary_remains(book, monkeypatch, step, error, says):
    def fail(*_):
        raise error

    monkeypatch.setattr(files.os, step, fail)
    with pytest.raises(WorkbookNotWritten, match=says) as caught:
        write_workbook_file(book, NEW)
    assert "queda como estaba" in caught.value.text.es
    assert book.read_bytes() == OLD
    assert left_in(book.parent) == [book.name]


def test_a_failed_backup_leaves_the_file_alone(book, tmp_path):
    (tmp_path / "copias").write_bytes(b"a file where a folder should be")
    with pytest.raises(WorkbookNotWritten):
        write_workbook_file(book, NEW, tmp_path / "copias" / "a.xlsx")
    assert book.read_bytes() == OLD


def test_a_read_only_file_is_not_replaced(book, monkeypatch):
    monkeypatch.setattr(files.os, "access", lambda *_: False)  # as for a user who is not root
    with pytest.raises(WorkbookNotWritten, match="read-only"):
        write_workbook_file(book, NEW)
    assert book.read_bytes() == OLD


@pytest.mark.parametrize("lock", ["~$Cliente ñ.xlsx", "~$iente ñ.xlsx", ".~lock.Cliente ñ.xlsx#"])
def test_a_workbook_that_is_open_is_skipped(book, lock):
    owner = book.with_name(lock)
    owner.write_bytes(b"\x03Ana" + b" " * 51 if lock.startswith("~$") else b"Ana,pc,x,y;")
    with pytest.raises(WorkbookSkipped, match=r"open in Excel or another program \(Ana\)"):
        read_workbook_file(book)


def test_a_sharing_violation_is_skipped(book, monkeypatch):
    def fail(_):
        error = PermissionError(errno.EACCES, "used by another process")
        error.winerror = 32
        raise error

    monkeypatch.setattr(Path, "read_bytes", fail)
    with pytest.raises(WorkbookSkipped, match="open in Excel"):
        read_workbook_file(book)


def test_missing_empty_and_folder_are_refused(tmp_path):
    with pytest.raises(WorkbookRefused, match="does not exist"):
        read_workbook_file(tmp_path / "nada.xlsx")
    with pytest.raises(WorkbookRefused, match="folder"):
        read_workbook_file(tmp_path)
    (tmp_path / "vacío.xlsx").write_bytes(b"")
    with pytest.raises(WorkbookRefused, match="empty"):
        read_workbook_file(tmp_path / "vacío.xlsx")


def test_what_a_dead_run_left_is_swept_and_what_a_living_one_writes_is_not(book):
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    gone = book.with_name(f".{book.name}.{dead.pid}.aliado-tmp")
    busy = book.with_name(f".{book.name}.{os.getppid()}.aliado-tmp")
    other = book.with_name(".otro.xlsx.1.aliado-tmp")
    for file in (gone, busy, other):
        file.write_bytes(b"half")
    write_workbook_file(book, NEW)
    assert left_in(book.parent) == sorted([busy.name, other.name, book.name])
    day_before_yesterday = time.time() - 2 * 86400
    os.utime(busy, (day_before_yesterday, day_before_yesterday))
    write_workbook_file(book, NEW)
    assert busy.name not in left_in(book.parent)


WRITER = """
import sys
from pathlib import Path
from aliado.workbook.files import write_workbook_file
print("ready", flush=True)
while True:
    for letter in (b"a", b"b"):
        write_workbook_file(Path(sys.argv[1]), letter * 300_000)
"""


def test_killed_at_any_moment_the_file_is_one_version_or_the_other_whole(tmp_path):
    file = tmp_path / "libro.xlsx"
    file.write_bytes(b"a" * 300_000)
    for wait in range(12):
        process = subprocess.Popen([sys.executable, "-c", WRITER, str(file)], stdout=subprocess.PIPE)
        process.stdout.readline()
        time.sleep(0.0007 * (wait + 1) ** 2)
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        data = file.read_bytes()
        assert (len(data), len(set(data))) == (300_000, 1)
    write_workbook_file(file, NEW)
    assert left_in(tmp_path) == ["libro.xlsx"]


def test_two_runs_on_one_file_leave_it_whole(tmp_path):
    file = tmp_path / "libro.xlsx"
    file.write_bytes(b"a" * 300_000)
    command = [sys.executable, "-c", WRITER, str(file)]
    runs = [subprocess.Popen(command, stdout=subprocess.PIPE) for _ in range(2)]
    for run in runs:
        run.stdout.readline()
    for _ in range(60):
        data = file.read_bytes()
        assert (len(data), len(set(data))) == (300_000, 1)
    assert [run.poll() for run in runs] == [None, None]
    for run in runs:
        run.kill()
        run.wait()
        run.stdout.close()


def test_what_changed_on_disk_meanwhile_is_not_overwritten(book, tmp_path):
    read = read_workbook_file(book)
    for theirs in (b"edited" * 500, b"OLD" * 1000):  # another length, and the same length
        book.write_bytes(theirs)
        with pytest.raises(WorkbookSkipped, match="Try again"):
            write_workbook_file(book, NEW, tmp_path / "copias" / "a.xlsx", expected=read)
        assert book.read_bytes() == theirs
    assert not list((tmp_path / "copias").glob("*")) if (tmp_path / "copias").exists() else True
    book.unlink()
    with pytest.raises(WorkbookSkipped):
        write_workbook_file(book, NEW, expected=read)
    assert left_in(book.parent) == []


def test_what_changed_while_the_new_file_was_being_written_is_not_overwritten(book, monkeypatch):
    read = read_workbook_file(book)
    write_whole = files._write_whole

    def edited_meanwhile(path, data):
        write_whole(path, data)
        book.write_bytes(b"edited")

    monkeypatch.setattr(files, "_write_whole", edited_meanwhile)
    with pytest.raises(WorkbookSkipped):
        write_workbook_file(book, NEW, expected=read)
    assert book.read_bytes() == b"edited"
    assert left_in(book.parent) == [book.name]


def test_a_workbook_opened_meanwhile_is_not_overwritten(book):
    read = read_workbook_file(book)
    book.with_name(f"~${book.name}").write_bytes(b"\x03Ana")
    with pytest.raises(WorkbookSkipped, match="Ana"):
        write_workbook_file(book, NEW, expected=read)
    assert book.read_bytes() == OLD


@pytest.mark.parametrize("links", [True, False], ids=["hard links", "no hard links"])
def test_an_earlier_different_backup_is_never_overwritten(book, tmp_path, monkeypatch, links):
    if not links:
        monkeypatch.setattr(Path, "hardlink_to", lambda *_: (_ for _ in ()).throw(OSError(errno.EPERM, "no links")))
    backup = tmp_path / "copias" / "a.xlsx"
    for content in (OLD, NEW, OLD, b"third"):
        book.write_bytes(content)
        write_workbook_file(book, b"result", backup, expected=content)
    kept = {p.name: p.read_bytes() for p in backup.parent.iterdir()}
    assert kept == {"a.xlsx": OLD, "a (2).xlsx": NEW, "a (3).xlsx": b"third"}
