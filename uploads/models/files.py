"""The files that somebody sent, and who did what to them."""

import secrets
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from uploads.states import FileState, Mode, Phase, Review, Writer


def new_token() -> str:
    """256 random bits: whoever holds it may read the file's receipt."""
    return secrets.token_urlsafe(32)


class UploadedFile(models.Model):
    """A file somebody sent: the unit that is loaded, switched on, switched off and taken back.

    The row is the truth about its load, the job in the queue only a nudge: an attempt raises ``fence`` and
    every change it makes says ``WHERE fence = mine``.
    """

    class Via(models.TextChoices):
        """The way by which a file came."""

        PAGE = "page", "page"
        TUS = "tus", "resumable upload"
        FORM = "form", "form"
        API = "api", "API"
        COMMAND = "command", "command"
        TABLE = "table", "existing table"
        """It was a table of the database, and has no bytes."""

    id = models.AutoField(primary_key=True)
    token = models.CharField(max_length=43, unique=True, default=new_token, editable=False)
    name = models.CharField(max_length=255)
    size = models.BigIntegerField(help_text="Bytes, as announced; checked against what arrives.")
    size_known = models.BooleanField(
        default=True,
        db_default=True,
        editable=False,
        help_text="Unless its sender says it later; until then its size is what has arrived.",
    )
    received = models.BigIntegerField(default=0, help_text="Bytes that are durable in the store.")
    sha256 = models.CharField("SHA-256", max_length=64, blank=True, db_index=True)
    stored_as = models.CharField(max_length=255, blank=True, help_text="Generated name in the file store.")
    via = models.CharField(max_length=8, choices=Via, default=Via.FORM)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.DB_SET_NULL, null=True, blank=True, related_name="+"
    )
    visitor = models.CharField(max_length=43, blank=True, db_index=True, help_text="Browser of an anonymous sender.")
    address = models.GenericIPAddressField(null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    received_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True, help_text="An unfinished upload is swept after this.")

    state = models.CharField(max_length=10, choices=FileState, default=FileState.RECEIVING)
    state_changed_at = models.DateTimeField(db_default=Now())
    error_code = models.CharField(max_length=40, blank=True)
    error_message = models.TextField(blank=True)
    error_hint = models.TextField(blank=True)

    options = models.JSONField(default=dict, help_text="What a person said about how to read the file.")
    dataset_wanted = models.CharField(max_length=50, blank=True, help_text="Slug that a person chose.")
    mode = models.CharField(
        max_length=7, choices=Mode, blank=True, help_text="How it joins its dataset; empty: as the dataset says."
    )
    key = models.JSONField(default=list, blank=True, help_text="Columns to merge by, as a person named them.")
    merge_said = models.JSONField(
        default=dict,
        blank=True,
        editable=False,
        help_text="What is said with it of rows with the same key; empty: as its dataset says.",
    )
    mode_seen = models.JSONField(
        default=dict,
        blank=True,
        editable=False,
        help_text="How files joined its datasets when somebody answered, by dataset; where that changed the answer is"
        " refused.",
    )
    mode_choice = models.JSONField(
        null=True,
        blank=True,
        editable=False,
        help_text="Who said that its mode is to hold for its datasets from its activation on; empty: for itself alone.",
    )
    taught = models.JSONField(
        default=dict,
        blank=True,
        editable=False,
        help_text="What its datasets learned by its activation, each with what was before, so that it can be undone.",
    )
    full = models.BooleanField(
        default=False, help_text="It has all rows: where files merge, keys of earlier ones that it lacks are not seen."
    )
    column_answers = models.JSONField(
        default=dict,
        blank=True,
        editable=False,
        help_text="What somebody said about columns that its datasets do not have, by the header of each table.",
    )
    columns_open = models.JSONField(
        default=list,
        blank=True,
        editable=False,
        help_text="Columns of which somebody is to say what becomes of them before it is seen, by dataset.",
    )
    rows_hash = models.CharField(
        max_length=64, blank=True, editable=False, db_index=True, help_text="Of its typed rows, where it was compared."
    )
    overlaps = models.JSONField(
        default=list,
        blank=True,
        editable=False,
        help_text="What it has in common with its datasets, where somebody is to say how it joins before it is seen.",
    )
    guards_tripped = models.JSONField(
        default=list,
        blank=True,
        editable=False,
        help_text="Why a guard of its datasets has it wait for a person: kind and figures of each.",
    )
    version_of = models.ForeignKey(
        "self",
        on_delete=models.DB_SET_NULL,
        null=True,
        blank=True,
        related_name="versions",
        help_text="The file that was sent, where this one is the same bytes read again in another way.",
    )
    activate = models.BooleanField(default=False, help_text="Activate as soon as it is loaded.")
    again = models.BooleanField(default=False, help_text="Load and activate it also where its bytes are here already.")
    kept_readings = models.JSONField(
        default=list, blank=True, editable=False, help_text="Digests of the questions that were answered “as it is”."
    )
    replaces = models.JSONField(
        default=list, blank=True, help_text="Files whose place it takes as soon as it is loaded."
    )
    replaced_by = models.ForeignKey(
        "self",
        on_delete=models.DB_SET_NULL,
        null=True,
        blank=True,
        related_name="replaced",
        help_text="The file that took its place, until it is active again.",
    )
    writer = models.CharField(max_length=12, default=Writer.COPY, choices=Writer)

    fence = models.PositiveIntegerField(default=0, help_text="Number of the attempt that may write.")
    attempts = models.PositiveSmallIntegerField(default=0, help_text="Tries since a person last asked for one.")
    activated_at = models.DateTimeField(
        null=True, editable=False, help_text="When it first became active; before that it binds nobody."
    )
    ranked_at = models.DateTimeField(
        null=True,
        editable=False,
        help_text="Its place among the files that merge: of rows of one key that of the latest is seen. At first that"
        " of its first activation.",
    )
    review = models.CharField(
        max_length=8, choices=Review, blank=True, editable=False, help_text="What staff said while it waits for them."
    )
    review_at = models.DateTimeField(null=True, editable=False, help_text="When that was said.")
    withdrawn = models.BooleanField(
        default=False, db_default=False, editable=False, help_text="Its sender took it back, so it is deleted."
    )
    fit_rejects = models.BigIntegerField(
        null=True,
        editable=False,
        help_text="It is read again with the types of its dataset, to be activated unless more rows than these are"
        " rejected.",
    )
    lease_until = models.DateTimeField(null=True, blank=True)
    worker = models.CharField(max_length=100, blank=True)
    phase = models.CharField(max_length=10, choices=Phase, default=Phase.NONE, blank=True)
    bytes_done = models.BigIntegerField(default=0, help_text="Bytes read in this phase.")
    rows_done = models.BigIntegerField(default=0, help_text="Rows written so far.")
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    rows_read = models.BigIntegerField(default=0)
    rows_loaded = models.BigIntegerField(default=0)
    rows_rejected = models.BigIntegerField(default=0)
    rows_blank = models.BigIntegerField(default=0)

    class Meta:
        ordering = ("-id",)
        permissions = (
            ("activate_uploadedfile", "Can activate and deactivate files"),
            ("retry_uploadedfile", "Can load files again"),
        )
        indexes: ClassVar = [
            models.Index(fields=["state", "lease_until"], name="file_state_lease"),
            models.Index(fields=["created_at"], name="file_created"),
            models.Index(
                fields=["created_at", "id"],
                name="file_for_review",
                condition=Q(state="loaded")
                & (
                    Q(activated_at=None)
                    | ~Q(review="")
                    | (~Q(columns_open=[]) | ~Q(overlaps=[]) | ~Q(guards_tripped=[]))
                ),
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=FileState.values), name="file_state"),
            models.CheckConstraint(condition=Q(mode__in=["", *Mode.values]), name="file_mode"),
            models.CheckConstraint(condition=Q(phase__in=Phase.values), name="file_phase"),
            models.CheckConstraint(condition=Q(review__in=Review.values), name="file_review"),
            models.CheckConstraint(condition=~Q(state="active") | Q(review=""), name="file_active_is_reviewed"),
            models.CheckConstraint(condition=Q(withdrawn=False) | Q(state="deleted"), name="file_withdrawn_is_deleted"),
            models.CheckConstraint(condition=Q(received__gte=0, received__lte=models.F("size")), name="file_received"),
            models.CheckConstraint(
                condition=Q(state__in=["receiving", "failed", "deleted"]) | Q(size_known=True), name="file_size_known"
            ),
            models.CheckConstraint(condition=Q(state="failed") ^ Q(error_code=""), name="file_failed_has_error"),
            models.CheckConstraint(
                condition=~Q(state="loading") | Q(lease_until__isnull=False), name="file_loading_leased"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["receiving", "failed", "deleted"]) | ~Q(sha256="") | Q(via="table"),
                name="file_received_has_hash",
            ),
            models.CheckConstraint(
                condition=Q(rows_read=models.F("rows_loaded") + models.F("rows_rejected") + models.F("rows_blank")),
                name="file_rows_add_up",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def has_bytes(self) -> bool:
        """Whether there ever was a file; what was a table of the database can't be read again."""
        return self.via != self.Via.TABLE


class FileEvent(models.Model):
    """History: who did what to a file, and when. Never changed, kept when the file's data is deleted."""

    file = models.ForeignKey(UploadedFile, on_delete=models.DB_CASCADE, related_name="events")
    at = models.DateTimeField(db_default=Now())
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.DB_SET_NULL, null=True, blank=True, related_name="+"
    )
    state = models.CharField(max_length=10, choices=FileState, help_text="The state that began.")
    text = models.TextField(blank=True)
    about = models.ForeignKey(
        UploadedFile,
        on_delete=models.DB_SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        help_text="The reading that was made of this file then: what is said of it goes when that one is deleted.",
    )

    class Meta:
        ordering = ("-file_id", "id")  # by “file” each question would join that table

    def __str__(self) -> str:
        return f"{self.state} at {self.at:%Y-%m-%d %H:%M:%S}"
