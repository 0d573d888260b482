"""What is said of a text: of how it is written, of what stands above its rows, and of what was met on the way."""
