"""Ways out with which several sentences end."""

EVERYTHING = "read everything as one table."
LOAD_IT = f"If it is data, load it too: {EVERYTHING}"
LOAD_THEM = f"If they are data, load them too: {EVERYTHING}"
