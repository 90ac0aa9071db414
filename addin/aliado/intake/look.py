"""The look of the input sheets: colours, and cell styles made once each."""

from __future__ import annotations

from typing import Any, Final

NAVY, PALE, GREY, AMBER, WHITE = "#1F3864", "#DCE6F1", "#595959", "#D68910", "#FFFFFF"
DAY: Final = "dd/mm/yyyy"


class Styles:
    """The cell styles of one workbook."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, Any], ...], Any] = {}
        self.title = self.get(bold=True, font_size=18, font_color=NAVY)
        self.plain = self.get()
        self.soft = self.get(font_color=GREY, text_wrap=True, valign="top")
        self.number = self.get(bold=True, font_color=NAVY, font_size=14, valign="vcenter", align="center")
        self.wrapped = self.get(text_wrap=True, valign="top")
        self.day = self.get(num_format=DAY, bg_color=PALE, border=1, align="left")

    def head(self, *, required: bool = False, right: bool = False) -> Any:
        """Return the style of a heading; required columns have an amber line below."""
        line = {"bottom": 5, "bottom_color": AMBER} if required else {}
        look = {"bold": True, "font_color": "#FFFFFF", "bg_color": NAVY, "text_wrap": True, "valign": "vcenter"}
        return self.get(**look, **line, **({"align": "right"} if right else {"align": "left", "indent": 1}))

    def get(self, **properties: Any) -> Any:
        """Return the style with these properties."""
        key = tuple(sorted(properties.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format({"font_name": "Calibri", **properties})
        return self._made[key]
