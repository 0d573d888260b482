"""Files whose columns are not quite those of a dataset."""
