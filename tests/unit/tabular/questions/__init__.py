"""What is asked about the layout of a table."""
