"""Sentences about a dataset: its history, its profile, what makes its pages quicker, where it only shows a table."""
