"""The Ecuadorian sample: a wholesaler in Quito, its trade of the last 14 months."""

from __future__ import annotations

from datetime import date, timedelta

from aliado.batch.samples_ledger import (
    Item,
    Party,
    Payment,
    bill,
    credit,
    seed,
    settle,
    workday,
)

NAME = "Distribuidora Chimborazo Cía. Ltda."


def _ruc(province: int, serial: int) -> str:
    """Return a company's RUC: the first of the serials from `serial` on whose check digit exists."""
    while True:
        digits = f"{province:02d}9{serial:06d}"
        check = -sum(int(d) * weight for d, weight in zip(digits, (4, 3, 2, 7, 6, 5, 4, 3, 2), strict=True)) % 11
        if check < 10:
            return f"{digits}{check}001"
        serial += 1


TAX_ID = _ruc(17, 250_314)
CUSTOMERS = tuple(
    Party(name, _ruc(province, 104_233 + at * 17_389), terms, late, weight, place)
    for at, (name, province, terms, late, weight, place) in enumerate(
        (
            ("Comercial El Constructor Cía. Ltda.", 17, 30, 14, 7, "Quito"),
            ("Supermercados La Pradera S.A.", 17, 45, 3, 9, "Quito"),
            ("Ferretería Hermanos Chávez Cía. Ltda.", 18, 30, 9, 4, "Ambato"),
            ("Almacenes Tungurahua S.A.", 18, 30, 6, 5, "Ambato"),
            ("Hostería Baños Termales Cía. Ltda.", 18, 30, 18, 2, "Baños"),
            ("Agrícola Valle del Chota S.A.", 10, 45, 21, 3, "Ibarra"),
            ("Textiles Otavalo Norte Cía. Ltda.", 10, 30, 5, 3, "Otavalo"),
            ("Comisariato del Austro S.A.", 1, 45, 2, 6, "Cuenca"),
            ("Cerámicas Tomebamba S.A.", 1, 45, 11, 4, "Cuenca"),
            ("Bananera Río Babahoyo S.A.", 12, 60, 16, 5, "Babahoyo"),
            ("Camaronera Golfo Sur S.A.", 7, 60, 24, 4, "Machala"),
            ("Distribuciones Puerto Bolívar Cía. Ltda.", 7, 30, 8, 3, "Machala"),
            ("Importadora Guayas Centro S.A.", 9, 45, 4, 7, "Guayaquil"),
            ("Constructora Samanes S.A.", 9, 60, 33, 5, "Guayaquil"),
            ("Farmacias Buen Pastor Cía. Ltda.", 9, 30, 1, 5, "Guayaquil"),
            ("Pesquera Manta Azul S.A.", 13, 45, 12, 4, "Manta"),
            ("Hotel Malecón Portoviejo Cía. Ltda.", 13, 30, 15, 2, "Portoviejo"),
            ("Aserraderos Quinindé S.A.", 8, 30, 27, 2, "Quinindé"),
            ("Palmera Esmeraldas Verde S.A.", 8, 45, 19, 3, "Esmeraldas"),
            ("Lácteos Machachi Cía. Ltda.", 17, 30, 4, 4, "Machachi"),
            ("Molinos Cordillera S.A.", 5, 30, 7, 3, "Latacunga"),
            ("Flores Cotopaxi Export S.A.", 5, 45, 10, 4, "Latacunga"),
            ("Curtiembre Guano Cía. Ltda.", 6, 30, 13, 2, "Guano"),
            ("Cooperativa Riobamba Andina", 6, 30, -2, 3, "Riobamba"),
            ("Transportes Panamericana Sur S.A.", 11, 30, 17, 2, "Loja"),
            ("Café Zamora Alto Cía. Ltda.", 19, 45, 22, 2, "Zamora"),
            ("Servicios Petroleros Coca S.A.", 22, 60, 29, 4, "El Coca"),
            ("Maderas Puyo Oriental Cía. Ltda.", 16, 30, 90, 1, "Puyo"),
            ("Ópticas Los Andes S.A.", 17, 30, 0, 2, "Quito"),
            ("Papelería Universitaria Cía. Ltda.", 17, 30, 5, 3, "Quito"),
            ("Gráficas Cumbayá S.A.", 17, 30, 6, 2, "Quito"),
            ("Clínica San Blas S.A.", 17, 45, 20, 3, "Quito"),
        )
    )
)
ABROAD = Party("Blumen Handel Nord GmbH", "DE811569869", 45, 12, 1, "Hamburgo")
SUPPLIERS = tuple(
    Party(name, _ruc(province, 61_870 + at * 23_117), terms, late, weight)
    for at, (name, province, terms, late, weight) in enumerate(
        (
            ("Plásticos Sierra Industrial S.A.", 17, 45, 4, 6),
            ("Acería Nacional del Pacífico S.A.", 9, 60, 2, 7),
            ("Químicos Daule S.A.", 9, 30, 6, 4),
            ("Cementos Chimbo S.A.", 2, 30, 3, 5),
            ("Empresa Eléctrica Norte S.A.", 17, 15, 0, 2),
            ("Telefonía Cotacachi S.A.", 10, 15, 0, 2),
            ("Courier Mitad del Mundo Cía. Ltda.", 17, 30, 8, 3),
            ("Agencia Aduanera Litoral S.A.", 9, 15, 5, 3),
            ("Arriendos Carcelén S.A.", 17, 5, 0, 2),
            ("Combustibles Pifo Cía. Ltda.", 17, 15, 1, 3),
            ("Embalajes Pintag Cía. Ltda.", 17, 30, 10, 3),
        )
    )
)
CONCEPTS = (
    "Material de ferretería",
    "Menaje",
    "Grifería",
    "Pintura y solventes",
    "Tubería PVC",
    "Herramienta eléctrica",
    "Iluminación LED",
    "Artículos de limpieza",
)
PURCHASES = ("Mercadería para la venta", "Flete", "Servicios básicos", "Importación", "Material de empaque")
MONTH_END = "Acordado: paga a fin de mes"


