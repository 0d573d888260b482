"""How the files of a dataset join: all rows, in the place of the others, or updating them by key."""
