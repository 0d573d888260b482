"""Tokens in the admin: whose they are, what they may do, when they were used last; and their end."""

from typing import ClassVar

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from uploads.admin.read_only import GoesWithItsOwner, ReadOnlyAdmin
from uploads.models import AccessToken
from uploads.services.tokens.tokens import facts_of, revoke_token
from uploads.web.sentences.phrases import counted
from uploads.web.sentences.tokens import scope_words

VIEW = "uploads.view_accesstoken"
REVOKE = "uploads.revoke_accesstoken"


@admin.register(AccessToken)
class AccessTokenAdmin(GoesWithItsOwner, ReadOnlyAdmin):
    list_display = ("name", "user", "may", "state", "created_at", "expires_at", "last_used_at", "start")
    list_select_related = ("user", "revoked_by")
    search_fields = ("name", "user__username", "start")
    search_help_text = "Name, person or first letters"
    actions = ("revoke_tokens",)
    fields: ClassVar = [
        "name",
        "user",
        "may",
        "state",
        "start",
        "created_at",
        "expires_at",
        "last_used_at",
        "revoked_at",
        "revoked_by",
    ]
    readonly_fields = ("may", "state")

    def has_view_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return bool(request.user.is_staff and request.user.has_perm(VIEW))

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_staff and request.user.has_perms((VIEW, REVOKE)))

    @admin.action(permissions=["revoke"], description="Revoke")
    def revoke_tokens(self, request: HttpRequest, queryset: QuerySet[AccessToken]) -> None:
        """Whatever still uses them is refused from its next request on."""
        numbers = list(queryset.values_list("pk", flat=True))
        for number in numbers:
            revoke_token(token_id=number, by=request.user.pk)
        messages.success(request, f"Revoked {counted(len(numbers), 'token')}.")

    @admin.display(description="what it may do")
    def may(self, token: AccessToken) -> str:
        return scope_words(facts_of(token))

    @admin.display(description="state")
    def state(self, token: AccessToken) -> str:
        return facts_of(token).state
