"""The board over all clients of a run, written as a workbook and as a page beside it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Final

from aliado import __version__
from aliado.batch.outcome import Outcome
from aliado.language import Language, Text
from aliado.report.portfolio.board import Board, Entry, make_board
from aliado.report.portfolio.page import render_page
from aliado.report.portfolio.workbook import render_workbook
from aliado.workbook.files import write_workbook_file


def write_portfolio(
    target: Path,
    outcomes: Sequence[Outcome],
    passed_over: Iterable[Path],
    as_of: date,
    language: Language,
) -> list[Path]:
    """Write the board of a run to `target` (.xlsx) and, beside it, as a page (.html); return both paths.

    Raises AliadoError and OSError; each file is the old one or the new one, whole.
    """
    board = read_board(target, outcomes, passed_over, as_of)
    target.parent.mkdir(parents=True, exist_ok=True)
    page = target.with_suffix(".html")
    # The page first: nobody has it locked, while the workbook may be open in Excel.
    write_workbook_file(page, render_page(board, language, __version__).encode("utf-8"))
    write_workbook_file(target, render_workbook(board, language, __version__))
    return [target, page]


def read_board(target: Path, outcomes: Sequence[Outcome], passed_over: Iterable[Path], as_of: date) -> Board:
    """Return the board of a run, its links starting at the folder of `target`."""
    entries = [
        Entry(_link(outcome.target or outcome.path, target), outcome.status, outcome.reason, outcome.summary)
        for outcome in outcomes
    ]
    entries += [Entry(_link(path, target), "skipped", _OTHER_FORMAT, None) for path in passed_over]
    return make_board(entries, as_of)


def _link(path: Path, target: Path) -> str:
    """Return the path of a workbook from the board's folder, absolute where they are on different drives."""
    try:
        return Path(os.path.relpath(path.resolve(), target.resolve().parent)).as_posix()
    except ValueError:
        return path.resolve().as_posix()


_OTHER_FORMAT: Final = Text(
    "Su formato (.xls o .xlsb) no se lee: ábralo en Excel y guárdelo como .xlsx o .xlsm.",
    "Its format (.xls or .xlsb) is not read: open it in Excel and save it as .xlsx or .xlsm.",
)
