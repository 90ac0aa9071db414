"""Which canonical table each region of a workbook is.

Every region is compared with every canonical table; headings match without accents, case or extra spaces.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct, field

from aliado.errors import WorkbookRefused
from aliado.language import Text, fold
from aliado.tables.regions import (
    ENOUGH_FIELDS,
    Region,
    column_letters,
    complete_columns,
    field_of,
    find_regions,
    header_candidates,
)
from aliado.tables.schema import TableSpec
from aliado.workbook.sheet import Sheet


class Match(Struct, frozen=True):
    """A region recognised as a canonical table. columns: field -> worksheet column number.

    label_column: set when the fields are labels down that column with their values to the right;
    columns then holds field -> worksheet row number.
    """

    region: Region
    spec: TableSpec
    columns: Mapping[str, int]
    named: bool
    label_column: int | None = None


class Recognition(Struct):
    """The tables found in a workbook, and remarks on what was passed over."""

    matches: dict[str, Match] = field(default_factory=dict)
    notes: list[Text] = field(default_factory=list)


def recognise(sheets: Sequence[Sheet], specs: Mapping[str, TableSpec]) -> Recognition:
    """Return which region of the workbook is which canonical table.

    Raises WorkbookRefused when a table is declared but absent, when two regions fit a table equally well,
    or when two columns could be the same field.
    """
    own = [sheet for sheet in sheets if sheet.role is None]
    regions = list(find_regions(own, specs))
    found = Recognition()
    declared = [name for name, spec in specs.items() if spec.sheet or spec.table]
    for name in declared:
        found.matches[name] = _declared(specs[name], regions, own)
    taken = [match.region for match in found.matches.values()]
    open_regions = [region for region in regions if region not in taken]
    _share_out(open_regions, {name: spec for name, spec in specs.items() if name not in declared}, found)
    _check_near_misses(own, specs, found)
    profile = specs.get("profile")
    if profile is not None and not (profile.sheet or profile.table):
        labelled = _labelled(own, profile)
        across = found.matches.get("profile")
        if labelled and (across is None or len(labelled.columns) > len(across.columns)):
            found.matches["profile"] = labelled
    for match in found.matches.values():
        if match.label_column is None:
            _check_columns(match)
    return found


Rank = tuple[int, int, int, bool]
"""How well a region fits a table: how plainly its name says so, mapped headings, fields matched, it is an Excel table."""


def _share_out(regions: list[Region], specs: Mapping[str, TableSpec], found: Recognition) -> None:
    """Give each region to the table it fits best, best fits first; one region and one table go together once.

    Raises WorkbookRefused when two regions fit a table equally well and neither fits another one.
    """
    fits = {index: _fits(region, specs) for index, region in enumerate(regions)}
    candidates = sorted(
        ((rank, index, name) for index, by_name in fits.items() for name, (rank, _) in by_name.items()),
        key=lambda item: item[0],
        reverse=True,
    )
    free = set(fits)
    for rank, index, name in candidates:
        if index not in free or name in found.matches:
            continue
        rivals = [other for other in free if other != index and _as_good(fits[other].get(name), rank)]
        rivals = [
            other for other in rivals if not any(other_name not in {*found.matches, name} for other_name in fits[other])
        ]
        if rivals:
            raise WorkbookRefused(_several(specs[name], [regions[other] for other in sorted([index, *rivals])]))
        found.matches[name] = fits[index][name][1]
        free.discard(index)
    for index in sorted(free):
        best = max(fits[index].values(), key=lambda fit: fit[0], default=None)
        if best:
            found.notes.append(_passed_over(best[1].spec, found.matches[best[1].spec.name], best[1]))


def _check_near_misses(sheets: Sequence[Sheet], specs: Mapping[str, TableSpec], found: Recognition) -> None:
    """Refuse a sheet that is named like a table nobody else is, and lacks just one of its required headings.

    Passed over in silence it would leave the client without figures.
    """
    for sheet in sheets:
        titles = [None, *(table.name for table in sheet.tables)]
        means = {title: _plainest(Region(sheet, 0, 0, 0, {}, title), specs) for title in titles}
        if not any(name and name not in found.matches for name in means.values()):
            continue
        for region in header_candidates(sheet):
            name = means[region.excel_table]
            if name is None or name in found.matches:
                continue
            spec = specs[name]
            present = {field for heading in region.headings.values() if (field := field_of(heading, spec))}
            if len(spec.needed - present) == 1 and len(present) >= ENOUGH_FIELDS:
                raise WorkbookRefused(_missing_headings(spec, region))


def _plainest(region: Region, specs: Mapping[str, TableSpec]) -> str | None:
    """Return the table that a sheet's or Excel table's name says most plainly, None when it says none."""
    naming = {name: name_weight(region, spec) for name, spec in specs.items()}
    best = max(naming, key=lambda name: naming[name], default=None)
    return best if best is not None and naming[best] else None


def _as_good(fit: tuple[Rank, Match] | None, rank: Rank) -> bool:
    """Whether a region fits as well; two sheets named alike do, however many columns each has (Facturas 2025, Facturas 2026)."""
    return fit is not None and (fit[0] == rank or (rank[0] > 0 and fit[0][:2] == rank[:2]))


def _fits(region: Region, specs: Mapping[str, TableSpec]) -> dict[str, tuple[Rank, Match]]:
    """Return table -> how well a region fits it; a region without a telling name must match enough fields."""
    fits: dict[str, tuple[Rank, Match]] = {}
    naming = {name: name_weight(region, spec) for name, spec in specs.items()}
    plainest = max(naming.values(), default=0)
    for name, spec in specs.items():
        columns = complete_columns(region, spec)
        # "Facturas recibidas" begins like "Facturas", but says purchases: it is never read as sales.
        if columns is None or naming[name] < plainest:
            continue
        named = naming[name]
        enough = min(ENOUGH_FIELDS, len(region.headings))
        if not named and (len(columns) < enough or not any(item.required for item in spec.fields.values())):
            continue
        mapped = sum(field in columns for field in spec.map)
        rank = (named, mapped, len(columns), region.excel_table is not None)
        fits[name] = rank, Match(region, spec, {field: places[0] for field, places in columns.items()}, named > 0)
    return fits


def name_weight(region: Region, spec: TableSpec) -> int:
    """Return how plainly a sheet's or table's name says which table it is: letters in common, 0 when it does not.

    A name says so when it is one of the table's names, or begins with one ("Facturas 2026"); the same counts most.
    """
    wanted = spec.folded_names
    return max((weight for name, weight in region.called.items() if name in wanted), default=0)


def _several(spec: TableSpec, regions: list[Region]) -> Text:
    places = ", ".join(region.place for region in regions)
    return Text(
        f"Hay varias tablas que pueden ser «{spec.title.es}»: {places}. "
        f"Diga cuál es en el paquete de reglas: tables: {spec.name}: from: {{sheet: …, table: …}}.",
        f"Several tables could be “{spec.title.en}”: {places}. "
        f"Say which one it is in the rule pack: tables: {spec.name}: from: {{sheet: …, table: …}}.",
    )


def _declared(spec: TableSpec, regions: list[Region], sheets: Sequence[Sheet]) -> Match:
    wanted = "!".join(name for name in (spec.sheet, spec.table) if name)
    fitting = [
        region
        for region in regions
        if (spec.sheet is None or fold(region.sheet.name) == fold(spec.sheet))
        and (spec.table is None or fold(region.excel_table or "") == fold(spec.table))
    ]
    for region in fitting:
        columns = complete_columns(region, spec)
        if columns is not None:
            return Match(region, spec, {name: found[0] for name, found in columns.items()}, named=True)
    if fitting:
        raise WorkbookRefused(_missing_headings(spec, fitting[0]))
    names = ", ".join(sheet.name for sheet in sheets)
    raise WorkbookRefused(
        Text(
            f"El paquete de reglas busca «{spec.title.es}» en {wanted}, que no está en el libro (hojas: {names}). "
            f"Corrija tables: {spec.name}: from en el paquete.",
            f"The rule pack looks for “{spec.title.en}” in {wanted}, which is not in the workbook (sheets: {names}). "
            f"Correct tables: {spec.name}: from in the pack.",
        )
    )


def _suggestion(heading: str, region: Region) -> tuple[str, str]:
    """Return the question whether a heading of the region was meant, in Spanish and English; empty when none is near."""
    from difflib import get_close_matches  # late: only mistakes need it

    near = get_close_matches(heading, list(region.headings.values()), n=1)
    return (f" ¿Quiso decir «{near[0]}»?", f" Did you mean “{near[0]}”?") if near else ("", "")


def _missing_headings(spec: TableSpec, region: Region) -> Text:
    present = {field_of(heading, spec) for heading in region.headings.values()}
    missing = [name for name, item in spec.fields.items() if item.required and name not in present]
    wanted = [spec.map.get(name, spec.fields[name].names[0] if spec.fields[name].names else name) for name in missing]
    es, en = _suggestion(wanted[0], region) if wanted else ("", "")
    columns = ", ".join(wanted)
    return Text(
        f"En {region.place} faltan columnas de «{spec.title.es}»: {columns}.{es} Añádalas o corrija tables: {spec.name}: map en el paquete.",
        f"{region.place} lacks columns of “{spec.title.en}”: {columns}.{en} Add them or correct tables: {spec.name}: map in the pack.",
    )


def _check_columns(match: Match) -> None:
    columns = complete_columns(match.region, match.spec) or {}
    for name, found in columns.items():
        if len(found) > 1:
            headings = ", ".join(
                f"{column_letters(column)}{match.region.header_row} «{match.region.headings[column]}»"
                for column in found
            )
            raise WorkbookRefused(
                Text(
                    f"En {match.region.sheet.name} hay {len(found)} columnas que pueden ser «{name}»: {headings}. "
                    f"Cambie un encabezado o diga cuál vale en el paquete de reglas: tables: {match.spec.name}: map: {{{name}: …}}.",
                    f"{match.region.sheet.name} has {len(found)} columns that could be “{name}”: {headings}. "
                    f"Rename a heading or say which one counts in the rule pack: tables: {match.spec.name}: map: {{{name}: …}}.",
                )
            )
    for name, heading in match.spec.map.items():
        if not heading.startswith("=") and name not in columns:
            es, en = _suggestion(heading, match.region)
            raise WorkbookRefused(
                Text(
                    f"El paquete de reglas toma «{name}» de la columna «{heading}», que no está en {match.region.place}.{es}",
                    f"The rule pack takes “{name}” from the column “{heading}”, which is not in {match.region.place}.{en}",
                )
            )


def _labelled(sheets: Sequence[Sheet], spec: TableSpec) -> Match | None:
    """Return the client profile when it is laid out as labels with their values to the right."""
    accepted = spec.headings
    for sheet in sheets:
        region = Region(sheet, sheet.first_row, sheet.first_row, sheet.first_row + len(sheet.rows) - 1, {})
        if not name_weight(region, spec):
            continue
        for offset in range(2):
            labels: dict[str, int] = {}
            for index, row in enumerate(sheet.rows[:200]):
                label = row[offset] if offset < len(row) else None
                name = accepted.get(fold(label.rstrip(": "))) if isinstance(label, str) else None
                if name and name not in labels:
                    labels[name] = sheet.first_row + index
            if len(labels) >= 2:
                return Match(region, spec, labels, named=True, label_column=sheet.first_column + offset)
    return None


def _passed_over(spec: TableSpec, chosen: Match, other: Match) -> Text:
    return Text(
        f"«{spec.title.es}» se lee de {chosen.region.place}; {other.region.place} también podría serlo y no se ha leído. "
        f"Si es la buena, dígalo en el paquete: tables: {spec.name}: from.",
        f"“{spec.title.en}” is read from {chosen.region.place}; {other.region.place} could be it too and was not read. "
        f"If that is the right one, say so in the pack: tables: {spec.name}: from.",
    )
