"""The Python that Aliado is installed in, at work beside LibreOffice: started at the first formula or click."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from aliado.libreoffice.inside.wire import Message, read_message, write_message

SETTINGS = "settings.json"
MODULE = "aliado.libreoffice.answering"

_OF_LIBREOFFICE = ("PYTHONHOME", "PYTHONPATH", "PYTHONSTARTUP", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
"""What LibreOffice sets for its own Python, and would lead another one astray."""


class HelperFailed(Exception):
    """The helper could not be started, or has gone."""


class Helper:
    """A process that answers one request at a time; one that has died is started again for the next."""

    def __init__(self, folder: Path) -> None:
        self._settings = json.loads((folder / SETTINGS).read_text(encoding="utf-8"))
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.RLock()

    def ask(self, request: Message, answer: Callable[[str, list[Any]], Any] | None = None) -> Message:
        """Return the helper's last word on a request; meanwhile `answer` does what it asks of LibreOffice."""
        with self._lock:
            try:
                return self._ask(self._start(), request, answer)
            except (OSError, EOFError, ValueError) as error:
                self.stop()
                raise HelperFailed(f"{self._settings['python']}: {error or 'ended'}") from error

    def stop(self) -> None:
        """End the process, if there is one: it ends when nobody speaks to it any more."""
        process, self._process = self._process, None
        if process is not None:
            for stream in (process.stdin, process.stdout):
                if stream is not None:
                    with contextlib.suppress(OSError):
                        stream.close()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(timeout=5)

    def _start(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            # -P: the folder that LibreOffice was started in is no place to import from.
            command = [self._settings["python"], "-P", "-m", MODULE]
            environment = {name: value for name, value in os.environ.items() if name not in _OF_LIBREOFFICE}
            self._process = subprocess.Popen(  # noqa: S603 -- the interpreter that installed the extension
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=environment,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        return self._process

    @staticmethod
    def _ask(
        process: subprocess.Popen[bytes], request: Message, answer: Callable[[str, list[Any]], Any] | None
    ) -> Message:
        stdin, stdout = process.stdin, process.stdout
        if stdin is None or stdout is None:
            raise EOFError
        write_message(stdin, request)
        while True:
            message = read_message(stdout)
            if "ask" not in message:
                return message
            try:
                if answer is None:
                    raise HelperFailed("a formula asks nothing of the document")  # noqa: TRY301 -- told to the helper
                reply: Message = {"answer": answer(message["ask"], message["arguments"])}
            except Exception as error:  # noqa: BLE001 -- whatever UNO raises is told to the one who asked
                reply = {"failed": f"{type(error).__name__}: {error}"}
            write_message(stdin, reply)
