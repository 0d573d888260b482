"""Subscriptions to news of files in the admin, and the log of what was sent: made, tried, sent again."""

from typing import TYPE_CHECKING, Any, ClassVar, override

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from uploads.admin.read_only import NOTHING, GoesWithItsOwner, ModelAdmin, ReadOnlyAdmin
from uploads.admin.words import form_words
from uploads.models import Dataset, NewsDelivery, NewsSubscription
from uploads.services.news.managing import SubscriptionFacts, SubscriptionWish, change_subscription, new_secret_of
from uploads.services.news.rights import manages_news
from uploads.services.news.subscriptions import (
    CHOICES,
    check_subscription,
    save_subscription,
    send_again,
    send_test,
)
from uploads.states import NewsEvent
from uploads.tabular.errors import BadOption, UploaderError
from uploads.web.sentences.phrases import counted


class Managed:
    """For those who may manage news, and nobody else: what is told is of all files."""

    def has_view_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return manages_news(request.user)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return manages_news(request.user)

    def has_manage_permission(self, request: HttpRequest) -> bool:
        return manages_news(request.user)


# Generic for the type checker only.
if TYPE_CHECKING:
    ModelForm = forms.ModelForm[NewsSubscription]
else:
    ModelForm = forms.ModelForm


class SubscriptionForm(ModelForm):
    events = forms.MultipleChoiceField(
        label="When a file",
        choices=[(event.value, event.label) for event in CHOICES],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Tick what is to be told."},
    )

    dataset = forms.ModelChoiceField(
        label="Files of the dataset",
        queryset=Dataset.objects.filter(established_at__isnull=False).order_by("name"),
        required=False,
        empty_label="all datasets",
    )

    class Meta:
        model = NewsSubscription
        fields = ("way", "target", "dataset", "events", "is_on")
        widgets: ClassVar = {"target": forms.TextInput(attrs={"size": 70, "autocomplete": "off"})}

    def __init__(self, *said: Any, **named: Any) -> None:
        """One that is held sends again where somebody ticks that it is to."""
        super().__init__(*said, **named)
        if self.instance.is_held:
            self.initial["is_on"] = False
            self.fields["is_on"].help_text = "Held since this site was restored from a backup. Tick it to send again."

    def clean(self) -> dict[str, Any]:
        """What is as it was is not looked at: one whose host is gone can be switched off."""
        said = super().clean() or {}
        if self.errors or not {"way", "target", "events"} & set(self.changed_data):
            return said
        try:
            check_subscription(way=said["way"], target=said["target"], events=said["events"])
        except BadOption as error:
            raise ValidationError({"target": f"{error.message} {error.hint}"}) from error
        return said


