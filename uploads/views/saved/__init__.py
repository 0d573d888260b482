"""Pages of what readers keep of a dataset."""
