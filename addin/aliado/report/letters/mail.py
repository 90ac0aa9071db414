"""A letter as a mail that is not sent: a draft (.eml) that a mail program opens for a person to send."""

from __future__ import annotations

import hashlib
import re
from email.message import EmailMessage
from email.policy import SMTP
from html import escape
from typing import Final

from aliado.report.letters import words
from aliado.report.letters.claim_table import TEXTS, ClaimTable, make_table
from aliado.report.letters.letter import Letter
from aliado.report.letters.templates import ITEMS, Wording
from aliado.report.theme import GREY, INK, LINE, NAVY, STATUS

_ADDRESS: Final = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@([A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,63}")
_MOST_ADDRESSES: Final = 10


def render_mail(letter: Letter, wording: Wording) -> bytes:
    """Return the draft: marked as not sent, as plain text and as HTML. The same letter gives the same bytes.

    To is left out where the workbook gives no address, or something that is none; From likewise.
    """
    message = EmailMessage(policy=SMTP)
    message["X-Unsent"] = "1"
    sender, customer = read_addresses(letter.sender.email), read_addresses(letter.customer.email)
    if sender:
        message["From"] = sender[0]
    if customer:
        message["To"] = ", ".join(customer)
    message["Subject"] = wording.subject
    message.set_content(_plain(letter, wording), charset="utf-8")
    message.add_alternative(_html(letter, wording), subtype="html", charset="utf-8")
    # A boundary by chance would make every run different; no line of the parts can be it by accident.
    text = "".join(str(part.get_payload()) for part in message.iter_parts())
    message.set_boundary("=_aliado_" + hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:32])
    return bytes(message)


def read_addresses(text: str) -> tuple[str, ...]:
    """Return the mail addresses in a cell (one, or several with commas or semicolons between); none where any is not one."""
    found = [part for part in re.split(r"[;,\s]+", text) if part]
    if len(found) > _MOST_ADDRESSES or not all(_ADDRESS.fullmatch(part) for part in found):
        return ()
    return tuple(found)


def _plain(letter: Letter, wording: Wording) -> str:
    parts = []
    for paragraph in wording.paragraphs:
        if paragraph == (ITEMS,):
            parts += [_plain_table(make_table(claim, letter.locale)) for claim in letter.claims]
            if not letter.verified:
                parts.append(words.REVIEW.to(letter.language))
        else:
            parts.append("\n".join(paragraph))
    return "\n\n".join(parts) + "\n"


def _plain_table(table: ClaimTable) -> str:
    lines = [table.heads, *table.rows, table.total]
    widths = [max(len(line[column]) for line in lines) for column in range(len(table.heads))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if column < TEXTS else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )


def _html(letter: Letter, wording: Wording) -> str:
    parts = []
    for paragraph in wording.paragraphs:
        if paragraph == (ITEMS,):
            parts += [_html_table(make_table(claim, letter.locale)) for claim in letter.claims]
            if not letter.verified:
                ink, fill = STATUS["amber"]
                note = escape(words.REVIEW.to(letter.language))
                parts.append(f'<p style="color:{ink};background:{fill};padding:4px 8px"><b>{note}</b></p>')
        else:
            parts.append(f"<p>{'<br>'.join(escape(line) for line in paragraph)}</p>")
    body = "\n".join(parts)
    return (
        f'<!DOCTYPE html>\n<html lang="{letter.language}"><head><meta charset="utf-8">'
        f"<title>{escape(wording.subject)}</title></head>\n"
        f'<body style="font-family:Calibri,Arial,sans-serif;font-size:11pt;color:{INK}">\n{body}\n</body></html>\n'
    )


def _html_table(table: ClaimTable) -> str:
    def row(cells: tuple[str, ...], tag: str, style: str) -> str:
        inside = "".join(
            f'<{tag} style="padding:3px 10px;text-align:{"left" if column < TEXTS else "right"};{style}">'
            f"{escape(cell)}</{tag}>"
            for column, cell in enumerate(cells)
        )
        return f"<tr>{inside}</tr>"

    head = row(table.heads, "th", f"color:{GREY};border-bottom:1px solid {NAVY}")
    rows = "\n".join(row(cells, "td", f"border-bottom:1px solid {LINE}") for cells in table.rows)
    total = row(table.total, "td", f"font-weight:bold;border-bottom:2px solid {NAVY}")
    return f'<table style="border-collapse:collapse;margin:8px 0">\n{head}\n{rows}\n{total}\n</table>'
