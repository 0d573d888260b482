"""Rows of a text: a fast parser for regular lines, a careful one for the rest, and the borders of tables."""
