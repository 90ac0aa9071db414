"""Countries as people write them in a profile, read to their two letters."""

from __future__ import annotations

from typing import Final

from aliado.language import fold

_NAMES: Final = {
    "AR": "Argentina ARG",
    "BO": "Bolivia BOL",
    "BR": "Brasil Brazil BRA",
    "CL": "Chile CHL",
    "CO": "Colombia COL",
    "CR": "Costa_Rica CRI",
    "CU": "Cuba CUB",
    "DO": "República_Dominicana Dominican_Republic DOM",
    "EC": "Ecuador ECU",
    "ES": "España Spain ESP",
    "GT": "Guatemala GTM",
    "HN": "Honduras HND",
    "MX": "México Mexico MEX Méjico",
    "NI": "Nicaragua NIC",
    "PA": "Panamá PAN",
    "PE": "Perú PER",
    "PR": "Puerto_Rico PRI",
    "PT": "Portugal PRT",
    "PY": "Paraguay PRY",
    "SV": "El_Salvador SLV",
    "US": "Estados_Unidos EE.UU. EEUU United_States USA",
    "UY": "Uruguay URY",
    "VE": "Venezuela VEN",
}
_CODES: Final = {fold(name.replace("_", " ")): code for code, names in _NAMES.items() for name in names.split()}


def read_country(text: str) -> str:
    """Return the two letters of a country written as its name, its three letters or its two; another text as it is."""
    plain = text.strip()
    return _CODES.get(fold(plain), plain.upper() if len(plain) == 2 else plain)
