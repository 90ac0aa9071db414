"""One workbook end to end: read, assess, render, transplant, write."""

from __future__ import annotations

import os
from pathlib import Path

from msgspec.structs import replace

from aliado import __version__
from aliado.batch.outcome import Job, Options, Outcome, Status
from aliado.batch.own_cells import set_own_cells
from aliado.errors import AliadoError, WorkbookRefused
from aliado.language import Language, Text
from aliado.report.donor import plan_sheets, render_parts
from aliado.report.portfolio.summary import summarise
from aliado.report.record import empty_record, to_record
from aliado.report.state import STATE_ROLES, State, read_state
from aliado.report.status_column import read_status_column
from aliado.rules.assess import assess
from aliado.rules.assessment import Assessment
from aliado.rules.choose import choose_pack
from aliado.tables.gather import gather
from aliado.workbook.files import files_beside, read_any_file, read_workbook_file, write_workbook_file
from aliado.workbook.ownership import read_own_sheets
from aliado.workbook.package import Package, read_package
from aliado.workbook.patch import patch_column
from aliado.workbook.reader import read_sheets
from aliado.workbook.sheet import Sheet
from aliado.workbook.transplant import plan_names, transplant

DEBUG = "ALIADO_DEBUG"
"""Set this environment variable to see the traceback of an internal fault."""


def refresh(job: Job, options: Options) -> Outcome:
    """Return what became of one workbook; never raises, and never leaves a half-written file."""
    try:
        return _refresh(job, options)
    except AliadoError as error:
        return Outcome(job.source, error.status, error.text, empty_record())
    except OSError as error:
        return Outcome(job.source, "failed", _system(error), empty_record())
    except MemoryError:
        return Outcome(job.source, "failed", _OUT_OF_MEMORY, empty_record())
    except Exception as error:  # noqa: BLE001 -- one bad workbook must never stop the others
        if os.environ.get(DEBUG):
            import traceback

            traceback.print_exc()
        return Outcome(job.source, "failed", _fault(error), empty_record())


def _refresh(job: Job, options: Options) -> Outcome:
    data = read_workbook_file(job.source)
    package, assessment, state, sheets = _assess(read_package(data), job.source, options)
    language = options.language or client_language(assessment)
    package, assessment = write_status_column(package, assessment, sheets, language)
    result = lay_in(package, assessment, language, state)
    changed = result != data
    if not options.dry_run and (changed or job.target != job.source):
        for folder in {job.target.parent, *([job.backup.parent] if job.backup else [])}:
            folder.mkdir(parents=True, exist_ok=True)
        in_place = job.target.resolve() == job.source.resolve()
        write_workbook_file(job.target, result, job.backup, expected=data if in_place else None)
    record = to_record(assessment, language)
    summary = summarise(assessment) if options.summarise else None
    status: Status = "refreshed" if changed else "unchanged"
    return Outcome(job.source, status, None, record, job.target, assessment.notes, summary)


def assess_package(package: Package, path: Path, options: Options) -> Assessment:
    """Return the assessment of a workbook; `path` tells which rule pack lies beside it."""
    return _assess(package, path, options)[1]


def assess_saved(path: Path, options: Options) -> Assessment:
    """Return the assessment of a workbook as it was saved last, also while somebody has it open."""
    return assess_package(read_package(read_any_file(path)), path, options)


def assess_with_state(package: Package, path: Path, options: Options) -> tuple[Assessment, State]:
    """Return the assessment of a workbook, and the state that an earlier refresh left in it."""
    return _assess(package, path, options)[1:3]


def _assess(package: Package, path: Path, options: Options) -> tuple[Package, Assessment, State, list[Sheet]]:
    """Return a workbook with the cells that call our functions computed, its assessment, its state and its sheets.

    state: what an earlier refresh left in it.
    """
    sheets = _read(package, options)
    computed, remarks = set_own_cells(package, sheets, options.as_of, path, options.rules)
    if computed is not package:
        package, sheets = computed, _read(computed, options)
    pack = choose_pack(sheets, path, options.rules)
    state = read_state(sheets)
    past = state.missing(options.as_of)
    assessment = assess(
        gather(sheets, pack.tables),
        pack,
        options.as_of,
        past=past,
        history=state.runs,
        first_seen=state.first_seen,
        exists=files_beside(path),
    )
    return package, replace(assessment, notes=(*assessment.notes, *remarks)), state, sheets


def _read(package: Package, options: Options) -> list[Sheet]:
    sheets = read_sheets(package, STATE_ROLES)
    if options.recalculate and any(sheet.uncached for sheet in sheets):
        return _recalculated(package, sheets)
    return sheets


def write_status_column(
    package: Package, assessment: Assessment, sheets: list[Sheet], language: Language
) -> tuple[Package, Assessment]:
    """Return the workbook with its column headed "Aliado" filled in, if it has one, and the assessment that says so."""
    column = read_status_column(assessment, sheets, language)
    if column is None:
        return package, assessment
    note = column.note
    if column.changes:
        try:
            package = patch_column(package, column.sheet, column.column, column.changes)
        except WorkbookRefused as refusal:  # a formula or a merge in the way: the column stays, the rest goes on
            note = column.refused(refusal.text)
    return package, replace(assessment, notes=(*assessment.notes, note))


def _recalculated(package: Package, sheets: list[Sheet]) -> list[Sheet]:
    """Return the sheets with values that LibreOffice calculated on a copy; the client's file keeps its own."""
    from aliado.workbook.recalculate import recalculate

    fresh = {sheet.name: sheet for sheet in read_sheets(read_package(recalculate(package.to_bytes())), ())}
    return [fresh.get(sheet.name, sheet) if sheet.role is None else sheet for sheet in sheets]


def client_language(assessment: Assessment) -> Language:
    """Return the language that the client's profile asks for, Spanish when it asks for none."""
    return "en" if assessment.profile.language == "en" else "es"


def lay_in(package: Package, assessment: Assessment, language: Language, state: State | None = None) -> bytes:
    """Return the workbook with our sheets laid in."""
    names = plan_names(package, plan_sheets(assessment, language, present=read_own_sheets(package)))
    donor = render_parts(assessment, language=language, names=names, version=__version__, state=state)
    return transplant(package, donor, names)


def _system(error: OSError) -> Text:
    what = f"{error.filename or ''}: {error.strerror or error}".lstrip(": ")
    return Text(
        f"El sistema no lo permite ({what}). El libro no se ha tocado. Compruebe permisos y espacio en disco.",
        f"The system does not allow it ({what}). The workbook was not touched. Check permissions and disk space.",
    )


def _fault(error: Exception) -> Text:
    what = f"{type(error).__name__}: {error}".splitlines()[0][:200]
    return Text(
        f"Fallo interno de Aliado ({what}). El libro no se ha tocado. Repita con {DEBUG}=1 y envíenos el resultado.",
        f"Internal fault in Aliado ({what}). The workbook was not touched. Run again with {DEBUG}=1 and send us the output.",
    )


_OUT_OF_MEMORY = Text(
    "No hay memoria suficiente para este libro; no se ha tocado. Repita con --workers 1 o en un equipo con más memoria.",
    "Not enough memory for this workbook; it was not touched. Try again with --workers 1 or on a machine with more memory.",
)
