"""XlsxWriter's way of writing tags, with one look at all their values instead of a pattern for each: the same text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from xlsxwriter.xmlwriter import XMLwriter

from aliado.report.bodies import write_text

if TYPE_CHECKING:
    from io import StringIO

Attributes = Sequence[tuple[str, object]]


class TagWriter(XMLwriter):  # type: ignore[misc]
    """To be inherited from before a class of the library's. fh: what it writes to."""

    fh: StringIO

    def _xml_start_tag(self, tag: str, attributes: Attributes = ()) -> None:
        self.fh.write(f"<{tag}{self._join(attributes)}>" if attributes else f"<{tag}>")

    def _xml_empty_tag(self, tag: str, attributes: Attributes = ()) -> None:
        self.fh.write(f"<{tag}{self._join(attributes)}/>" if attributes else f"<{tag}/>")

    def _xml_data_element(self, tag: str, data: object, attributes: Attributes = ()) -> None:
        text = write_text(data) if isinstance(data, str) else data
        self.fh.write(f"<{tag}{self._join(attributes)}>{text}</{tag}>" if attributes else f"<{tag}>{text}</{tag}>")

    def _join(self, attributes: Attributes) -> str:
        """Return attributes as they stand in a tag."""
        text = "".join([f' {name}="{value}"' for name, value in attributes])
        if text.count('"') == 2 * len(attributes) and not ("&" in text or "<" in text or ">" in text or "\n" in text):
            return text
        return "".join([f' {name}="{self._escape_attributes(value)}"' for name, value in attributes])


def use_tag_writer(part: Any) -> None:
    """Have an object of the library's write its tags in this way; it is otherwise what it was."""
    kind = type(part)
    if kind not in _kinds:
        _kinds[kind] = type(kind.__name__, (TagWriter, kind), {})
    part.__class__ = _kinds[kind]


_kinds: dict[type, type] = {}