@admin.register(NewsSubscription)
class NewsSubscriptionAdmin(Managed, ModelAdmin):
    form = SubscriptionForm
    list_display = ("target", "way", "of", "told", "sends", "made_by", "made_at")
    list_filter = ("way", "is_on")
    list_select_related = ("dataset", "made_by")
    search_fields = ("target",)
    search_help_text = "Address"
    actions = ("send_tests", "switch_on", "renew_secrets")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return manages_news(request.user)

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return manages_news(request.user)

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return manages_news(request.user)

    @override
    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        title = self.opts.verbose_name_plural
        return super().changelist_view(request, {"title": f"{title}".capitalize(), **(extra_context or {})})

    @override
    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Of the log, how many pieces go too: they may be thousands."""
        chosen = list(objs)
        pieces = NewsDelivery.objects.filter(subscription__in=chosen).count()
        counts = {
            self.opts.verbose_name_plural: len(chosen),
            "news sent": pieces,
        }
        return [str(each) for each in chosen], counts, set(), []

    @override
    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        return super().get_form(request, obj, change, **form_words(NewsSubscription), **kwargs)

    @override
    def save_model(self, request: HttpRequest, obj: NewsSubscription, form: Any, change: bool) -> None:
        said, secret = form.cleaned_data, obj.secret
        if not change:
            obj.made_by_id = request.user.pk  # type: ignore[assignment]  # nobody else gets here
        save_subscription(
            user_id=obj.made_by_id,
            way=said["way"],
            target=said["target"],
            events=said["events"],
            dataset=said["dataset"],
            is_on=said["is_on"],
            subscription=obj,
        )
        request._is_secret_new = obj.secret not in ("", secret)  # type: ignore[attr-defined]  # noqa: SLF001 - of our own

    @override
    def response_add(self, request: HttpRequest, obj: NewsSubscription, post_url_continue: Any = None) -> HttpResponse:
        if _is_secret_new(request):
            return self._secret_page(request, obj)
        return super().response_add(request, obj, post_url_continue)

    @override
    def response_change(self, request: HttpRequest, obj: NewsSubscription) -> HttpResponse:
        """One that was for mail until now has a secret since."""
        return self._secret_page(request, obj) if _is_secret_new(request) else super().response_change(request, obj)

    @admin.action(permissions=["manage"], description="Send a test")
    def send_tests(self, request: HttpRequest, queryset: QuerySet[NewsSubscription]) -> None:
        numbers = list(queryset.values_list("pk", flat=True))
        for number in numbers:
            send_test(subscription_id=number)
        messages.success(request, f"{counted(len(numbers), 'test')} on the way. “News sent” says what became of it.")

    @admin.action(permissions=["manage"], description="Switch on")
    def switch_on(self, request: HttpRequest, queryset: QuerySet[NewsSubscription]) -> None:
        numbers = list(queryset.values_list("pk", flat=True))
        for number in numbers:
            change_subscription(subscription_id=number, wish=SubscriptionWish(is_on=True), by=request.user.pk)
        messages.success(request, f"{counted(len(numbers), 'subscription')} switched on.")

    @admin.action(permissions=["manage"], description="Make a new secret")
    def renew_secrets(self, request: HttpRequest, queryset: QuerySet[NewsSubscription]) -> HttpResponse | None:
        """It is shown once, so for one subscription at a time."""
        numbers = list(queryset.values_list("pk", flat=True)[:2])
        if len(numbers) != 1:
            messages.error(request, "Choose one subscription: its new secret is shown only once.")
            return None
        try:
            return self._secret_page(request, new_secret_of(subscription_id=numbers[0], by=request.user.pk))
        except UploaderError as error:
            messages.error(request, f"{error.message} {error.hint}")
            return None

    def _secret_page(self, request: HttpRequest, subscription: NewsSubscription | SubscriptionFacts) -> HttpResponse:
        """In the answer itself: a message would lie in a cookie."""
        context = {
            **self.admin_site.each_context(request),
            "title": "The secret of the webhook",
            "opts": self.opts,
            "subscription": subscription,
        }
        response = TemplateResponse(request, "admin/uploads/news_secret.html", context)
        response.headers["Cache-Control"] = "no-store"
        return response

    @admin.display(description="files of", ordering="dataset")
    def of(self, subscription: NewsSubscription) -> str:
        return str(subscription.dataset or "all datasets")

    @admin.display(description="sends", ordering="is_on")
    def sends(self, subscription: NewsSubscription) -> str:
        if subscription.is_held:
            return "held since the site was restored"
        return "yes" if subscription.is_on else "no"

    @admin.display(description="told when a file")
    def told(self, subscription: NewsSubscription) -> str:
        return "; ".join(NewsEvent(event).label for event in subscription.events)


def _is_secret_new(request: HttpRequest) -> bool:
    return bool(getattr(request, "_is_secret_new", False))


@admin.register(NewsDelivery)
class NewsDeliveryAdmin(Managed, GoesWithItsOwner, ReadOnlyAdmin):
    list_display = ("happened_at", "event", "about", "to", "state", "attempts", "next_try", "answer")
    list_filter = ("state", "event", "way")
    list_select_related = ("file", "subscription")
    search_fields = ("subscription__target", "file__name")  # never a sender's: letter by letter it would be found
    search_help_text = "Address or file name"
    actions = ("send_them_again",)
    fields: ClassVar = [
        "event",
        "about",
        "to",
        "way",
        "happened_at",
        "state",
        "attempts",
        "next_try",
        "finished_at",
        "answer",
        "message_id",
    ]
    readonly_fields = ("about", "to", "next_try")

    @admin.action(permissions=["manage"], description="Send again")
    def send_them_again(self, request: HttpRequest, queryset: QuerySet[NewsDelivery]) -> None:
        numbers = list(queryset.values_list("pk", flat=True))
        sent = sum(send_again(delivery_id=number) for number in numbers)
        if sent:
            messages.success(request, f"{counted(sent, 'piece')} of news on the way again.")
        if len(numbers) > sent:
            messages.info(
                request,
                f"{counted(len(numbers) - sent, 'piece')} of news for senders cannot be sent again: each comes once,"
                " and with the outcome the address is forgotten.",
            )

    @admin.display(description="file", ordering="file")
    def about(self, delivery: NewsDelivery) -> str | SafeString:
        return delivery.file.name if delivery.file is not None else NOTHING

    @admin.display(description="to")
    def to(self, delivery: NewsDelivery) -> str | SafeString:
        """The address of a sender is nobody's business here."""
        if delivery.subscription is None:
            return "its sender"
        return format_html('<span class="wrapped">{}</span>', delivery.target)

    @admin.display(description="next try")
    def next_try(self, delivery: NewsDelivery) -> Any:
        return NOTHING if delivery.finished_at is not None else delivery.due_at
