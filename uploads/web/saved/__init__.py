"""Saved views as pages and the API show them."""
