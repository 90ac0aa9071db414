"""`rules/README.md` tells accountants the truth: its examples check, and its reference is that of the code."""

import re
import textwrap

import pytest

from aliado.errors import PackError
from aliado.formula.compile import Place, compile_formula
from aliado.resources import rules_folder
from aliado.rules.examples import load_examples
from aliado.rules.functions import FUNCTIONS
from aliado.rules.keys import PACK, TEST
from aliado.rules.packs import check_pack, load_pack, shipped_packs
from aliado.rules.reference import with_reference
from aliado.rules.runner import run_examples
from aliado.rules.shapes import ListOf, MapOf, Record

README = (rules_folder() / "README.md").read_text(encoding="utf-8")
FENCED = [textwrap.dedent(found) for found in re.findall(r"```yaml\n(.*?)```", README, re.DOTALL)]
EXAMPLES = [text for text in FENCED if re.search("^pack: ", text, re.MULTILINE)]
TESTS = [text for text in FENCED if re.search("^test: ", text, re.MULTILINE)]


@pytest.mark.parametrize("text", EXAMPLES, ids=lambda text: re.search("pack: (.*)", text).group(1))
def test_every_example_is_a_pack_without_problems(text, tmp_path):
    path = tmp_path / "example.yaml"
    path.write_text(text, encoding="utf-8")
    assert [p.to("en") for p in check_pack(path)] == []


@pytest.mark.parametrize("text", TESTS, ids=["es", "en"])
def test_every_example_of_a_test_file_runs_and_comes_out(text, tmp_path):
    path = tmp_path / "example.test.yaml"
    path.write_text(text, encoding="utf-8")
    assert run_examples(load_examples(path)).failures == ()


def test_every_functions_example_is_a_formula_that_checks():
    pack = load_pack("ec", functions=FUNCTIONS)
    for function in FUNCTIONS:
        for example in function.examples:
            assert any(is_sound(example, pack.formula_scope(table)) for table in pack.tables), (function.name, example)


def is_sound(text, scope):
    """Whether a formula has no mistake but columns and parameters of the reader's own."""
    try:
        compile_formula(text, scope, place=Place("example", 1, 1))
    except PackError as error:
        return {problem.code for problem in error.problems} <= {"F201", "F204"}
    return True


def test_there_are_as_many_examples_in_each_language():
    assert len(EXAMPLES) == 8
    assert len(FENCED) == len(EXAMPLES) + len(TESTS)


def test_the_reference_is_current():
    assert with_reference(README) == README


def keys_below(shape):
    if isinstance(shape, Record):
        for name, key in shape.keys.items():
            yield name
            yield from keys_below(key.shape)
    elif isinstance(shape, (MapOf, ListOf)):
        yield from keys_below(shape.item)


def test_every_key_is_in_the_reference_in_both_languages():
    spanish, english = README.split("## English")
    for name in {*keys_below(PACK), *keys_below(TEST)}:
        for part in (spanish, english):
            assert re.search(rf"^\| `([a-z_.]+\.)?{name}` \|", part, re.MULTILINE), name


def test_every_function_is_in_the_reference_with_an_example():
    spanish, english = README.split("## English")
    for function in FUNCTIONS:
        assert f"{function.name}" in spanish
        row = next(line for line in english.splitlines() if line.startswith(f"| `{function.name}("))
        assert row.rstrip(" |").endswith("`"), function.name


def test_every_country_pack_is_named():
    for name in shipped_packs():
        assert name == "firm-example" or f"`{name}`" in README
