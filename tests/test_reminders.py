"""Reminders: who is written to, at which level, for how much, in files that harm nobody; nothing is ever sent."""

from __future__ import annotations

import email
import os
import re
import shutil
from datetime import date
from decimal import Decimal
from email.policy import default
from io import BytesIO
from pathlib import Path

import docx
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

import letter_samples as samples
from aliado.batch.file_names import Names, safe_name
from aliado.batch.reminders import find_templates, write_reminders
from aliado.commands.refresh import refresh
from aliado.commands.reminders import reminders
from aliado.report.letters.document import render_document
from aliado.report.letters.letter import Party, make_letters, one_line
from aliado.report.letters.mail import read_addresses, render_mail
from aliado.report.letters.templates import Templates, Wording
from test_cli import write_invoices

AS_OF = "2025-10-31"


@pytest.fixture(scope="module")
def client():
    return samples.assessed()


@pytest.fixture(scope="module")
def templates():
    return Templates()


def read_mail(data: bytes):
    return email.message_from_bytes(data, policy=default)


def plain(data: bytes) -> str:
    return read_mail(data).get_body(("plain",)).get_content()


def read_document(data: bytes) -> str:
    document = docx.Document(BytesIO(data))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def by_name(client, **settings):
    return {(letter.customer.name, letter.step): letter for letter in make_letters(client, **settings)}


def test_there_is_one_letter_per_customer_and_level_and_none_for_the_blocked_and_the_disputed(client):
    letters = by_name(client)
    assert {name: letter.numbers for name, letter in letters.items()} == {
        ("Alfa, S.A.", 0): ("F-1", "F-2", "F-4"),
        ("Alfa, S.A.", 1): ("F-3",),
        ("Beta Ltd", 3): ("F-5",),
    }


def test_amounts_are_those_of_the_assessment_to_the_cent(client, templates):
    said = {item.number: item for item in client.dunning}
    for letter in make_letters(client):
        text = plain(render_mail(letter, templates.word(letter)))
        for claim in letter.claims:
            items = [said[item.number] for item in claim.items]
            assert claim.balance == sum(item.balance for item in items)
            owed = claim.balance + sum((item.interest or 0) + (item.compensation or 0) for item in items)
            assert claim.total == owed
            amount = f"{owed:,.2f}"
            shown = amount if letter.language == "en" else amount.translate(str.maketrans(",.", ".,"))
            assert re.search(rf"Total {claim.currency}.* {re.escape(shown)}\r?$", text, re.MULTILINE)
    alfa = by_name(client)["Alfa, S.A.", 0]
    assert alfa.claims[0].balance == Decimal("800.10")  # 1000.10 - 400.00 + 200.00


def test_currencies_have_a_table_each(client, templates):
    letter = by_name(client)["Alfa, S.A.", 0]
    assert [claim.currency for claim in letter.claims] == ["EUR", "USD"]
    document = docx.Document(BytesIO(render_document(letter, templates.word(letter))))
    assert [table.rows[-1].cells[0].text for table in document.tables] == ["Total EUR", "Total USD"]


def test_each_customer_is_written_to_in_its_own_language_unless_one_is_asked_for(client, templates):
    languages = {letter.customer.name: letter.language for letter in make_letters(client)}
    assert languages == {"Alfa, S.A.": "es", "Beta Ltd": "en"}
    assert {letter.language for letter in make_letters(client, "en")} == {"en"}
    final = by_name(client)["Beta Ltd", 3]
    text = plain(render_mail(final, templates.word(final)))
    assert "final notice" in text
    assert "15 Sep 2025" in text


def test_the_last_letter_is_firmer_than_the_first(client, templates):
    subjects = [templates.word(letter).subject for letter in by_name(client, language="es").values()]
    assert subjects == [
        "Recordatorio de pago · Taller Ruiz, S.L.",
        "2.º aviso de pago · Taller Ruiz, S.L.",
        "Último aviso antes de la reclamación formal · Taller Ruiz, S.L.",
    ]


def test_a_rate_that_is_not_verified_is_marked_and_can_be_left_out(client, templates):
    with_interest, without = by_name(client)["Alfa, S.A.", 0], by_name(client, interest=False)["Alfa, S.A.", 0]
    assert with_interest.verified is False
    for render in (
        lambda letter, wording: plain(render_mail(letter, wording)),
        lambda *given: read_document(render_document(*given)),
    ):
        assert "REVISAR Y BORRAR" in render(with_interest, templates.word(with_interest))
        text = render(without, templates.word(without))
        assert "REVISAR" not in text
        assert "ntereses" not in text
    assert without.claims[0].total == without.claims[0].balance


