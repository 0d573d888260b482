"""Views of datasets as files: CSV, JSON lines, Arrow, of any size and in flat memory."""
