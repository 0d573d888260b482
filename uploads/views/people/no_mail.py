"""Whoever gets mail about files that others sent says that no more is wanted, and takes that back.

A mail program does it by one click (RFC 8058): it posts without a cookie. The link alone says who it is.
"""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from uploads.services.news.recipients import allow_mail, is_token_refused, refuse_mail
from uploads.web.parameters import takes

ONE_CLICK = "List-Unsubscribe"


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@takes(fields=["again", ONE_CLICK])
def no_mail(request: HttpRequest, token: str) -> HttpResponse:
    """The page with one button; looking changes nothing, as programs look at links by themselves."""
    if request.method == "POST":
        if request.POST.get("again") == "yes":
            allow_mail(token=token)
            messages.success(request, "Mail about files may be sent to you again.")
        else:
            refuse_mail(token=token)
        if ONE_CLICK not in request.POST:  # mail programs do not follow: RFC 8058, 3.1
            return redirect("no-mail", token=token)
    response = render(request, "no_mail.html", {"is_refused": is_token_refused(token=token)})
    response.headers["Cache-Control"] = "no-store"
    return response