def test_letter_and_mail_say_how_to_pay(client, templates):
    letter = by_name(client)["Alfa, S.A.", 0]
    for text in (
        plain(render_mail(letter, templates.word(letter))),
        read_document(render_document(letter, templates.word(letter))),
    ):
        assert "ES91 2100 0418 4502 0005 1332" in text
        assert "Referencia de pago: F-1 F-2 F-4" in text


def test_a_reference_that_no_transfer_holds_names_the_customer(client):
    letter = by_name(client)["Alfa, S.A.", 0]
    many = replace(letter.claims[0], items=letter.claims[0].items * 40)
    assert replace(letter, claims=(many,)).reference == "A11111111"


def test_the_mail_is_a_draft_that_nobody_sent(client, templates):
    letter = by_name(client)["Alfa, S.A.", 0]
    message = read_mail(render_mail(letter, templates.word(letter)))
    assert message["X-Unsent"] == "1"
    assert message["To"] == "pagos@alfa.example, admin@alfa.example"
    assert message["From"] == "cobros@ruiz.example"
    assert message["Date"] is None
    assert "Recordatorio de pago" in message["Subject"]
    assert message.get_body(("html",)) is not None


def test_an_address_that_smuggles_headers_in_is_no_address(client, templates):
    letter = by_name(client)["Beta Ltd", 3]
    data = render_mail(letter, templates.word(letter))
    message = read_mail(data)
    assert message["To"] is None
    assert message["Bcc"] is None
    assert b"evil.example" not in data


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60), st.text(max_size=60))
def test_no_text_makes_a_header_of_its_own(name, subject):
    letter = by_name(_CLIENT)["Alfa, S.A.", 0]
    party = Party(one_line(name), email=subject)
    wording = Wording(one_line(subject) or "x", ((one_line(name) or "x",), ("\ue000",)))
    message = read_mail(render_mail(replace(letter, customer=party, sender=party), wording))
    assert set(message.keys()) <= {"X-Unsent", "From", "To", "Subject", "MIME-Version", "Content-Type"}


_CLIENT = samples.assessed()


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("a@b.example", ("a@b.example",)),
        ("a@b.example, c@d.example", ("a@b.example", "c@d.example")),
        ("Ana <a@b.example>", ()),
        ("a@b", ()),
        ("a@b.example\r\nBcc: c@d.example", ()),
        ("", ()),
    ],
)
def test_only_plain_addresses_are_used(cell, expected):
    assert read_addresses(cell) == expected


def test_names_in_html_are_only_text(client, templates):
    letter = replace(by_name(client)["Alfa, S.A.", 0], customer=Party("x", contact="<img src=x onerror=alert(1)>"))
    html = read_mail(render_mail(letter, templates.word(letter))).get_body(("html",)).get_content()
    assert "<img" not in html
    assert "&lt;img" in html


def test_the_same_letter_gives_the_same_bytes(client, templates):
    for letter in make_letters(client):
        wording = templates.word(letter)
        assert render_document(letter, wording) == render_document(letter, wording)
        assert render_mail(letter, wording) == render_mail(letter, wording)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("../../etc/passwd", "etc passwd"),
        ("C:\\Windows\\x", "C Windows x"),
        ("CON", "_CON"),
        ("nul.txt", "_nul.txt"),
        ("LPT¹", "_LPT¹"),
        ("aux .doc", "_aux .doc"),
        ("Alfa, S.A. ", "Alfa, S.A"),
        ("..", "cliente"),
        ("\u202egnp.exe", "gnp.exe"),
        ("~$alfa", "$alfa"),
        ("", "cliente"),
    ],
)
def test_hostile_names_make_harmless_files(text, expected):
    assert safe_name(text, "cliente") == expected


@given(st.text(max_size=300))
def test_every_name_is_one_that_every_system_takes(text):
    name = safe_name(text, "cliente")
    assert name
    assert len(name.encode()) <= 121
    assert not set(name) & set('<>:"/\\|?*\0\n\r\t')
    assert not name.endswith((".", " "))
    assert Path(name).name == name


def test_names_that_differ_in_case_only_do_not_meet():
    names = Names()
    assert [names.give(name) for name in ("Alfa", "ALFA", "alfa", "Cafe\u0301", "Café")] == [
        "Alfa",
        "ALFA (2)",
        "alfa (3)",
        "Cafe\u0301",
        "Café (2)",
    ]


