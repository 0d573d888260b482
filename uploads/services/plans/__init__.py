"""What becomes of a file whose columns are not quite those of a dataset: a plan, and what somebody said about it."""
