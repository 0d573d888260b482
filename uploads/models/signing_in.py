"""Passwords that were wrong, for as long as they count."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now


class PasswordFailure(models.Model):
    """One wrong password."""

    account = models.CharField(max_length=64, help_text="A digest of the name, which may be none of an account.")
    sender = models.CharField(max_length=43, blank=True, help_text="Address, or network where that is IPv6.")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        default_permissions = ()
        indexes: ClassVar = [
            models.Index(fields=["account", "at"], name="failure_account"),
            models.Index(fields=["sender", "at"], name="failure_sender"),
        ]

    def __str__(self) -> str:
        return f"wrong password from {self.sender or 'no address'}"
