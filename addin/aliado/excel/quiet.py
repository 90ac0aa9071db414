"""Excel kept quiet while we work, and put back as it was whatever happens."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

_QUIET = {"screen_updating": False, "enable_events": False, "display_alerts": False, "calculation": "manual"}


@contextmanager
def quiet(app: Any) -> Iterator[Callable[[str], None]]:
    """Yield a function that shows progress on the status bar; no redrawing, events, questions or recalculation meanwhile."""
    before = {name: getattr(app, name) for name in _QUIET}
    try:
        for name, value in _QUIET.items():
            setattr(app, name, value)
        yield lambda text: setattr(app, "status_bar", f"Aliado: {text}")
    finally:
        for name, value in reversed(before.items()):
            with suppress(Exception):  # one setting that cannot be put back must not leave the others off
                setattr(app, name, value)
        with suppress(Exception):
            app.status_bar = False
