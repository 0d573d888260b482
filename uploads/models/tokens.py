"""Tokens by which machines act for a person."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


class AccessToken(models.Model):
    """What a program shows instead of a name and a password: for some acts, until a day, for one person.

    Kept is its SHA-256 alone. Nobody guesses 256 random bits, so neither salt nor a slow hash would add anything; and
    it is found by the hash in an index, so that the time of a wrong one tells nothing about the right ones.
    """

    digest = models.CharField(max_length=64, unique=True, editable=False)
    start = models.CharField(max_length=20, editable=False, help_text="Its first letters, to know it again by.")
    name = models.CharField(max_length=100, help_text="What it is for.")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.DB_CASCADE, related_name="+")
    scopes = models.JSONField(help_text="What it may do, as upload:prices.")
    created_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, help_text="To a minute.")
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.DB_SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = "token"
        default_permissions = ("view",)
        permissions = (("revoke_accesstoken", "Can revoke access tokens"),)
        ordering = ("-id",)
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(revoked_by=None) | Q(revoked_at__isnull=False), name="token_revoked_by"),
            # a form that is sent again by reloading its answer makes no second one
            models.UniqueConstraint(fields=["user", "name"], condition=Q(revoked_at=None), name="token_name"),
        ]

    def __str__(self) -> str:
        return self.name
