"""The .xlsx package: read, transplant sheets, write. The only place that knows OOXML."""
