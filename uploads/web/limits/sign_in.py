"""A form with a name and a password that may be tried only so often.

``uploads.services.signing_in.attempts`` counts the tries and says when it is too often.
"""

from http import HTTPStatus
from typing import Any

from django.core.exceptions import ValidationError
from django.http.response import HttpResponseBase

from uploads.services.errors import SignInsBusy, TooManySignIns
from uploads.services.signing_in.attempts import password_attempt
from uploads.web.http_status import seconds_of, status_of
from uploads.web.visitors import address_of


class LimitedSignIn:
    """Beside Django's ``AuthenticationForm``: asks before the password is hashed."""

    request: Any
    refusal: TooManySignIns | SignInsBusy | None = None

    def clean(self) -> Any:
        cleaned: dict[str, Any] = self.cleaned_data  # type: ignore[attr-defined]  # the form has been read by now
        name = cleaned.get("username")
        if name is None or not cleaned.get("password"):
            return super().clean()  # type: ignore[misc]  # the form's
        try:
            with password_attempt(account=name, address=address_of(self.request)) as attempt:
                try:
                    cleaned = super().clean()  # type: ignore[misc]
                except ValidationError:
                    attempt.failed = True
                    raise
                else:
                    attempt.succeeded = True
        except (TooManySignIns, SignInsBusy) as error:
            self.refusal = error
            raise ValidationError(f"{error.message} {error.hint}", code=error.code) from error
        return cleaned


def told_by_status(response: HttpResponseBase, form: Any) -> HttpResponseBase:
    """The page of a form that was refused so, for programs: 429 or 503, and when to try again."""
    refusal = getattr(form, "refusal", None)
    if refusal is not None:
        response.status_code = HTTPStatus(status_of(refusal))
        response.headers["Retry-After"] = str(seconds_of(refusal))
    return response
