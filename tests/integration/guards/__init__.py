"""Guards: a file that would become active by itself waits for a person."""
