"""Workbook files on disk: read when nobody has them open, and replaced whole or not at all."""

from __future__ import annotations

import os
import re
import shutil
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from urllib.parse import unquote

from aliado.errors import AliadoError, WorkbookRefused, WorkbookSkipped
from aliado.language import Text
from aliado.workbook.refusals import EMPTY

MISSING = Text(
    "No existe el archivo {file}. Compruebe la ruta y el nombre.",
    "The file {file} does not exist. Check the path and the name.",
)
FOLDER = Text(
    "{file} es una carpeta, no un libro. Indique el archivo .xlsx o .xlsm.",
    "{file} is a folder, not a workbook. Give the .xlsx or .xlsm file.",
)
OPEN_ELSEWHERE = Text(
    "{file} está abierto en Excel o en otro programa{owner}. Ciérrelo y vuelva a intentarlo.",
    "{file} is open in Excel or another program{owner}. Close it and try again.",
)
UNREADABLE = Text(
    "No se puede leer {file}: {detail}. Compruebe los permisos, o ciérrelo si está abierto.",
    "{file} cannot be read: {detail}. Check its permissions, or close it if it is open.",
)
READ_ONLY = Text(
    "No se puede escribir {file}: la carpeta o el archivo son de solo lectura, o el libro está abierto ({detail}). El archivo queda como estaba. Dé permiso de escritura, ciérrelo, o use --out con otra carpeta.",
    "{file} cannot be written: the folder or file is read-only, or the workbook is open ({detail}). The file is as it was. Allow writing, close it, or use --out with another folder.",
)
DISK_FULL = Text(
    "No se puede escribir {file}: no queda espacio en el disco. El archivo queda como estaba. Libere espacio y repita.",
    "{file} cannot be written: the disk is full. The file is as it was. Free some space and repeat.",
)
NOT_WRITTEN = Text(
    "No se puede escribir {file}: {detail}. El archivo queda como estaba.",
    "{file} cannot be written: {detail}. The file is as it was.",
)
CHANGED_MEANWHILE = Text(
    "{file} cambió en el disco mientras se trabajaba con él: no se ha escrito encima. Repita para partir de lo nuevo.",
    "{file} changed on disk while it was being worked on: it was not overwritten. Try again, to start from what is there now.",
)

_STALE_SECONDS = 24 * 3600
_DISK_FULL = {28, 122}  # ENOSPC, EDQUOT
_SHARING_VIOLATIONS = {32, 33}


class WorkbookNotWritten(AliadoError):
    """A workbook that could not be written; what was there before is still there, whole."""


def read_workbook_file(path: Path) -> bytes:
    """Return the bytes of a workbook.

    Raises WorkbookSkipped when it is open somewhere, WorkbookRefused when it is missing, empty or a folder.
    """
    name = path.name
    if path.is_dir():
        raise WorkbookRefused(FOLDER.format(file=name))
    if not path.exists():
        raise WorkbookRefused(MISSING.format(file=name))
    _sweep(path)
    owner = _find_owner(path)
    if owner is not None:
        raise WorkbookSkipped(OPEN_ELSEWHERE.format(file=name, owner=f" ({owner})" if owner else ""))
    try:
        data = path.read_bytes()
    except PermissionError as error:
        if getattr(error, "winerror", None) in _SHARING_VIOLATIONS:
            raise WorkbookSkipped(OPEN_ELSEWHERE.format(file=name, owner="")) from error
        raise WorkbookSkipped(UNREADABLE.format(file=name, detail=error.strerror or error)) from error
    except OSError as error:
        raise WorkbookRefused(UNREADABLE.format(file=name, detail=error.strerror or error)) from error
    if not data:
        raise WorkbookRefused(EMPTY)
    return data


def read_any_file(path: Path) -> bytes:
    """Return the bytes of a workbook that is only looked at, also while somebody has it open; raises WorkbookRefused."""
    if path.is_dir():
        raise WorkbookRefused(FOLDER.format(file=path.name))
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise WorkbookRefused(MISSING.format(file=path)) from error
    except OSError as error:
        raise WorkbookRefused(UNREADABLE.format(file=path.name, detail=error.strerror or error)) from error


def files_beside(path: Path) -> Callable[[str], bool]:
    """Return a function that says whether a relative path leads to a file beside a workbook, or below it."""
    folder = path.resolve().parent

    def exists(link: str) -> bool:
        try:
            found = (folder / unquote(link).replace("\\", "/")).resolve()
            return found.is_relative_to(folder) and found.is_file()
        except (OSError, ValueError):
            return False

    return exists


