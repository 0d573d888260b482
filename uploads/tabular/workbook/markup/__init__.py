"""Workbooks written as one text of markup: HTML tables, web archives, SpreadsheetML 2003."""
