"""Which tables a sheet holds: below each other, side by side, and the notes around them."""
