"""Who may manage news."""

from django.contrib.auth.models import PermissionsMixin

from uploads.services.visibility import sees_all_files

MANAGE = "uploads.manage_newssubscription"


def manages_news(user: object) -> bool:
    """Whether somebody makes, changes and looks at subscriptions. What they tell is of all files, so all of these must
    be this person's to see."""
    return isinstance(user, PermissionsMixin) and sees_all_files(user) and user.has_perm(MANAGE)
