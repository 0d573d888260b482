"""The reading process of a worker."""

from uploads.tabular.sandbox.client import WarmReader

reader = WarmReader()
"""One a process: started by the first file, or ahead of it by ``run_worker``."""
