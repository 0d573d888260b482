"""Forms that pages and admin share: how a file is read, what becomes of its columns."""
