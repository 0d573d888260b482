"""Tables ``data.<slug>``, and how the files that come join them."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Now, Replace

from uploads.states import IndexKind, Mode, Strictness, Visibility
from uploads.tabular.table import ColumnType

DRAFT_PREFIX = "_draft_"
"""Of the slugs of drafts; no name of a dataset begins with an underscore."""


def visibility_at_first() -> str:
    """Of a new dataset, as the setting has it."""
    return str(settings.DATASETS_VISIBLE)


class Dataset(models.Model):
    """One table ``data.<slug>``, whose partitions are the active files; or a *draft*, which has no table.

    A file's tables lie in drafts of its own until the file is activated for the first time. A draft takes nobody's
    name and types nobody's file, and only the file's sender and staff see it.

    One with a ``relation`` is *read-only*: it shows a table or view that is none of ours, and has no table either.
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
    mode = models.CharField(max_length=7, choices=Mode, default=Mode.APPEND, help_text="How a file joins the others.")
    key = models.JSONField(
        default=list, blank=True, help_text="Columns by which rows are told apart; of one key one row is seen."
    )
    merge_choices = models.JSONField(
        default=dict, blank=True, help_text="How the rows of one key become one; empty: the latest is seen as it is."
    )
    mode_chosen = models.JSONField(null=True, editable=False, help_text="Who chose the mode, and when.")
    strictness = models.CharField(
        max_length=5,
        choices=Strictness,
        default=Strictness.ASK,
        help_text="What becomes of a file whose columns are not quite the dataset's.",
    )
    guard_fewer_rows = models.FloatField(
        null=True,
        blank=True,
        help_text="A file with so many percent fewer rows waits for a person; empty: none does.",
    )
    guard_changed = models.FloatField(
        null=True, blank=True, help_text="A file that changes so many percent of the rows waits; empty: none does."
    )
    guard_column_gone = models.BooleanField(
        default=False, help_text="A file waits that lacks a column which those before it had."
    )
    change = models.JSONField(
        default=dict, blank=True, editable=False, help_text="A change of its columns, asked for and not made yet."
    )
    last_change = models.JSONField(default=dict, blank=True, editable=False, help_text="The change that was made last.")
    adopted = models.JSONField(
        null=True, editable=False, help_text="The table of the database that it was before, to be given back as it was."
    )
    relation = models.CharField(
        max_length=300,
        blank=True,
        editable=False,
        help_text="The table or view of the database that it shows as it is, as SQL writes it; empty: it has files.",
    )
    relation_key = models.JSONField(
        default=list,
        blank=True,
        editable=False,
        help_text="Columns that tell the rows of that table or view apart, as staff said; empty: its own key, if any.",
    )
    description = models.TextField(default="", blank=True, help_text="What its rows are, for people who look for data.")
    licence = models.CharField(max_length=40, default="", blank=True, help_text="What others may do with the data.")
    licence_url = models.CharField(
        max_length=500, default="", blank=True, help_text="Of the terms, where they are none of the licences."
    )
    tags = models.JSONField(default=list, blank=True, help_text="Short words by which it is found, in small letters.")
    publisher = models.CharField(max_length=200, default="", blank=True, help_text="Who answers for the data.")
    contact = models.CharField(
        max_length=500, default="", blank=True, help_text="An e-mail address, or that of a page, for questions."
    )
    described_at = models.DateTimeField(null=True, editable=False, help_text="When the last of these was changed.")
    visibility = models.CharField(
        max_length=9, choices=Visibility, default=visibility_at_first, help_text="Who reads its rows, and knows of it."
    )
    groups = models.ManyToManyField(
        "auth.Group",
        through="DatasetGroup",
        blank=True,
        related_name="+",
        help_text="Whose people read it, where it is for groups; none: staff alone.",
    )
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ("name", "id")
        permissions = (("query_datasets", "Can run SQL queries over datasets"),)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["relation"], condition=~Q(relation=""), name="dataset_relation"),
            models.CheckConstraint(
                condition=Q(relation="")
                | Q(established_at__isnull=False, adopted__isnull=True, header_key="", mode=Mode.APPEND),
                name="dataset_read_only",
            ),
            models.CheckConstraint(
                condition=Q(established_at__isnull=True) ^ ~Q(slug__startswith=DRAFT_PREFIX), name="dataset_draft_slug"
            ),
            models.CheckConstraint(condition=Q(visibility__in=Visibility.values), name="dataset_visibility"),
            models.CheckConstraint(condition=Q(mode__in=Mode.values), name="dataset_mode"),
            models.CheckConstraint(condition=Q(mode=Mode.MERGE) ^ Q(key=[]), name="dataset_merges_by_key"),
            models.CheckConstraint(condition=Q(mode=Mode.MERGE) | Q(merge_choices={}), name="dataset_choices_of_merge"),
            models.CheckConstraint(condition=Q(strictness__in=Strictness.values), name="dataset_strictness"),
            models.CheckConstraint(
                condition=(Q(guard_fewer_rows=None) | Q(guard_fewer_rows__gte=0, guard_fewer_rows__lt=100))
                & (Q(guard_changed=None) | Q(guard_changed__gte=0, guard_changed__lt=100)),
                name="dataset_guards_are_shares",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_draft(self) -> bool:
        return self.established_at is None

    @property
    def is_read_only(self) -> bool:
        """Whether it shows a table or view of the database as it is: it has no files, and none joins it."""
        return bool(self.relation)

    @property
    def public_slug(self) -> str:
        """Its slug; of a draft that of the dataset that it is to join, or to become."""
        if not self.is_draft:
            return self.slug
        return self.typed_by.slug if self.typed_by is not None else self.planned

    @property
    def table(self) -> str:
        """The qualified name that a person types in SQL, as soon as a file is active."""
        return self.relation or f"data.{self.public_slug}"


class DatasetColumn(models.Model):
    """A column of a dataset, with the reason for its type."""

    dataset = models.ForeignKey(Dataset, on_delete=models.DB_CASCADE, related_name="columns")
    position = models.PositiveSmallIntegerField()
    label = models.TextField(help_text="As in the file that founded the dataset.")
    name = models.CharField(max_length=63)
    optional = models.BooleanField(default=False, help_text="Files may come without it: it is empty in their rows.")
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
        ordering = ("dataset_id", "position")  # the number alone: by “dataset” each question would join that table
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["dataset", "position"], name="dataset_column_position"),
            models.UniqueConstraint(fields=["dataset", "name"], name="dataset_column_name"),
            models.CheckConstraint(condition=Q(type__in=[t.value for t in ColumnType]), name="dataset_column_type"),
        ]
        # Letters and digits of the name alone. No generated column: the check of one needs a connection, and a database
        # that does not answer is to be told of in one sentence.
        indexes: ClassVar = [models.Index(Replace("name", Value("_"), Value("")), name="dataset_column_compact")]

    def __str__(self) -> str:
        return self.name