def test_customers_whose_names_would_collide_get_a_file_each(tmp_path):
    book = (
        samples.PROFILE,
        samples.sheet(
            "Facturas", samples.HEADINGS, samples.invoice("F-1", "a/b", 5, 1.0), samples.invoice("F-2", "A:B", 5, 2.0)
        ),
    )
    done = write_reminders(samples.assessed(*book), tmp_path)
    assert len({draft.path.name.casefold() for draft in done.drafts}) == 4
    assert all(draft.path.parent == tmp_path for draft in done.drafts)


def test_a_draft_that_a_person_changed_is_left_alone(client, tmp_path):
    first = write_reminders(client, tmp_path)
    changed = first.drafts[0].path
    changed.write_bytes(b"mine")
    again = write_reminders(client, tmp_path)
    assert [draft.path for draft in again.drafts if draft.kept] == [changed]
    assert changed.read_bytes() == b"mine"
    write_reminders(client, tmp_path, overwrite=True)
    assert changed.read_bytes() != b"mine"


def test_marking_a_notice_as_sent_moves_the_level_on_at_the_next_refresh(tmp_path):
    book = tmp_path / "a.xlsx"
    out = tmp_path / "cartas"
    late = ("F-1", "Alfa", date(2025, 6, 1), date(2025, 7, 1), 100.0)

    def run(as_of, *notices):
        from xlsxwriter import Workbook

        workbook = Workbook(str(book), {"default_date_format": "dd/mm/yyyy"})
        sheets = (
            ("Facturas", [("Factura", "Cliente", "Fecha", "Vencimiento", "Total"), late]),
            ("Reclamaciones", [("Factura", "Aviso", "Enviado el"), *notices]),
        )
        for name, rows in sheets[: 2 if notices else 1]:
            page = workbook.add_worksheet(name)
            for row, cells in enumerate(rows):
                page.write_row(row, 0, cells)
        workbook.close()
        refreshed = CliRunner().invoke(refresh, [str(book), "--as-of", as_of])
        assert refreshed.exit_code in {0, 1}, refreshed.output
        before = book.read_bytes()
        done = CliRunner().invoke(reminders, [str(book), "--as-of", as_of, "--out", str(out)])
        assert done.exit_code == 0, done.output
        assert book.read_bytes() == before
        return sorted(path.name for path in out.glob(f"{as_of}*.eml")), done.output

    first = ("F-1", "Primera carta", date(2025, 11, 1))
    second = ("F-1", "Segunda carta", date(2025, 11, 15))
    assert run("2025-10-31")[0] == ["2025-10-31 Alfa - 1 Primera carta.eml"]
    assert run("2025-11-02", first)[0] == ["2025-11-02 Alfa - 2 Segunda carta.eml"]
    assert run("2025-11-20", first, second)[0] == ["2025-11-20 Alfa - 3 Tercera carta.eml"]
    names, output = run("2025-07-20", ("F-1", "Primera carta", date(2025, 7, 15)))
    assert names == []
    assert "ya enviada: 1" in output


def test_a_bad_workbook_and_a_bad_template_are_told(tmp_path):
    good = write_invoices(tmp_path / "a.xlsx")
    (tmp_path / "malo.xlsx").write_bytes(b"no")
    done = CliRunner().invoke(
        reminders, [str(tmp_path), "--as-of", "2026-10-31", "--out", str(tmp_path / "out"), "--lang", "es"]
    )
    assert done.exit_code == 2
    assert "malo.xlsx" in done.output
    assert list((tmp_path / "out" / "a").glob("*.docx"))
    firm = tmp_path / "aliado.letters"
    firm.mkdir()
    (firm / "reminder.es.txt").write_text("{% if %}", encoding="utf-8")
    assert find_templates(good) == firm
    done = CliRunner().invoke(reminders, [str(good), "--as-of", "2026-10-31", "--out", str(tmp_path / "two")])
    assert done.exit_code == 2
    assert "reminder.es.txt:1" in done.output
    assert not (tmp_path / "two").exists()


def test_our_templates_can_be_copied_to_be_changed(tmp_path):
    done = CliRunner().invoke(reminders, ["--write-templates", str(tmp_path / "aliado.letters")])
    assert done.exit_code == 0, done.output
    assert sorted(path.name for path in (tmp_path / "aliado.letters").iterdir()) == [
        "reminder.en.txt",
        "reminder.es.txt",
    ]


