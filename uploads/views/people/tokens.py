"""A page of a person's own: the tokens by which programs act for them."""

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from uploads.services.datasets.browsing import list_datasets
from uploads.services.errors import NotSignedIn
from uploads.services.scopes import SCOPES, ScopeKind
from uploads.services.tokens.tokens import DEFAULT_DAYS, LONGEST_NAME, NewToken, list_tokens, make_token, revoke_token
from uploads.tabular.errors import BadOption, UploaderError
from uploads.web.parameters import takes
from uploads.web.sentences.tokens import shown_token
from uploads.web.visitors import viewer_of

DAYS = (7, 30, 90, 365)
"""What the form offers; a command takes any number."""


@require_http_methods(["GET", "HEAD", "POST"])
@takes(fields=["name", "scope", "dataset", "days"], several=["scope"])
def tokens(request: HttpRequest) -> HttpResponse:
    """The list, and the form for another one; a new one is shown in the answer to the form, and never again."""
    user = _require_person(request)
    if request.method in {"GET", "HEAD"}:
        return _page(request, user)
    try:
        made = make_token(
            user=user,
            name=request.POST.get("name", ""),
            scopes=_said_scopes(request),
            days=_said_days(request.POST.get("days", "")),
        )
    except UploaderError as error:
        return _page(request, user, refusal=f"{error.message} {error.hint}".strip())
    return _page(request, user, made=made)


@require_POST
@takes()
def revoke(request: HttpRequest, token_id: int) -> HttpResponse:
    """One's own; what used it is refused from its next request on."""
    user = _require_person(request)
    token = revoke_token(token_id=token_id, by=user.pk, owner_id=user.pk)
    messages.success(request, f"Revoked “{token.name}”. Whatever still uses it is refused from now on.")
    return redirect("tokens")


def _require_person(request: HttpRequest) -> User:
    if not request.user.is_authenticated:
        raise NotSignedIn("Tokens are for people with an account.", hint="Sign in first.")
    return request.user


def _said_scopes(request: HttpRequest) -> list[str]:
    """The boxes that were ticked, each for the one dataset that was chosen, if any."""
    dataset = request.POST.get("dataset", "").strip()
    return [f"{kind}:{dataset}" if dataset else kind for kind in request.POST.getlist("scope")]


def _said_days(text: str) -> int:
    if not text:
        return DEFAULT_DAYS
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise BadOption("The number of days cannot be read.", hint="Say it in digits.")
    return int(text)


def _page(request: HttpRequest, user: User, *, made: NewToken | None = None, refusal: str = "") -> HttpResponse:
    said = request.POST if refusal else {}
    ticked = request.POST.getlist("scope") if refusal else [ScopeKind.UPLOAD]
    found = list_tokens(user_id=user.pk)
    context = {
        "made": made,
        "refusal": refusal,
        "tokens": [shown_token(facts) for facts in found],
        "scopes": [(kind, facts.words, bool(facts.of_one), kind in ticked) for kind, facts in SCOPES.items()],
        "datasets": [(each.slug, each.name, each.visibility.label) for each in list_datasets(viewer_of(request))],
        "days": DAYS,
        "said": {"name": said.get("name", ""), "dataset": said.get("dataset", ""), "days": said.get("days", "90")},
        "longest_name": LONGEST_NAME,
        "example": _example(request, made),
    }
    response = render(request, "tokens.html", context, status=400 if refusal else 200)
    response.headers["Cache-Control"] = "no-store"
    return response


def _example(request: HttpRequest, made: NewToken | None) -> str:
    """A line that works as it stands, of the first thing that the token may do."""
    if made is None:
        return ""
    head = f"curl -H 'Authorization: Bearer {made.secret}'"
    first = made.facts.scopes[0]
    if first.kind is ScopeKind.UPLOAD:
        dataset = f" -F dataset={first.dataset}" if first.dataset else ""
        return f"{head} -F file=@new.csv{dataset} {request.build_absolute_uri(reverse('api:send_file'))}"
    rows = reverse("api:list_rows", args=[first.dataset]) if first.dataset else reverse("api:list_datasets")
    return f"{head} {request.build_absolute_uri(rows)}"
