"""Columns of a dataset: a change of their types or null words, its preview, and how it is made."""
