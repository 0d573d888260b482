"""Make, list, use and revoke the tokens of people."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from uploads.database.prepared import Prepared
from uploads.models import AccessToken
from uploads.services.admin_log import ADDITION, log_act
from uploads.services.errors import TokenNotFound, WrongToken
from uploads.services.scopes import Grant, Scope, parse_scopes
from uploads.services.tokens.secrets import PREFIX, SHOWN, digest_of, is_well_formed, new_secret
from uploads.services.visibility import find_dataset, viewer_of_user
from uploads.tabular.errors import BadOption

DEFAULT_DAYS = 90
MOST_DAYS = 3660
LONGEST_NAME = 100
_USE_NOTED = timedelta(minutes=1)
_MAKE_ANOTHER = "Make another on the page “Tokens”, or by manage.py make_token."


class TokenState(StrEnum):
    WORKS = "works"
    ENDED = "ended"
    REVOKED = "revoked"


@dataclass(frozen=True, kw_only=True, slots=True)
class TokenFacts:
    """A token for one who looks at it; the secret itself is kept nowhere."""

    token_id: int
    name: str
    start: str
    user: str
    scopes: tuple[Scope, ...]
    state: TokenState
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    """To a minute."""


@dataclass(frozen=True, kw_only=True, slots=True)
class NewToken:
    facts: TokenFacts
    secret: str
    """For its person, this once."""


def make_token(
    *, user: AbstractBaseUser, scopes: Iterable[str], name: str | None = None, days: int = DEFAULT_DAYS
) -> NewToken:
    """A token that acts as this person, within ``scopes`` (``upload``, ``read:prices``), for so many days.

    Raises ``BadOption`` for what cannot be, and for a name that a token of this person has which is not revoked;
    ``DatasetNotFound`` where a scope names a dataset that the person does not see.
    """
    secret, parsed = new_secret(), parse_scopes(scopes)
    name = f"token {secret[len(PREFIX) : SHOWN]}" if name is None else name.strip()
    if not 1 <= len(name) <= LONGEST_NAME or "\0" in name:
        raise BadOption(f"A token has a name of at most {LONGEST_NAME} letters.", hint="Say what it is for.")
    if not 1 <= days <= MOST_DAYS:
        raise BadOption(f"A token ends after 1 to {MOST_DAYS:,} days.", hint=f"Without a number: {DEFAULT_DAYS}.")
    viewer = viewer_of_user(user)
    for scope in parsed:
        if scope.dataset:
            find_dataset(slug=scope.dataset, viewer=viewer)
    token = AccessToken(
        digest=digest_of(secret),
        start=secret[:SHOWN],
        name=name,
        user_id=user.pk,
        scopes=[str(scope) for scope in parsed],
        expires_at=timezone.now() + timedelta(days=days),
    )
    try:
        with transaction.atomic():
            token.save(force_insert=True)
            log_act(user_id=user.pk, to=token, words=f"made a token for {', '.join(token.scopes)}", flag=ADDITION)
    except IntegrityError as error:
        if "token_name" not in str(error):
            raise
        raise BadOption(
            f"There is a token “{name}” already.", hint="Take another name, or revoke that one first."
        ) from error
    token = AccessToken.objects.select_related("user").get(pk=token.pk)
    return NewToken(facts=facts_of(token), secret=secret)


def list_tokens(*, user_id: int) -> tuple[TokenFacts, ...]:
    """Those of one person, the newest first; revoked ones too, so that it is seen that they are."""
    return tuple(map(facts_of, AccessToken.objects.filter(user=user_id).select_related("user").order_by("-pk")))


def revoke_token(*, token_id: int, by: int | None = None, owner_id: int | None = None) -> TokenFacts:
    """From now on it does nothing; one that was revoked before stays so. ``owner_id``: only if it is this person's.

    Raises ``TokenNotFound``.
    """
    found: QuerySet[AccessToken] = AccessToken.objects.select_related("user").filter(pk=token_id)
    if owner_id is not None:
        found = found.filter(user=owner_id)
    with transaction.atomic():
        done = found.filter(revoked_at=None).order_by().update(revoked_at=Now(), revoked_by=by)
        token = found.first()
        if token is None:
            raise TokenNotFound(f"There is no token {token_id}.", hint="Look at the list of tokens.")
        if done:
            log_act(user_id=by, to=token, words=f"revoked the token “{token.name}”")
    return facts_of(token)


def use_token(secret: str) -> tuple[AbstractBaseUser, Grant]:
    """Whose token it is and what it may do; notes the use, once a minute at most. Raises ``WrongToken``."""
    token = _of_digest(digest_of(secret)) if is_well_formed(secret) else None
    if token is None:
        raise WrongToken("This token is not known here.", hint=f"Check that it is complete. {_MAKE_ANOTHER}")
    if token.revoked_at is not None:
        raise WrongToken("This token was revoked.", hint=_MAKE_ANOTHER)
    now = timezone.now()
    if token.expires_at <= now:
        raise WrongToken(f"This token ended on {token.expires_at:%-d %B %Y}.", hint=_MAKE_ANOTHER)
    if not token.user.is_active:
        raise WrongToken("The account of this token's person is closed.", hint="Ask an administrator.")
    if token.last_used_at is None or token.last_used_at < now - _USE_NOTED:
        stale = AccessToken.objects.filter(Q(last_used_at=None) | Q(last_used_at__lt=now - _USE_NOTED), pk=token.pk)
        stale.order_by().update(last_used_at=now)
    return token.user, Grant(token_id=token.pk, scopes=parse_scopes(token.scopes))


_TOKENS = Prepared(lambda digest: AccessToken.objects.select_related("user").filter(digest=digest))


def _of_digest(digest: str) -> AccessToken | None:
    """With its person. Each request of a machine asks for it, and an upload is two or three."""
    return next(iter(_TOKENS.models(AccessToken, "user", digest=digest)), None)


def facts_of(token: AccessToken) -> TokenFacts:
    state = TokenState.REVOKED if token.revoked_at is not None else TokenState.WORKS
    if state is TokenState.WORKS and token.expires_at <= timezone.now():
        state = TokenState.ENDED
    return TokenFacts(
        token_id=token.pk,
        name=token.name,
        start=token.start,
        user=token.user.get_username(),
        scopes=parse_scopes(token.scopes),
        state=state,
        created_at=token.created_at,
        expires_at=token.expires_at,
        last_used_at=token.last_used_at,
    )
