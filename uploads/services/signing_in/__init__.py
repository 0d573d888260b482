"""Passwords are tried a few at a time, and not endlessly."""
