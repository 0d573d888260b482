"""What staff say about a dataset for those who look for data."""
