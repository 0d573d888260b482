"""What changes from one file to another, or from what a dataset shows to a file that is to join it."""
