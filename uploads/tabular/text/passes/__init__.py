"""What is said of a text once its rows have been read."""
