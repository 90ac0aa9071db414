"""What is known of a client when its workbook is made."""

from __future__ import annotations

from typing import Literal, get_args

from msgspec import Struct

Kind = Literal["company", "person"]
KINDS: tuple[Kind, ...] = get_args(Kind)


class Known(Struct, frozen=True):
    """A client's name and tax ID, "" when not known yet, and what it is in law."""

    name: str = ""
    tax_id: str = ""
    kind: Kind = "company"
