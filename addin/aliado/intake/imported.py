"""What became of a CSV file that was imported, and how that is told: alike by the command and by the ribbon."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from aliado.intake.csv_columns import Mapped, headings_of
from aliado.intake.csv_file import CsvFile
from aliado.intake.csv_rows import CsvRow, Unread, unread_lines
from aliado.language import Language, Text
from aliado.workbook.append import Place

_SHOWN = 20
_READ = Text(
    "{file}: {encoding}, separador «{delimiter}», fechas {date}, decimales {decimal} → {place} ({table})",
    "{file}: {encoding}, delimiter “{delimiter}”, dates {date}, decimals {decimal} → {place} ({table})",
)
_COLUMNS = Text("  columnas: {columns}", "  columns: {columns}")
_UNKNOWN = Text("  sin destino, no se importan: {headings}", "  no place for them, not imported: {headings}")
_ADDED = Text("  filas nuevas: {count}{where}", "  new rows: {count}{where}")
_SKIPPED = Text("  ya estaban: {count} (líneas {lines})", "  already there: {count} (lines {lines})")
_UNREAD = Text("  no se entienden: {count} filas", "  not understood: {count} rows")
_CELL = Text(
    "    línea {line}{heading}: «{found}»; se espera {expected}",
    "    line {line}{heading}: “{found}”; expected {expected}",
)
_MORE = Text("    … y {count} más", "    … and {count} more")
_ORDERS = {
    "dmy": Text("dd/mm/aaaa", "dd/mm/yyyy"),
    "mdy": Text("mm/dd/aaaa", "mm/dd/yyyy"),
    "ymd": Text("aaaa/mm/dd", "yyyy/mm/dd"),
    None: Text("aaaa-mm-dd", "yyyy-mm-dd"),
}


class Imported(Struct, frozen=True):
    """What became of one file. rows: added; skipped: already there; unread: cells that could not be read.

    place: where the new rows went.
    """

    file: CsvFile
    mapped: Mapped
    place: Place
    rows: tuple[CsvRow, ...]
    skipped: tuple[CsvRow, ...]
    unread: tuple[Unread, ...]


def describe(path: Path, done: Imported, language: Language) -> Iterator[str]:
    """Yield what there is to say of one file: how it was read, where its columns and rows went, and what did not."""
    mapped, region = done.mapped, done.mapped.match.region
    yield _READ.to(language).format(
        file=path,
        encoding=done.file.encoding,
        delimiter=done.file.delimiter.replace("\t", "tab"),
        date=_ORDERS[mapped.formats.date].to(language),
        decimal=mapped.formats.decimal or "?",
        place=region.place,
        table=mapped.match.spec.title.to(language),
    )
    columns = (theirs if theirs == ours else f"{theirs} → {ours}" for theirs, ours in headings_of(mapped.columns, mapped.match))  # fmt: skip
    yield _COLUMNS.to(language).format(columns=", ".join(columns))
    if mapped.unknown:
        yield _UNKNOWN.to(language).format(headings=", ".join(mapped.unknown))
    first, last = done.place.first, done.place.first + len(done.rows) - 1
    where = f" ({done.place.sheet}!{first}:{last})" if done.rows else ""
    yield _ADDED.to(language).format(count=len(done.rows), where=where)
    if done.skipped:
        lines = ", ".join(str(row.line) for row in done.skipped[:_SHOWN]) + ("…" if len(done.skipped) > _SHOWN else "")
        yield _SKIPPED.to(language).format(count=len(done.skipped), lines=lines)
    if done.unread:
        yield _UNREAD.to(language).format(count=len(unread_lines(done.unread)))
    for item in done.unread[:_SHOWN]:
        heading = f", {item.heading}" if item.heading else ""
        expected = item.expected.to(language)
        yield _CELL.to(language).format(line=item.line, heading=heading, found=item.found, expected=expected)
    if len(done.unread) > _SHOWN:
        yield _MORE.to(language).format(count=len(done.unread) - _SHOWN)
