"""A VBA project written from text is read back by other readers as exactly that text."""

from __future__ import annotations

import warnings
from io import BytesIO

import olefile
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aliado.excel.compound import write_compound
from aliado.excel.ovba import compress, obfuscate
from aliado.excel.vba_project import Module, document_module, encode_source, write_vba_project

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from oletools.olevba import VBA_Parser, decompress_stream

GUID = "{6F7B2E70-3D0B-4C77-9A57-2C1B5F0B9C11}"


@settings(max_examples=40)
@given(st.one_of(st.binary(max_size=9000), st.text(alphabet="ab \n", max_size=9000).map(str.encode)))
def test_what_is_compressed_unpacks_to_the_same(data):
    unpacked = bytes(decompress_stream(bytearray(compress(data))))
    assert unpacked[: len(data)] == data
    assert not unpacked[len(data) :].strip(b"\0")


def test_source_text_shrinks():
    text = b"Public Function ALIADO_KPI(kpi As Variant) As Variant\r\n" * 200
    assert len(compress(text)) < len(text) / 10


@settings(max_examples=30)
@given(st.dictionaries(st.from_regex(r"\A[A-Za-z_]{1,31}\Z"), st.binary(max_size=6000), min_size=1, max_size=12))
def test_streams_of_any_size_are_read_back(streams):
    streams = {name.upper(): content for name, content in streams.items()}
    file = olefile.OleFileIO(
        BytesIO(write_compound({"VBA": streams, "PROJECT": b"x"})), raise_defects=olefile.DEFECT_INCORRECT
    )
    assert {tuple(entry) for entry in file.listdir()} == {("PROJECT",), *(("VBA", name) for name in streams)}
    for name, content in streams.items():
        assert file.openstream(["VBA", name]).read() == content
    file.close()


def test_a_large_project_needs_more_of_the_table():
    big = {f"M{number}": bytes([number]) * 200_000 for number in range(20)}
    with olefile.OleFileIO(BytesIO(write_compound(big))) as file:
        assert all(file.openstream(name).read() == content for name, content in big.items())
    with pytest.raises(ValueError, match="limit"):
        write_compound({"M": bytes(8_000_000)})


def unveil(text, project_id):
    """Undo MS-OVBA 2.4.3.3, written from the specification."""
    data = bytes.fromhex(text)
    seed, version, key = data[0], data[0] ^ data[1], data[0] ^ data[2]
    plain, before, last = key, data[2], data[1]
    out = []
    for byte in data[3:]:
        value = byte ^ ((last + plain) & 0xFF)
        last, before, plain = before, byte, value
        out.append(value)
    out = bytes(out[(seed & 6) // 2 :])
    assert version == 2
    assert key == sum(project_id.encode()) & 0xFF
    assert int.from_bytes(out[:4], "little") == len(out) - 4
    return out[4:]


def test_keys_of_a_file_that_excel_wrote_are_understood():
    theirs = "{318BEE36-5BE1-492A-826D-473DB19B0F30}"  # from a workbook that xlwings ships
    assert unveil("5D5F8AADDAA8DEA8DEA8DEA8DE", theirs) == bytes(4)
    assert unveil("5D5F8AADDAADDBADDBAD", theirs) == b"\0"
    assert unveil("5D5F8AADDAADDBADDB52", theirs) == b"\xff"


@given(st.binary(max_size=20), st.integers(0, 255))
def test_keys_can_be_read_back(data, seed):
    assert unveil(obfuscate(data, GUID, seed), GUID) == data


def test_the_sources_in_the_project_are_the_sources_given(tmp_path):
    source = 'Attribute VB_Name = "Saludo"\nOption Explicit\n\nPublic Function HOLA() As String\n    HOLA = "¡Adiós, señor! 5 €"\nEnd Function\n'
    modules = [document_module("ThisWorkbook", workbook=True), document_module("Hoja1"), Module("Saludo", source)]
    path = tmp_path / "vbaProject.bin"
    path.write_bytes(write_vba_project("Prueba", GUID, modules))
    parser = VBA_Parser(str(path))
    found = {stream: code for _, stream, _, code in parser.extract_macros()}
    parser.close()
    assert {stream.rpartition("/")[2]: code for stream, code in found.items()} == {
        module.name: encode_source(module).decode("cp1252") for module in modules
    }


def test_the_same_sources_give_the_same_bytes():
    modules = [document_module("ThisWorkbook", workbook=True)]
    assert write_vba_project("Prueba", GUID, modules) == write_vba_project("Prueba", GUID, modules)


@pytest.mark.parametrize(
    ("name", "source", "message"),
    [
        ("M", 'Attribute VB_Name = "M"\nx = "→"\n', "M:2: '→' is not in cp1252"),
        ("M", 'Attribute VB_Name = "N"\n', "must say"),
        ("Prueba", 'Attribute VB_Name = "Prueba"\n', "two things"),
        ("1M", 'Attribute VB_Name = "1M"\n', "not a module name"),
    ],
)
def test_what_vba_could_not_hold_is_refused(name, source, message):
    with pytest.raises(ValueError, match=message):
        write_vba_project("Prueba", GUID, [Module(name, source)])


def test_a_class_loses_the_header_that_only_files_have():
    source = 'VERSION 1.0 CLASS\nBEGIN\n  MultiUse = -1\nEND\nAttribute VB_Name = "C"\nOption Explicit\n'
    assert encode_source(Module("C", source, "class")) == b'Attribute VB_Name = "C"\r\nOption Explicit\r\n'
