"""SQL that people write."""
