"""Backups: database and stored files of one moment in a folder, and back into an empty installation."""
