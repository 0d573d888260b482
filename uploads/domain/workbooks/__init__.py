"""Tables in workbooks: sheets read by calamine, checked before, with a second reader where it refuses."""
