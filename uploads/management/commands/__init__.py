"""One module for each ``manage.py`` command of this app."""
