"""How the sheets look: palette, fonts and number formats.

Colours are fixed RGB, not theme colours: the sheets must look the same in any client's workbook.
Every text colour has a contrast of at least 4.5:1 on every fill it is used on (tests hold this).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, Final

from aliado.language import Language
from aliado.locales import Locale
from aliado.rules.assessment import Kpi

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook

FONT: Final = "Calibri"

NAVY: Final = "#1F3A5F"
INK: Final = "#1E293B"
GREY: Final = "#526077"
LINE: Final = "#CBD5E1"
HAIR: Final = "#E2E8F0"
PAPER: Final = "#FFFFFF"
MIST: Final = "#F3F6FA"
LINK: Final = "#1D4ED8"

STATUS: Final[Mapping[str, tuple[str, str]]] = {
    "green": ("#14532D", "#DCF3E3"),
    "amber": ("#7A3E06", "#FDEFC8"),
    "red": ("#8F1B1B", "#FBE1E1"),
    "none": (GREY, MIST),
    "info": ("#1E4E79", "#E3EEF9"),
}
"""Status or severity -> text colour, fill."""

BAND_COLOURS: Final = ("#2F7F86", "#E9B949", "#E08E45", "#CF6A3E", "#B04632", "#7F2626", "#8A94A6")
"""One colour per ageing band, light to dark with age; grey where there is no due date."""
HEAT: Final = ("#FFFFFF", "#F6B48F")
BAR: Final = "#9DB8D9"

DATES: Final[Mapping[Language, str]] = {"es": "dd/mm/yyyy", "en": "[$-409]d mmm yyyy"}
PERCENT: Final[Mapping[Language, str]] = {"es": "0.0 %", "en": "0.0%"}
DAYS: Final[Mapping[Language, str]] = {"es": '0.0 "días"', "en": '0.0 "days"'}
WHOLE: Final = "#,##0"

WITHOUT_CENTS: Final = frozenset(
    {"BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF"}
)
"""Currencies without minor units (ISO 4217)."""

STYLES: Final[Mapping[str, Mapping[str, Any]]] = {
    "title": {"bold": True, "font_size": 20, "font_color": NAVY, "valign": "vcenter"},
    "subtitle": {"font_size": 11, "font_color": GREY, "valign": "vcenter"},
    "rule": {"top": 2, "top_color": NAVY},
    "section": {"bold": True, "font_size": 13, "font_color": NAVY, "bottom": 1, "bottom_color": NAVY},
    "label": {"font_size": 9, "font_color": GREY},
    "fact": {"bold": True, "align": "left", "valign": "top"},
    "head": {
        "bold": True,
        "font_color": PAPER,
        "bg_color": NAVY,
        "valign": "vcenter",
        "text_wrap": True,
        "border": 1,
        "border_color": NAVY,
    },
    "small_head": {"bold": True, "font_size": 9, "font_color": GREY, "bottom": 1, "bottom_color": LINE},
    "subtotal": {"bold": True, "valign": "vcenter", "top": 1, "top_color": NAVY},
    "cell": {"valign": "top", "bottom": 1, "bottom_color": HAIR},
    "plain": {"valign": "top"},
    "line": {"valign": "vcenter", "bottom": 1, "bottom_color": HAIR},
    "total": {"bold": True, "valign": "vcenter", "top": 1, "top_color": NAVY, "bottom": 6, "bottom_color": NAVY},
    "small": {
        "font_size": 8,
        "font_color": GREY,
        "valign": "vcenter",
        "text_wrap": True,
        "bottom": 1,
        "bottom_color": HAIR,
    },
    "prose": {"font_color": GREY, "text_wrap": True, "valign": "top"},
    "note": {"font_size": 9, "font_color": INK, "text_wrap": True, "valign": "top"},
    "good": {"bold": True, "font_color": STATUS["green"][0], "bg_color": STATUS["green"][1], "valign": "vcenter"},
    "footer": {"font_size": 8, "font_color": GREY},
}


class Theme:
    """The formats of one donor workbook, each made once.

    locale: how its texts write amounts. Its number formats need none: Excel shows numbers in cells with the separators
    of whoever looks, and changes them when the workbook travels.
    """

    def __init__(self, workbook: Workbook, locale: Locale) -> None:
        self._workbook = workbook
        self._made: dict[str, Format] = {}
        self._asked: dict[tuple[object, ...], Format] = {}
        self.language: Language = locale.language
        self.locale = locale

    def style(self, name: str, **changes: Any) -> Format:
        """Return the format of a named style, with some properties changed."""
        asked = (name, *changes.items())
        found = self._asked.get(asked)
        if found is None:
            found = self._asked[asked] = self._make(name, tuple(changes.items()))
        return found

    def _make(self, name: str, changes: tuple[tuple[str, Any], ...]) -> Format:
        key, pattern = _pattern(name, changes)
        if key not in self._made:
            made = self._made[key] = _copy(pattern)
            made.xf_format_indices = self._workbook.xf_format_indices
            made.dxf_format_indices = self._workbook.dxf_format_indices
            self._workbook.formats.append(made)
        return self._made[key]

    def status(self, status: str, name: str = "line", **changes: Any) -> Format:
        """Return a style in the text colour and fill of a status or severity."""
        colour, fill = STATUS[status]
        return self.style(name, font_color=colour, bg_color=fill, bold=True, **changes)

    @cached_property
    def lines(self) -> Format:
        """The hair line under a row, for conditional formats."""
        return self._workbook.add_format({"bottom": 1, "bottom_color": HAIR})

    @cached_property
    def group_end(self) -> Format:
        """The dark line under the last row of a group, for conditional formats."""
        return self._workbook.add_format({"bottom": 1, "bottom_color": NAVY})

    @property
    def date(self) -> str:
        """The number format of dates."""
        return DATES[self.language]

    @property
    def percent(self) -> str:
        """The number format of fractions."""
        return PERCENT[self.language]


@lru_cache(maxsize=2048)
def _pattern(name: str, changes: tuple[tuple[str, Any], ...]) -> tuple[str, Format]:
    """Return what tells a format apart, and the format to copy into each workbook: made once in a process.

    One that varies a style takes a tenth of the time of one made from nothing.
    """
    from xlsxwriter.format import Format  # late: as everywhere that writes

    properties = {"font_name": FONT, "font_size": 11, "font_color": INK, **STYLES[name], **dict(changes)}
    # 0 and False are as if unsaid. A text, as it is looked up many times and hashed once.
    key = repr(sorted((name, value) for name, value in properties.items() if value))
    made = _copy(_pattern(name, ())[1]) if changes else Format(properties)
    for change, value in changes:
        getattr(made, f"set_{change}")(value)
    made._format_key = key  # noqa: SLF001 -- the library tells formats apart by it, and takes long to write one itself
    return key, made


def _copy(style: Format) -> Format:
    copy: Format = object.__new__(type(style))
    copy.__dict__.update(style.__dict__)
    return copy


def money_format(currency: str, amounts: Iterable[Decimal] = (), *, with_code: bool = False) -> str:
    """Return the number format of amounts in a currency; cents are never hidden where some amount has them."""
    whole = currency.upper() in WITHOUT_CENTS and all(amount == amount.to_integral_value() for amount in amounts)
    return _money_format(currency, whole, with_code)


@lru_cache(maxsize=256)
def _money_format(currency: str, whole: bool, with_code: bool) -> str:
    number = "#,##0" if whole else "#,##0.00"
    code = f'" {quoted(currency)}"' if with_code and currency else ""
    nothing = "0" if with_code else '"–"'
    return f"{number}{code};-{number}{code};{nothing}{code}"


@lru_cache(maxsize=256)
def padded(number_format: str) -> str:
    """Return a number format that leaves the width of a bracket free on the right, as ledgers do."""
    return ";".join(f"{part}_)" for part in number_format.split(";"))


def kpi_format(kpi: Kpi, currency: str, language: Language, prefix: str = "") -> str:
    """Return the number format of a KPI's value (or of its target, with a prefix such as "≤ ")."""
    before = f'"{prefix}"' if prefix else ""
    match kpi.unit:
        case "%":
            return before + PERCENT[language]
        case "days":
            return before + DAYS[language]
        case "count":
            return before + WHOLE
        case "money":
            number = money_format(currency, [v for v in (kpi.value, kpi.target) if v is not None], with_code=True)
            return ";".join(before + part for part in number.split(";"))
        case _:
            return before + "0.0"


def change_format(number_format: str) -> str:
    """Return a number format with its sign always shown."""
    positive = number_format.split(";", maxsplit=1)[0]
    return f"+{positive};-{positive};{positive}"


def shown_places(number_format: str) -> int:
    """Return how many decimals of the value itself a number format shows: one of 12.5 %, three of the fraction 0.125."""
    code = re.sub(r'"[^"]*"|\[[^]]*]|\\.', "", number_format.split(";", maxsplit=1)[0])
    found = re.search(r"\.(0+)", code)
    return (len(found[1]) if found else 0) + (2 if "%" in code else 0)


def quoted(text: str) -> str:
    """Return client text fit to stand inside a quoted part of a number format."""
    return "".join(c for c in text if c.isalnum())[:8]
