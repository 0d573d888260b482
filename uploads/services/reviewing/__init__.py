"""The review: what waits for staff, and what they and its sender say about it."""
