"""docker-compose.yml passes every setting, and the image has static files while migrations run before all else."""

import re
from pathlib import Path
from typing import Any

import yaml

PROJECT = Path(__file__).resolve().parents[3]
OTHERWISE_IN_A_CONTAINER = {"DATABASE_URL", "SECRET_KEY", "ALLOWED_HOSTS", "LOG_FORMAT", "VAR_DIR"}


def services() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((PROJECT / "docker-compose.yml").read_text())["services"]
    return {name: service for name, service in found.items() if name != "db"}


def test_each_service_gets_every_setting() -> None:
    listed = set(re.findall(r"^#?([A-Z_]+)=", (PROJECT / ".env.example").read_text(), re.MULTILINE))
    assert services().keys() == {"migrate", "web", "worker"}
    for name, service in services().items():
        assert service["env_file"] == ".env", name
        assert service["environment"].keys() == OTHERWISE_IN_A_CONTAINER <= listed, name


def test_what_a_service_sets_itself_still_heeds_what_was_said() -> None:
    """All but the database, which is that of compose, and the folder, which is a volume."""
    for name, value in services()["web"]["environment"].items():
        assert f"${{{name}" in value or name in ("DATABASE_URL", "VAR_DIR"), name


def test_migrations_are_through_before_the_site_starts_and_static_files_are_in_the_image() -> None:
    found = services()
    assert found["migrate"]["command"] == "python manage.py migrate --noinput"
    for name in ("web", "worker"):
        assert found[name]["depends_on"]["migrate"]["condition"] == "service_completed_successfully"
    assert "python manage.py collectstatic --noinput" in (PROJECT / "Dockerfile").read_text()
