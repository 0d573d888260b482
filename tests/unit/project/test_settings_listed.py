"""Every setting is listed for people: in ``.env.example`` and in README's table, and nothing else is."""

import re
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[3]
FOR_TESTS = {"DJANGO_READ_DOT_ENV_FILE"}


def settings_read() -> set[str]:
    source = (PROJECT / "uploader_project" / "settings.py").read_text()
    return set(re.findall(r'\benv(?:\.\w+)?\(\s*"([A-Z_]+)"', source)) - FOR_TESTS


def test_env_example_lists_exactly_the_settings_that_are_read() -> None:
    listed = re.findall(r"^#?([A-Z_]+)=", (PROJECT / ".env.example").read_text(), re.MULTILINE)
    assert sorted(listed) == sorted(settings_read())


def test_readme_lists_exactly_the_settings_that_are_read() -> None:
    rows = re.findall(r"^\| *(`[A-Z_]+`(?:, *`[A-Z_]+`)*)", (PROJECT / "README.md").read_text(), re.MULTILINE)
    listed = [name for row in rows for name in re.findall(r"`([A-Z_]+)`", row)]
    assert sorted(listed) == sorted(settings_read())
