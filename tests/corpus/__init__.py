"""Figures on files that nobody here made."""
