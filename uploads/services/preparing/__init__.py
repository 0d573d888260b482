"""Exports that are too large to wait for: asked for, made by a worker, kept for some hours, fetched by a link."""
