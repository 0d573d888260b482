"""The Django app."""

from typing import Any

from django.apps import AppConfig
from django.core import checks
from django.db.models.signals import post_delete


class UploadsConfig(AppConfig):
    """Uploaded files and the tables they become."""

    name = "uploads"
    verbose_name = "Uploads"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        checks.register(check_api, checks.Tags.urls)
        post_delete.connect(forget_group_of, sender="auth.Group", dispatch_uid="uploads.forget_group")
        post_delete.connect(forget_person_of, sender="auth.User", dispatch_uid="uploads.forget_person")


def forget_group_of(instance: Any, **_: Any) -> None:
    """Whoever deletes a group, in the admin or elsewhere."""
    from uploads.services.datasets.rights import forget_group  # noqa: PLC0415 - it imports models, which come after apps

    forget_group(instance.pk)


def forget_person_of(instance: Any, **_: Any) -> None:
    """Whoever deletes an account."""
    from uploads.services.querying.rights import forget_person  # noqa: PLC0415 - as above
    from uploads.services.signing_in.accounts import forget_links  # noqa: PLC0415 - as above

    forget_links(instance.pk)
    forget_person(instance.pk)


def check_api(**_: Any) -> list[checks.CheckMessage]:
    """Import the API, which a web process leaves to its first request, and hold its addresses to its operations."""
    from uploads.api.operations import PATTERNS  # noqa: PLC0415 - it loads ninja and pydantic
    from uploads.api.urls import ADDRESSES  # noqa: PLC0415 - it imports models, which come after apps

    said = {str(pattern.name): str(pattern.pattern) for pattern in PATTERNS}
    return [
        checks.Error(
            f"uploads/api/urls.py has {name} at {ADDRESSES.get(name)}, its operation at {said.get(name)}.",
            id="uploads.E001",
        )
        for name in sorted(said.keys() | ADDRESSES.keys())
        if said.get(name) != ADDRESSES.get(name)
    ]
