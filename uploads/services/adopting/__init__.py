"""Tables that stand in the database already become datasets, and are given back as they were."""
