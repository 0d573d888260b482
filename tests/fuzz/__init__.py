"""Files that nobody would write on purpose, read by the real reading child."""
