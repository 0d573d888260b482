"""Commands: what the page does, for terminals and scripts.

Those of a kind are an app (``files``, ``datasets``, ``site``): ``manage.py help`` groups them by apps.
"""
