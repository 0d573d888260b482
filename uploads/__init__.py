"""Files go in, typed PostgreSQL tables come out."""
