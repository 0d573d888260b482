"""Commands: what the page does, for terminals and scripts."""
