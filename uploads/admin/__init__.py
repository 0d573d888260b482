"""Django's admin for staff: every fact read-only, every act through the services of the page."""

from django.contrib import admin

from uploads.admin import datasets, files, loads

admin.site.site_header = "Uploader"
admin.site.site_title = "Uploader"
admin.site.index_title = "Files and datasets"

__all__ = ["datasets", "files", "loads"]
