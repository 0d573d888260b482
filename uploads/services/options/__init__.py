"""Options of a load: what there is, what was given, remembered and applied."""
