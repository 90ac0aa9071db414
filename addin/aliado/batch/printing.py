"""A workbook's panel as PDF: assessed as a refresh would, printed by LibreOffice; the workbook itself is not touched."""

from __future__ import annotations

from pathlib import Path

from aliado import __version__
from aliado.batch.outcome import Options
from aliado.batch.refresh import assess_with_state, client_language
from aliado.locales import locale_of
from aliado.report.donor import render
from aliado.workbook.files import read_workbook_file
from aliado.workbook.package import read_package
from aliado.workbook.printing import print_to_pdf


def print_panel(workbook: Path, options: Options, *, everything: bool = False) -> bytes:
    """Return the PDF of a workbook's panel, or of all our sheets. Raises AliadoError and OSError."""
    assessment, state = assess_with_state(read_package(read_workbook_file(workbook)), workbook, options)
    language = options.language or client_language(assessment)
    locale = locale_of(language, assessment.profile.country)
    donor = render(assessment, language=language, names={}, version=__version__, state=state)
    # The panel comes first, and always fits on one page.
    return print_to_pdf(donor, options.as_of, "" if everything else "1", locale)
