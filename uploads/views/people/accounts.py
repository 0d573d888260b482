"""Sign in, sign out and change the password, for people with an account; the admin's own pages stay for staff."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import views
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse_lazy

from uploads.services.errors import SignInsBusy, TooManySignIns
from uploads.services.signing_in.attempts import password_attempt
from uploads.web.error_pages import error_page
from uploads.web.limits.sign_in import LimitedSignIn, told_by_status
from uploads.web.parameters import takes
from uploads.web.sign_in.ways import BY_PROVIDER, NO_PASSWORDS, other_way, signed_out, without_password
from uploads.web.visitors import address_of

ASK = "If you need one, ask the people who run this site."
WRONG = "The name or the password is wrong. Capital letters matter in both."


class SignInForm(LimitedSignIn, AuthenticationForm):
    def __init__(self, request: Any = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(request, *args, **kwargs)
        self.error_messages = {"invalid_login": WRONG, "inactive": WRONG}
        self.fields["username"].label = "Name"


class NewPasswordForm(PasswordChangeForm):
    def __init__(self, *args: Any, address: str | None, **kwargs: Any) -> None:
        """``address``: from which the password is changed."""
        super().__init__(*args, **kwargs)
        self._address = address
        for name, label in (
            ("old_password", "Current password"),
            ("new_password1", "New password"),
            ("new_password2", "New password again"),
        ):
            self.fields[name].label = label

    def clean_old_password(self) -> Any:
        """A browser that somebody left signed in is no place to guess from."""
        try:
            with password_attempt(account=self.user.get_username(), address=self._address) as attempt:
                try:
                    password = super().clean_old_password()
                except ValidationError:
                    attempt.failed = True
                    raise
                attempt.succeeded = True
                return password
        except (TooManySignIns, SignInsBusy) as error:
            raise ValidationError(f"{error.message} {error.hint}", code=error.code) from error


class SignIn(views.LoginView):
    """Back to where the person was (``next``, on this site alone), else to the start page with their files."""

    template_name = "sign_in.html"
    authentication_form = SignInForm
    next_page = "upload"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if settings.PASSWORD_SIGN_IN:
            return super().post(request, *args, **kwargs)
        return error_page(status=403, message=NO_PASSWORDS, hint="Use the button there.", request=request)

    def form_invalid(self, form: Any) -> Any:
        return told_by_status(super().form_invalid(form), form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            sends_mail=bool(settings.MAIL_URL),
            takes_passwords=settings.PASSWORD_SIGN_IN,
            other_way=other_way(next_url=self.get_redirect_url()),
            **kwargs,
        )


class SignOut(views.LogoutView):
    """By a post alone: no other site signs anybody out. What this browser sent as a visitor stays its own."""

    next_page = "upload"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        by_provider = BY_PROVIDER in request.session
        response = super().post(request, *args, **kwargs)
        messages.success(request, signed_out(by_provider=by_provider))
        return response


class ChangePassword(views.PasswordChangeView):
    """Other browsers in which the person is signed in are signed out by it; this one is not."""

    template_name = "change_password.html"
    form_class = NewPasswordForm
    success_url = reverse_lazy("upload")

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        if request.user.is_authenticated and not request.user.has_usable_password():
            return error_page(status=404, message=without_password(), hint=ASK, request=request)
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "address": address_of(self.request)}

    def form_valid(self, form: Any) -> HttpResponse:
        messages.success(self.request, "Your password is changed.")
        return super().form_valid(form)


sign_in = takes(query=["next"], fields=["username", "password", "next"])(SignIn.as_view())
sign_out = takes()(SignOut.as_view())
change_password = takes(fields=["old_password", "new_password1", "new_password2"])(ChangePassword.as_view())
