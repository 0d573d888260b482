"""Fixtures for every level: the real files, and the end of the session's throw-away cluster."""

import os
import shutil
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from tests.side_by_side import ByFile, sort_by_level
from tests.thorough import leave_out_thorough
from uploader_project.embedded.sharing import leave_server

# A slow or busy machine is no failure: time is for benchmarks.
# Fewer examples than Hypothesis's 100, for all tests have twenty minutes on two cores.
hypothesis_settings.register_profile(
    "project", max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
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


def pytest_configure(config: pytest.Config) -> None:
    """Coverage counts the processes that run tests, not the programs that tests start: these start as always."""
    shares_out = bool(config.getoption("numprocesses", None)) and not hasattr(config, "workerinput")
    if not shares_out:
        os.environ.pop("COVERAGE_PROCESS_CONFIG", None)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    leave_out_thorough(config, items)
    if hasattr(config, "workerinput"):
        sort_by_level(items)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> ByFile:
    return ByFile(config, log)


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Packed bytes hold the time at which they were packed: no name for a test that several processes must know."""
    return argname if isinstance(val, bytes) and not val.isascii() else None


def pytest_unconfigure() -> None:
    """Stop the session's PostgreSQL and remove all that the session stored."""
    leave_server(Path(settings.DATABASES["default"]["FOLDER"]))
    shutil.rmtree(settings.VAR_DIR, ignore_errors=True)
