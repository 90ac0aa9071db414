"""`rules/schema.json` is what editors complete from: current, and of one mind with the checker."""

import re

import jsonschema
import pytest
from click.testing import CliRunner

from aliado.commands.rules import schema as schema_command
from aliado.resources import rules_folder
from aliado.rules.editor_schema import schema, schema_text
from aliado.rules.loader import load_bytes, load_file
from aliado.rules.nodes import List, Map

RULE_FILES = sorted(rules_folder().rglob("*.yaml"))
HEAD = "pack: mine\nextends: base\nversion: 1.0\ntitle: Mine\n"


@pytest.fixture(scope="module")
def validator():
    return jsonschema.Draft7Validator(schema())


def as_editor(node):
    """Return the values that an editor's YAML 1.2 sees: plain numbers and true/false are typed."""
    if isinstance(node, Map):
        return {key: as_editor(item) for key, item in node.items.items()}
    if isinstance(node, List):
        return [as_editor(item) for item in node.items]
    text = node.text
    if not node.plain:
        return text
    if text in ("true", "false"):
        return text == "true"
    if text in ("", "null", "~"):
        return None
    if re.fullmatch(r"[-+]?\d+", text):
        return int(text)
    if re.fullmatch(r"[-+]?\d*\.\d+", text):
        return float(text)
    return text


def test_the_schema_in_the_rules_folder_is_current():
    assert (rules_folder() / "schema.json").read_text(encoding="utf-8") == schema_text()


def test_the_schema_is_a_valid_schema():
    jsonschema.Draft7Validator.check_schema(schema())


@pytest.mark.parametrize("path", RULE_FILES, ids=lambda p: p.relative_to(rules_folder()).as_posix())
def test_it_accepts_every_shipped_file(validator, path):
    assert [e.message for e in validator.iter_errors(as_editor(load_file(path, path.name).root))] == []


@pytest.mark.parametrize(
    "text",
    [
        "flgas: {}\n",
        "flags:\n  AR-001: {severity: rojo}\n",
        "flags:\n  AR-001: {when: 'A>1'}\n",
        "flags:\n  AR-001: {when: '=[@Saldo]>0', check: gap, of: number}\n",
        "flags:\n  AR-001: {off: {reason: x, by: y}}\n",
        "kpis:\n  AR-DSO: {amber: '55,5'}\n",
        "obligations:\n  O: {due: {day: 32}}\n",
        "obligations:\n  O: {due: {months_after: 1}}\n",
        "obligations:\n  O: {due: {by_digit: {of: tax_id, position: 9, days: {11: 5}}}}\n",
        "documents:\n  D: {expires: {after: 3 moons}}\n",
        "sources:\n  S: {title: x, kind: law, checked: 2026-2-3}\n",
        "title: {es: Mío}\n",
        "country: ecuador\n",
    ],
)
def test_it_rejects_what_the_checker_rejects(validator, text):
    head = HEAD.replace("title: Mine\n", "") if text.startswith("title") else HEAD
    root = load_bytes((head + text).encode(), "t.yaml").root
    assert list(validator.iter_errors(as_editor(root)))


def described(node):
    if isinstance(node, dict):
        for name, inner in node.get("properties", {}).items():
            if name not in ("es", "en"):
                yield name, inner
        for inner in node.values():
            yield from described(inner)
    elif isinstance(node, list):
        for inner in node:
            yield from described(inner)


def test_every_key_has_a_description_in_both_languages():
    found = list(described(schema()))
    assert len(found) > 150
    for name, inner in found:
        spanish, english = inner["description"].split("\n\n")
        assert spanish, name
        assert english, name


def test_the_command_gives_the_schema_that_ships(tmp_path):
    run = CliRunner().invoke(schema_command, ["--out", str(tmp_path / "schema.json")])
    assert run.exit_code == 0
    assert "$schema=schema.json" in run.output
    assert (tmp_path / "schema.json").read_text(encoding="utf-8") == schema_text()
    assert CliRunner().invoke(schema_command, []).output == schema_text()


def test_a_schema_that_cannot_be_written_is_said_in_both_languages(tmp_path):
    run = CliRunner().invoke(schema_command, ["--out", str(tmp_path / "none" / "schema.json")])
    assert run.exit_code == 2
    assert "No se puede escribir" in run.output
    assert "cannot be written" in run.output
