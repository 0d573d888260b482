"""Texts whose cells stand at the same places in each line, without a delimiter."""
