"""SQL that people write: the roles that read datasets and nothing else, and one query of theirs under limits."""
