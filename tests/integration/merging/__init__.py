"""Files that merge by key."""
