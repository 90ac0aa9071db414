"""Files of rule examples, found, run and reported: `aliado rules test`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from aliado.errors import PackError, Problem
from aliado.language import Language, Text
from aliado.rules.coverage import uncovered
from aliado.rules.examples import RuleExamples, check_examples, load_examples
from aliado.rules.functions import FUNCTIONS
from aliado.rules.packs import Pack, check_pack, load_pack
from aliado.rules.runner import Failure, Outcome, run_examples

SUFFIX = ".test.yaml"
PASSED, FAILED, BAD_FILE = 0, 1, 2


def run_files(paths: Sequence[Path], *, coverage: bool, language: Language) -> tuple[str, int]:
    """Return the report of every file of examples in `paths` (files, or folders of them), and the exit status.

    Status: PASSED; FAILED when an example fails (or, with coverage, a rule lacks one); BAD_FILE when a file cannot be used.
    """
    found = find_files(paths)
    problems: list[Problem] = []
    loaded: list[RuleExamples] = []
    for path in found:
        try:
            loaded.append(load_examples(path, functions=FUNCTIONS))
        except PackError as error:
            problems += [problem for problem in error.problems if problem not in problems]
    outcomes = [run_examples(examples) for examples in loaded]
    packs = _packs(paths, problems) if coverage else []
    coverage = coverage and not problems  # with a file left out, what the others do not show says nothing
    lacking = uncovered(loaded, packs) if coverage else []
    lines = [problem.to(language) for problem in PackError(problems).problems]
    for outcome in outcomes:
        for failure in outcome.failures:
            lines += _difference(failure, language)
    lines += [each.to_text().to(language) for each in lacking]
    if not found:
        lines.append(_NOTHING.format(where=", ".join(map(str, paths))).to(language))
    lines.append(_summary(outcomes, len(problems), len(lacking) if coverage else None).to(language))
    if problems or not found:
        return "\n".join(lines) + "\n", BAD_FILE
    failed = bool(lacking) or any(outcome.failures for outcome in outcomes)
    return "\n".join(lines) + "\n", FAILED if failed else PASSED


def _packs(paths: Sequence[Path], problems: list[Problem]) -> list[Pack]:
    """Return the packs that lie in the folders among `paths`; theirs are rules to cover, tested or not."""
    packs = []
    for folder in (path for path in paths if path.is_dir()):
        for path in sorted(folder.rglob("*.yaml")):
            if not path.name.endswith(SUFFIX):
                try:
                    packs.append(load_pack(path, functions=FUNCTIONS))
                except PackError as error:
                    problems += [problem for problem in error.problems if problem not in problems]
    return packs


def check_files(sources: Sequence[Path | str]) -> list[Problem]:
    """Return every problem of packs and of files of examples, sorted; a folder stands for all that it holds."""
    problems: list[Problem] = []
    for source in sources:
        within = sorted(source.rglob("*.yaml")) if isinstance(source, Path) and source.is_dir() else [source]
        for each in within:
            examples = isinstance(each, Path) and each.name.endswith(SUFFIX)
            check = (
                check_examples(Path(each), functions=FUNCTIONS) if examples else check_pack(each, functions=FUNCTIONS)
            )
            problems += check
    return PackError(list(dict.fromkeys(problems))).problems


def find_files(paths: Sequence[Path]) -> list[Path]:
    """Return the files of examples: those named, and those in the folders named, in order of name."""
    found: list[Path] = []
    for path in paths:
        found += sorted(path.rglob("*" + SUFFIX)) if path.is_dir() else [path]
    return list(dict.fromkeys(found))


def _difference(failure: Failure, language: Language) -> Iterator[str]:
    expected, got = failure.expected.to(language) or "—", failure.found.to(language) or "—"
    words = ("espera", "sale  ") if language == "es" else ("expected", "found   ")
    yield f"{failure.place}: {failure.what.to(language)}"
    yield f"    {words[0]}: {expected}"
    yield f"    {words[1]}: {got}"
    for line in failure.lines:
        yield f"      {line.to(language)}"


def _summary(outcomes: Sequence[Outcome], problems: int, lacking: int | None) -> Text:
    files, checked = len(outcomes), sum(outcome.checked for outcome in outcomes)
    failures = sum(len(outcome.failures) for outcome in outcomes)
    es = [f"{_count(files, 'archivo', 'archivos')}, {_count(checked, 'ejemplo', 'ejemplos')}"]
    en = [f"{_count(files, 'file', 'files')}, {_count(checked, 'example', 'examples')}"]
    es.append(_count(failures, "fallo", "fallos") if failures else "todo sale como se espera" if files else "")
    en.append(_count(failures, "failure", "failures") if failures else "all as expected" if files else "")
    if problems:
        es.append(_count(problems, "error en los archivos", "errores en los archivos"))
        en.append(_count(problems, "mistake in the files", "mistakes in the files"))
    if lacking is not None:
        es.append(_count(lacking, "regla sin cubrir", "reglas sin cubrir") if lacking else "todas las reglas cubiertas")
        en.append(_count(lacking, "rule not covered", "rules not covered") if lacking else "every rule covered")
    return Text("; ".join(filter(None, es)), "; ".join(filter(None, en)))


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


_NOTHING = Text(
    "no hay ejemplos (*.test.yaml) en {where}; indique un archivo o una carpeta que los tenga",
    "there are no examples (*.test.yaml) in {where}; name a file or a folder that has some",
)
