"""What stands around the rows of a text, and how its lines are read without it."""
