"""Progress of files as server-sent events: what an address is asked again and again for, told as soon as it changes."""
