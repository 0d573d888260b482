"""Datasets: which one a table joins or becomes, and what readers see of it."""
