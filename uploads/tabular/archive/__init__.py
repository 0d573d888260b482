"""Members of zip and gzip files."""
