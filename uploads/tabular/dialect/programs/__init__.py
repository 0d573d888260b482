"""Texts as one program, or one format of many programs, writes them."""
