"""A bucket without the package for it is said in one sentence, with the way out."""

from importlib import util
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from uploader_project.environment.buckets import bucket_storage


def test_bucket_without_its_package_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    find_spec = util.find_spec
    monkeypatch.setattr(
        "uploader_project.environment.buckets.find_spec", lambda name: None if name == "boto3" else find_spec(name)
    )
    said: dict[str, Any] = {"bucket": "tables", "endpoint": "", "access_key": "", "secret_key": ""}
    with pytest.raises(ImproperlyConfigured, match=r"pip install --requirement requirements-s3\.txt"):
        bucket_storage(**said)
