"""How long the command takes to say anything: a ratio, since machines differ."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import pytest


def seconds(*command: str) -> float:
    environment = dict(os.environ)
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    times = []
    for _ in range(6):
        start = time.perf_counter()
        subprocess.run([sys.executable, *command], check=True, capture_output=True, env=environment)
        times.append(time.perf_counter() - start)
    return min(times)  # the least disturbed


@pytest.mark.slow
def test_help_takes_less_than_a_quarter_of_importing_pandas():
    assert seconds("-m", "aliado", "--help") < 0.25 * seconds("-c", "import pandas")
