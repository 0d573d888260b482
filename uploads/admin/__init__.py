"""Django's admin for staff: every fact read-only, every act through the services of the page."""

from uploads.admin import datasets, exports, files, loads, news, rejects, tokens

__all__ = ["datasets", "exports", "files", "loads", "news", "rejects", "tokens"]
