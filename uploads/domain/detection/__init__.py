"""What a file is, found out from its content: kind, encoding, dialect and layout."""
