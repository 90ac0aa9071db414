"""The donor workbook as a whole: names, bytes, hostile text, languages."""

import re
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from msgspec import Struct
from msgspec.structs import replace

import report_samples as samples
from aliado.language import Text
from aliado.report import page as page_module
from aliado.report import words, words_work
from aliado.report import words_deadlines as deadlines
from aliado.report.donor import SHEETS, plan_sheets, render
from aliado.report.page import LONGEST_TEXT, clean, lines_needed, quote_sheet
from aliado.rules.assessment import Assessment

ALL = (samples.empty, samples.tiny, samples.typical, samples.later, samples.working, samples.hostile)


def test_the_sheets_stand_in_order_under_the_names_given():
    names = {"panel": "Panel (2)", "alerts": "Andrade's alerts"}
    formulas, _ = samples.read_donor(samples.typical(), "en", **names)
    assert formulas.sheetnames == [
        "Panel (2)",
        "Andrade's alerts",
        *(title for role, title in plan_sheets(samples.typical(), "en").items() if role not in names),
    ]


def test_formulas_and_links_use_the_names_given():
    formulas, _ = samples.read_donor(samples.typical(), "es", alerts="Andrade's", ageing="Mi antigüedad")
    panel = formulas["Panel"]
    texts = [str(cell.value) for row in panel.iter_rows() for cell in row]
    assert any("COUNTIF('Andrade''s'!" in text for text in texts)
    assert any(text.startswith("='Mi antigüedad'!") for text in texts)
    assert any(link.location.startswith("'Andrade''s'!") for link in _links(panel))
    assert not any("Alertas'!" in text or "Antigüedad'!" in text for text in texts)


@pytest.mark.parametrize("language", ["es", "en"])
def test_the_same_input_gives_the_same_bytes(language):
    first, second = (render(samples.typical(), language=language, names={}, version="1") for _ in range(2))
    assert first == second
    with zipfile.ZipFile(BytesIO(first)) as package:
        assert {info.date_time[0] for info in package.infolist()} == {1980}
        assert b"2026-10-31T00:00:00Z" in package.read("docProps/core.xml")


@pytest.mark.parametrize("sample", ALL)
@pytest.mark.parametrize("language", ["es", "en"])
def test_every_part_is_well_formed(sample, language):
    data = render(sample(), language=language, names={}, version="1")
    with zipfile.ZipFile(BytesIO(data)) as package:
        assert package.testzip() is None
        for name in package.namelist():
            etree.fromstring(package.read(name))


def test_client_text_is_never_a_formula_a_link_or_a_number():
    assessment = samples.hostile()
    formulas, _ = samples.read_donor(assessment)
    with zipfile.ZipFile(BytesIO(render(assessment, language="es", names={}, version="1"))) as package:
        assert not any(b"http://e" in package.read(name) for name in package.namelist() if name.endswith(".rels"))
    rejected = formulas["Rechazos"]
    found = [rejected.cell(row, 3) for row in range(6, 6 + len(samples.HOSTILE))]
    assert {cell.data_type for cell in found} == {"s"}
    assert [cell.value for cell in found[:8]] == list(samples.HOSTILE[:8])


def test_our_own_formulas_are_the_only_ones():
    formulas, _ = samples.read_donor(samples.hostile())
    starts = {
        str(cell.value).split("(")[0].split("!")[0]
        for sheet in formulas
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    }
    assert starts <= {"=SUM", "=IF", "=COUNTIF", "=LARGE", "=ROUND", "='Antigüedad'"} | {
        start for start in starts if re.match(r"=[$A-Z]+[$0-9]", start)
    }


@given(st.text(st.characters(codec=None), max_size=80))
def test_cleaned_text_is_fit_for_xml(text):
    element = etree.Element("t")
    element.text = clean(text)
    assert etree.fromstring(etree.tostring(element)).text in (element.text, None)


def test_cleaning_keeps_ordinary_text_and_cuts_what_a_cell_cannot_hold():
    assert clean("Ñandú & Hijos\n«2ª línea»\t😀") == "Ñandú & Hijos\n«2ª línea»\t😀"
    assert clean("a\x00b") == "a\N{REPLACEMENT CHARACTER}b"
    assert clean("😀" * 20_000) == "😀" * LONGEST_TEXT + "…"
    assert clean("x" * 40_000) == "x" * LONGEST_TEXT + "…"


@given(st.text(min_size=1, max_size=31))
def test_a_quoted_sheet_name_reads_back(name):
    quoted = quote_sheet(name)
    assert quoted[1:-1].replace("''", "'") == name
    assert "'" not in quoted[1:-1].replace("''", "")


