"""The donor's sheets taken into an open workbook by Excel itself, in place of those that an earlier refresh put there.

Everything can be undone until the very end: only then are our old sheets deleted. What the client's own formulas and
names say about our sheets is written again afterwards, since Excel would let them follow the old ones.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any

from msgspec import Struct

from aliado.workbook.book import OWNER_PREFIX, sheet_reference

_OLD = "~Aliado "


class Mention(Struct, frozen=True):
    """A formula or name of the client's that speaks of our sheets: where it stands, and its text."""

    write: Callable[[str], None]
    text: str

    def restore(self) -> None:
        """Write the text again as it was, so that it speaks of the sheets that bear the names now."""
        self.write(self.text)


def lay_in(book: Any, donor: Any, names: Mapping[str, str], owned: Mapping[str, str]) -> None:
    """Copy the donor's sheets into a book.

    names: role -> name of the donor's sheet, which becomes its name in the book; owned: role -> our sheet there now.
    A present sheet keeps its place, tab colour and visibility; new ones go last; roles without a new sheet go.
    On any failure the book is left as it was, and the failure is raised.
    """
    undo: list[Callable[[], None]] = []
    old = {role: book.sheets[name] for role, name in owned.items()}
    try:
        _lay_in(book, donor, names, old, undo)
    except BaseException:
        for step in reversed(undo):
            with suppress(Exception):  # the other steps back are still worth taking
                step()
        raise
    for sheet in old.values():
        sheet.delete()


def _lay_in(
    book: Any, donor: Any, names: Mapping[str, str], old: Mapping[str, Any], undo: list[Callable[[], None]]
) -> None:
    mentions = list(_read_mentions(book, {sheet.name for sheet in old.values()}, _table_names(old.values())))
    undo.extend(mention.restore for mention in mentions)
    fresh = {}
    for role, name in names.items():
        place = {"before": old[role]} if role in old else {"after": book.sheets[len(book.sheets) - 1]}
        fresh[role] = donor.sheets[name].copy(**place)
        undo.append(fresh[role].delete)
    for role, sheet in old.items():
        for table in sheet.tables:
            _rename(table, f"{table.name}_{_OLD.strip('~ ')}", undo)
        _rename(sheet, f"{_OLD}{role}"[:31], undo)
    for role, sheet in fresh.items():
        for table, model in zip(sheet.tables, donor.sheets[names[role]].tables, strict=True):
            if table.name != model.name:
                _rename(table, model.name, undo)
        if sheet.name != names[role]:
            _rename(sheet, names[role], undo)
    for role, sheet in fresh.items():
        sheet.used_range.replace_all(f"[{donor.name}]", "")
        if role in old:
            _keep_tab(old[role], sheet)
    _write_owners(book, names, [role for role in old if role not in names], undo)
    for mention in mentions:
        mention.restore()


def _rename(thing: Any, name: str, undo: list[Callable[[], None]]) -> None:
    before = thing.name
    thing.name = name
    undo.append(lambda: setattr(thing, "name", before))


def _table_names(sheets: Iterable[Any]) -> set[str]:
    return {table.name for sheet in sheets for table in sheet.tables}


def _read_mentions(book: Any, sheets: set[str], tables: set[str]) -> Iterator[Mention]:
    if not sheets:
        return
    ours = _pattern(sheets, tables)
    for sheet in book.sheets:
        if sheet.name not in sheets:
            yield from _mentions_on(sheet, ours)
            yield from _mentions_in_charts(sheet, ours)
    for name in book.names:
        if not name.name.lower().startswith(OWNER_PREFIX) and not _is_local(name.name, sheets):
            text = name.refers_to
            if ours.search(text):
                yield Mention(_name_writer(book, name.name), text)


def _pattern(sheets: set[str], tables: set[str]) -> re.Pattern[str]:
    """Return what finds a reference to one of these sheets or tables in a formula."""
    plain = [rf"(?<![\w.']){re.escape(name)}!" for name in sheets]
    quoted = [re.escape(sheet_reference(name)) + "!" for name in sheets]
    structured = [rf"(?<![\w.]){re.escape(name)}\[" for name in tables]
    return re.compile("|".join([*plain, *quoted, *structured]), re.IGNORECASE)


