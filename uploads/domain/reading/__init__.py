"""Opens an uploaded file, whatever it is, as the tables it holds."""

from uploads.domain.reading.opening import open_tables

__all__ = ["open_tables"]
