"""The helper beside LibreOffice: `python -m aliado.libreoffice.answering` reads requests and answers them until told no more.

A request is a call of a custom function, or a click on a button; while it works on a click it asks LibreOffice back.
"""

from __future__ import annotations

import os
import sys
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any, BinaryIO

from aliado.cells.block import Block
from aliado.libreoffice.inside.wire import Message, read_message, write_message

_DAY_ZERO = date(1899, 12, 30)


class HostFailed(Exception):
    """LibreOffice could not do what was asked."""


def main() -> None:
    """Answer requests from standard input until it ends; nothing else may write where the answers go."""
    source, target = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    while True:
        try:
            request = read_message(source)
        except EOFError:
            return
        write_message(target, answer(request, source, target))


def answer(request: Message, source: BinaryIO, target: BinaryIO) -> Message:
    """Return the answer to one request. source, target: where LibreOffice answers, and is asked, meanwhile."""
    if "click" in request:
        return _click(request["click"], source, target)
    return call_function(request["call"], request["arguments"], request["path"])


def call_function(name: str, arguments: list[Any], path: str | None) -> Message:
    """Return what a cell shows: {"value": ...} or {"error": "#N/A"}. arguments: as LibreOffice gives them, None = left out.

    LibreOffice hands over dates as serial numbers, blanks as "". path: of the document, None when it has none.
    """
    from aliado.cells.registry import find_function

    function = find_function(name)
    if function is None:
        return {"error": "#NAME?"}
    given: dict[str, Any] = {}
    for parameter, value in zip(function.parameters, arguments, strict=False):
        if value is not None:
            given[parameter.name] = _block(value) if parameter.type == "range" or isinstance(value, list) else value
    if any(not parameter.optional and parameter.name not in given for parameter in function.parameters):
        return {"error": "#VALUE!"}
    caller = SimpleNamespace(sheet=SimpleNamespace(book=SimpleNamespace(fullname=path or "")))
    found = function(caller=caller, **given)
    if isinstance(found, list):
        return {"value": [[_cell(cell) for cell in row] for row in found]}
    if isinstance(found, str) and found in {"#N/A", "#VALUE!"}:
        return {"error": found}
    return {"value": _cell(found)}


def _block(value: Any) -> Block:
    rows = value if isinstance(value, list) else [[value]]
    block = Block([[None if cell == "" else cell for cell in row] for row in rows], serials=True)
    return block.without_blank_end()


def _cell(value: Any) -> Any:
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        return float((value - _DAY_ZERO).days)
    return "" if value is None else value


def _click(name: str, source: BinaryIO, target: BinaryIO) -> Message:
    from aliado.excel import ribbon
    from aliado.excel.doctor import write_report
    from aliado.libreoffice.doctor import examine
    from aliado.libreoffice.engine import connect

    def ask(operation: str, *arguments: Any) -> Any:
        write_message(target, {"ask": operation, "arguments": arguments})
        reply = read_message(source)
        if "failed" in reply:
            raise HostFailed(reply["failed"])
        return reply["answer"]

    app = connect(ask)
    if name == "Doctor":
        app.alert(write_report(examine(), "es"), title="Aliado")
    else:
        ribbon.run(name)
    return {"value": None}


if __name__ == "__main__":
    main()