def test_lines_are_counted_with_their_breaks():
    assert lines_needed("", 10) == 1
    assert lines_needed("x" * 21, 10) == 3
    assert lines_needed("a\nb\n" + "x" * 11, 10) == 4


def test_links_end_where_excel_would_refuse_the_file(monkeypatch):
    monkeypatch.setattr(page_module, "MOST_LINKS", 3)
    formulas, _ = samples.read_donor(samples.typical())
    assert len(_links(formulas["Alertas"])) == 3
    assert formulas["Alertas"]["N39"].value
    assert formulas["Alertas"]["N39"].hyperlink is None


def test_every_word_is_said_in_both_languages():
    for name, text in _words():
        assert text.es.strip(), name
        assert text.en.strip(), name
        assert text.es != text.en or text.es in words.SAME_IN_BOTH, f"{name} is not translated"


def test_both_languages_fill_in_the_same_values():
    for name, text in _words():
        for field in ("{client}", "{date}", "{count}", "{currency}", "{sheet}", "{version}", "{bands}", "&P", "&N"):
            assert (field in text.es) == (field in text.en), name


def test_nothing_but_the_clients_own_text_reads_alike_in_both_languages():
    assessment = samples.working()
    spanish, english = (samples.read_donor(assessment, language)[1] for language in ("es", "en"))
    own = set(_strings(assessment)) | {"0.1.0", "–"} | words.SAME_IN_BOTH
    own |= {text.es for text in SHEETS.values() if text.es == text.en}
    for ours, theirs in zip(spanish, english, strict=True):
        for row in ours.iter_rows():
            for cell in row:
                text = cell.value
                if isinstance(text, str) and text == theirs[cell.coordinate].value:
                    where = cell.hyperlink or (ours.title == "Alertas" and cell.column_letter in "NP")
                    where = where or text.startswith("aliado.log") or _is_short_month(text)
                    assert where or text in own or _made_of(text, own), f"{ours.title}!{cell.coordinate} {text!r}"


def test_a_workbook_without_names_takes_the_wanted_ones():
    formulas, _ = samples.read_donor(replace(samples.tiny()), "es")
    assert formulas.sheetnames == list(plan_sheets(samples.tiny(), "es").values())


def _words() -> Iterator[tuple[str, Text]]:
    for name, value in (*vars(words).items(), *vars(deadlines).items(), *vars(words_work).items()):
        if isinstance(value, Text):
            yield name, value
        elif isinstance(value, dict):
            for key, text in value.items():
                if isinstance(text, Text):
                    yield f"{name}[{key}]", text


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, Text):
        if value.es == value.en:
            yield value.es
    elif isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _strings(item)
    elif isinstance(value, np.ndarray):
        yield from _strings(tuple(value.tolist()))
    elif isinstance(value, tuple):
        for item in value:
            yield from _strings(item)
    elif isinstance(value, Struct):
        for name in value.__struct_fields__:
            yield from _strings(getattr(value, name))


def _is_short_month(text: str) -> bool:
    """Say whether a text is a month and year whose first letters are alike in both languages: sep 2026."""
    alike = {month.es[:3].lower() for month in deadlines.MONTHS.values()} & {
        m.en[:3].lower() for m in deadlines.MONTHS.values()
    }
    return bool(re.fullmatch(rf"({'|'.join(sorted(alike))}) \d{{4}}", text))


def _made_of(text: str, own: set[str]) -> bool:
    """Say whether nothing with letters is left of a text without the client's own strings."""
    for piece in sorted((piece for piece in own if piece), key=len, reverse=True):
        text = text.replace(piece, "")
    return not any(letter.isalpha() for letter in text)


def _links(sheet):
    return [cell.hyperlink for row in sheet.iter_rows() for cell in row if cell.hyperlink]


def test_the_words_of_every_sheet_are_used():
    folder = Path(page_module.__file__).parent
    source = "".join(path.read_text("utf-8") for path in folder.glob("*.py") if not path.name.startswith("words"))
    source = source.replace("words_work.", "words.").replace("deadlines.", "words.")
    named = (*vars(words).items(), *vars(deadlines).items(), *vars(words_work).items())
    unused = [name for name, value in named if isinstance(value, Text) and f"words.{name}" not in source]
    assert unused == []


def test_an_empty_assessment_is_an_ordinary_one():
    assert isinstance(samples.empty(), Assessment)
    formulas, values = samples.read_donor(samples.empty())
    assert values["Alertas"]["A3"].value == words.ALERTS_EMPTY.es
    assert values["Rechazos"]["A3"].value == words.REJECTED_EMPTY.es
    assert values["Antigüedad"]["A5"].value == words.AGEING_EMPTY.es
    assert formulas["Panel"]["B1"].value == words.NO_CLIENT.es
