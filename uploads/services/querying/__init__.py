"""SQL that people write over all datasets, within what each of them may read."""
