"""Packs kept between runs: the same as read anew, whatever state the cache and the files are in."""

import gc
import os
import sys
import weakref
import zlib
from pathlib import Path

import msgspec
import pytest

from aliado.errors import PackError
from aliado.formula.compile import Formula
from aliado.resources import rules_folder
from aliado.rules import pack_cache
from aliado.rules.choose import load_source
from aliado.rules.functions import FUNCTIONS
from aliado.rules.pack import Content
from aliado.rules.pack_cache import recall
from aliado.rules.packs import load_pack, shipped_packs
from aliado.rules.show import show_pack
from aliado.rules.user_cache import FOLDER
from builders import said_by_processes

HEAD = "pack: mine\nextends: base\nversion: 1.0.0\ntitle: {es: x, en: x}\n"
FLAG = """flags:
  X-1:
    title: {es: a, en: a}
    table: invoices
    when: =[@balance]>limit
    severity: red
    owner: contable
    source: CONTROL
params:
  limit: {type: money, value: "LIMIT", title: {es: l, en: l}, source: CONTROL}
"""
ACME = rules_folder() / "clients" / "acme-example.yaml"


@pytest.fixture
def kept(tmp_path, monkeypatch):
    folder = tmp_path / "cache"
    monkeypatch.setenv(FOLDER, str(folder))
    return folder / "packs"


