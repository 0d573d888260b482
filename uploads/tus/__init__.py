"""Resumable uploads: the tus 1.0.0 protocol as a small ASGI app, ahead of Django, which spools a whole body first."""
