"""Pages of exports that are prepared in the background."""
