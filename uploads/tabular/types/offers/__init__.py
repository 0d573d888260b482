"""What a column could be that is something else: found from some of its values, for a person to choose."""
