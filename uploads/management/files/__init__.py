"""Commands for files: sent, looked at, switched on and off, taken back."""
