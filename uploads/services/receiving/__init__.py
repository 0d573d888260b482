"""Uploads: begun, received, expired; a stored file read again in another way; who may send how much."""
