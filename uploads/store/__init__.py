"""The bytes of uploaded files: while they arrive, and for as long as the file is kept."""
