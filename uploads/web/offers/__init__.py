"""What a page offers to do about columns and rows that might be read better."""
