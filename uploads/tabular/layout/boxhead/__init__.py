"""The head of a statistical table: the boxhead above its figures, and the stub of row labels beside them."""
