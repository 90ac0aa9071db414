"""Which workbooks a run is about, and where each is written."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from aliado.batch.outcome import Job
from aliado.errors import AliadoError
from aliado.language import Text
from aliado.report.outputs import MARK

SUFFIXES = frozenset({".xlsx", ".xlsm"})
PASSED_OVER = frozenset({".xls", ".xlsb"})
"""Workbooks that cannot be refreshed until somebody saves them in today's format."""

_PROPERTIES = "docProps/custom.xml"
_MOST_PROPERTIES = 65_536
"""Bytes of a workbook's own properties that are looked at."""


class BadUsage(AliadoError):
    """A command line that cannot be carried out."""


def list_jobs(paths: Iterable[Path], out: Path | None = None, backup: Path | None = None) -> list[Job]:
    """Return one job per workbook; folders are searched with their subfolders, keeping their shape under `out`.

    Workbooks that we made to be sent (boards, statements) are no clients: they are left alone wherever they lie.

    Raises BadUsage for a path that does not exist, two workbooks that would be written to one file, or nothing to do.
    """
    paths = list(paths)
    aside = [folder.resolve() for folder in (out, backup) if folder]
    jobs: dict[Path, Job] = {}
    targets: dict[Path, Path] = {}
    for path in paths:
        for source, inside in _workbooks(path, aside):
            full = source.resolve()
            if full in jobs or is_output(source):
                continue
            target = out / inside if out else source
            kept = backup / inside if backup else None
            other = targets.setdefault(target.resolve(), source)
            if other != source:
                raise BadUsage(
                    Text(
                        f"{other} y {source} se escribirían los dos en {target}. Refrésquelos por separado o dé la carpeta que los contiene.",
                        f"{other} and {source} would both be written to {target}. Refresh them separately or give the folder that holds both.",
                    )
                )
            jobs[full] = Job(source, target, kept)
    if not jobs:
        others = say_passed_over(list_passed_over(paths, out, backup))
        raise BadUsage(
            Text(
                f"No hay ningún libro .xlsx o .xlsm que refrescar en lo indicado. {others.es}".rstrip(),
                f"There is no .xlsx or .xlsm workbook to refresh in what was given. {others.en}".rstrip(),
            )
        )
    return list(jobs.values())


def list_passed_over(paths: Iterable[Path], out: Path | None = None, backup: Path | None = None) -> list[Path]:
    """Return the workbooks in the given folders that are in a format that cannot be refreshed (.xls, .xlsb)."""
    aside = [folder.resolve() for folder in (out, backup) if folder]
    return [found for path in paths if path.is_dir() for found, _ in _workbooks(path, aside, PASSED_OVER)]


def say_passed_over(files: Sequence[Path]) -> Text:
    """Return one sentence about workbooks that were passed over, with the next step; empty when there are none."""
    if not files:
        return Text("", "")
    names = ", ".join(file.name for file in files[:3]) + (", …" if len(files) > 3 else "")
    return Text(
        f"Sin mirar por su formato (.xls o .xlsb): {len(files)} ({names}). Ábralos en Excel y guárdelos como .xlsx o .xlsm.",
        f"Passed over for their format (.xls or .xlsb): {len(files)} ({names}). Open them in Excel and save them as .xlsx or .xlsm.",
    )


def is_output(path: Path) -> bool:
    """Return whether a workbook is a board or statement of ours, also when somebody has saved it in Excel since."""
    try:
        with zipfile.ZipFile(path) as package, package.open(_PROPERTIES) as properties:
            return f'name="{MARK}"'.encode() in properties.read(_MOST_PROPERTIES)
    except Exception:  # noqa: BLE001 -- a package may be broken in any way; what it is then, the refresh says
        return False


def _workbooks(path: Path, aside: list[Path], suffixes: frozenset[str] = SUFFIXES) -> Iterator[tuple[Path, Path]]:
    """Yield each workbook with its path inside the folder that was given."""
    if path.is_file():
        yield path, Path(path.name)
        return
    if not path.is_dir():
        raise BadUsage(
            Text(
                f"No existe {path}. Compruebe la ruta.",
                f"{path} does not exist. Check the path.",
            )
        )
    root = path.resolve()
    for found in sorted(path.rglob("*")):
        if found.suffix.lower() not in suffixes or found.name.startswith(("~$", ".")) or not found.is_file():
            continue
        full = found.resolve()
        if any(folder != root and folder in full.parents for folder in aside):
            continue
        yield found, found.relative_to(path)
