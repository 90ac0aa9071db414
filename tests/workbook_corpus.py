"""Real workbooks of many programs: those in the shared folder, or those in the folder that ALIADO_WORKBOOKS names."""

import os
from pathlib import Path

SHARED = Path(__file__).parents[2] / "shared" / "workbooks"
CORPUS = sorted(p for p in Path(os.environ.get("ALIADO_WORKBOOKS", SHARED)).rglob("*.xl[st][xm]") if p.is_file())
