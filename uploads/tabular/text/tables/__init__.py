"""Where in a text one table ends and another begins."""
