"""What is looked up in tables of the schema ``data`` without changing them."""
