"""No live test may hang: a LibreOffice that does not answer in time is killed, and the test that waits for it fails."""

from __future__ import annotations

import threading

import pytest
from office import kill_offices

SECONDS = 600
"""For one test with the fixtures that it is the first to need; the slowest takes a fraction of it."""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol():
    timer = threading.Timer(SECONDS, kill_offices)
    timer.daemon = True
    timer.start()
    try:
        return (yield)
    finally:
        timer.cancel()
