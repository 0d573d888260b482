"""Who reads which dataset, on all faces."""
