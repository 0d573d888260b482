"""Puts our admin site in the place of Django's; a module of its own, for it is read before any model is."""

from django.contrib.admin.apps import AdminConfig


class UploaderAdminConfig(AdminConfig):
    default_site = "uploader_project.admin_site.UploaderSite"
