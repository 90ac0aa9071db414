"""A LibreOffice of our own for tests: started once, spoken to through UNO, and stopped by its process id."""

from __future__ import annotations

import contextlib
import itertools
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from aliado.libreoffice.program import plain_environment

SOFFICE = shutil.which("soffice")
DIST_PACKAGES = Path("/usr/lib/python3/dist-packages")

needs_office = [
    pytest.mark.live,
    pytest.mark.skipif(SOFFICE is None, reason="LibreOffice (soffice) is not installed"),
    pytest.mark.skipif(not (DIST_PACKAGES / "uno.py").exists(), reason="python3-uno is not installed"),
]


_RUNNING: list[subprocess.Popen[bytes]] = []
_NUMBERS = itertools.count(1)
"""One for each office of this process: two that run at once must not answer on the same pipe."""


def kill_offices() -> None:
    """Kill every LibreOffice that a test started and that still runs: whoever waits for its answer gets an error."""
    for process in tuple(_RUNNING):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


class Office:
    """A running LibreOffice."""

    def __init__(self, context: Any) -> None:
        self.context = context
        self.desktop = context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)

    def service(self, name: str) -> Any:
        return self.context.ServiceManager.createInstanceWithContext(name, self.context)

    def show(self, path: Path) -> Any:
        return self.desktop.loadComponentFromURL(path.as_uri(), "_blank", 0, ())

    def open(self, path: Path, **settings: Any) -> Any:
        return self.desktop.loadComponentFromURL(path.as_uri(), "_blank", 0, properties(Hidden=True, **settings))


def properties(**values: Any) -> tuple[Any, ...]:
    from com.sun.star.beans import PropertyValue

    made = []
    for name, value in values.items():
        item = PropertyValue()
        item.Name, item.Value = name, value
        made.append(item)
    return tuple(made)


class run_office:  # noqa: N801 -- used as a with statement
    """A LibreOffice whose profile lies in `folder`, for the length of a with statement; without windows, or on `display`."""

    def __init__(self, folder: Path, display: str | None = None) -> None:
        self.folder, self.display = folder, display

    def __enter__(self) -> Office:
        uno = _load_uno()
        pipe = f"aliado{os.getpid()}n{next(_NUMBERS)}"
        profile = f"-env:UserInstallation={(self.folder / 'profile').as_uri()}"
        command = [SOFFICE, profile, "--norestore", "--nologo", f"--accept=pipe,name={pipe};urp"]
        environment = plain_environment()
        if self.display is None:
            command.append("--headless")
        else:
            environment |= {"DISPLAY": self.display, "SAL_USE_VCLPLUGIN": "gen"}
        self.process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True, env=environment
        )
        _RUNNING.append(self.process)
        resolver = uno.getComponentContext().ServiceManager.createInstance("com.sun.star.bridge.UnoUrlResolver")
        for _ in range(120):
            try:
                return Office(resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext"))
            except Exception:  # noqa: BLE001 -- UNO's exceptions exist only once it runs
                time.sleep(0.5)
        self.__exit__()
        pytest.fail("LibreOffice did not start within a minute")

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGTERM)
        try:
            self.process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(timeout=15)
        _RUNNING.remove(self.process)


def _load_uno() -> Any:
    """Return python3-uno's module, made for the system's Python; a test is skipped where this Python cannot load it."""
    if str(DIST_PACKAGES) not in sys.path:
        sys.path.append(str(DIST_PACKAGES))
    try:
        import uno
    except ImportError as error:
        pytest.skip(f"python3-uno cannot be loaded in this Python ({sys.version.split()[0]}): {error}")
    uno._uno_struct__setattr__ = _set_attribute
    return uno


def _set_attribute(thing: Any, name: str, value: Any) -> None:
    """Set an attribute of a UNO value: of an exception Python's own too, else none could leave a with statement."""
    if name in {"__traceback__", "__context__", "__cause__", "__suppress_context__", "__notes__"}:
        object.__setattr__(thing, name, value)
    else:
        setattr(thing.__dict__["value"], name, value)
