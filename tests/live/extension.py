"""The extension put into a LibreOffice's own profile as a user does it: by the product's own command, through unopkg."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from aliado.libreoffice.program import Program, find_program

_NOT_ROOT = ("unshare", "--user", "--map-user=1000", "--map-group=1000")
"""A user namespace where root's files belong to user 1000: unopkg refuses to work for root."""

_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Misc"><prop oor:name="ShowTipOfTheDay" oor:op="fuse"><value>false</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Misc"><prop oor:name="FirstRun" oor:op="fuse"><value>false</value></prop></item>
</oor:items>
"""
"""What keeps LibreOffice's own tips and greetings from covering what a test clicks on."""


def users_program(folder: Path) -> Program:
    """Return LibreOffice's extension manager as an everyday user runs it, for the profile that `run_office(folder)` uses."""
    found = find_program()
    if found is None:
        pytest.skip("LibreOffice's unopkg is not installed")
    profile = folder / "profile"
    (profile / "user").mkdir(parents=True, exist_ok=True)
    settings = profile / "user" / "registrymodifications.xcu"
    if not settings.exists():
        settings.write_text(_SETTINGS, encoding="utf-8")
    if os.geteuid() != 0:
        return Program(found.unopkg, profile.as_uri())
    if (
        shutil.which("unshare") is None
        or subprocess.run([*_NOT_ROOT, "true"], check=False, capture_output=True).returncode
    ):
        pytest.skip("unopkg refuses root, and this computer lets nobody be another user in a namespace (unshare)")
    command = folder / "unopkg"
    command.write_text(
        f'#!/bin/sh\nexec {shlex.join(_NOT_ROOT)} {shlex.quote(str(found.unopkg))} "$@"\n', encoding="ascii"
    )
    command.chmod(0o755)
    return Program(command, profile.as_uri())
