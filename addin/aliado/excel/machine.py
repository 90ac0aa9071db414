"""The computer that Excel runs on: its folders, its interpreter, its registry; one place, so that tests can stand in another."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any, Protocol

from msgspec import Struct, field


class Registry(Protocol):
    r"""The Windows registry. key: "HKCU\..." or "HKLM\..."."""

    def read(self, key: str, name: str) -> Any:
        """Return a value, None when there is none."""

    def values(self, key: str) -> dict[str, Any]:
        """Return all values of a key, {} when there is no such key."""

    def write(self, key: str, name: str, value: str) -> None:
        """Set a text value, making the key if need be."""

    def delete(self, key: str, name: str) -> None:
        """Remove a value; nothing happens when there is none."""


class Machine(Struct, frozen=True):
    """A computer. system: as `sys.platform`. prefix: where Python's environment lies; encoding: of text files in VBA."""

    system: str
    home: Path
    roaming: Path
    interpreter: Path
    prefix: Path
    registry: Registry
    encoding: str = "cp1252"
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def addin(self) -> Path:
        """The one place where Excel starts our add-in from; a fixed path, so that formulas that use it keep their links."""
        if self.system == "darwin":
            office = self.home / "Library" / "Group Containers" / "UBF8T346G9.Office" / "User Content.localized"
            return office / "Startup.localized" / "Excel" / "Aliado.xlam"
        return self.roaming / "Microsoft" / "Excel" / "XLSTART" / "Aliado.xlam"

    @property
    def settings(self) -> Path:
        """The user's own settings file, which the add-in reads."""
        if self.system == "darwin":
            return self.home / "Library" / "Containers" / "com.microsoft.Excel" / "Data" / "aliado.conf"
        return self.home / ".aliado" / "aliado.conf"

    @property
    def scripts(self) -> Path:
        """Where Excel for Mac may run scripts from."""
        return self.home / "Library" / "Application Scripts" / "com.microsoft.Excel"


def this_machine() -> Machine:
    """Return the computer that this runs on."""
    home = Path.home()
    return Machine(
        system=sys.platform,
        home=home,
        roaming=Path(os.environ.get("APPDATA") or home / "AppData" / "Roaming"),
        interpreter=Path(sys.executable),
        prefix=Path(sys.prefix),
        registry=_WindowsRegistry() if sys.platform == "win32" else NoRegistry(),
        encoding="mbcs" if sys.platform == "win32" else "utf-8",
        environment=dict(os.environ),
    )


class NoRegistry:
    """The registry of a system that has none."""

    def read(self, key: str, name: str) -> Any:
        """Return None."""
        del key, name

    def values(self, key: str) -> dict[str, Any]:
        """Return nothing."""
        del key
        return {}

    def write(self, key: str, name: str, value: str) -> None:
        """Do nothing."""

    def delete(self, key: str, name: str) -> None:
        """Do nothing."""


class _WindowsRegistry:
    """The registry, through the standard library; it exists on Windows alone."""

    def __init__(self) -> None:
        import winreg

        self._winreg: Any = winreg
        self._roots = {"HKCU": self._winreg.HKEY_CURRENT_USER, "HKLM": self._winreg.HKEY_LOCAL_MACHINE}

    def _open(self, key: str, access: int) -> Any:
        root, _, path = key.partition("\\")
        return self._winreg.OpenKey(self._roots[root], path, 0, access)

    def read(self, key: str, name: str) -> Any:
        try:
            with self._open(key, self._winreg.KEY_READ) as opened:
                return self._winreg.QueryValueEx(opened, name)[0]
        except OSError:
            return None

    def values(self, key: str) -> dict[str, Any]:
        try:
            with self._open(key, self._winreg.KEY_READ) as opened:
                count = self._winreg.QueryInfoKey(opened)[1]
                return {name: value for name, value, _ in (self._winreg.EnumValue(opened, i) for i in range(count))}
        except OSError:
            return {}

    def write(self, key: str, name: str, value: str) -> None:
        root, _, path = key.partition("\\")
        with self._winreg.CreateKey(self._roots[root], path) as opened:
            self._winreg.SetValueEx(opened, name, 0, self._winreg.REG_SZ, value)

    def delete(self, key: str, name: str) -> None:
        try:
            with self._open(key, self._winreg.KEY_SET_VALUE) as opened:
                self._winreg.DeleteValue(opened, name)
        except OSError:
            return
