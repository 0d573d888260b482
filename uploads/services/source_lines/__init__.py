"""Lines of a file as the bytes stand in it, and what a load keeps so that they are found and compared."""
