"""Where stored files lie when a setting names a bucket (S3 or alike)."""

from importlib.util import find_spec
from typing import Any

from django.core.exceptions import ImproperlyConfigured


def bucket_storage(*, bucket: str, endpoint: str, access_key: str, secret_key: str) -> dict[str, Any]:
    """Django's ``STORAGES["default"]``; raises ``ImproperlyConfigured`` where the package for it is missing."""
    if find_spec("boto3") is None:
        raise ImproperlyConfigured(
            f"STORAGE_BUCKET is “{bucket}”, and the package for buckets is missing. Install it:"
            " .venv/bin/python -m pip install --requirement requirements-s3.txt"
        )
    from botocore.config import Config  # noqa: PLC0415 - it is there with boto3 alone

    # Checksums of boto3's own, since 2025, are not those of other services than Amazon's: some refuse them, and some
    # answer for a part of an object with that of the whole.
    checksums = {"request_checksum_calculation": "when_required", "response_checksum_validation": "when_required"}
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": bucket,
            "endpoint_url": endpoint or None,
            "access_key": access_key or None,
            "secret_key": secret_key or None,
            "querystring_auth": True,
            "client_config": Config(**checksums),
        },
    }
