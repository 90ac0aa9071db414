"""A pack that breaks off at a mistake in its YAML still tells what else is wrong before it, and nothing that is not so."""

import pytest

from aliado.resources import rules_folder
from aliado.rules.keys import PACK
from aliado.rules.loader import load_bytes
from aliado.rules.packs import check_pack
from aliado.rules.trials import check_files
from aliado.rules.unfinished import check_begun

BROKEN = """\
pack: bad
extends: {parent}
version: 1.0.0
title: {{es: x, en: x}}
langage: es
params:
  a: {{type: money, value: 1,5, title: {{es: a, en: a}}, source: CONTROL}}
flags:
  X-1:
    title: {{es: a, en: a}}
    table: further_down
    when: =Y([@Saldo]>0; [@Nada]=1
    severity: roja
    source: LATER
  X-2:
    when: '=[@Nada]>1'
kpis:
  K-1: {{severity: roja, title: [a
owners:
  x: {{title: x}}
"""


def codes(problems):
    return [(problem.line, problem.code) for problem in problems]


def test_what_stands_in_finished_sections_is_reported_beside_the_mistake_in_the_yaml(tmp_path):
    path = tmp_path / "bad.yaml"
    path.write_text(BROKEN.format(parent="base"), encoding="utf-8")
    assert codes(check_pack(path)) == [(5, "P011"), (7, "P011"), (12, "F106"), (13, "P004"), (19, "Y009")]


def test_the_pack_it_extends_is_looked_at_all_the_same(tmp_path):
    (tmp_path / "parent.yaml").write_text(
        "pack: parent\nextends: base\nversion: 1.0.0\ntitle: x\nlanguage: fr\n", encoding="utf-8"
    )
    path = tmp_path / "bad.yaml"
    path.write_text(BROKEN.format(parent="parent.yaml"), encoding="utf-8")
    found = {(problem.file.rpartition("/")[2], problem.line, problem.code) for problem in check_pack(path)}
    assert {("parent.yaml", 5, "P004"), ("bad.yaml", 5, "P011"), ("bad.yaml", 19, "Y009")} <= found


def test_examples_tell_their_own_mistakes_beside_those_of_the_pack(tmp_path):
    (tmp_path / "bad.yaml").write_text(BROKEN.format(parent="base"), encoding="utf-8")
    tests = tmp_path / "bad.test.yaml"
    tests.write_text("test: bad.yaml\ntoday: 2026-13-01\ncases: {}\n", encoding="utf-8")
    assert {"P004", "Y009", "F106"} <= {problem.code for problem in check_files([tests])}
    tests.write_text("test: base\ntoday: 2026-13-01\nrules: AR-001\ncases: [\n", encoding="utf-8")
    assert codes(check_files([tests])) == [(2, "P004"), (5, "Y009")]


@pytest.mark.parametrize(
    ("broken", "mended"),
    [
        ('  "abc', '  # "abc'),
        ("x: [a", "x: [a]"),
        ("    x: {a", "    x: {a: b}"),
        ("  x: a: b", "  x: 'a: b'"),
        ("@x", "# @x"),
    ],
)
def test_what_is_reported_before_a_mistake_in_the_yaml_is_still_there_once_that_is_put_right(broken, mended):
    lines = (rules_folder() / "ec.yaml").read_text(encoding="utf-8").split("\n")
    for place in range(1, len(lines), 11):
        begun = load_bytes("\n".join([*lines[:place], broken, *lines[place:]]).encode(), "ec.yaml")
        whole = load_bytes("\n".join([*lines[:place], mended, *lines[place:]]).encode(), "ec.yaml")
        if begun.root is not None or whole.root is None:
            continue
        yaml_own = len(begun.source.problems)
        if begun.begun is not None:
            check_begun(begun.begun, PACK)
        PACK.check(whole.root)
        assert set(codes(begun.source.problems[yaml_own:])) <= set(codes(whole.source.problems)), place


def test_a_refused_key_is_reported_once(tmp_path):
    path = tmp_path / "odd.yaml"
    path.write_text("pack: odd\nextends: base\nversion: 1.0.0\ntitle: x\n<<: {a: b}\n[a]: x\n", encoding="utf-8")
    assert codes(check_pack(path)) == [(5, "Y015"), (6, "Y016")]
