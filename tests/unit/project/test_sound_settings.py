"""A setting that cannot be meant ends whatever starts with one sentence."""

import sys

import pytest
from django.conf import LazySettings

import manage
from uploader_project.environment.databases import database_at
from uploader_project.environment.values import Environment
from uploader_project.sound_settings import require_sound_settings
from uploader_project.web import main


def refusal(name: str, said: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """What ends the process where the environment says this of a setting."""
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "uploader_project.settings")
    monkeypatch.setenv(name, said)
    monkeypatch.delitem(sys.modules, "uploader_project.settings")
    with pytest.raises(SystemExit) as ended:
        require_sound_settings(LazySettings())
    return str(ended.value)


@pytest.mark.parametrize(
    ("name", "said", "words"),
    [
        ("SITE_ADDRESS", "data.example.org", "write it as people type it"),
        ("MAX_FILE_SIZE", "10GB", "write a whole number, such as 100."),
        ("MAX_FILE_SIZE", "", "write a whole number, such as 100."),
        ("SQL_SECONDS", "20s", "write a number, such as 2.5."),
        ("WEBHOOKS_PRIVATE", "flase", "write true or false."),
        ("LOG_LEVEL", "loud", "it is DEBUG, INFO, WARNING, ERROR, CRITICAL."),
        ("OIDC_ISSUER", "login.example.org", "write it as https://accounts.example.org."),
        ("OIDC_ISSUER", "http://login.example.org", "write it as https://accounts.example.org."),
        ("OIDC_ISSUER", "https://login.example.org:0", "write it as https://accounts.example.org."),
        ("LOG_FORMAT", "xml", "it is console or json."),
        ("WRITER", "COPY", "it is copy or bulk_create."),
    ],
)
def test_wrong_setting_is_said_in_one_sentence(
    name: str, said: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert refusal(name, said, monkeypatch).startswith(f"A setting is wrong: {name} is “{said}”; {words}")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("DATABASE_URL", "localhost/uploader"),
        ("DATABASE_URL", "db:secret@localhost/uploader"),
        ("DATABASE_URL", "postgresql://name:secret@localhost:port/uploader"),
        ("DATABASE_URL", "postgresql://name:secret@localhost"),
        ("DATABASE_URL", "mysql://name:secret@localhost/uploader"),
        ("MAIL_URL", "mail.example.org"),
        ("MAIL_URL", "smtp://name:secret@mail.example.org:port"),
    ],
)
def test_address_that_is_none_is_said_without_its_password(
    name: str, said: str, monkeypatch: pytest.MonkeyPatch, recwarn: pytest.WarningsRecorder
) -> None:
    words = refusal(name, said, monkeypatch)
    assert words.startswith(f"A setting is wrong: {name} is no address of a ")
    assert "secret" not in f"{words}{[str(warned.message) for warned in recwarn]}"


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("postgresql://ana:se%40cret@db.example.org:5433/uploader", {"HOST": "db.example.org", "PASSWORD": "se@cret"}),
        ("postgres:///uploader?conn_max_age=60", {"NAME": "uploader", "CONN_MAX_AGE": 60}),
        ("postgresql://?service=uploader", {"OPTIONS": {"service": "uploader"}}),
    ],
)
def test_address_of_a_database_is_taken(said: str, found: dict[str, object]) -> None:
    assert found.items() <= database_at(said).items()


def test_what_can_be_meant_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, said in {"A": "Yes", "B": "", "C": "2,5", "D": "-1"}.items():
        monkeypatch.setenv(name, said)
    env = Environment()
    assert (env.bool("A"), env.bool("B", default=True), env.float("C"), env.int("D")) == (True, False, 2.5, -1)
    assert (env.bool("E", default=True), env.int("F", default=7)) == (True, 7)


def test_port_that_is_none_is_said_by_the_web_server_too(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PORT", "http")
    with pytest.raises(SystemExit):
        main([])
    assert "invalid int value: 'http'" in capsys.readouterr().err


def test_settings_that_a_command_names_are_not_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever looked at any setting before Django has heard of them would have read the others for good."""
    done: list[object] = []
    monkeypatch.setattr("uploader_project.sound_settings.require_sound_settings", lambda: done.append("read"))
    monkeypatch.setattr("django.core.management.execute_from_command_line", done.append)
    plain, named = ["manage.py", "version"], ["manage.py", "version", "--settings=others"]
    for said in (plain, named):
        monkeypatch.setattr(sys, "argv", said)
        manage.main()
    assert done == ["read", plain, named]
