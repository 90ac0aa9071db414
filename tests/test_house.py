"""The layout of the code: imports run one way, and heavy libraries are imported only where they are needed."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

import aliado

PACKAGE = Path(aliado.__file__).parent
COMMON = {"language", "locales", "errors", "resources"}
MAY_IMPORT = {
    "formula": COMMON,
    "workbook": COMMON,
    "tables": COMMON | {"formula", "workbook.sheet"},
    "rules": COMMON | {"formula", "tables", "workbook.sheet"},
    "report": COMMON | {"formula", "tables", "rules", "workbook.sheet", "workbook.loose"},
    "intake": COMMON | {"formula", "tables", "rules", "report", "workbook"},
    "cells": COMMON | {"formula", "tables", "rules", "report", "workbook.sheet", "workbook.files"},
    "batch": COMMON | {"formula", "tables", "rules", "report", "workbook", "cells"},
    "excel": COMMON | {"formula", "tables", "rules", "report", "workbook", "cells", "batch", "intake"},
    "libreoffice": COMMON | {"formula", "tables", "rules", "report", "workbook", "cells", "batch", "excel"},
}


def modules_imported(path: Path) -> set[str]:
    """Return every module that a file imports, whole or by name; imports are absolute (ruff sees to that too)."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}: a relative import"
            found.add(node.module or "")
            found |= {f"{node.module}.{alias.name}" for alias in node.names if node.module == "aliado"}
    return found


def imports_of(path: Path) -> set[str]:
    """Return the modules of this package that a file imports, below "aliado."."""
    return {name.removeprefix("aliado.") for name in modules_imported(path) if name.startswith("aliado.")} - {
        "__version__"
    }


@pytest.mark.parametrize("room", MAY_IMPORT)
def test_each_room_imports_only_from_rooms_below_it(room):
    allowed = MAY_IMPORT[room] | {room}
    for path in (PACKAGE / room).rglob("*.py"):
        strange = {
            name
            for name in imports_of(path)
            if not any(name == module or name.startswith(module + ".") for module in allowed)
        }
        assert not strange, f"{path.relative_to(PACKAGE)} imports {sorted(strange)}"


def test_the_doors_are_not_imported_from_within():
    for room in MAY_IMPORT:
        for path in (PACKAGE / room).rglob("*.py"):
            assert not {name for name in imports_of(path) if name.split(".")[0] in {"commands", "cli"}}, path


def test_only_the_live_hosts_import_xlwings_and_never_its_pro_part():
    for path in PACKAGE.rglob("*.py"):
        imported = modules_imported(path)
        if path.relative_to(PACKAGE).parts[0] not in {"excel", "libreoffice"}:
            assert not {name for name in imported if name.split(".")[0] == "xlwings"}, path
        assert not {name for name in imported if name.startswith("xlwings.pro")}, path


def test_no_code_saves_a_clients_workbook_through_openpyxl():
    for path in PACKAGE.rglob("*.py"):
        imported = {name for name in modules_imported(path) if name.split(".")[0] == "openpyxl"}
        assert imported <= {"openpyxl.worksheet.table", "openpyxl.xml.functions", "openpyxl.formula.translate"}, path
        assert "load_workbook" not in path.read_text(encoding="utf-8"), path


@pytest.mark.parametrize(
    ("code", "absent"),
    [
        ("import aliado.cli", {"numpy", "pandas", "openpyxl", "lxml", "xlsxwriter", "yaml", "rich", "pydantic"}),
        ("import aliado.batch.refresh", {"pandas", "xlwings", "rich", "pydantic", "holidays", "openpyxl"}),
    ],
)
def test_start_up_imports_nothing_heavy_before_it_is_needed(code, absent):
    environment = dict(os.environ)
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    script = f"import sys; {code}; print(' '.join(sorted({{name.split('.')[0] for name in sys.modules}})))"
    loaded = set(
        subprocess.run(
            [sys.executable, "-c", script], capture_output=True, text=True, check=True, env=environment
        ).stdout.split()
    )
    assert not loaded & absent
