"""News over the API: who is told of files, and what was sent."""
