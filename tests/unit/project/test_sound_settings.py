"""A setting that cannot be meant ends whatever starts with one sentence."""

import sys

import pytest
from django.conf import LazySettings

from uploader_project.sound_settings import require_sound_settings


def test_wrong_setting_is_said_in_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "uploader_project.settings")
    monkeypatch.setenv("SITE_ADDRESS", "data.example.org")
    monkeypatch.delitem(sys.modules, "uploader_project.settings")
    with pytest.raises(SystemExit, match=r"^A setting is wrong: SITE_ADDRESS is “data\.example\.org”; write it as"):
        require_sound_settings(LazySettings())
