"""Values of a workbook's formulas, calculated by LibreOffice on a copy."""

from __future__ import annotations

from aliado.language import Text
from aliado.workbook.office import Refusals, convert


def recalculate(data: bytes) -> bytes:
    """Return the workbook as LibreOffice saves it after calculating every formula: for reading values, never for writing back.

    Raises WorkbookRefused when LibreOffice is not installed, or cannot do it in time.
    """
    return convert([("xlsx", data)], "xlsx", _REFUSALS)[0]


_REFUSALS = Refusals(
    Text(
        "El libro tiene fórmulas sin resultado y LibreOffice no está instalado para calcularlas. Instálelo, o abra el libro en Excel, recalcule (F9) y guárdelo.",
        "The workbook has formulas without a result and LibreOffice is not installed to calculate them. Install it, or open the workbook in Excel, recalculate (F9) and save.",
    ),
    Text(
        "LibreOffice no pudo calcular las fórmulas del libro. Ábralo en Excel, recalcule (F9) y guárdelo.",
        "LibreOffice could not calculate the workbook's formulas. Open it in Excel, recalculate (F9) and save.",
    ),
)
