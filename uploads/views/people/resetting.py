"""A lost password: a link by mail, and the page on which a new one is chosen.

A worker sends the mail (``uploads.web.sign_in.reset_mail``).
"""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import views
from django.contrib.auth.forms import PasswordResetForm, SetPasswordForm
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse_lazy

from uploads.services.errors import TooManySignIns
from uploads.services.queueing import enqueue_reset_link
from uploads.services.signing_in.resetting import count_reset
from uploads.web.error_pages import error_page
from uploads.web.limits.sign_in import told_by_status
from uploads.web.parameters import takes
from uploads.web.sign_in.reset_mail import site_of_links
from uploads.web.sign_in.ways import NO_PASSWORDS
from uploads.web.visitors import address_of

SENT = "If an account has this address, a mail with a link is on its way. The link works for a day."


class AddressForm(PasswordResetForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = "E-mail address of your account"


class ChosenForm(SetPasswordForm[Any]):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in (("new_password1", "New password"), ("new_password2", "New password again")):
            self.fields[name].label = label


class AskForLink(views.PasswordResetView):
    """The answer is the same whether there is such an account or not."""

    template_name = "reset_password.html"
    form_class = AddressForm
    success_url = reverse_lazy("sign-in")

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        if settings.MAIL_URL and settings.PASSWORD_SIGN_IN:
            return super().dispatch(request, *args, **kwargs)
        if not settings.PASSWORD_SIGN_IN:
            return error_page(status=404, message=NO_PASSWORDS, hint="Go to the page “Sign in”.", request=request)
        return error_page(
            status=404,
            message="This site sends no mail.",
            hint="Ask the people who run it for a new password.",
            request=request,
        )

    def form_valid(self, form: Any) -> Any:
        asked = form.cleaned_data["email"]
        try:
            count_reset(mail_address=asked, address=address_of(self.request))
        except TooManySignIns as error:
            form.refusal = error
            form.add_error(None, f"{error.message} {error.hint}")
            return told_by_status(self.form_invalid(form), form)
        enqueue_reset_link(address=asked, site=site_of_links(self.request))
        messages.success(self.request, SENT)
        return redirect(self.get_success_url())


class ChoosePassword(views.PasswordResetConfirmView):
    """By the link of the mail, which works once and for a day."""

    template_name = "choose_password.html"
    form_class = ChosenForm
    success_url = reverse_lazy("sign-in")

    def form_valid(self, form: Any) -> HttpResponse:
        messages.success(self.request, "Your password is changed. Sign in with it.")
        return super().form_valid(form)

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        if self.validlink:
            return super().render_to_response(context, **kwargs)
        messages.error(self.request, "This link has ended or was used before. Ask for another one.")
        return redirect("reset-password")


ask = takes(fields=["email"])(AskForLink.as_view())
choose = takes(fields=["new_password1", "new_password2"])(ChoosePassword.as_view())
