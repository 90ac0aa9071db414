"""A CSV file as other programs export it: its encoding and delimiter found out, its rows with the lines they stand on."""

from __future__ import annotations

import codecs
import csv
from collections import Counter
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Final

from msgspec import Struct

from aliado.errors import AliadoError
from aliado.language import Text

DELIMITERS: Final = (";", ",", "\t", "|")
ENCODINGS: Final = ("utf-8", "cp1252", "utf-16")
_LARGEST: Final = 256 << 20
_LOOKED_AT: Final = 200
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

_ENCODING = Text(
    "{path}: no está escrito en {encoding} (byte {place}). Indique otra con --encoding: {known}.",
    "{path}: it is not written in {encoding} (byte {place}). Name another with --encoding: {known}.",
)
_BROKEN = Text(
    "{path}, línea {line}: unas comillas no se cierran bien ({detail}). Corrija el fichero o expórtelo de nuevo.",
    "{path}, line {line}: quotes are not closed properly ({detail}). Correct the file or export it again.",
)
_EMPTY = Text("{path}: está vacío.", "{path}: it is empty.")
_LARGE = Text("{path}: tiene más de {limit} MB. Divídalo.", "{path}: it is larger than {limit} MB. Split it.")
_BINARY = Text(
    "{path}: no es texto (¿un libro de Excel?). Guárdelo como CSV y repita.",
    "{path}: it is no text (an Excel workbook?). Save it as CSV and repeat.",
)


class BadCsv(AliadoError):
    """A file that cannot be read as CSV."""


class CsvFile(Struct, frozen=True):
    """A file's rows, as many cells each as it has. lines: the line, from 1, on which each row begins."""

    name: str
    encoding: str
    delimiter: str
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]


def read_csv(path: Path, encoding: str | None = None, delimiter: str | None = None) -> CsvFile:
    """Return a CSV file's rows; encoding and delimiter are found out unless given. Raises BadCsv, OSError."""
    if path.stat().st_size > _LARGEST:
        raise BadCsv(_LARGE.format(path=path, limit=_LARGEST >> 20))
    return parse_csv(path.read_bytes(), str(path), path.stem, encoding, delimiter)


def parse_csv(data: bytes, path: str, name: str, encoding: str | None = None, delimiter: str | None = None) -> CsvFile:
    """Return the rows of a CSV file's content; `path` is for messages. Raises BadCsv."""
    if data[:4] == b"PK\x03\x04" or data[:4] == b"\xd0\xcf\x11\xe0":
        raise BadCsv(_BINARY.format(path=path))
    encoding = encoding or sniff_encoding(data)
    if encoding == "utf-8" and data.startswith(codecs.BOM_UTF8):
        encoding = "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeError as error:
        place = getattr(error, "start", 0)
        known = ", ".join(ENCODINGS)
        raise BadCsv(_ENCODING.format(path=path, encoding=encoding, place=place, known=known)) from error
    text = text.removeprefix("\ufeff")
    if not text.strip():
        raise BadCsv(_EMPTY.format(path=path))
    first, _, rest = text.partition("\n")
    skipped = 0
    if first.lower().startswith("sep=") and len(first.strip("\r")) == 5:  # Excel's own mark
        delimiter, text, skipped = delimiter or first[4], rest, 1
    delimiter = delimiter or sniff_delimiter(text)
    rows, lines = [], []
    try:
        for line, row in _rows(text, delimiter):
            rows.append(tuple(row))
            lines.append(line + skipped)
    except csv.Error as error:
        line = (lines[-1] if lines else skipped) + 1
        raise BadCsv(_BROKEN.format(path=path, line=line, detail=error)) from error
    return CsvFile(name, encoding, delimiter, tuple(rows), tuple(lines))


def sniff_encoding(data: bytes) -> str:
    """Return how text is encoded: by its mark, else UTF-16 when every other byte is zero, UTF-8 when it fits, else cp1252."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return encoding
    head = data[:2000]
    for start, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        half = head[start::2]
        if half and half.count(0) * 2 > len(half):
            return encoding
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def sniff_delimiter(text: str) -> str:
    """Return the delimiter that splits most of the first rows into the same, largest number of cells."""
    best, found = 0, DELIMITERS[0]
    for delimiter in DELIMITERS:
        widths: Counter[int] = Counter()
        try:
            for _, row in _rows(text, delimiter):
                widths[len(row)] += 1
                if widths.total() >= _LOOKED_AT:
                    break
        except csv.Error:
            continue
        score = max(((width - 1) * count for width, count in widths.items()), default=0)
        if score > best:
            best, found = score, delimiter
    return found


def _rows(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each row that holds something, with the line on which it begins."""
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    for row in reader:
        if any(cell.strip() for cell in row):
            yield line, row
        line = reader.line_num + 1
