"""A site whose people sign in by a provider of OpenID Connect, a real one in a thread of this process."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

import pytest
from django.apps import AppConfig, apps
from django.db import connection
from django.test import override_settings
from oidc_provider_mock import run_server_in_thread

from tests.integration.signing_in.people import say
from uploader_project.environment.open_id import APPS, MIDDLEWARE

SECRET = "of the site and its provider, 32 bytes or more"


MODELS = ("account.EmailAddress", "account.EmailConfirmation", "socialaccount.SocialApp")


LINKS = "socialaccount.SocialAccount"


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    with run_server_in_thread() as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture(scope="module")
def site(issuer: str, django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """A site as settings make it that name the provider, with the tables that its migrations make."""
    from django.conf import settings

    for module in ("uploader_project.urls", "uploader_project.admin_addresses"):
        import_module(module)  # as they are for all other tests: without the provider's
    settings_of_site = {
        "MIDDLEWARE": [*settings.MIDDLEWARE, *MIDDLEWARE],
        "ROOT_URLCONF": "tests.integration.signing_in.urls",
        "OIDC_ISSUER": issuer,
        "OIDC_CLIENT_ID": "tables",
        "OIDC_CLIENT_SECRET": SECRET,
        "OIDC_NAME": "the library",
    }
    with override_settings(**settings_of_site), installed(*APPS), django_db_blocker.unblock():
        models = [apps.get_model(name) for name in (*MODELS, LINKS, "socialaccount.SocialToken")]
        with connection.schema_editor() as editor:
            for model in models:
                editor.create_model(model)
        yield
        with connection.schema_editor() as editor:
            for model in reversed(models):
                editor.delete_model(model)


@contextmanager
def installed(*names: str) -> Iterator[None]:
    """Further apps. A changed INSTALLED_APPS would set up all apps again, which Procrastinate's refuses."""
    configs = [AppConfig.create(name) for name in names]
    for config in configs:
        apps.app_configs[config.label] = config
        config.apps = apps
        config.import_models()
    apps.clear_cache()
    for config in configs:
        config.ready()
    try:
        yield
    finally:
        without(configs)


def without(configs: Iterable[AppConfig]) -> None:
    for config in configs:
        del apps.app_configs[config.label]
    apps.clear_cache()


@pytest.fixture
def provider(site: None, issuer: str) -> None:
    say("mia", issuer=issuer)
