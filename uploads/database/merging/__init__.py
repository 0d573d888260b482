"""The rows of files that merge: which of those with one key readers see, and where the others lie."""
