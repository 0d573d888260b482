"""Fixtures for every level: the real files, and the end of the session's throw-away cluster."""

import os
import shutil
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import settings as hypothesis_settings

from uploader_project.embedded.sharing import leave_server

# A slow or busy machine is no failure: time is for benchmarks.
hypothesis_settings.register_profile("project", deadline=None)
hypothesis_settings.load_profile("project")

PROJECT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of real files, ``../shared/data`` or ``CORPUS_DIR``; without it the test is skipped, never in CI."""
    folder = Path(os.environ.get("CORPUS_DIR") or PROJECT.parent / "shared" / "data")
    if not folder.is_dir():
        if os.environ.get("CI") == "true":
            pytest.fail(f"The real files are missing: {folder} (CI never skips them)")
        pytest.skip(f"the real files are not here: {folder}; name their folder by CORPUS_DIR")
    return folder


def pytest_unconfigure() -> None:
    """Stop the session's PostgreSQL and remove all that the session stored."""
    leave_server(Path(settings.DATABASES["default"]["FOLDER"]))
    shutil.rmtree(settings.VAR_DIR, ignore_errors=True)
