"""Tokens by which machines act for people: made, limited, found again, revoked."""
