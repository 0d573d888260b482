"""Which type a column has, decided over all of its values, and what its text means."""
