"""What staff say about datasets, and how others find them."""
