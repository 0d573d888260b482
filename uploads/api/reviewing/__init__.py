"""The review over the API."""
