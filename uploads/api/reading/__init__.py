"""Rows over the API: pages, figures of groups, and the lines of the file that they are from."""
