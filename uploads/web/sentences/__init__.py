"""What pages say to people, composed from facts: templates only show it, scripts get it from the server."""
