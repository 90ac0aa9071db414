"""The ribbon's buttons about rules: which packs apply to the open workbook, opened, checked and tested."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

from aliado.excel.answer import Answer, write_list
from aliado.excel.book import read_live_book
from aliado.language import Language, Text
from aliado.rules.choose import find_source
from aliado.rules.packs import pack_files
from aliado.rules.trials import SUFFIX, check_files, run_files


def rules_in_use(book: Any, as_of: date) -> Answer:
    """Return the rule packs that apply to the workbook, the nearest to the client first, and where their files are."""
    del as_of
    from aliado.rules.choose import choose_pack

    live = read_live_book(book)
    pack = choose_pack(live.sheets, live.path)
    files = pack_files(find_source(live.sheets, live.path))
    lines = [f"{used.name} {used.version} · {file}" for used, file in zip(reversed(pack.chain), files, strict=True)]
    return Answer(write_list(_IN_USE.to("es"), lines, "es"))


def open_rules(book: Any, as_of: date) -> Answer:
    """Open the pack nearest to the client in the program for such files; say how to make one's own where it is ours."""
    del as_of
    file = _files(book)[0]
    opened = open_file(file)
    if _is_shipped(file):
        return Answer(_SHIPPED.format(file=file).es)
    return Answer("" if opened else str(file))


def check_rules(book: Any, as_of: date) -> Answer:
    """Return every mistake in the packs that apply to the workbook, with its file, line and column."""
    del as_of
    files = _files(book)
    problems = check_files(files)
    if not problems:
        return Answer(_NO_MISTAKES.format(files=", ".join(file.name for file in files)).es)
    return Answer(
        write_list(_MISTAKES.format(count=len(problems)).es, [problem.to("es") for problem in problems], "es")
    )


def test_rules(book: Any, as_of: date) -> Answer:
    """Return what becomes of the examples (*.test.yaml) beside the packs that apply to the workbook."""
    del as_of
    found = [test for file in _files(book) for test in _examples_of(file)]
    if not found:
        return Answer(_NO_EXAMPLES.format(file=_files(book)[0].stem + SUFFIX).es)
    report, _ = run_files(found, coverage=False, language=_LANGUAGE)
    lines = report.strip().splitlines()
    return Answer(write_list(lines[-1], lines[:-1], _LANGUAGE).strip())


def open_file(path: Path) -> bool:
    """Open a file as a double click would; return whether this system has a way."""
    if sys.platform == "win32":
        os.startfile(path)  # noqa: S606 -- a rule pack, which is always a .yaml
        return True
    if sys.platform == "darwin":
        return subprocess.run(["/usr/bin/open", "-t", str(path)], check=False).returncode == 0  # noqa: S603
    return False


def _files(book: Any) -> list[Path]:
    live = read_live_book(book)
    return pack_files(find_source(live.sheets, live.path))


def _examples_of(file: Path) -> list[Path]:
    name = file.stem + SUFFIX
    return [each for each in (file.with_name(name), file.parent / "tests" / name) if each.is_file()]


def _is_shipped(file: Path) -> bool:
    from aliado.resources import rules_folder

    return file.resolve().is_relative_to(rules_folder().resolve())


_LANGUAGE: Language = "es"
_IN_USE = Text("Reglas que se aplican a este libro:", "Rules that apply to this workbook:")
_NO_MISTAKES = Text("Sin errores: {files}", "No mistakes: {files}")
_MISTAKES = Text("{count} errores en las reglas:", "{count} mistakes in the rules:")
_NO_EXAMPLES = Text(
    "No hay ejemplos junto a las reglas. Escríbalos en {file}: rules/README.md dice cómo.",
    "There are no examples beside the rules. Write them in {file}: rules/README.md says how.",
)
_SHIPPED = Text(
    "Este libro usa el paquete de Aliado:\n{file}\n\nNo lo cambie: guarde junto al libro un NOMBRE.aliado.yaml que diga «extends:» con su nombre.",
    "This workbook uses a pack of Aliado's:\n{file}\n\nLeave it as it is: save a NAME.aliado.yaml beside the workbook that says “extends:” with its name.",
)
