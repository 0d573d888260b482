"""What kind of file it is, its bytes as streams, and temporary files."""
