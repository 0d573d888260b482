"""What keeps the site answering when more is asked of it at once than it can do."""
