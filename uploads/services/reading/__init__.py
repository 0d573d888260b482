"""Reading a dataset: which rows in which order, as an address says it."""
