"""XLOOKUP: a value of another table, found by its key through hashing."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from aliado.formula.choosing import choose
from aliado.formula.data import Data
from aliado.formula.function import FunctionSpec, parameter
from aliado.formula.kinds import aligned, serial_numbers
from aliado.formula.numbers import as_float
from aliado.formula.states import constant_state, has_value, spread
from aliado.formula.texts import sort_key, vocabulary, wildcard_matcher
from aliado.formula.values import Byte, Column, Kind, State
from aliado.language import Text

Codes = npt.NDArray[np.intp]
_MAX_TRIED = 5_000_000


def _xlookup(
    _data: Data,
    key: Column,
    keys: Column,
    results: Column,
    missing: Column | None = None,
    mode: Column | None = None,
    order: Column | None = None,
) -> Column:
    """Return the result beside the key found; `missing` or #N/A where it is not, unknown where the key is."""
    match_mode = _setting(mode, 0)
    last = _setting(order, 1) < 0
    rows = _candidates(keys)
    if match_mode == 2 and keys.kind is Kind.TEXT:
        place = _wildcard_places(key, keys, rows, last=last)
    elif match_mode in (-1, 1):
        place = _nearest_places(key, keys, rows, below=match_mode < 0, last=last)
    else:
        place = _exact_places(key, keys, rows, last=last)
    absent = constant_state(results.kind, State.NA) if missing is None else missing
    state = spread(key) if mode is None else spread(key, mode)
    if key.kind is Kind.TEXT and key.state is not None:
        place = np.where(key.state == Byte.BLANK, -1, place)
    found = _taken(results, place)
    column = choose(np.where(place < 0, 1, 0).astype(np.intp), [found, absent])
    if state is None:
        return column
    own = np.zeros(len(column), dtype=np.uint8) if column.state is None else column.state
    return Column(column.kind, column.data, np.where(state != Byte.VALUE, state, own), column.scale)


def _setting(column: Column | None, default: int) -> int:
    """Return the whole number of a setting; the default where it is left out or has no value."""
    if column is None or len(column) == 0 or (column.state is not None and column.state[0] != Byte.VALUE):
        return default
    return int(np.clip(as_float(column)[0], -9, 9))


def _candidates(keys: Column) -> Codes:
    """Return the rows whose key is a value."""
    mask = has_value(keys)
    return np.arange(len(keys)) if mask is None else np.flatnonzero(mask)


def _taken(results: Column, place: Codes) -> Column:
    if len(results) == 0:
        return constant_state(results.kind, State.NA, len(place))
    safe = np.maximum(place, 0)
    state = None if results.state is None else results.state[safe]
    return Column(results.kind, results.data[safe], state, results.scale)


def _exact_places(key: Column, keys: Column, rows: Codes, *, last: bool) -> Codes:
    ids, wanted, count = _key_ids(key, keys)
    where = np.full(count, -1, dtype=np.intp)
    ordered = rows if last else rows[::-1]
    # The last row written to an id stands: the last row, or going backwards the first.
    where[ids[ordered]] = ordered
    return np.where(wanted < 0, -1, where[np.maximum(wanted, 0)])


def _key_ids(key: Column, keys: Column) -> tuple[Codes, Codes, int]:
    if keys.kind is Kind.TEXT:
        known, asked = vocabulary(keys), vocabulary(key)
        index = known.index
        wanted = np.array([index.get(word, -1) for word in asked.folded], dtype=np.intp)[asked.codes]
        return known.ids, wanted, max(len(index), 1)
    (cells, asked_for), _ = aligned([serial_numbers(keys), serial_numbers(key)])
    distinct, ids = np.unique(cells, return_inverse=True)
    if len(distinct) == 0:
        return ids.astype(np.intp), np.full(len(key), -1, dtype=np.intp), 1
    place = np.minimum(np.searchsorted(distinct, asked_for), len(distinct) - 1)
    return ids.astype(np.intp), np.where(distinct[place] == asked_for, place, -1).astype(np.intp), len(distinct)


def _nearest_places(key: Column, keys: Column, rows: Codes, *, below: bool, last: bool) -> Codes:
    """Return the row of the equal key, else of the next one below (or above)."""
    if keys.kind is Kind.TEXT:
        known, asked = vocabulary(keys), vocabulary(key)
        ranking = {word: rank for rank, word in enumerate(sorted({*known.folded, *asked.folded}, key=sort_key))}
        cells = np.array([ranking[word] for word in known.folded], dtype=np.int64)[known.codes]
        wanted = np.array([ranking[word] for word in asked.folded], dtype=np.int64)[asked.codes]
    else:
        (cells, wanted), _ = aligned([serial_numbers(keys), serial_numbers(key)])
    if len(rows) == 0:
        return np.full(len(key), -1, dtype=np.intp)
    values = cells[rows]
    order = np.argsort(values, kind="stable")
    ordered = values[order]
    if below:
        spot = np.searchsorted(ordered, wanted, side="right") - 1
    else:
        spot = np.searchsorted(ordered, wanted, side="left")
    found = (spot >= 0) & (spot < len(ordered))
    value = ordered[np.clip(spot, 0, len(ordered) - 1)]
    edge = np.searchsorted(ordered, value, side="right") - 1 if last else np.searchsorted(ordered, value, side="left")
    return np.where(found, rows[order[edge]], -1)


def _wildcard_places(key: Column, keys: Column, rows: Codes, *, last: bool) -> Codes:
    """Return the first (or last) row whose text fits the key's wildcards, each distinct key tried once."""
    known, asked = vocabulary(keys), vocabulary(key)
    first = np.full(len(known.words), -1, dtype=np.intp)
    ordered = rows if last else rows[::-1]
    first[known.codes[ordered]] = ordered
    places = np.full(len(asked.words), -1, dtype=np.intp)
    most = max(1, _MAX_TRIED // max(len(known.words), 1))
    for code, pattern in enumerate(asked.folded[:most]):
        fits = wildcard_matcher(pattern)
        hits = [int(first[index]) for index, word in enumerate(known.folded) if first[index] >= 0 and fits(word)]
        places[code] = (max(hits) if last else min(hits)) if hits else -1
    return places[asked.codes]


FUNCTIONS = (
    FunctionSpec(
        "XLOOKUP",
        ("BUSCARX",),
        "lookup",
        (
            parameter(
                "key",
                "any",
                "valor que se busca (varias claves: únalas con &)",
                "value to look for (several keys: join them with &)",
                group="key",
            ),
            parameter("keys", "column", "columna donde se busca", "column to look in", group="key"),
            parameter(
                "results",
                "column",
                "columna de la que se trae el valor",
                "column to bring the value from",
                group="result",
            ),
            parameter(
                "missing", "any", "valor si no se encuentra", "value if it is not found", optional=True, group="result"
            ),
            parameter(
                "match",
                "setting",
                "0 exacto, -1 o el anterior, 1 o el siguiente, 2 con * y ?",
                "0 exact, -1 or the next below, 1 or the next above, 2 with * and ?",
                optional=True,
            ),
            parameter(
                "order",
                "setting",
                "1 desde el principio, -1 desde el final",
                "1 from the first, -1 from the last",
                optional=True,
            ),
        ),
        "result",
        Text("El valor de otra tabla, buscado por su clave.", "A value of another table, found by its key."),
        (
            "=BUSCARX([@Cliente]; customers[Cliente]; customers[Límite])",
            '=BUSCARX([@Cliente]&"|"&[@Serie]; customers[Cliente]&"|"&customers[NIF]; customers[Límite]; 0)',
        ),
        _xlookup,
        aggregate=True,
    ),
)
