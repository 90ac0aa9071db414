"""What people look at: an assessment rendered as sheets, in a donor workbook."""
