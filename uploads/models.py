"""What the application remembers: datasets, files, loads, rejects, who did what. Rows live in the schema ``data``."""

import secrets
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from uploads.states import FileState, Phase
from uploads.tabular.table import ColumnType, FileFormat

DRAFT_PREFIX = "_draft_"
"""Of the slugs of drafts; no name of a dataset begins with an underscore."""
SOURCE_KEPT = 500
"""Characters of the name of a sheet or member."""


def new_token() -> str:
    """256 random bits: whoever holds it may read the file's receipt."""
    return secrets.token_urlsafe(32)


class Dataset(models.Model):
    """One table ``data.<slug>``, whose partitions are the active files; or a *draft*, which has no table.

    A file's tables lie in drafts of its own until the file is activated for the first time. A draft takes nobody's
    name and types nobody's file, and only the file's sender and staff see it.
    """

    id = models.AutoField(primary_key=True)
    slug = models.CharField(max_length=50, unique=True, help_text="Also the name of the table in the schema “data”.")
    established_at = models.DateTimeField(
        null=True, editable=False, help_text="When its first file became active; before that it is a draft."
    )
    planned = models.CharField(max_length=50, blank=True, editable=False, help_text="The slug that a draft asks for.")
    typed_by = models.ForeignKey(
        "self",
        on_delete=models.DB_SET_NULL,
        null=True,
        editable=False,
        related_name="drafts",
        help_text="The established dataset whose types a draft's table was read with.",
    )
    name = models.CharField(max_length=255, help_text="As in the name of the first file or sheet.")
    header_key = models.CharField(max_length=64, db_index=True, editable=False)
    null_words = models.JSONField(
        default=list, blank=True, help_text="Words that are read as an empty cell, such as NA. None by default."
    )
    words_chosen = models.JSONField(null=True, editable=False, help_text="Who said so, and when.")
    read_options = models.JSONField(
        default=dict, blank=True, help_text="What a person said about how to read this dataset's files."
    )
    change = models.JSONField(
        default=dict, blank=True, editable=False, help_text="A change of its columns, asked for and not made yet."
    )
    last_change = models.JSONField(default=dict, blank=True, editable=False, help_text="The change that was made last.")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ("name", "id")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(established_at__isnull=True) ^ ~Q(slug__startswith=DRAFT_PREFIX), name="dataset_draft_slug"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_draft(self) -> bool:
        return self.established_at is None

    @property
    def public_slug(self) -> str:
        """Its slug; of a draft that of the dataset that it is to join, or to become."""
        if not self.is_draft:
            return self.slug
        return self.typed_by.slug if self.typed_by is not None else self.planned

    @property
    def table(self) -> str:
        """The qualified name that a person types in SQL, as soon as a file is active."""
        return f"data.{self.public_slug}"


