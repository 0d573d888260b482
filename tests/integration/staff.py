"""People with and without rights, for tests of pages, API and admin."""

from base64 import b64encode

from django.contrib.auth.models import Permission, User

from uploads.services.tokens.tokens import make_token

PASSWORD = "correct horse battery"
EVERY_ACT = (
    "view_uploadedfile",
    "activate_uploadedfile",
    "delete_uploadedfile",
    "retry_uploadedfile",
    "delete_dataset",
)


def make_user(name: str, *permissions: str, is_staff: bool = True, is_superuser: bool = False) -> User:
    """A user with the named permissions of the app and no others."""
    user = User.objects.create_user(name, password=PASSWORD, is_staff=is_staff, is_superuser=is_superuser)
    found = list(Permission.objects.filter(codename__in=permissions, content_type__app_label="uploads"))
    assert len(found) == len(permissions), "a permission has another name"
    user.user_permissions.set(found)
    return user


def basic(name: str, password: str = PASSWORD) -> dict[str, str]:
    """Headers of HTTP Basic."""
    return {"Authorization": f"Basic {b64encode(f'{name}:{password}'.encode()).decode()}"}


def bearer(user: User, *scopes: str, days: int = 1) -> dict[str, str]:
    """Headers with a new token of this person."""
    return {"Authorization": f"Bearer {make_token(user=user, scopes=scopes, days=days).secret}"}
