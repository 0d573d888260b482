"""What readers keep of a dataset: saved views and what is made of them."""