class DatasetColumn(models.Model):
    """A column of a dataset, with the reason for its type."""

    dataset = models.ForeignKey(Dataset, on_delete=models.DB_CASCADE, related_name="columns")
    position = models.PositiveSmallIntegerField()
    label = models.TextField(help_text="As in the file that founded the dataset.")
    name = models.CharField(max_length=63)
    description = models.TextField(default="", blank=True, help_text="Such as the question that a survey asks by it.")
    type = models.CharField(max_length=24, choices=[(t.value, t.value) for t in ColumnType])
    format = models.JSONField(default=dict, help_text="How values are written in the file.")
    evidence = models.JSONField(null=True, help_text="What the type was decided on: kind and figures.")
    chosen = models.JSONField(null=True, editable=False, help_text="Who chose the type, and when; it holds then.")
    evidence_file = models.ForeignKey(
        "UploadedFile",
        on_delete=models.DB_SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        help_text="The file whose values the evidence shows.",
    )

    class Meta:
        ordering = ("dataset", "position")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["dataset", "position"], name="dataset_column_position"),
            models.UniqueConstraint(fields=["dataset", "name"], name="dataset_column_name"),
            models.CheckConstraint(condition=Q(type__in=[t.value for t in ColumnType]), name="dataset_column_type"),
        ]

    def __str__(self) -> str:
        return self.name


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

    id = models.AutoField(primary_key=True)
    token = models.CharField(max_length=43, unique=True, default=new_token, editable=False)
    name = models.CharField(max_length=255)
    size = models.BigIntegerField(help_text="Bytes, as announced; checked against what arrives.")
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
    writer = models.CharField(max_length=12, default="copy", choices=[("copy", "copy"), ("bulk_create", "bulk_create")])

    fence = models.PositiveIntegerField(default=0, help_text="Number of the attempt that may write.")
    attempts = models.PositiveSmallIntegerField(default=0, help_text="Tries since a person last asked for one.")
    activated_at = models.DateTimeField(
        null=True, editable=False, help_text="When it first became active; before that it binds nobody."
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
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=FileState.values), name="file_state"),
            models.CheckConstraint(condition=Q(phase__in=Phase.values), name="file_phase"),
            models.CheckConstraint(condition=Q(received__gte=0, received__lte=models.F("size")), name="file_received"),
            models.CheckConstraint(condition=Q(state="failed") ^ Q(error_code=""), name="file_failed_has_error"),
            models.CheckConstraint(
                condition=~Q(state="loading") | Q(lease_until__isnull=False), name="file_loading_leased"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["receiving", "failed", "deleted"]) | ~Q(sha256=""), name="file_received_has_hash"
            ),
            models.CheckConstraint(
                condition=Q(rows_read=models.F("rows_loaded") + models.F("rows_rejected") + models.F("rows_blank")),
                name="file_rows_add_up",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Load(models.Model):
    """One table of a file (the CSV, a sheet, an archive's member) on its way into a dataset."""

    id = models.AutoField(primary_key=True)
    file = models.ForeignKey(UploadedFile, on_delete=models.DB_CASCADE, related_name="loads")
    dataset = models.ForeignKey(Dataset, on_delete=models.DB_SET_NULL, null=True, blank=True, related_name="loads")
    position = models.PositiveIntegerField()
    source = models.CharField(max_length=SOURCE_KEPT, blank=True, help_text="Name of the sheet or archive member.")
    part = models.CharField(max_length=63, blank=True, help_text="Partition that holds the rows; empty when dropped.")
    fence = models.PositiveIntegerField(help_text="The attempt that wrote it.")

    format = models.CharField(max_length=8, choices=[(f.value, f.value) for f in FileFormat])
    encoding = models.CharField(max_length=40, blank=True)
    delimiter = models.CharField(max_length=1, blank=True)
    quotechar = models.CharField(max_length=1, blank=True)
    escape = models.BooleanField(default=False, help_text="Quotes inside cells are written with a backslash.")
    spaced = models.BooleanField(default=False, help_text="A space behind each delimiter belongs to it.")
    doubled = models.BooleanField(default=False, help_text="Quotes inside cells are doubled.")
    line_end = models.CharField(max_length=5, blank=True, help_text="LF, CRLF, CR or mixed.")
    header_row = models.BigIntegerField(null=True, blank=True)
    notes = models.JSONField(default=list, help_text="What was decided on what evidence: kind and figures of each.")
    columns = models.JSONField(default=list, help_text="Label, name, type, format and evidence, in the file's order.")
    applied_options = models.JSONField(
        default=list, help_text="Which reading options applied: option, value, and the file or person that said so."
    )

    rows_read = models.BigIntegerField(default=0)
    rows_loaded = models.BigIntegerField(default=0)
    rows_rejected = models.BigIntegerField(default=0)
    rows_blank = models.BigIntegerField(default=0)
    preamble = models.BigIntegerField(default=0)
    footer = models.BigIntegerField(default=0)
    header_rows = models.BigIntegerField(default=0, help_text="Records that make the header, or repeat it.")
    blank_above = models.BigIntegerField(default=0, help_text="Blank records above the first row.")
    line_breaks = models.BigIntegerField(default=0, help_text="Line breaks inside cells.")
    rows_left_out = models.BigIntegerField(default=0, help_text="Records left out as a person asked.")
    lines = models.BigIntegerField(null=True, blank=True, help_text="Lines of the whole source, counted apart.")
    last_row = models.BigIntegerField(default=0, help_text="Highest line or row number loaded.")
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "tables in files"
        ordering = ("file", "position")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["file", "position"], name="load_position"),
            models.CheckConstraint(
                condition=Q(rows_read=models.F("rows_loaded") + models.F("rows_rejected") + models.F("rows_blank")),
                name="load_rows_add_up",
            ),
            # Known once the table is read to its end: no load can be finished that leaves a line untold.
            models.CheckConstraint(
                condition=Q(lines=None)
                | Q(
                    lines=models.F("preamble")
                    + models.F("header_rows")
                    + models.F("blank_above")
                    + models.F("rows_read")
                    + models.F("footer")
                    + models.F("line_breaks")
                    + models.F("rows_left_out")
                ),
                name="load_lines_add_up",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source or 'table'} of file {self.file_id}"


class RejectedRow(models.Model):
    """A row that was read and not loaded, with everything needed to mend it."""

    load = models.ForeignKey(Load, on_delete=models.DB_CASCADE, related_name="rejects")
    row = models.BigIntegerField("line", help_text="Line or row number in the source.")
    code = models.CharField(max_length=40)
    column = models.TextField(blank=True)
    value = models.TextField(blank=True)
    reason = models.TextField(help_text="In words, made from code and figures.")
    figures = models.JSONField(default=dict, help_text="What the reason is made from; empty for what is older than it.")
    raw = models.TextField(blank=True)
    mended_at = models.DateTimeField(null=True, blank=True, help_text="When the row was loaded after all.")
    mended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.DB_SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ("load", "row", "id")
        indexes: ClassVar = [models.Index(fields=["load", "row"], name="reject_load_row")]

    def __str__(self) -> str:
        return f"line {self.row}: {self.reason}"


class FileEvent(models.Model):
    """History: who did what to a file, and when. Never changed, kept when the file's data is deleted."""

    file = models.ForeignKey(UploadedFile, on_delete=models.DB_CASCADE, related_name="events")
    at = models.DateTimeField(db_default=Now())
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.DB_SET_NULL, null=True, blank=True, related_name="+"
    )
    state = models.CharField(max_length=10, choices=FileState, help_text="The state that began.")
    text = models.TextField(blank=True)

    class Meta:
        ordering = ("file", "id")

    def __str__(self) -> str:
        return f"{self.state} at {self.at:%Y-%m-%d %H:%M:%S}"
