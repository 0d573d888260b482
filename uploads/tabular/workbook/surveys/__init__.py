"""A look at a workbook's bytes, format by format, before a reader opens it."""
