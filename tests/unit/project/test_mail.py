"""One setting says where mail goes out."""

import pytest

from uploader_project.environment.mail import mailers

SMTP = "django.core.mail.backends.smtp.EmailBackend"


@pytest.mark.parametrize(
    ("url", "backend", "options"),
    [
        ("", "django.core.mail.backends.dummy.EmailBackend", {}),
        (
            "smtp+tls://ana:se%40cret@mail.example.org:587",
            SMTP,
            {"host": "mail.example.org", "port": 587, "username": "ana", "password": "se@cret", "use_tls": True},
        ),
        ("smtp://mail.example.org", SMTP, {"host": "mail.example.org"}),
    ],
)
def test_address_becomes_a_mailer(url: str, backend: str, options: dict[str, object]) -> None:
    made = mailers(url)["default"]
    assert made["BACKEND"] == backend
    assert options.items() <= made.get("OPTIONS", {}).items()
