"""Tables in workbooks: surveyed before they are opened, read by calamine, with a second reader where it refuses."""
