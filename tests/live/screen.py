"""A screen of our own for a LibreOffice with windows: Xvfb, openbox to give windows the keyboard, xdotool, screenshots."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

needs_screen = pytest.mark.skipif(
    not all(map(shutil.which, ("Xvfb", "openbox", "xdotool", "import"))),
    reason="Xvfb, openbox, xdotool or ImageMagick is not installed",
)
_BUTTONS = {44, 62}
"""com.sun.star.accessibility.AccessibleRole: PUSH_BUTTON and TOGGLE_BUTTON, on toolbars and in dialogs."""

_PRESSED = 0.3
_REST = 3
"""Seconds after which a window that has not moved is taken to be painted."""
_WIDTH, _HEIGHT = 1400, 900


class Screen:
    """An X display."""

    def __init__(self, display: str) -> None:
        self.display = display

    def click(self, x: int, y: int) -> None:
        self._run("xdotool", "mousemove", str(x), str(y), "sleep", str(_PRESSED), "click", "1")

    def press(self, key: str) -> None:
        """Press a key in the window that has the keyboard."""
        self._run("xdotool", "key", key)

    def shoot(self, path: Path) -> None:
        self._run("import", "-window", "root", str(path))

    def _run(self, *command: str) -> None:
        subprocess.run(command, check=True, env={**os.environ, "DISPLAY": self.display}, timeout=30)


@contextmanager
def on_screen() -> Iterator[Screen]:
    """Yield a new screen; it is gone afterwards."""
    command = ["Xvfb", "-displayfd", "1", "-screen", "0", f"{_WIDTH}x{_HEIGHT}x24", "-nolisten", "tcp"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    manager = None
    try:
        display = f":{process.stdout.readline().strip()}"
        manager = subprocess.Popen(
            ["openbox", "--sm-disable"],
            env={**os.environ, "DISPLAY": display},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        yield Screen(display)
    finally:
        for started in (manager, process):
            if started is not None:
                started.terminate()
                started.wait(timeout=10)
        process.stdout.close()


def find_on_screen(top, name: str, seconds: int = 60):
    """Return the middle of the button called `name` in a UNO window, as soon as it shows and has come to rest."""
    end, before = time.monotonic() + seconds, None
    while time.monotonic() < end:
        found = _find(top.getAccessibleContext(), name)
        if found is not None:
            place, size = found.getLocationOnScreen(), found.getSize()
            middle = (place.X + size.Width // 2, place.Y + size.Height // 2)
            if size.Width > 0 and place.X >= 0 and middle == before:
                return middle
            before = middle
        time.sleep(_REST)
    raise AssertionError(f"nothing called {name!r} shows")


def _find(context, name, depth=0):
    if context is None or depth > 8:
        return None
    if context.getAccessibleName() == name and context.getAccessibleRole() in _BUTTONS:
        return context
    for index in range(min(context.getAccessibleChildCount(), 60)):
        child = context.getAccessibleChild(index)
        found = _find(child.getAccessibleContext(), name, depth + 1) if child is not None else None
        if found is not None:
            return found
    return None
