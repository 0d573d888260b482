"""What an address knows: its query parameters and the fields of its forms. Whatever else is sent is refused.

An option that is spelled wrongly and ignored gives a plausible wrong answer: all rows where some were asked for.
"""

from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import wraps
from typing import Any, cast
from urllib.parse import urlencode

from asgiref.sync import iscoroutinefunction
from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.utils.encoding import escape_uri_path
from django.utils.http import escape_leading_slashes

from uploads.services.errors import RepeatedParameter, UnknownParameter
from uploads.store.spool import full_disk_explained
from uploads.tabular.errors import UploaderError
from uploads.web.error_json import error_json
from uploads.web.http_status import status_of

TAG = "_tag"
"""Of the list of datasets, on its page and over the API."""
CSRF_FIELD = "csrfmiddlewaretoken"
SAFE_METHODS = frozenset({"GET", "HEAD"})
NAMES_SHOWN = 5
LONGEST_NAME = 60
CLOSE = 0.7
"""``limits`` is near ``limit``, ``sort`` is near nothing."""

type View = Callable[..., HttpResponseBase | Awaitable[HttpResponseBase]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Parameters:
    """Names that mean something at one address; each may come once, unless it is among ``several``."""

    query: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    several: frozenset[str] = frozenset()
    is_open: bool = False
    """What else stands in the query is for the view to check: columns of a dataset."""


def takes(
    *,
    query: Iterable[str] = (),
    fields: Iterable[str] = (),
    several: Iterable[str] = (),
    is_open: bool = False,
    as_json: bool = False,
) -> Callable[[View], Any]:
    """Declare what a view knows, and have everything else refused: by an error page, or as JSON."""
    known = Parameters(query=tuple(query), fields=tuple(fields), several=frozenset(several), is_open=is_open)

    def declared(view: View) -> View:
        if iscoroutinefunction(view):

            @wraps(view)
            async def answer_async(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
                refusal = _refusal(request, known, as_json=as_json)
                return refusal or await cast("Awaitable[HttpResponseBase]", view(request, *args, **kwargs))

            return _with_parameters(answer_async, known)

        @wraps(view)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            return _refusal(request, known, as_json=as_json) or cast("HttpResponseBase", view(request, *args, **kwargs))

        return _with_parameters(answer, known)

    return declared


def _with_parameters(view: View, known: Parameters) -> View:
    view.parameters = known  # type: ignore[attr-defined]  # a test asks every address for it
    return view


def _refusal(request: HttpRequest, known: Parameters, *, as_json: bool) -> HttpResponseBase | None:
    try:
        check_query(request, known)
        if request.method == "POST":
            check_form(request, known)
    except UploaderError as error:
        if not as_json:
            raise
        return error_json(code=error.code, message=error.message, hint=error.hint, status=status_of(error))
    return None


def check_query(request: HttpRequest, known: Parameters) -> None:
    """Raises ``UnknownParameter`` or ``RepeatedParameter``, with an address without what is wrong."""
    if not request.GET:
        return
    names = [name for name, values in request.GET.lists() if not known.is_open or name in known.query for _ in values]
    try:
        check_names(names, known=known.query, several=known.several, where=request.path)
    except UnknownParameter as error:
        if request.method in SAFE_METHODS:
            error.way_back = address_without(request, error.names)
        raise


def check_form(request: HttpRequest, known: Parameters) -> None:
    """The fields and files of a posted form; beside them only the token against forgery is known."""
    with full_disk_explained():
        sent: list[tuple[str, list[Any]]] = [*request.POST.lists(), *request.FILES.lists()]
    names = [name for name, values in sent if name != CSRF_FIELD for _ in values]
    check_names(names, known=known.fields, several=known.several, where=request.path, word="field")


def check_names(
    names: Iterable[str], *, known: Iterable[str], several: Iterable[str] = (), where: str, word: str = "option"
) -> None:
    """Refuse a name that is not known, or comes twice and may come once only; ``word`` is what people call it."""
    counts = Counter(names)
    all_known = tuple(known)
    unknown = [name for name in counts if name not in all_known]
    if unknown:
        raise UnknownParameter(
            f"“{_shown(where)}” has no {word}{'s' * (len(unknown) > 1)} {_listed(unknown)}.",
            hint=_guess(unknown, all_known) + (f"It knows {', '.join(all_known)}." if all_known else "It takes none."),
            names=unknown,
        )
    repeated = [name for name, count in counts.items() if count > 1 and name not in several]
    if repeated:
        raise RepeatedParameter(
            f"“{_shown(where)}” takes the {word}{'s' * (len(repeated) > 1)} {_listed(repeated)} once only.",
            hint="Say which of the values you mean.",
            names=repeated,
        )


def close_to(name: str, known: Iterable[str], *, cutoff: float = CLOSE) -> str | None:
    """The known name that was probably meant."""
    return next(iter(get_close_matches(name.lower()[:LONGEST_NAME], tuple(known), n=1, cutoff=cutoff)), None)


def _guess(unknown: Iterable[str], known: tuple[str, ...]) -> str:
    meant = dict.fromkeys(filter(None, (close_to(name, known) for name in unknown)))
    return f"Did you mean {_listed(meant)}? " if meant else ""


def _listed(names: Iterable[str]) -> str:
    """A stranger may send thousands of names, as long as he likes."""
    found = list(names)
    shown = [f"“{_shown(name)}”" for name in found[:NAMES_SHOWN]]
    if len(found) > NAMES_SHOWN:
        return f"{', '.join(shown)} and {len(found) - NAMES_SHOWN:,} more"
    return " and ".join(filter(None, (", ".join(shown[:-1]), shown[-1])))


def _shown(text: str) -> str:
    plain = "".join(character if character.isprintable() else "␀" for character in text[:LONGEST_NAME])
    return plain + "…" * (len(text) > LONGEST_NAME)


def address_without(request: HttpRequest, names: Iterable[str]) -> str:
    """The address that was asked for, without some parameters."""
    kept = QueryDict(mutable=True)
    for name, values in request.GET.lists():
        if name not in names:
            kept.setlist(name, values)
    query = urlencode(list(kept.lists()), doseq=True)
    path = escape_leading_slashes(escape_uri_path(request.path))
    return f"{path}?{query}" if query else path
