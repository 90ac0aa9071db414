"""A stranger's YAML is read without running, following or believing anything in it."""

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from aliado.rules import composer
from aliado.rules.loader import MAX_BYTES, load_bytes, load_file
from aliado.rules.nodes import List, Map, Scalar


def load(text):
    return load_bytes(text.encode(), "t.yaml")


def problems(text):
    return [p.to("en") for p in load(text).source.problems]


def only_problem(text):
    found = load(text).source.problems
    assert len(found) == 1, found
    return found[0]


def test_texts_arrive_as_typed():
    root = load('a: NO\nb: 010\nc: 12:30\nd: 0912345678001\ne: 1e3\nf: "~"\ng: null\nh: 2026-11-20\n').root
    texts = {key: node.text for key, node in root.items.items()}
    assert texts == {
        "a": "NO",
        "b": "010",
        "c": "12:30",
        "d": "0912345678001",
        "e": "1e3",
        "f": "~",
        "g": "null",
        "h": "2026-11-20",
    }


def test_every_node_knows_its_line_and_column():
    root = load("a: 1\nb:\n  - x\n  - {c: ñandú, d: z}\n").root
    items = root.items["b"].items
    inner = items[1]
    assert (root.items["a"].line, root.items["a"].column) == (1, 4)
    assert (items[0].line, items[0].column) == (3, 5)
    assert (inner.items["d"].line, inner.items["d"].column) == (4, 19)
    assert isinstance(root.items["b"], List)
    assert isinstance(inner, Map)


@pytest.mark.parametrize(
    ("text", "code", "line", "column"),
    [
        ("a: &x 1", "Y013", 1, 4),
        ("a: *x", "Y010", 1, 4),
        ("a: 1\n<<: 2", "Y015", 2, 1),
        ("a: !!int 3", "Y014", 1, 4),
        ("a: !python/object:os.system x", "Y014", 1, 4),
        ("a: ! x", "Y014", 1, 4),
        ("a: 1\nb: 2\na: 3", "Y017", 3, 1),
        ("a: 1\n---\nb: 2", "Y011", 2, 1),
        ("%YAML 1.1\n---\na: 1", "Y012", 1, 1),
        ("[a]: 1", "Y016", 1, 1),
        ("- 1", "Y008", 1, 1),
        ("", "Y005", 1, 1),
        ("# only a comment", "Y005", 1, 1),
        ("a: x\u200by", "Y004", 1, 5),
        ("a: x\u2800y", "Y004", 1, 5),
        ("a: x\u034fy", "Y004", 1, 5),
        ("a: x\u1160y", "Y004", 1, 5),
        ("a: \u202eabc", "Y004", 1, 4),
        ("a:\u00a0x", "Y004", 1, 3),
        ("a: x\x00", "Y004", 1, 5),
        ('a: "\\u202Ex"', "Y004", 1, 4),
        ('a: "x\\u200Fy"', "Y004", 1, 4),
        ("a: {b: =SI(c)}", "Y020", 1, 8),
        ("a: Invoice #", "Y021", 1, 4),
        ("a: Nº #1", "Y021", 1, 4),
    ],
)
def test_what_packs_may_not_hold_is_refused_where_it_stands(text, code, line, column):
    problem = only_problem(text)
    assert (problem.code, problem.line, problem.column) == (code, line, column)
    assert problem.hint is not None


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("a: Sales: summary", "single quotes"),
        ("a: [Invoice #]\nb: 1", "put it in quotes"),
        ("f: {when: =Y([@a]>0; 1), s: red}", "put it in single quotes"),
        ("a: [@Col]>0", "a formula begins with ="),
        ("a: [*]", 'put it in quotes: "*"'),
        ("a: % IVA", "put it in quotes"),
        ("\ta: 1", "use spaces"),
        ("a: 'x", "check quotes"),
    ],
)
def test_a_known_trap_gets_its_hint(text, hint):
    assert hint in only_problem(text).hint.en


def test_an_ordinary_comment_is_no_trap():
    assert problems("a: =HOY()-[@Vence]      # 3 ways of saying it\nb: 3 # three\nc: 'x' # 4\n") == []


def test_letters_of_any_script_are_visible():
    assert problems("a: ñandú ¿€? 漢字\nb: عربى\nc: Ελληνικά\n") == []


def test_a_file_over_a_megabyte_is_refused_unread(tmp_path):
    path = tmp_path / "big.yaml"
    path.write_bytes(b"a: " + b"x" * MAX_BYTES)
    loaded = load_file(path, "big.yaml")
    assert [p.code for p in loaded.source.problems] == ["Y002"]
    assert loaded.root is None


@pytest.mark.parametrize(
    "text", ["[" * 100_000, "a: " + "{a: " * 100_000, "a:\n" + "".join(" " * n + "a:\n" for n in range(1, 200))]
)
def test_deep_nesting_is_refused_early(text):
    assert "Y007" in {p.code for p in load(text).source.problems}


def test_too_many_nodes_are_refused():
    assert [p.code for p in load("a: [" + "1," * 60_000 + "]").source.problems] == ["Y006"]


def test_other_encodings_are_named(tmp_path):
    path = tmp_path / "latin.yaml"
    path.write_bytes("a: 1\nb: año\n".encode("latin-1"))
    problem = load_file(path, "latin.yaml").source.problems[0]
    assert (problem.code, problem.line, problem.column) == ("Y003", 2, 5)
    assert "UTF-8" in problem.hint.es


def test_a_byte_order_mark_and_windows_lines_are_ordinary():
    loaded = load_bytes(b"\xef\xbb\xbfa: 1\r\nb: 2\r\n", "t.yaml")
    assert loaded.source.problems == []
    assert loaded.root.items["b"].line == 2


def test_a_missing_file_is_a_problem_not_a_traceback(tmp_path):
    assert [p.code for p in load_file(tmp_path / "none.yaml", "none.yaml").source.problems] == ["Y001"]


def test_the_pure_parser_reads_the_same(monkeypatch):
    text = "a: 'x'\nb: [1, {c: =d}]\ne: Invoice #\nf: |\n  g | h\n"
    fast = load(text)
    monkeypatch.setattr(composer, "_EVENTS", yaml.SafeLoader)
    slow = load(text)
    assert _plain(fast.root) == _plain(slow.root)
    assert fast.source.problems == slow.source.problems


def _plain(node):
    if isinstance(node, Map):
        return {key: _plain(item) for key, item in node.items.items()}
    if isinstance(node, List):
        return [_plain(item) for item in node.items]
    assert isinstance(node, Scalar)
    return (node.text, node.plain, node.line, node.column)


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet=st.sampled_from("ab:=#-[]{},&*!|>'\"%@`\\ \n\t0~?<\u202e\u00a0ñ"), max_size=40))
def test_any_text_gives_nodes_or_problems(text):
    loaded = load(text)
    assert (loaded.root is not None) or loaded.source.problems


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=60))
def test_any_bytes_give_nodes_or_problems(data):
    loaded = load_bytes(data, "t.yaml")
    assert (loaded.root is not None) or loaded.source.problems
