"""The names that OOXML gives to its namespaces, relationships and content types, in both of its dialects."""

from __future__ import annotations

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT_MAIN = "http://purl.oclc.org/ooxml/spreadsheetml/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT_OFFICE = "http://purl.oclc.org/ooxml/officeDocument/relationships"
PACKAGE_RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
CONTENT_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"

RELATIONSHIPS_TYPE = "application/vnd.openxmlformats-package.relationships+xml"
_SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml."
WORKSHEET_TYPE = _SPREADSHEET + "worksheet+xml"
STYLES_TYPE = _SPREADSHEET + "styles+xml"
WORKBOOK_TYPES = (
    _SPREADSHEET + "sheet.main+xml",
    _SPREADSHEET + "template.main+xml",
    "application/vnd.ms-excel.sheet.macroEnabled.main+xml",
    "application/vnd.ms-excel.template.macroEnabled.main+xml",
    "application/vnd.ms-excel.addin.macroEnabled.main+xml",
)
BINARY_TYPE = "application/vnd.ms-excel.sheet.binary.macroEnabled.main"

STRICT = {
    MAIN: STRICT_MAIN,
    OFFICE: STRICT_OFFICE,
    "http://schemas.openxmlformats.org/drawingml/2006/main": "http://purl.oclc.org/ooxml/drawingml/main",
    "http://schemas.openxmlformats.org/drawingml/2006/chart": "http://purl.oclc.org/ooxml/drawingml/chart",
    "http://schemas.openxmlformats.org/drawingml/2006/chartDrawing": "http://purl.oclc.org/ooxml/drawingml/chartDrawing",
    "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing": "http://purl.oclc.org/ooxml/drawingml/spreadsheetDrawing",
}
"""Transitional namespace -> the same in Strict Open XML."""


def kind_of(relationship_type: str) -> str:
    """Return what a relationship leads to, in either dialect: "worksheet", "styles", "calcChain", ..."""
    return relationship_type.rsplit("/", 1)[-1]
