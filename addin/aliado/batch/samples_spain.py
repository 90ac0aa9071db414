"""The Spanish sample: an industrial supplier in Zaragoza, its trade of the last 14 months."""

from __future__ import annotations

from datetime import date, timedelta

from stdnum.es import cif

from aliado.batch.samples_ledger import (
    Item,
    Party,
    Payment,
    bill,
    credit,
    seed,
    settle,
    vat,
    workday,
)

NAME = "Suministros Ribera del Ebro, S.L."


def _cif(letter: str, digits: int) -> str:
    """Return a company's NIF with its control character."""
    number = f"{letter}{digits:07d}"
    return number + cif.calc_check_digits(number)[0]


TAX_ID = _cif("B", 5077201)
CUSTOMERS = tuple(
    Party(name, _cif(letter, digits), terms, late, weight, place)
    for name, letter, digits, terms, late, weight, place in (
        ("Talleres Moncayo, S.L.", "B", 5041207, 30, -2, 6, "Zaragoza"),
        ("Construcciones Valdejalón, S.A.", "A", 5018334, 60, 22, 7, "La Almunia"),
        ("Hormigones Cinca Medio, S.L.", "B", 2214590, 60, 12, 5, "Monzón"),
        ("Bodegas Campo de Sástago, S.L.", "B", 5063118, 30, 3, 4, "Cariñena"),
        ("Cerámicas Turiaso, S.A.L.", "A", 5022871, 60, 15, 3, "Tarazona"),
        ("Mecanizados Huerva, S.L.", "B", 5071445, 30, 1, 5, "Cuarte de Huerva"),
        ("Instalaciones Jalón Norte, S.L.", "B", 5038802, 45, 8, 4, "Calatayud"),
        ("Agropecuaria Los Monegros, S.Coop.", "F", 2200417, 60, 18, 3, "Sariñena"),
        ("Transportes Bardena, S.L.", "B", 5055239, 30, 6, 3, "Ejea de los Caballeros"),
        ("Hotel Mirador del Pilar, S.L.", "B", 5080016, 30, 10, 2, "Zaragoza"),
        ("Carpintería Metálica Gállego, S.L.", "B", 5047731, 45, 5, 3, "Zuera"),
        ("Papelera Alto Aragón, S.A.", "A", 2209925, 60, -1, 6, "Huesca"),
        ("Piensos Sobrarbe, S.L.", "B", 2216603, 45, 9, 2, "Aínsa"),
        ("Obras y Reformas Delicias, S.L.", "B", 5066190, 30, 62, 2, "Zaragoza"),
        ("Frutas Bajo Cinca, S.L.", "B", 2219058, 30, 4, 3, "Fraga"),
        ("Climatización Ebro, S.L.", "B", 5059384, 45, 7, 4, "Zaragoza"),
        ("Ayuntamiento de Villar del Ebro", "P", 5029800, 30, 34, 2, "Villar del Ebro"),
        ("Ingeniería Torrero, S.L.P.", "B", 5074426, 30, 0, 2, "Zaragoza"),
        ("Embutidos Matarraña, S.L.", "B", 4412037, 30, 2, 2, "Valderrobres"),
        ("Viveros La Muela, S.L.", "B", 5069913, 45, 11, 2, "La Muela"),
    )
)
SUPPLIERS = tuple(
    Party(name, _cif(letter, digits), terms, late, weight)
    for name, letter, digits, terms, late, weight in (
        ("Aceros del Cantábrico, S.A.", "A", 4810773, 60, 2, 6),
        ("Tornillería Ibérica, S.L.", "B", 8055102, 60, 4, 5),
        ("Pinturas Levante, S.A.", "A", 4617725, 30, -1, 3),
        ("Energía Valle Medio, S.L.", "B", 5012660, 15, 0, 3),
        ("Logística Plaza Norte, S.L.", "B", 5033947, 30, 5, 4),
        ("Alquileres Cogullada, S.L.", "B", 5028716, 5, 0, 2),
        ("Seguridad y Prevención Aragón, S.L.", "B", 5051308, 30, 3, 2),
        ("Telecomunicaciones Pirineo, S.A.", "A", 2207741, 20, 0, 2),
        ("Embalajes Utebo, S.L.", "B", 5044093, 45, 8, 3),
    )
)
CONCEPTS = (
    "Suministro de tornillería",
    "Material de soldadura",
    "Herramienta de corte",
    "EPI y vestuario laboral",
    "Rodamientos y transmisiones",
    "Perfilería de aluminio",
    "Mantenimiento trimestral",
    "Pedido web",
)
PURCHASES = ("Mercaderías", "Transporte", "Suministros", "Servicios profesionales", "Material de embalaje")


