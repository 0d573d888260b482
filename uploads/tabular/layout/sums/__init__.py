"""Rows that sum others up, told by arithmetic or by where their words stand."""
