"""The donor in a real spreadsheet program: LibreOffice computes what we cached, and prints the panel on one page."""

import re
import shutil
import subprocess
import warnings
import zipfile
from decimal import Decimal
from io import BytesIO

import pytest
from openpyxl import load_workbook

import report_samples as samples
from aliado.report import words
from aliado.report.donor import render

pytestmark = [
    pytest.mark.live,
    pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice (soffice) is not installed"),
]

RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""


SAMPLES = {
    f"{sample.__name__}_{language}": (sample, language)
    for sample in (samples.tiny, samples.typical, samples.later, samples.working, samples.hostile, samples.empty)
    for language in ("es", "en")
}


@pytest.fixture(scope="module")
def computed(tmp_path_factory):
    """A folder with every sample computed by LibreOffice (.xlsx) and printed (.pdf), in two runs for all."""
    folder = tmp_path_factory.mktemp("donors")
    profile = folder / "profile"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(RECALCULATE, "utf-8")
    for name in SAMPLES:
        (folder / f"{name}.xlsx").write_bytes(without_cached_values(render_sample(name)))
    for extension in ("xlsx", "pdf"):
        command = ["soffice", f"-env:UserInstallation={profile.as_uri()}", "--headless", "--convert-to", extension]
        command += ["--outdir", folder / "out", *(folder / f"{name}.xlsx" for name in SAMPLES)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=300)
    return folder / "out"


@pytest.mark.parametrize("name", SAMPLES)
def test_libreoffice_computes_every_cached_value(name, computed):
    data = render_sample(name)
    theirs = read_values(computed / f"{name}.xlsx")
    cached, formulas = read_values(BytesIO(data)), read_values(BytesIO(data), formulas=True)
    compared = 0
    for sheet in formulas:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    compared += 1
                    check_same(cell, cached[sheet.title][cell.coordinate], theirs[sheet.title][cell.coordinate])
    assert compared >= 4


@pytest.mark.parametrize("name", SAMPLES)
def test_the_panel_takes_one_page_and_no_number_is_too_wide(name, computed):
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext (poppler-utils) is not installed")
    command = ["pdftotext", "-layout", computed / f"{name}.pdf", "-"]
    text = subprocess.run(command, capture_output=True, check=True, text=True).stdout
    first, second = text.split("\f")[:2]
    language = SAMPLES[name][1]
    assert words.MADE_WITH.to(language).format(version="0.1.0", sheet=words.AUDIT.to(language)) in first
    assert words.SEVERITY.to(language) in second
    assert "###" not in text


def render_sample(name):
    sample, language = SAMPLES[name]
    state = samples.state_before() if sample is samples.later else None
    return render(sample(), language=language, names={"ageing": "O'Neill's «ageing»"}, version="0.1.0", state=state)


def without_cached_values(data):
    """Return the workbook with the values of its formulas taken out, so that they can only come from a computation."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as package, zipfile.ZipFile(out, "w") as copy:
        for info in package.infolist():
            content = package.read(info)
            if info.filename.startswith("xl/worksheets/sheet"):
                content = re.sub(rb"(</f>)<v>[^<]*</v>", rb"\1", content)
            copy.writestr(info, content)
    return out.getvalue()


def read_values(source, *, formulas=False):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        return load_workbook(source, data_only=not formulas)


def check_same(formula, cached, computed):
    where = f"{formula.parent.title}!{formula.coordinate} {formula.value}"
    assert cached.value is not None, where
    if isinstance(cached.value, str):
        assert computed.value == cached.value, where
    else:
        difference = Decimal(repr(computed.value)) - Decimal(repr(cached.value))
        assert abs(difference) < Decimal("0.000001"), f"{where}: {cached.value} computed as {computed.value}"
