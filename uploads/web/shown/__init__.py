"""Values and rows as pages show them."""
