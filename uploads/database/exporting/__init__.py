"""Rows on their way out: printed by PostgreSQL in the form of a format, read in windows that hold nobody up."""
