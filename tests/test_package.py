"""The package: what is read, what is refused and why, and what a copy keeps."""

import io
import struct
import zipfile
from functools import cache

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from aliado.errors import WorkbookRefused
from aliado.workbook import package as package_module
from aliado.workbook.archive import BrokenArchive, read_members, write_members
from aliado.workbook.limits import Limits
from aliado.workbook.package import TYPES_PART, read_package, resolve, target_from
from workbook_corpus import SHARED

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@cache
def simple():
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    book.add_worksheet("Facturas").write("A1", "x")
    book.close()
    return stream.getvalue()


def rezip(data, change=None, *, extra=(), drop=(), method=zipfile.ZIP_DEFLATED):
    """Return the package zipped anew: change(name, content) -> content; extra: (name, content) pairs."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", method) as new:
        for info in old.infolist():
            if info.filename not in drop:
                content = old.read(info)
                new.writestr(info.filename, change(info.filename, content) if change else content)
        for name, content in extra:
            new.writestr(name, content)
    return stream.getvalue()


def edit(part, old, new):
    return lambda name, content: content.replace(old, new) if name == part else content


def refusal(data, **options):
    with pytest.raises(WorkbookRefused) as caught:
        read_package(data, **options)
    assert caught.value.text.es
    assert caught.value.text.es != caught.value.text.en
    assert "{" not in caught.value.text.es + caught.value.text.en
    return caught.value.text.en


def test_what_is_no_workbook_is_refused_with_what_it_is_and_the_next_step():
    assert "empty" in refusal(b"")
    assert "not a zip" in refusal(b"a;b;c\n1;2;3\n" * 20)
    assert "encrypted with a password" in refusal(OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(99))
    assert "old .xls" in refusal(OLE + bytes(600) + "Workbook".encode("utf-16-le") + bytes(99))
    assert "another Office program" in refusal(OLE + bytes(2000))
    assert "incomplete" in refusal(simple()[:-900])
    assert "not an Excel workbook" in refusal(rezip(simple(), drop=[TYPES_PART]))


def test_a_file_that_lost_its_beginning_is_refused():
    assert refusal(simple()[900:])


def test_other_formats_in_a_zip_are_told_apart():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as file:
        file.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    assert "OpenDocument" in refusal(stream.getvalue())
    sheet = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    binary = b"application/vnd.ms-excel.sheet.binary.macroEnabled.main"
    assert ".xlsb" in refusal(rezip(simple(), edit(TYPES_PART, sheet, binary)))
    word = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    assert "not an Excel workbook" in refusal(rezip(simple(), edit(TYPES_PART, sheet, word)))


def test_encrypted_members_and_foreign_compression_are_refused():
    data = bytearray(simple())
    at = data.index(b"PK\1\2")
    data[at + 8] |= 1
    assert "encrypted members" in refusal(bytes(data))
    assert "does not read" in refusal(rezip(simple(), method=zipfile.ZIP_BZIP2))


def test_protected_structure_shared_and_signed_workbooks_are_refused():
    locked = edit("xl/workbook.xml", b"<bookViews>", b'<workbookProtection lockStructure="1"/><bookViews>')
    assert "Unprotect" in refusal(rezip(simple(), locked))
    rels = "xl/_rels/workbook.xml.rels"
    link = b'<Relationship Id="r9" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/revisionHeaders" Target="revisions/h.xml"/></Relationships>'
    shared = rezip(simple(), edit(rels, b"</Relationships>", link), extra=[("xl/revisions/h.xml", b"<h/>")])
    assert "shared workbook" in refusal(shared)
    origin = b'<Relationship Id="r9" Type="http://schemas.openxmlformats.org/package/2006/relationships/digital-signature/origin" Target="_xmlsignatures/origin.sigs"/></Relationships>'
    assert "digitally signed" in refusal(rezip(simple(), edit("_rels/.rels", b"</Relationships>", origin)))


def test_protected_windows_and_sheets_are_ordinary():
    only_windows = edit("xl/workbook.xml", b"<bookViews>", b'<workbookProtection lockWindows="1"/><bookViews>')
    assert read_package(rezip(simple(), only_windows)).workbook_part == "xl/workbook.xml"


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_members_of_one_name_are_refused_in_any_case_and_with_any_slash():
    assert "twice" in refusal(rezip(simple(), extra=[("xl/workbook.xml", b"<x/>")]))
    assert "twice" in refusal(rezip(simple(), extra=[("XL\\WorkBook.xml", b"<x/>")]))


def test_bad_xml_utf16_document_types_and_unknown_vocabularies_are_refused():
    book = "xl/workbook.xml"
    assert "not valid XML" in refusal(rezip(simple(), edit(book, b"</workbook>", b"")))
    assert "UTF-16" in refusal(rezip(simple(), lambda n, c: c.decode().encode("utf-16") if n == book else c))
    bomb = b'<!DOCTYPE a [<!ENTITY b "bbbb">]><workbook'
    assert "document type" in refusal(rezip(simple(), edit(book, b"<workbook", bomb)))
    main = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    assert "unknown vocabulary" in refusal(rezip(simple(), edit(book, main, b"urn:other")))
    deep = b"<fileVersion>" * 400 + b"</fileVersion>" * 400
    assert "deeply" in refusal(rezip(simple(), edit(book, b"<bookViews>", deep + b"<bookViews>")))


def test_names_that_leave_the_package_are_refused():
    assert "leaves the package" in refusal(rezip(simple(), extra=[("xl/../../evil.xml", b"<x/>")]))


def test_zip_bombs_are_refused_before_they_are_unpacked():
    data = rezip(simple(), extra=[("xl/media/a.bin", bytes(80 << 20))])
    assert "exhaust memory" in refusal(data)
    assert "exhaust memory" in refusal(simple(), limits=Limits(part=100))
    assert "exhaust memory" in refusal(simple(), limits=Limits(total=100))
    assert "20 parts" not in refusal(simple(), limits=Limits(parts=3))
    assert "limit is 0 MB" in refusal(simple(), limits=Limits(file=10))
    assert Limits().part <= 1 << 30


def test_whoever_trusts_a_larger_workbook_raises_the_limits_by_name(monkeypatch):
    monkeypatch.setenv("ALIADO_LIMITS", "parts=3")
    assert "limit is 3" in refusal(simple())
    monkeypatch.setenv("ALIADO_LIMITS", "part=2048, cells=50000000")
    assert read_package(simple()).limits == Limits(part=2 << 30, cells=50_000_000)
    for wrong in ("size=3", "part", "part=-1", "part=2GB", "cells=٣", "cells=" + "9" * 5000):
        monkeypatch.setenv("ALIADO_LIMITS", wrong)
        assert "ALIADO_LIMITS" in refusal(simple())


def test_a_directory_that_lies_about_a_size_is_caught_when_the_part_is_read():
    data = bytearray(simple())
    package = read_package(bytes(data))
    size = package.member("xl/styles.xml").size
    at = data.rindex(b"xl/styles.xml") - 46
    assert struct.unpack_from("<L", data, at + 24)[0] == size
    struct.pack_into("<L", data, at + 24, size - 1)
    with pytest.raises(WorkbookRefused, match="damaged"):
        read_package(bytes(data)).read("xl/styles.xml")


def test_overlapping_members_are_refused():
    data = bytearray(simple())
    first = data.index(b"PK\1\2")
    second = data.index(b"PK\1\2", first + 4)
    data[second + 42 : second + 46] = data[first + 42 : first + 46]
    with pytest.raises(BrokenArchive):
        read_members(bytes(data))


def test_members_go_out_as_they_came_in_and_in_order():
    data = simple()
    members = read_members(data)
    again = read_members(write_members(members))
    assert [(m.name, bytes(m.packed), m.date, m.time, m.external) for m in members] == [
        (m.name, bytes(m.packed), m.date, m.time, m.external) for m in again
    ]
    assert write_members(again) == write_members(members)


class Unseekable(io.RawIOBase):
    """A stream that zipfile must write with data descriptors."""

    def __init__(self):
        self.chunks = []

    def writable(self):
        return True

    def write(self, chunk):
        self.chunks.append(bytes(chunk))
        return len(chunk)


def test_data_descriptors_zip64_fields_and_a_prefix_are_understood():
    stream = Unseekable()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new, zipfile.ZipFile(io.BytesIO(simple())) as old:
        for info in old.infolist():
            with new.open(info.filename, "w", force_zip64=True) as file:
                file.write(old.read(info))
    data = b"".join(stream.chunks)
    assert data[6] & 8
    package = read_package(b"#!prefix" + data)
    with zipfile.ZipFile(io.BytesIO(package.to_bytes())) as plain:
        assert plain.testzip() is None
        assert plain.read("xl/workbook.xml") == package.read("xl/workbook.xml")


def test_parts_are_found_whatever_their_case_slash_or_leading_slash():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as new, zipfile.ZipFile(io.BytesIO(simple())) as old:
        for info in old.infolist():
            name = info.filename if info.filename == TYPES_PART else info.filename.replace("xl/", "XL\\")
            new.writestr(zipfile.ZipInfo(name), old.read(info))
    package = read_package(stream.getvalue())
    assert package.workbook_part == "XL/workbook.xml"
    assert "/xl/Worksheets/SHEET1.xml" in package
    assert package.related(package.workbook_part, "styles") == "XL/styles.xml"


@pytest.mark.parametrize(
    ("source", "target", "part"),
    [
        ("xl/workbook.xml", "worksheets/sheet1.xml", "xl/worksheets/sheet1.xml"),
        ("xl/workbook.xml", "/xl/worksheets/sheet1.xml", "xl/worksheets/sheet1.xml"),
        ("xl/worksheets/sheet1.xml", "..\\drawings\\d.xml", "xl/drawings/d.xml"),
        ("", "xl/workbook.xml", "xl/workbook.xml"),
        ("xl/a.xml", "./b.xml#here", "xl/b.xml"),
    ],
)
def test_targets_are_resolved_as_the_packaging_standard_says(source, target, part):
    assert resolve(source, target) == part


_names = st.lists(st.sampled_from(["xl", "drawings", "a", "b.xml"]), min_size=1, max_size=4).map("/".join)


@given(_names, _names)
def test_a_written_target_leads_back_to_its_part(source, part):
    assert resolve(source, target_from(source, part)) == part


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_damaged_files_are_read_or_refused_but_never_crash(data):
    file = bytearray(simple())
    for _ in range(data.draw(st.integers(1, 6))):
        file[data.draw(st.integers(0, len(file) - 1))] = data.draw(st.integers(0, 255))
    try:
        package = read_package(bytes(file))
        for name in package.names:
            package.read(name)
    except WorkbookRefused:
        pass


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("poi/hello-world-signed.xlsx", "digitally signed"),
        ("closedxml/WorkbookProtection.xlsx", "Unprotect"),
        ("open-xml-sdk/Revision_NameCommentChange.xlsx", "shared workbook"),
        ("excelize/BadWorkbook.xlsx", "no sheet"),
    ],
)
def test_real_files_that_cannot_be_changed_safely_are_refused(name, reason):
    file = SHARED / name
    if not file.exists():
        pytest.skip("no shared workbooks")
    assert reason in refusal(file.read_bytes())


def test_a_package_knows_of_a_changed_part_only_the_new_content():
    before = read_package(simple())
    part = "xl/workbook.xml"
    old, root, types = before.read(part), before.markup(part), before.markup(TYPES_PART)
    after = before.with_parts({part: old.replace(b"Facturas", b"Ventas")}, {"xl/nuevo.xml": b"<nuevo/>"})
    assert after.read(part) == old.replace(b"Facturas", b"Ventas")
    assert after.markup(part).find("sheets").children[0].attributes["name"] == "Ventas"
    assert after.markup(TYPES_PART) is types  # what did not change is not read again
    assert after.read("xl/nuevo.xml") == b"<nuevo/>"
    assert (before.read(part), before.markup(part)) == (old, root)
    assert "xl/nuevo.xml" not in before


def test_large_parts_are_kept_in_memory_only_up_to_a_size_in_all(monkeypatch):
    monkeypatch.setattr(package_module, "_KEPT_UNPACKED", 2_500)
    parts = {f"xl/p{number}.bin": bytes([number]) * 1_000 for number in range(4)}
    package = package_module.package_of(parts)
    again = [package.read(name) is package.read(name) for name in parts]
    assert again == [True, True, False, False]
    assert [package.read(name) for name in parts] == list(parts.values())
