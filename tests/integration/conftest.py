"""Fixtures of the tests that need the database."""
