"""Templates of letters: a firm may say what it likes, and a stranger's template can do nothing else."""

from __future__ import annotations

import zipfile
from io import BytesIO

import docx
import pytest
from msgspec.structs import replace

import letter_samples as samples
from aliado.report.letters.document import PAPER, find_paper, render_document
from aliado.report.letters.letter import Party, make_letters
from aliado.report.letters.templates import ITEMS, TemplateRefused, Templates, shipped_templates

LETTER = make_letters(samples.assessed())[0]


def word(folder, text, letter=LETTER):
    (folder / "reminder.es.txt").write_text(text, encoding="utf-8")
    return Templates(folder).word(letter)


def test_a_firm_replaces_one_part_and_keeps_the_rest(tmp_path):
    said = word(
        tmp_path,
        '{% extends "aliado/reminder.es.txt" %}\n{% block greeting %}Hola, {{ customer.contact }}:{% endblock %}',
    )
    ours = Templates().word(LETTER)
    assert said.paragraphs[0] == ("Hola, Ana:",)
    assert said.paragraphs[1:] == ours.paragraphs[1:]
    assert said.subject == ours.subject


def test_a_firm_writes_a_letter_of_its_own(tmp_path):
    said = word(
        tmp_path, "Aviso {{ level }}\n\n{% for number in numbers %}{{ number }} {% endfor %}\n\n{{ items }}\nGracias"
    )
    assert said.subject == "Aviso 1"
    assert said.paragraphs == (("F-1 F-2 F-4",), (ITEMS,), ("Gracias",))


HOSTILE = [
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ customer.__class__ }}",
    "{{ customer.items() }}",
    "{{ self.__init__.__globals__ }}",
    "{% set x = 1 %}",
    "{{ 'a' * 1000000000 }}",
    "{{ 9 ** 9 ** 9 }}",
    "{{ '%1000000000d' % 1 }}",
    "{{ 'a' ~ 'b' }}",
    "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
    "{% include 'reminder.es.txt' %}",
    "{% import 'reminder.es.txt' as x %}",
    "{% for a in numbers %}{% for b in numbers %}x{% endfor %}{% endfor %}",
    "{{ 'a'|center(1000000000) }}",
    "{{ numbers|map('upper')|join }}",
    "{{ range(10) }}",
    "{% filter upper %}x{% endfilter %}",
    "{% call x() %}{% endcall %}",
    "{{ nobody.name }}",
    "{% extends 'reminder.es.txt' %}",
    "{% extends '../../secret.txt' %}",
    "{% if %}",
    "",
    "{{ items }}",
    "Only a subject",
    "Subject\n\nno table",
    "Subject\n\n{{ items }}\n" + "x" * 30_000,
    "x" * 200_000,
]


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: text[:40])
def test_a_template_can_do_nothing_but_choose_and_repeat(tmp_path, text):
    with pytest.raises(TemplateRefused) as refused:
        word(tmp_path, text)
    assert refused.value.text.es != refused.value.text.en


def test_a_file_outside_the_folder_is_not_read(tmp_path):
    (tmp_path / "secret.txt").write_text("S\n\n{{ items }}", encoding="utf-8")
    firm = tmp_path / "firm"
    firm.mkdir()
    with pytest.raises(TemplateRefused):
        word(firm, "{% extends '../secret.txt' %}")


def test_a_name_is_never_read_as_a_template_or_as_the_table():
    party = Party("{{ 7 }}{% for %}" + ITEMS, contact=ITEMS + "{{ x }}")
    said = Templates().word(replace(LETTER, customer=replace(party, name="{{ 7 }}", contact="{{ x }}")))
    assert said.paragraphs[0] == ("Estimado/a {{ x }}:",)
    assert said.paragraphs.count((ITEMS,)) == 1


def test_every_shipped_template_covers_every_level_in_both_languages():
    assert set(shipped_templates()) == {"reminder.es.txt", "reminder.en.txt"}
    for language in ("es", "en"):
        said = {
            Templates().word(replace(LETTER, language=language, step=step)).paragraphs for step in range(LETTER.steps)
        }
        assert len(said) >= 3


def test_a_folder_that_is_not_there_is_told(tmp_path):
    with pytest.raises(TemplateRefused):
        Templates(tmp_path / "nowhere")


def test_the_firms_letter_paper_stays_under_the_letter(tmp_path):
    paper = docx.Document()
    paper.sections[0].header.paragraphs[0].text = "Bufete García · desde 1950"
    paper.save(tmp_path / PAPER)
    made = render_document(LETTER, Templates().word(LETTER), find_paper(tmp_path))
    document = docx.Document(BytesIO(made))
    assert document.sections[0].header.paragraphs[0].text == "Bufete García · desde 1950"
    assert any("Estimado/a Ana" in paragraph.text for paragraph in document.paragraphs)
    (tmp_path / PAPER).write_bytes(b"no document")
    with pytest.raises(TemplateRefused):
        render_document(LETTER, Templates().word(LETTER), find_paper(tmp_path))


def test_the_document_tells_no_time():
    with zipfile.ZipFile(BytesIO(render_document(LETTER, Templates().word(LETTER)))) as package:
        assert {item.date_time[0] for item in package.infolist()} == {1980}
        assert b"2025-10-31T00:00:00Z" in package.read("docProps/core.xml")
