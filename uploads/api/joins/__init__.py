"""How files join their datasets, and what becomes of their columns, over the API."""