def invoices(as_of: date) -> list[Item]:
    """Return the invoices and credit notes issued in the 14 months up to `as_of`, with their receipts."""
    random = seed(20_264)
    items = bill(
        random,
        CUSTOMERS,
        as_of,
        count=890,
        days=425,
        mean=118_000,
        rates=(15, 15, 15, 15, 15, 0),
        concepts=CONCEPTS,
        currency="USD",
    )
    items += bill(
        random,
        [ABROAD],
        as_of,
        count=6,
        days=400,
        mean=410_000,
        rates=(0,),
        concepts=("Rosas en caja",),
        currency="EUR",
    )
    items.sort(key=lambda item: item.issued)
    for at in (131, 402, 577, 806):
        items[at].cancelled, items[at].note = True, "Anulada en el SRI"
    for at, why in (
        (610, "Reclama faltante en la entrega"),
        (727, "Precio distinto al pedido"),
        (841, "Producto averiado"),
    ):
        items[at].disputed, items[at].note = True, why
    stuck = [item for item in items if item.party is CUSTOMERS[27] and 170 < (as_of - item.issued).days < 320][-2:]
    for item in stuck:
        item.kept, item.note = True, "En manos del abogado"
    items[858].due, items[858].note = None, MONTH_END
    for at in (88, 215, 330, 498, 655, 702, 760, 812, 861):
        items[at].due = None
    items[861].kept = True
    items[823].vat += 100
    items[869].kept = items[870].kept = items[858].kept = True
    notes = [
        credit(items[at], part, 12, as_of, offset=offset)
        for at, part, offset in (
            (52, 0.3, True),
            (190, 1.0, True),
            (268, 0.2, True),
            (441, 0.5, True),
            (640, 0.12, True),
            (790, 0.3, True),
            (850, 0.25, False),
            (874, 0.1, False),
        )
    ]
    last = 4127
    for at, item in enumerate(items):
        # A booklet number was spoiled and never registered; another was typed twice in a row.
        last += 2 if at == 533 else 1
        item.series, item.number = "001-002", f"001-002-{last:09d}"
    items[870].number = items[869].number
    for at, note in enumerate(sorted(notes, key=lambda item: item.issued), 84):
        note.series, note.number, note.note = "NC 001-002", f"NC 001-002-{at:09d}", "Nota de crédito"
    settle(random, items, as_of)
    return sorted(items + notes, key=lambda item: (item.issued, item.series))


def bills(as_of: date) -> list[Item]:
    """Return the suppliers' invoices of the 14 months up to `as_of`, with their payments."""
    random = seed(20_265)
    items = bill(
        random,
        SUPPLIERS,
        as_of,
        count=270,
        days=425,
        mean=236_000,
        rates=(15, 15, 15, 0),
        concepts=PURCHASES,
        currency="USD",
    )
    for at, item in enumerate(items):
        shop = 1 + SUPPLIERS.index(item.party)
        item.number = f"001-{shop:03d}-{20_410 + at * 13:09d}"
    items[244].party, items[244].number, items[244].kept = (
        items[241].party,
        items[241].number.replace("-000", "-"),
        True,
    )
    items[244].base, items[244].rate, items[244].vat = items[241].base, items[241].rate, items[241].vat
    items[250].kept = items[262].kept = True
    settle(random, items, as_of)
    twice = next(item for item in items[190:] if item.paid_on and item.paid_on < as_of - timedelta(days=15))
    twice.paid.append(Payment(workday(twice.paid[-1].day + timedelta(days=2), 1), twice.total))
    return items
