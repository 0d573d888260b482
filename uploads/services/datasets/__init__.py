"""Datasets: which one a table joins or founds, and what readers see of it."""
