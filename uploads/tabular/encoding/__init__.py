"""Which letters the bytes of a text stand for."""