def _mentions_on(sheet: Any, ours: re.Pattern[str]) -> Iterator[Mention]:
    area = sheet.used_range
    grid = area.formula
    rows = grid if isinstance(grid, (list, tuple)) else [[grid]]
    for i, row in enumerate(rows):
        for j, text in enumerate(row if isinstance(row, (list, tuple)) else [row]):
            if isinstance(text, str) and text.startswith("=") and ours.search(text):
                yield from _cell_mention(sheet.range((area.row + i, area.column + j)))


def _mentions_in_charts(sheet: Any, ours: re.Pattern[str]) -> Iterator[Mention]:
    """Yield the series of the client's charts that draw cells of ours (Excel for Windows; elsewhere they are not seen)."""
    for chart in sheet.charts:
        for one, text in _series_of(chart):
            if ours.search(text):
                yield Mention(lambda new, one=one: setattr(one, "Formula", new), text)  # type: ignore[misc]


def _series_of(chart: Any) -> list[tuple[Any, str]]:
    """Return the series of a chart with their formulas, none for a kind of chart that has no such thing."""
    try:
        series = chart.api[1].SeriesCollection()
        return [(one, one.Formula) for one in (series.Item(number) for number in range(1, series.Count + 1))]
    except Exception:  # noqa: BLE001 -- every program fails in its own way here
        return []


def _cell_mention(cell: Any) -> Iterator[Mention]:
    """Yield how the formula of a cell is written again; one that spills, or fills several cells, once."""
    api = cell.api
    if getattr(api, "HasSpill", False) is True:
        if api.SpillParent.Address == api.Address:
            yield Mention(lambda text: setattr(cell, "formula2", text), cell.formula2)
    elif cell.has_array and hasattr(api, "CurrentArray"):
        whole = api.CurrentArray
        if whole.Cells(1, 1).Address == api.Address:
            yield Mention(lambda text: setattr(whole, "FormulaArray", text), whole.FormulaArray)
    else:
        yield Mention(lambda text: setattr(cell, "formula2", text), cell.formula2)


def _is_local(name: str, sheets: set[str]) -> bool:
    """Return whether a name belongs to one of our sheets, such as its print area."""
    return "!" in name and name.rsplit("!", 1)[0].strip("'").replace("''", "'") in sheets


def _name_writer(book: Any, name: str) -> Callable[[str], None]:
    return lambda text: setattr(book.names[name], "refers_to", text)


def _keep_tab(old: Any, new: Any) -> None:
    """Carry over what the client did to our tab: its colour and whether it shows."""
    mine, theirs = getattr(new.api, "Tab", None), getattr(old.api, "Tab", None)
    if mine is not None and theirs is not None:
        if theirs.ColorIndex == _NO_COLOUR:
            mine.ColorIndex = _NO_COLOUR
        else:
            mine.Color = theirs.Color
    new.visible = old.visible


_NO_COLOUR = -4142


def _write_owners(book: Any, names: Mapping[str, str], gone: Iterable[str], undo: list[Callable[[], None]]) -> None:
    """Mark our sheets with the hidden names that every door knows them by."""
    present = {name.name.lower(): name for name in book.names}
    for role, sheet in names.items():
        key, target = OWNER_PREFIX + role, f"={sheet_reference(sheet)}!$1:$1048576"
        name = present.get(key)
        if name is None:
            name = book.names.add(key, target)
            undo.append(name.delete)
        else:
            undo.append(lambda name=name, before=name.refers_to: setattr(name, "refers_to", before))  # type: ignore[misc]
            name.refers_to = target
        _hide(name)
    for role in gone:
        name = present.get(OWNER_PREFIX + role)
        if name is not None:
            undo.append(lambda key=name.name, text=name.refers_to: _hide(book.names.add(key, text)))  # type: ignore[misc]
            name.delete()


def _hide(name: Any) -> None:
    with suppress(AttributeError):  # on a Mac the name stays visible in the list of names; it works all the same
        name.api.Visible = False
