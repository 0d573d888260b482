"""Tokens by which machines act for people."""
