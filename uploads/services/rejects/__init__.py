"""Rejected rows: grouped for people, mended, edited, taken back."""
