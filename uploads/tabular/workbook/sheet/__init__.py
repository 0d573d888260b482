"""Cells of one sheet: raw, and as text."""
