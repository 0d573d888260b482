"""What staff say about a dataset for those who look for data, and what everybody may find."""
