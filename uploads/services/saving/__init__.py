"""What readers keep of a dataset under a name of their own."""