def write_workbook_file(path: Path, data: bytes, backup: Path | None = None, *, expected: bytes | None = None) -> None:
    """Put `data` at `path`, whole or not at all; raises WorkbookNotWritten with the old file untouched.

    backup: where a copy of the old file goes first; an earlier, different copy there is kept, and this one gets a
    number. expected: what the file held when it was read; raises WorkbookSkipped when it holds anything else by now,
    or when somebody has opened it. What killed runs left beside the file is swept away.
    """
    path = path.resolve()  # a link stays a link: what it points at is replaced
    _sweep(path)
    owner = _find_owner(path)
    if owner is not None:
        raise WorkbookSkipped(OPEN_ELSEWHERE.format(file=path.name, owner=f" ({owner})" if owner else ""))
    temporary = path.with_name(f".{path.name}.{os.getpid()}.aliado-tmp")
    try:
        if backup is not None and path.exists():
            _check_unchanged(path, expected)
            _write_backup(path, backup)
        _write_whole(temporary, data)
        if path.exists():
            _keep_rights(path, temporary)
            if not os.access(path, os.W_OK):
                raise PermissionError(13, "read-only")
        _check_unchanged(path, expected)
        os.replace(temporary, path)  # noqa: PTH105  the call whose atomicity this rests on
    except OSError as error:
        raise WorkbookNotWritten(_explain(path, error)) from error
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
    _flush_folder(path.parent)


def _write_whole(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _check_unchanged(path: Path, expected: bytes | None) -> None:
    """Raise when the file no longer holds what was read from it: somebody saved it meanwhile."""
    if expected is None:
        return
    try:
        same = path.stat().st_size == len(expected) and path.read_bytes() == expected
    except FileNotFoundError:
        same = False  # moved or deleted: putting it back would not be what that person wanted
    if not same:
        raise WorkbookSkipped(CHANGED_MEANWHILE.format(file=path.name))


def _write_backup(path: Path, backup: Path) -> None:
    """Keep a copy of the file; copies of other contents that have the name stay, and this one gets a number."""
    backup.parent.mkdir(parents=True, exist_ok=True)
    _sweep(backup)
    part = backup.with_name(f".{backup.name}.{os.getpid()}.aliado-tmp")
    try:
        shutil.copy2(path, part)
        content = part.read_bytes()
        number = 1
        place = backup
        while not _claim(part, place):
            if place.is_file() and place.read_bytes() == content:
                return
            number += 1
            place = backup.with_name(f"{backup.stem} ({number}){backup.suffix}")
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def _claim(part: Path, place: Path) -> bool:
    """Give a finished file its name unless another has it; two runs at once never get the same one."""
    try:
        place.hardlink_to(part)
    except FileExistsError:
        return False
    except OSError:  # a disk without hard links
        if place.exists():
            return False
        os.replace(part, place)  # noqa: PTH105
    return True


def _keep_rights(path: Path, temporary: Path) -> None:
    state = path.stat()
    temporary.chmod(state.st_mode & 0o7777)
    if hasattr(os, "chown"):
        with suppress(OSError):  # only an administrator may give files away
            os.chown(temporary, state.st_uid, state.st_gid)


def _flush_folder(folder: Path) -> None:
    """Ask the disk to keep the new name too; systems without this flush (Windows) do it themselves."""
    with suppress(OSError, AttributeError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _sweep(path: Path) -> None:
    """Remove temporary files of this workbook that no running process is still writing."""
    pattern = re.compile(rf"\.{re.escape(path.name)}\.([0-9]+)\.aliado-tmp\Z")
    with suppress(OSError):
        for entry in os.scandir(path.parent):
            found = pattern.match(entry.name)
            if found and not _is_running(int(found[1]), entry):
                with suppress(OSError):
                    Path(entry.path).unlink()


def _is_running(process: int, entry: os.DirEntry[str]) -> bool:
    if process == os.getpid():
        return False
    if time.time() - entry.stat().st_mtime > _STALE_SECONDS:
        return False  # the number has gone to another process by now
    if os.name == "nt":
        return True  # asking would mean ending it: os.kill is TerminateProcess there
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _find_owner(path: Path) -> str | None:
    """Return who has the workbook open ("" = unknown), None when nobody does.

    Excel keeps `~$NAME` beside an open file, with the user's name in it; LibreOffice `.~lock.NAME#`.
    """
    # Excel cuts the first two characters of the name when it is long enough.
    for name in (f"~${path.name}", f"~${path.name[2:]}"):
        lock = path.with_name(name)
        if lock.is_file():
            return _read_excel_owner(lock)
    lock = path.with_name(f".~lock.{path.name}#")
    if lock.is_file():
        with suppress(OSError):
            return lock.read_text("utf-8", "replace").split(",")[0].strip()
        return ""
    return None


def _read_excel_owner(lock: Path) -> str:
    with suppress(OSError):
        data = lock.read_bytes()
        if data and 0 < data[0] < 54:
            return data[1 : 1 + data[0]].decode("cp1252", "replace").strip()
    return ""


def _explain(path: Path, error: OSError) -> Text:
    detail = error.strerror or str(error)
    if error.errno in _DISK_FULL:
        return DISK_FULL.format(file=path.name)
    if isinstance(error, PermissionError) or error.errno == 30:
        return READ_ONLY.format(file=path.name, detail=detail)
    return NOT_WRITTEN.format(file=path.name, detail=detail)
