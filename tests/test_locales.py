"""Numbers in texts: written as the client's country writes them, the same way in everything a client is sent."""

from __future__ import annotations

import re
import zipfile
from decimal import Decimal
from io import BytesIO

import docx
import pytest
from babel import Locale as Cldr
from babel import localedata

import letter_samples as samples
from aliado.language import Text
from aliado.locales import Locale, in_both, locale_of, say_amount, write_amount
from aliado.report.donor import render
from aliado.report.letters.document import render_document
from aliado.report.letters.letter import make_letters
from aliado.report.letters.mail import render_mail
from aliado.report.letters.templates import Templates
from aliado.report.portfolio.board import Entry, make_board
from aliado.report.portfolio.page import render_page
from aliado.report.portfolio.summary import summarise
from aliado.rules.explanation import explain_rule
from aliado.rules.functions import FUNCTIONS
from aliado.rules.packs import load_pack
from aliado.rules.standing import stand
from builders import sheet

COUNTRIES = sorted(
    name.partition("_")[2] for name in localedata.locale_identifiers() if re.fullmatch("es_[A-Z]{2}", name)
)
"""Countries that CLDR knows the Spanish of."""
COMMA, POINT = r"\d\.\d{3}(\.\d{3})*,\d", r"\d,\d{3}(,\d{3})*\.\d"
"""An amount with cents and thousands, as each half of the Spanish-speaking world writes it."""


@pytest.mark.parametrize("country", COUNTRIES)
def test_spanish_numbers_have_the_marks_that_cldr_gives_their_country(country):
    marks = Cldr.parse(f"es_{country}").number_symbols["latn"]
    assert locale_of("es", country) == Locale("es", marks["decimal"], marks["group"])


@pytest.mark.parametrize("country", ["", "PT", "Atlantis"])
def test_a_country_of_no_spanish_of_its_own_writes_as_spain_does(country):
    assert locale_of("es", country) == locale_of("es", "ES")


@pytest.mark.parametrize("country", ["ES", "MX", ""])
def test_english_is_written_alike_for_every_client(country):
    assert write_amount(Decimal("-1234567.891"), locale_of("en", country)) == "-1,234,567.89"


def test_an_amount_is_written_as_its_country_writes_it():
    amount = Decimal("-1234567.5")
    assert say_amount(amount, "ES") == Text("-1.234.567,50", "-1,234,567.50")
    assert say_amount(amount, "MX") == Text("-1,234,567.50", "-1,234,567.50")
    assert say_amount(amount, "CR").es == "-1\N{NO-BREAK SPACE}234\N{NO-BREAK SPACE}567,50"
    assert in_both("PE", lambda locale: locale.mark("0.5")) == Text("0.5", "0.5")


def client_of(country: str):
    """Return the sheets of a client that owes, was paid and misdates in amounts of four digits and more."""
    return (
        sheet(
            "Ficha",
            ("Nombre", "País", "Moneda", "Idioma", "Total de control", "Fecha del total"),
            ("Taller Ruiz", country, "USD", "es", 9999.99, samples.AS_OF.replace(day=1)),
        ),
        sheet(
            "Facturas",
            samples.HEADINGS,
            samples.invoice("F-1", "Alfa", 40, 12345.67, currency="USD"),
            samples.invoice("F-2", "Alfa", 100, 7654.32, currency="USD"),
            samples.invoice("F-3", "Beta", 10, 1234.56, currency="EUR"),
        ),
        sheet(
            "Cobros",
            ("Factura", "Fecha", "Importe"),
            ("F-1", samples.AS_OF, 1111.11),
            ("F-2", samples.AS_OF, 6000.01),
            ("F-2", samples.AS_OF, 6000.01),
            ("F-404", samples.AS_OF, 2222.22),
        ),
    )


def everything_said(country: str) -> dict[str, str]:
    """Return all Spanish text that is made of one client, by where it stands."""
    sheets = client_of(country)
    client = samples.assessed(*sheets)
    donor = zipfile.ZipFile(BytesIO(render(client, language="es", names={}, version="1")))
    letters = make_letters(client)
    documents = [docx.Document(BytesIO(render_document(each, Templates().word(each)))) for each in letters]
    pack = load_pack("es", functions=FUNCTIONS)
    standing = stand(samples.gather([*sheets], pack.tables).tables, pack, samples.AS_OF)
    entry = Entry("taller.xlsx", "refreshed", None, summarise(client))
    return {
        "findings": "\n".join(item.message.es for item in client.findings),
        "ties": "\n".join(tie.detail.es for tie in client.ties if tie.detail),
        "donor": "\n".join(donor.read(name).decode() for name in donor.namelist() if name.endswith(".xml")),
        "letters": "\n".join(c.text for d in documents for t in d.tables for r in t.rows for c in r.cells),
        "mails": "\n".join(render_mail(each, Templates().word(each)).decode() for each in letters),
        "explanation": "\n".join(line.es for rule in ("AR-DSO", "AR-001") for line in explain_rule(standing, rule)),
        "page": render_page(make_board([entry], samples.AS_OF), "es", "1"),
    }


@pytest.mark.parametrize(
    ("country", "right", "wrong"), [("ES", COMMA, POINT), ("MX", POINT, COMMA), ("CL", COMMA, POINT)]
)
def test_everything_that_is_said_of_a_client_writes_amounts_one_way(country, right, wrong):
    for place, text in everything_said(country).items():
        assert re.search(right, text), place
        assert not re.search(wrong, text), (place, re.search(wrong, text))
