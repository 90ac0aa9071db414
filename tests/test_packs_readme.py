"""`rules/README.md` tells accountants the truth: its examples check, and its reference is that of the code."""

import re
import textwrap

import pytest

from aliado.resources import rules_folder
from aliado.rules.functions import FUNCTIONS
from aliado.rules.keys import PACK, TEST
from aliado.rules.packs import check_pack, shipped_packs
from aliado.rules.reference import with_reference
from aliado.rules.shapes import ListOf, MapOf, Record

README = (rules_folder() / "README.md").read_text(encoding="utf-8")
EXAMPLES = [textwrap.dedent(found) for found in re.findall(r"```yaml\n(.*?)```", README, re.DOTALL)]


@pytest.mark.parametrize("text", EXAMPLES, ids=lambda text: re.search("pack: (.*)", text).group(1))
def test_every_example_is_a_pack_without_problems(text, tmp_path):
    path = tmp_path / "example.yaml"
    path.write_text(text, encoding="utf-8")
    assert [p.to("en") for p in check_pack(path)] == []


def test_there_are_as_many_examples_in_each_language():
    assert len(EXAMPLES) == 8


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
