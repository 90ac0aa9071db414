"""Where the shipped data lies: beside the code in a wheel, at the top of a checkout."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def rules_folder() -> Path:
    """Return the folder of the shipped rule packs."""
    return _find("_rules", "rules")


def workbook_folder() -> Path:
    """Return the folder of the shipped workbooks."""
    return _find("_workbook", "workbook")


def _find(installed: str, checkout: str) -> Path:
    inside = _PACKAGE / installed
    return inside if inside.is_dir() else _PACKAGE.parent.parent / checkout
