"""Dates and times: what their patterns are, which years they mean, and how they are printed back."""
