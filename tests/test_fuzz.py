"""Mutated packages end in success or in a clean refusal, within bounds, and never lose a part."""

import io
import random
import re
import zipfile
from contextlib import suppress

import pytest

from aliado.batch.outcome import Job, Options
from aliado.batch.refresh import refresh
from aliado.errors import AliadoError
from aliado.workbook.copies import copy_sheets
from aliado.workbook.package import read_package
from aliado.workbook.patch import patch_cells
from aliado.workbook.reader import read_sheets
from aliado.workbook.transplant import plan_names, transplant
from aliado.workbook.verify import compare
from rich_donor import rich_donor
from test_hostile import AS_OF, invoices
from test_patch import client
from test_transplant import put_in
from workbook_corpus import CORPUS

SMALL = 60_000
TOKENS = [
    b"", b"<", b">", b"/>", b'"', b"&", b"&#0;", b"\0", b"\xff", b"<!--", b"-->", b"<![CDATA[", b"]]>", b"</", b" ",
    b"-1", b"0", b"99999999999", b"1e400", b"NaN", b"A0", b"XFE1", b"$A$1", b"'", b"..", b"/", b"\\", b"xmlns",
    b"xmlns:x='y'", b"<!DOCTYPE a>", b"<c/>", b"<row/>", b"<f/>", b"<v/>", b"t='s'", b"r='A1'", "ñ".encode(), b"[1]",
]  # fmt: skip


def mutate_bytes(data, chance):
    file = bytearray(data)
    for _ in range(chance.randint(1, 8)):
        place = chance.randrange(len(file))
        action = chance.random()
        if action < 0.5:
            file[place] = chance.randrange(256)
        elif action < 0.7:
            del file[place : place + chance.randint(1, 200)]
        elif action < 0.9:
            file[place:place] = file[chance.randrange(len(file)) :][: chance.randint(1, 200)]
        else:
            del file[place:]
        if not file:
            return b""
    return bytes(file)


VALUES = [
    b"", b"-1", b"0", b"1", b"99", b"99999999999", b"1e400", b"NaN", b"A0", b"B2", b"XFE1", b"A1:XFD1048576", b"true",
    b"..", b"/xl/x", b"../../x", b"s", b"e", b"str", b"inlineStr", b"rId1", b"rId2", b"'", b"hidden", b"#REF!",
]  # fmt: skip


def mutate_xml(xml, chance):
    """Return XML with a few changes: mostly of values, elements dropped, doubled or moved; now and then no XML at all."""
    for _ in range(chance.randint(1, 3)):
        values = [m.span(1) for m in re.finditer(rb"=\"([^\"]*)\"", xml)]
        elements = [m.span() for m in re.finditer(rb"<(\w+)\b[^<>]*(?:/>|>[^<]*</\1>)", xml)]
        action = chance.random()
        if action < 0.45 and values:
            start, end = chance.choice(values)
            other = chance.choice(values)
            new = chance.choice([chance.choice(VALUES), xml[slice(*other)]])
            xml = xml[:start] + new + xml[end:]
        elif action < 0.85 and elements:
            start, end = chance.choice(elements)
            other, stop = chance.choice(elements)
            way = chance.randrange(4)
            if way == 0:
                xml = xml[:start] + xml[end:]
            elif way == 1:
                xml = xml[:end] + xml[start:end] + xml[end:]
            elif way == 2:
                xml = xml[:start] + xml[other:stop] + xml[end:]
            else:
                xml = xml[:start] + re.sub(rb"\s[\w:]+=\"[^\"]*\"", b"", xml[start:end], count=1) + xml[end:]
        elif xml:
            place = chance.randrange(len(xml))
            xml = xml[:place] + chance.choice(TOKENS) + xml[place + chance.randint(0, 3) :]
    return xml


def mutate_package(data, chance):
    """Return the package with the XML of one or two of its parts mutated, and now and then a part dropped or doubled."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        names = old.namelist()
        key = [n for n in names if re.search(r"workbook\.xml|Types|styles|sheet\d|\.rels|table|calcChain", n)] or names
        chosen = set(chance.sample(key, min(len(key), chance.randint(1, 2))))
        dropped = chance.choice(names) if chance.random() < 0.05 else None
        for name in names:
            content = old.read(name)
            if name in chosen and name.lower().endswith((".xml", ".rels")):
                content = mutate_xml(content, chance)
            if name != dropped:
                new.writestr(name, content)
    return stream.getvalue()


def attempt(data):
    """Run the whole engine over a file; anything but success or an AliadoError is a failure of the test."""
    try:
        package = read_package(data)
        sheets = read_sheets(package)
        names = plan_names(package, {"panel": "Panel", "alerts": "Alertas"})
        result = transplant(package, rich_donor(*names.values()), names)
        again = read_package(result)
        assert transplant(again, rich_donor(*names.values()), names) == result
        lost = [c for c in compare(data, result) if c.change == "lost"]
        assert lost == []
        client_sheet = next((s for s in sheets if s.role is None), None)
        if client_sheet:
            patch_cells(package, client_sheet.name, {"B2": "x", "ZZ9": 1})
        read_sheets(again)
    except AliadoError:
        return False
    return True


def attempt_refresh(path, data):
    """Refresh a file twice from end to end; a refusal leaves it, a success verifies and has nothing left to do."""
    path.write_bytes(data)
    outcome = refresh(Job(path, path), Options(AS_OF))
    if outcome.done:
        after = path.read_bytes()
        assert [change for change in compare(data, after) if not change.harmless] == []
        assert refresh(Job(path, path), Options(AS_OF)).status == "unchanged"
        assert path.read_bytes() == after
    else:
        assert path.read_bytes() == data
        assert "Fallo interno" not in outcome.reason.es
    assert list(path.parent.iterdir()) == [path]
    return outcome.done


def planted():
    """Return workbooks of many programs with a table of invoices each, and two of ours."""
    files = []
    for path in CORPUS:
        if path.stat().st_size < SMALL:
            with suppress(AliadoError):
                files.append(copy_sheets(read_package(path.read_bytes()), invoices(), "facturas.xlsx")[0])
    return [*files, *[invoices()] * (len(files) // 2 + 1)]


def run_cases(count, seed):
    files = [p.read_bytes() for p in CORPUS if p.stat().st_size < SMALL] or []
    files += [client(), put_in(client())]
    done = 0
    for case in range(count):
        chance = random.Random(f"{seed}-{case}")  # noqa: S311  repeatable on purpose
        data = chance.choice(files)
        try:
            mutated = mutate_bytes(data, chance) if chance.random() < 0.2 else mutate_package(data, chance)
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError):
            continue
        try:
            done += attempt(mutated)
        except Exception as error:
            raise AssertionError(f"case {seed}-{case}: {error!r}") from error
    return done


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_hundred_mutated_packages_end_well():
    assert run_cases(100, "everyday") > 10


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("seed", range(10))
def test_ten_thousand_mutated_packages_end_well(seed):
    assert run_cases(1000, seed) > 100


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("seed", range(4))
def test_mutated_workbooks_are_refreshed_whole_or_refused(seed, tmp_path):
    files, done = planted(), 0
    for case in range(100):
        chance = random.Random(f"refresh {seed}-{case}")  # noqa: S311  repeatable on purpose
        try:
            mutated = mutate_package(chance.choice(files), chance)
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError):
            continue
        try:
            done += attempt_refresh(tmp_path / "cliente.xlsx", mutated)
        except Exception as error:
            raise AssertionError(f"case {seed}-{case}: {error!r}") from error
    assert done > 20
