"""SQL that people write over all datasets, within what everybody may read."""
