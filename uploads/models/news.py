"""Who wants to hear of files, and what is on its way to them."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from uploads.models.datasets import Dataset
from uploads.models.files import UploadedFile
from uploads.states import DeliveryState, NewsEvent, NewsWay


def new_message_id() -> str:
    """As Standard Webhooks write them; the receiver knows by it what came twice."""
    return f"msg_{uuid.uuid4().hex}"


class NewsSubscription(models.Model):
    """An address that is told what becomes of files, for a person who may see them all."""

    way = models.CharField("way", max_length=7, choices=NewsWay, default=NewsWay.WEBHOOK)
    target = models.CharField("address", max_length=2_000)
    dataset = models.ForeignKey(Dataset, on_delete=models.DB_CASCADE, null=True, blank=True, related_name="+")
    events = models.JSONField(default=list)
    secret = models.CharField(max_length=80, blank=True, editable=False, help_text="Signs what a webhook sends.")
    is_on = models.BooleanField("switched on", default=True)
    is_held = models.BooleanField(default=False, db_default=False, editable=False)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.DB_CASCADE, related_name="+", editable=False)
    made_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = "subscription to news"
        verbose_name_plural = "subscriptions to news"
        default_permissions = ("manage",)
        ordering = ("-id",)
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(way__in=NewsWay.values), name="news_way"),
            models.CheckConstraint(condition=Q(way="mail") ^ ~Q(secret=""), name="news_webhook_is_signed"),
        ]

    def __str__(self) -> str:
        return self.target


class FileNews(models.Model):
    """That something happened to a file of which somebody may want to hear: written in the transaction that did it,
    and gone as soon as it is known who does."""

    file = models.ForeignKey(UploadedFile, on_delete=models.DB_CASCADE, related_name="+")
    event = models.CharField(max_length=30, choices=NewsEvent)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.event} of file {self.file_id}"


class SenderAddress(models.Model):
    """Where the sender of a file wants to hear of questions and of its outcome, until this is on its way or the file is
    deleted."""

    file = models.OneToOneField(UploadedFile, on_delete=models.DB_CASCADE, related_name="+")
    address = models.CharField(max_length=254, db_index=True)
    is_held = models.BooleanField(default=False, db_default=False)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"of the sender of file {self.file_id}"


class MailNote(models.Model):
    """That a file's outcome is to be mailed to an address, for a day; or that whoever has it wants no such mail."""

    digest = models.CharField(max_length=64, db_index=True, help_text="Of the address, by this site's own key.")
    is_refusal = models.BooleanField(default=False)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        default_permissions = ()
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["digest"], condition=Q(is_refusal=True), name="mail_refused_once"),
        ]

    def __str__(self) -> str:
        return "wants no mail of files" if self.is_refusal else "is mailed of a file"


class NewsDelivery(models.Model):
    """One piece of news on its way to one address; without a subscription to whoever sent the file."""

    subscription = models.ForeignKey(
        NewsSubscription, on_delete=models.DB_CASCADE, null=True, related_name="deliveries"
    )
    file = models.ForeignKey(UploadedFile, on_delete=models.DB_CASCADE, null=True, related_name="+")
    event = models.CharField(max_length=30, choices=NewsEvent)
    way = models.CharField(max_length=7, choices=NewsWay)
    target = models.CharField(max_length=2_000, blank=True, help_text="A sender's is emptied once it is used.")
    message_id = models.CharField(max_length=40, unique=True, default=new_message_id)
    happened_at = models.DateTimeField(db_default=Now())
    state = models.CharField(max_length=8, choices=DeliveryState, default=DeliveryState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(db_default=Now(), help_text="When it is tried next, or was tried last.")
    finished_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=500, blank=True, help_text="What the other side, or the network, said last.")

    class Meta:
        verbose_name = "news sent"
        verbose_name_plural = "news sent"
        default_permissions = ()
        ordering = ("-id",)
        indexes: ClassVar = [
            models.Index(fields=["due_at"], name="news_due", condition=Q(state="waiting")),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=DeliveryState.values), name="news_delivery_state"),
            models.CheckConstraint(condition=Q(state="waiting") ^ Q(finished_at__isnull=False), name="news_finished"),
        ]

    def __str__(self) -> str:
        return f"{self.get_event_display()}: {self.file or 'no file'}"
