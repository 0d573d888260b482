"""Tables that are in the database already, over the API."""
