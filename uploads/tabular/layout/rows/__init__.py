"""What single rows are: rows of a table though they have another length, headings among rows, or parts of a page."""