@pytest.fixture
def mine(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text(HEAD + FLAG.replace("LIMIT", "100.10"), encoding="utf-8")
    return path


def content(pack):
    """Return all that a pack says, its formulas read."""

    def read(value):
        assert isinstance(value, Formula)
        return [value.text, repr(value.node), value.kind, value.shape, value.decimal_comma, sorted(value.uses)]

    said = {name: getattr(pack, name) for name in (*Content.__struct_fields__, "params")}
    return msgspec.to_builtins(said, enc_hook=read, builtin_types=())


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize("source", [*shipped_packs(), ACME], ids=str)
def test_a_pack_from_the_cache_is_the_pack_read_anew(source):
    assert recall(source, FUNCTIONS) is None
    read = load_pack(source)
    again = recall(source, FUNCTIONS)
    assert again is not None
    assert content(again) == content(read)
    assert again.scope == read.scope
    assert all(type(one) is type(other) for one, other in zip(_values(again), _values(read), strict=True))
    assert show_pack(again) == show_pack(read)


def _values(pack):
    return [value for param in pack.params.values() for _, value in param.values]


def test_whatever_changes_in_any_file_of_the_chain_is_seen(kept, mine, tmp_path):
    load_pack(mine)
    child = tmp_path / "child.yaml"
    child.write_text(HEAD.replace("mine", "child").replace("base", "mine.yaml"), encoding="utf-8")
    assert str(load_pack(child).params["limit"].values[0][1]) == "100.10"
    assert recall(child, FUNCTIONS) is not None
    mine.write_text(HEAD + FLAG.replace("LIMIT", "7"), encoding="utf-8")
    assert recall(child, FUNCTIONS) is None
    assert str(load_pack(child).params["limit"].values[0][1]) == "7"
    assert len(list(kept.iterdir())) == 3


@pytest.mark.usefixtures("kept")
def test_another_state_of_aliados_code_reads_anew(mine, monkeypatch):
    load_pack(mine)
    monkeypatch.setattr(pack_cache, "_code", lambda: "another")
    assert recall(mine, FUNCTIONS) is None


def test_other_functions_read_anew(kept, mine):
    load_pack(mine, functions=FUNCTIONS.extend([]))
    assert not kept.exists()


def test_a_pack_with_a_mistake_is_never_kept(kept, mine):
    mine.write_text(HEAD + FLAG.replace("LIMIT", "1").replace("balance", "balanse"), encoding="utf-8")
    for _ in range(2):
        with pytest.raises(PackError, match="balanse"):
            load_pack(mine)
    assert not kept.exists()


@pytest.mark.usefixtures("kept")
def test_a_parent_that_lies_outside_the_rules_folder_by_now_is_refused_all_the_same(tmp_path):
    (tmp_path / "one").mkdir()
    marker, firm, child = tmp_path / "aliado.yaml", tmp_path / "firm.yaml", tmp_path / "one" / "child.yaml"
    for path in (marker, firm):
        path.write_text(HEAD, encoding="utf-8")
    child.write_text(HEAD.replace("extends: base", "extends: ../firm.yaml"), encoding="utf-8")
    load_pack(child)
    assert recall(child, FUNCTIONS) is not None
    marker.unlink()
    assert recall(child, FUNCTIONS) is None
    with pytest.raises(PackError, match="P044"):
        load_pack(child)


@pytest.mark.usefixtures("kept")
def test_a_text_that_only_looks_like_extends_changes_nothing(tmp_path):
    path = tmp_path / "odd.yaml"
    text = HEAD.replace("extends: base\n", "extends:\n  base\n").replace(
        "title:", 'title: "a\n\nextends: ec\n"\nother:'
    )
    path.write_text(text.replace("\nother: {es: x, en: x}", ""), encoding="utf-8")
    assert [used.name for used in load_pack(path).chain] == ["base", "mine"]
    assert recall(path, FUNCTIONS) is None
    assert [used.name for used in load_pack(path).chain] == ["base", "mine"]


@pytest.mark.parametrize("damage", ["empty", "cut", "foreign", "key", "bomb"])
def test_a_damaged_or_foreign_file_is_read_anew_and_put_right(kept, mine, damage):
    wanted = content(load_pack(mine))
    (file,) = kept.iterdir()
    good = file.read_bytes()
    plain = zlib.decompress(good)
    file.write_bytes(
        {
            "empty": b"",
            "cut": good[:-100],
            "foreign": zlib.compress(msgspec.msgpack.encode({"a": 1})),
            "key": zlib.compress(plain.replace(plain[3:20], b"0" * 17, 1)),
            "bomb": zlib.compress(bytes(50_000_000)),
        }[damage]
    )
    assert recall(mine, FUNCTIONS) is None
    assert content(load_pack(mine)) == wanted
    assert file.read_bytes() == good
    assert recall(mine, FUNCTIONS) is not None


def test_a_cache_that_cannot_be_written_is_done_without(tmp_path, mine, monkeypatch):
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    for given in (str(blocked), ""):
        monkeypatch.setenv(FOLDER, given)
        assert load_pack(mine).name == "mine"
        assert recall(mine, FUNCTIONS) is None


def test_the_cache_does_not_grow_for_ever(kept, tmp_path, monkeypatch):
    monkeypatch.setattr(pack_cache, "MOST_FILES", 4)
    for number in range(9):
        path = tmp_path / f"pack{number}.yaml"
        path.write_text(HEAD, encoding="utf-8")
        load_pack(path)
        assert recall(path, FUNCTIONS) is not None
        assert len(list(kept.iterdir())) <= 4


@pytest.mark.usefixtures("kept")
def test_from_the_cache_no_yaml_is_read():
    script = (
        "import sys; from aliado.rules.choose import load_source; "
        "pack = load_source('ec'); print(len(pack.flags), 'yaml' in sys.modules)"
    )
    first, second = said_by_processes(script, 2)
    assert first == [second[0], "True"]
    assert second[1] == "False"


@pytest.mark.usefixtures("kept")
def test_a_pack_that_nobody_needs_any_more_is_let_go(mine):
    """A run over thousands of clients must not keep all their packs."""
    for _ in range(2):
        pack = load_pack(mine)
        assert pack.flags["X-1"].when.node is not None
        told = weakref.ref(pack.flags["X-1"].when)
        del pack
        gc.collect()
        assert told() is None


@pytest.mark.usefixtures("kept")
def test_code_that_does_not_lie_in_files_is_done_without(mine, monkeypatch):
    monkeypatch.setattr(pack_cache, "__file__", str(mine.parent / "bundle.zip" / "aliado" / "rules" / "pack_cache.py"))
    pack_cache._code.cache_clear()
    try:
        assert load_pack(mine).name == "mine"
        assert recall(mine, FUNCTIONS) is None
    finally:
        pack_cache._code.cache_clear()


@pytest.mark.usefixtures("kept")
@pytest.mark.skipif(sys.platform != "linux", reason="file names are Unicode there")
def test_a_file_name_that_is_not_unicode_is_read_anew_each_time(mine):
    odd = mine.with_name(os.fsdecode(b"\xff.yaml"))
    mine.rename(odd)
    assert load_pack(odd).name == "mine"
    assert recall(odd, FUNCTIONS) is None


def test_a_process_sees_when_any_file_of_a_pack_changes_and_which_folder_it_is_in(tmp_path, monkeypatch):
    head = 'version: "1"\ntitle: {es: c, en: c}\n'
    own = f"pack: c\nextends: ../aliado.yaml\n{head}"
    firm = "pack: f\nextends: base\n" + head + "params:\n  x_limit: {title: {es: a, en: a}, value: %d, type: number}\n"
    for folder, limit in (("uno", 1), ("dos", 2)):
        place = tmp_path / folder / "clientes"
        place.mkdir(parents=True)
        (place / "c.aliado.yaml").write_text(own)
        (tmp_path / folder / "aliado.yaml").write_text(firm % limit)
        monkeypatch.chdir(place)
        assert load_source(Path("c.aliado.yaml")).params["x_limit"].values[0][1] == limit
    (tmp_path / "dos" / "aliado.yaml").write_text(firm % 7)
    assert load_source(Path("c.aliado.yaml")).params["x_limit"].values[0][1] == 7
    assert load_source(Path("c.aliado.yaml")) is load_source(Path("c.aliado.yaml"))