class DatasetGroup(models.Model):
    """A group whose people read a dataset. A model of its own, so that the database clears it away with either."""

    dataset = models.ForeignKey(Dataset, on_delete=models.DB_CASCADE, related_name="+")
    group = models.ForeignKey("auth.Group", on_delete=models.DB_CASCADE, related_name="+")

    class Meta:
        default_permissions = ()  # it is said of the dataset
        constraints: ClassVar = [models.UniqueConstraint(fields=["dataset", "group"], name="dataset_group_once")]

    def __str__(self) -> str:
        return f"{self.group} of {self.dataset}"


class ColumnAlias(models.Model):
    """What somebody decided about a column of a file that a dataset does not have under this name."""

    dataset = models.ForeignKey(Dataset, on_delete=models.DB_CASCADE, related_name="aliases")
    name = models.CharField(max_length=63, db_index=True, help_text="Of the column in the file.")
    column = models.ForeignKey(
        DatasetColumn,
        on_delete=models.DB_CASCADE,
        null=True,
        related_name="aliases",
        help_text="The column that it is; empty: it is left out.",
    )

    class Meta:
        default_permissions = ()  # nobody looks at it in the admin
        constraints: ClassVar = [models.UniqueConstraint(fields=["dataset", "name"], name="column_alias_name")]

    def __str__(self) -> str:
        return self.name


class ColumnUse(models.Model):
    """How readers fare with a column, and whether it is to have an index for them in every part of its dataset."""

    column = models.ForeignKey(DatasetColumn, on_delete=models.DB_CASCADE, db_index=False, related_name="uses")
    kind = models.CharField(max_length=10, choices=IndexKind, default=IndexKind.ORDER)
    slow_pages = models.IntegerField(
        default=0, help_text="Pages of late that took long, and would not have with an index on it."
    )
    slow_at = models.DateTimeField(null=True, help_text="When the last of these was read.")
    indexed_at = models.DateTimeField(null=True, help_text="Since when it is to have an index; null: it has none.")
    indexed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.DB_SET_NULL, null=True, related_name="+")
    used_at = models.DateTimeField(null=True, help_text="When a statement used it last, to a day.")
    is_refused = models.BooleanField(default=False, help_text="A person dropped it: none is made without being asked.")
    obstacle = models.TextField(default="", blank=True, help_text="Why there can be none.")

    class Meta:
        default_permissions = ()  # nobody looks at it in the admin
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["column", "kind"], name="column_use_kind_once"),
            models.CheckConstraint(condition=Q(kind__in=IndexKind.values), name="column_use_kind"),
        ]

    def __str__(self) -> str:
        return f"use of column {self.column_id} ({self.kind})"