def invoices(as_of: date) -> list[Item]:
    """Return the invoices and credit notes issued in the 14 months up to `as_of`, with their receipts."""
    random = seed(20_261)
    items = bill(
        random,
        CUSTOMERS,
        as_of,
        count=220,
        days=425,
        mean=310_000,
        rates=(21, 21, 21, 10),
        concepts=CONCEPTS,
        currency="EUR",
    )
    items[61].cancelled, items[61].note = True, "Anulada: emitida al NIF equivocado"
    items[150].disputed = True
    items[150].note = "Falta albarán firmado"
    items[183].due = None
    items[183].kept, items[183].note = True, "Vencimiento por confirmar con el cliente"
    items[198].vat += 100
    items[214].kept = items[215].kept = True
    stuck = [item for item in items if item.party is CUSTOMERS[13] and 150 < (as_of - item.issued).days < 260][-1]
    stuck.kept, stuck.note = True, "En recobro: propone pagarla en tres plazos"
    notes = [
        credit(items[at], part, 9, as_of, offset=offset)
        for at, part, offset in ((40, 0.25, True), (118, 1.0, True), (205, 0.15, False))
    ]
    for note in notes:
        note.note = "Abono por devolución de material"
    _number(items, "A", 131)
    _number(notes, "R", 9)
    # Somebody reused the number of the invoice before: a duplicate here and a gap where the next should stand.
    items[215].number = items[214].number
    settle(random, items, as_of)
    return sorted(items + notes, key=lambda item: (item.issued, item.series))


def _number(items: list[Item], series: str, first: int) -> None:
    """Number the items year by year; the oldest year goes on from `first`, and one number of it was lost."""
    year, last = items[0].issued.year, first - 1
    for position, item in enumerate(items):
        if item.issued.year != year:
            year, last = item.issued.year, 0
        last += 2 if position == 24 else 1
        item.series, item.number = series, f"{series}-{year}-{last:04d}"


def bills(as_of: date) -> list[Item]:
    """Return the suppliers' invoices of the 14 months up to `as_of`, with their payments."""
    random = seed(20_262)
    items = bill(
        random,
        SUPPLIERS,
        as_of,
        count=132,
        days=425,
        mean=240_000,
        rates=(21, 21, 21, 21, 10),
        concepts=PURCHASES,
        currency="EUR",
    )
    for position, item in enumerate(items):
        code = "".join(word[0] for word in item.party.name.split()[:2]).upper()
        item.number = f"{code}/{item.issued:%y}/{1040 + position * 7}"
    # The same bill entered twice, the second time with its number written another way.
    again, first = items[121], items[119]
    again.party, again.base, again.rate, again.vat = first.party, first.base, first.rate, first.vat
    again.number, again.kept = first.number.replace("/", "-"), True
    items[126].vat = vat(items[126].base, 10)
    settle(random, items, as_of)
    paid_twice = next(item for item in items[90:] if item.paid_on and item.paid_on < as_of - timedelta(days=20))
    paid_twice.paid.append(Payment(workday(paid_twice.paid[-1].day + timedelta(days=3), 1), paid_twice.total))
    return items
