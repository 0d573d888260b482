"""The Django app."""

from django.apps import AppConfig


class UploadsConfig(AppConfig):
    """Uploaded files and the tables they become."""

    name = "uploads"
    verbose_name = "Uploads"
    default_auto_field = "django.db.models.BigAutoField"
