"""Figures of groups of rows: which rows belong together and what is counted of them, as SQL."""
