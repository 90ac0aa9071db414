"""How near a client's heading comes to the headings a field is known by: words in common, abbreviations and typing slips."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from aliado.language import fold
from aliado.tables.schema import TableSpec

EXACT: Final = 1.0
SPARE: Final = 0.9
"""A heading that a field accepts only where no better one stands."""

WORDS: Final = 0.85
"""The most that words in common can be worth."""

ENOUGH: Final = 0.5
"""Below this a heading says nothing about a field."""

_WORD = re.compile(r"[^\W_]+|[%#]")
_SILENT = frozenset(
    [
        "de",
        "del",
        "la",
        "el",
        "los",
        "las",
        "un",
        "una",
        "y",
        "o",
        "a",
        "en",
        "al",
        "por",
        "the",
        "of",
        "on",
        "and",
        "for",
        "to",
        "c",
        "con",
        "s",
        "e",
    ]
)
_SHORT: Final = {
    "f": "fecha", "fec": "fecha", "fch": "fecha", "fcha": "fecha", "vto": "vencimiento", "venc": "vencimiento",
    "vcto": "vencimiento", "vence": "vencimiento", "emi": "emision", "emis": "emision", "exp": "expedicion",
    "n": "numero", "no": "numero", "nro": "numero", "num": "numero", "numer": "numero", "fra": "factura", "fac": "factura",
    "fact": "factura", "ftra": "factura", "cli": "cliente", "clte": "cliente", "prov": "proveedor", "proveed": "proveedor",
    "imp": "importe", "impte": "importe", "mto": "monto", "tot": "total", "sdo": "saldo", "pdte": "pendiente",
    "pend": "pendiente", "obs": "observaciones", "cant": "cantidad", "doc": "documento", "ref": "referencia",
    "inv": "invoice", "cust": "customer", "amt": "amount", "dt": "date", "supp": "supplier", "bal": "balance",
    "raz": "razon", "soc": "social", "tel": "telefono", "telf": "telefono", "desc": "descripcion",
}  # fmt: skip
"""Abbreviation -> the word that headings use."""

_SLIP: Final = 0.84
"""Two words this alike are one word mistyped."""
_LONG_ENOUGH: Final = 5


class Headings:
    """The headings of one table, ready for comparing."""

    def __init__(self, spec: TableSpec) -> None:
        self._exact: Mapping[str, str] = spec.headings
        self._spare: Mapping[str, str] = spec.spare_headings
        self._known = [
            (name, words)
            for accepted in (spec.headings, spec.spare_headings)
            for heading, name in accepted.items()
            if (words := _words(heading))
        ]
        self._vocabulary = sorted({word for _, words in self._known for word in words})

    def scores(self, heading: str) -> dict[str, float]:
        """Return field -> how near the heading comes to it, 0 to 1; fields that it says nothing about are left out."""
        folded = fold(heading)
        found: dict[str, float] = {}
        words = frozenset(self._spelled(word) for word in _words(heading))
        for name, known in self._known:
            shared = len(words & known)
            if shared:
                near = WORDS * 2 * shared / (len(words) + len(known))
                if near >= ENOUGH and near > found.get(name, 0):
                    found[name] = near
        for accepted, worth in ((self._spare, SPARE), (self._exact, EXACT)):
            if folded in accepted:
                found[accepted[folded]] = worth
        return found

    def _spelled(self, word: str) -> str:
        """Return the known word that a mistyped one stands for, the word itself when it is like none."""
        if word in self._vocabulary or len(word) < _LONG_ENOUGH:
            return word
        near = difflib.get_close_matches(word, self._vocabulary, n=1, cutoff=_SLIP)
        return near[0] if near else word


@lru_cache(maxsize=4096)
def _words(heading: str) -> frozenset[str]:
    """Return the telling words of a heading, abbreviations written out."""
    words = [_SHORT.get(word, word) for word in _WORD.findall(fold(heading).replace("º", " ").replace("ª", " "))]
    return frozenset(word for word in words if word not in _SILENT)
