"""A line of a stored text, with some around it, as the bytes stand there."""
