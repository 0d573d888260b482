"""Puts our admin site in the place of Django's; a module of its own, for it is read before any model is."""

from django.contrib.admin.apps import SimpleAdminConfig


class UploaderAdminConfig(SimpleAdminConfig):
    """What the admin shows is imported by ``admin_addresses``, where it is served: nothing else needs it to start."""

    default_site = "uploader_project.admin_site.UploaderSite"
