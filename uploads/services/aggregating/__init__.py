"""Aggregating a dataset: figures of groups of its rows, as an address says them."""
