"""Hurt the running system at random for minutes, then check what was promised."""
