"""Which column of a CSV file goes into which column of a client's table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, get_args

from msgspec import Struct
from msgspec.structs import replace

from aliado.errors import WorkbookRefused
from aliado.intake.csv_file import CsvFile
from aliado.language import Language, Text, fold
from aliado.tables.proposal import GUESSED, ProposedTable, propose
from aliado.tables.recognition import Match
from aliado.tables.schema import Field, Formats
from aliado.workbook.sheet import Sheet

_LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)

_NO_TABLE = Text(
    "{file}: sus encabezados no dicen qué tabla es ({headings}). Indíquela con --table ({tables}).",
    "{file}: its headings do not tell which table it is ({headings}). Name it with --table ({tables}).",
)
_NO_COLUMNS = Text(
    "{file}: faltan columnas de «{table}»: {missing}. Encabezados: {headings}. Corrija el fichero, o el encabezado de su columna.",
    "{file}: columns of “{table}” are missing: {missing}. Headings: {headings}. Correct the file, or the heading of its column.",
)


class CsvColumn(Struct, frozen=True):
    """A column that is imported. place: its index in the file; target: the worksheet column, 1-based; field: canonical, if any."""

    place: int
    heading: str
    target: int
    field: Field | None


class Mapped(Struct, frozen=True):
    """A file whose columns are told. header: index of its row of headings; unknown: headings that go nowhere.

    formats: how its dates and amounts are written, None where the file does not tell.
    """

    match: Match
    header: int
    columns: tuple[CsvColumn, ...]
    unknown: tuple[str, ...]
    formats: Formats


def map_columns(file: CsvFile, matches: Mapping[str, Match], formats: Formats) -> Mapped:
    """Return which table a file is of and where its columns go; `matches` are the workbook's tables that may be meant.

    formats: given by the user, before what the file tells, before what the client's pack says. A heading that the
    table has goes to that column, the others by what they mean. Raises WorkbookRefused.
    """
    sheet = Sheet(file.name.replace("-", " ").replace("_", " "), 1, 1, file.rows)
    proposed = next(iter(propose([sheet], {name: match.spec for name, match in matches.items()})), None)
    if proposed is None:
        first = ", ".join(file.rows[0][:12])
        raise WorkbookRefused(_NO_TABLE.format(file=file.name, headings=first, tables=", ".join(matches)))
    match = matches[proposed.spec.name]
    columns = _columns(proposed, match)
    there = {column.field.name for column in columns if column.field}
    missing = [name for name in match.spec.needed if name in match.columns and name not in there]
    headings = proposed.region.headings
    if missing:
        named = [title for name in missing if (title := match.spec.fields[name].title)]
        raise WorkbookRefused(Text(*(_no_columns(file, match, named, headings.values(), each) for each in _LANGUAGES)))
    used = {column.place + 1 for column in columns}
    unknown = tuple(heading for column, heading in headings.items() if column not in used)
    return Mapped(match, proposed.region.header_row - 1, columns, unknown, _formats(formats, proposed))


def _no_columns(
    file: CsvFile, match: Match, missing: Iterable[Text], headings: Iterable[str], language: Language
) -> str:
    table, wanted = match.spec.title.to(language), ", ".join(title.to(language) for title in missing)
    return _NO_COLUMNS.to(language).format(file=file.name, table=table, missing=wanted, headings=", ".join(headings))


def _columns(proposed: ProposedTable, match: Match) -> tuple[CsvColumn, ...]:
    own = {folded: column for column, folded in match.region.folded.items()}
    fields = {column: match.spec.fields[name] for name, column in match.columns.items()}
    found: dict[int, CsvColumn] = {}
    for column, heading in proposed.region.headings.items():
        target = own.get(fold(heading))
        if target is not None and target not in found:
            found[target] = CsvColumn(column - 1, heading, target, fields.get(target))
    taken = {item.place for item in found.values()}
    for item in proposed.fields:
        target = match.columns.get(item.name)
        if target is None or target in found or item.column - 1 in taken or item.confidence <= GUESSED:
            continue
        found[target] = CsvColumn(item.column - 1, item.heading, target, fields[target])
    return tuple(found[target] for target in sorted(found))


def _formats(given: Formats, proposed: ProposedTable) -> Formats:
    told, declared = proposed.formats, proposed.spec.formats
    seen = told.date if proposed.sure_date else declared.date or told.date
    return replace(
        declared,
        date=given.date or seen or declared.date,
        decimal=given.decimal or told.decimal or declared.decimal,
    )


def headings_of(columns: Sequence[CsvColumn], match: Match) -> list[tuple[str, str]]:
    """Return the file's heading and the table's for each imported column."""
    return [(column.heading, match.region.headings.get(column.target, "")) for column in columns]