def test_without_libreoffice_no_letter_is_begun_that_could_not_be_printed(tmp_path, monkeypatch):
    monkeypatch.setattr("aliado.workbook.printing.find_libreoffice", lambda: None)
    book = write_invoices(tmp_path / "a.xlsx")
    given = [str(book), "--out", str(tmp_path / "out"), "--as-of", AS_OF, "--lang", "en", "--pdf"]
    done = CliRunner().invoke(reminders, given)
    assert done.exit_code == 2
    assert "LibreOffice, which is not installed" in done.output
    assert not (tmp_path / "out").exists()


@pytest.mark.live
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice (soffice) is not installed")
def test_all_letters_are_printed_by_one_run_and_again_to_the_same_bytes(tmp_path, monkeypatch):
    from aliado.workbook import office

    runs = []
    run = office.subprocess.run
    monkeypatch.setattr(office.subprocess, "run", lambda *given, **more: runs.append(given) or run(*given, **more))
    books = [str(write_invoices(tmp_path / f"{name}.xlsx")) for name in ("a", "b")]
    given = [*books, "--out", str(tmp_path / "out"), "--as-of", "2026-10-31", "--lang", "en", "--pdf"]
    done = CliRunner().invoke(reminders, given)
    assert done.exit_code == 0, done.output
    letters = sorted((tmp_path / "out").rglob("*.docx"))
    assert len(letters) >= 2
    assert f"Letters as PDF: {len(letters)}." in done.output
    assert len(runs) == 1
    first = {path: path.with_suffix(".pdf").read_bytes() for path in letters}
    assert all(data.startswith(b"%PDF") for data in first.values())
    again = CliRunner().invoke(reminders, given)
    assert "left alone" not in again.output
    assert {path: path.with_suffix(".pdf").read_bytes() for path in letters} == first


def test_a_letter_is_printed_as_it_stands_but_not_over_a_pdf_that_is_there(tmp_path, monkeypatch):
    from aliado.batch.drafts import print_drafts, say_kept

    monkeypatch.setattr(
        "aliado.workbook.printing.convert", lambda documents, *_: [b"%PDF " + data for _, data in documents]
    )
    letter, target = tmp_path / "carta.docx", tmp_path / "carta.pdf"
    letter.write_bytes(b"one")
    os.utime(letter, (1_700_000_000, 1_700_000_000))
    day = date.fromisoformat(AS_OF)
    assert [draft.kept for draft in print_drafts([letter], day)] == [False]
    target.write_bytes(b"signed")
    assert [draft.kept for draft in print_drafts([letter], day)] == [True]
    assert target.read_bytes() == b"signed"
    letter.write_bytes(b"two")
    os.utime(target, (1_700_000_001, 1_700_000_001))
    printed = print_drafts([letter], day)
    assert [draft.kept for draft in printed] == [True], "also one older than its letter"
    assert target.read_bytes() == b"signed"
    said = say_kept(printed)
    assert said is not None
    assert "move or delete them and repeat" in said.en
    assert said.en.endswith(f":\n{target}")
    printed = print_drafts([letter], day, overwrite=True)
    assert say_kept(printed) is None
    assert target.read_bytes() == b"%PDF two"


def test_a_signed_letter_is_named_and_stays_until_it_is_told_to_be_replaced(tmp_path, monkeypatch):
    monkeypatch.setattr("aliado.workbook.printing.check_printer", lambda: None)
    monkeypatch.setattr("aliado.workbook.printing.convert", lambda documents, *_: [b"%PDF" for _ in documents])
    given = [str(write_invoices(tmp_path / "a.xlsx")), "--out", str(tmp_path / "out"), "--as-of", "2026-10-31", "--pdf"]
    done = CliRunner().invoke(reminders, given)
    assert "sin tocar" not in done.output
    signed = min((tmp_path / "out").glob("*.pdf"))
    signed.write_bytes(b"signed")
    os.utime(signed, (1_700_000_000, 1_700_000_000))
    told = CliRunner().invoke(reminders, given).output
    assert "muévalos o bórrelos y repita" in told
    assert told.endswith(f":\n{signed}\n")
    assert signed.read_bytes() == b"signed"
    assert str(signed) not in CliRunner().invoke(reminders, [*given, "--overwrite"]).output
    assert signed.read_bytes() == b"%PDF"
