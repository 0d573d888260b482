"""Which delimiter, quote and escape a text uses."""
