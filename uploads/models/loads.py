"""The tables of files on their way into datasets, and the rows that do not fit."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from uploads.models.datasets import Dataset
from uploads.models.files import UploadedFile
from uploads.tabular.notes import NoteKind
from uploads.tabular.table import FileFormat, Format

SOURCE_KEPT = 500
"""Characters of the name of a sheet or member."""
ADOPTED_FORMAT = "table"
"""Of a load that was read from no file: its rows were a table of the database."""
_OF_BLANKED = frozenset({NoteKind.NULL_WORD, NoteKind.ZERO_DATES})


class Load(models.Model):
    """One table of a file (the CSV, a sheet, an archive's member) on its way into a dataset."""

    id = models.AutoField(primary_key=True)
    file = models.ForeignKey(UploadedFile, on_delete=models.DB_CASCADE, related_name="loads")
    dataset = models.ForeignKey(Dataset, on_delete=models.DB_SET_NULL, null=True, blank=True, related_name="loads")
    position = models.PositiveIntegerField()
    source = models.CharField(max_length=SOURCE_KEPT, blank=True, help_text="Name of the sheet or archive member.")
    origin = models.CharField(
        max_length=SOURCE_KEPT,
        blank=True,
        default="",
        help_text="Its sheet or member, where the file has others too.",
    )
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
    columns_missing = models.JSONField(
        default=list, help_text="Columns of its dataset, by name, that it lacks: they are empty in its rows."
    )
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
    key = models.JSONField(default=list, help_text="Columns by which each row of its part is the only one.")
    likely_key = models.JSONField(
        null=True,
        editable=False,
        help_text="Columns that together tell its rows apart, looked for once; empty: none do; null: not looked for.",
    )
    rows_hidden = models.BigIntegerField(
        default=0, help_text="Loaded rows that the rows of a later file with the same keys hide, while it is active."
    )
    rows_repeated = models.BigIntegerField(
        default=0,
        help_text="Rows of its part that its dataset had already, exactly as they are, when it was loaded; on the first"
        " load of a part, and only where nobody was asked.",
    )
    keys_repeated = models.JSONField(
        default=dict,
        editable=False,
        help_text="The same of rows whose likely key was there: how many, and its columns as they stand in the file.",
    )
    changes = models.JSONField(
        null=True,
        editable=False,
        help_text="What became of its rows when they were shown last, where files merge; empty: they don't, or it was"
        " not counted.",
    )
    last_row = models.BigIntegerField(default=0, help_text="Highest line or row number loaded.")
    keeps_texts = models.BooleanField(
        default=True,
        editable=False,
        help_text="Whether texts are kept that the stored values do not print back; not of tables that an earlier"
        " version loaded.",
    )
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "tables in files"
        ordering = ("-file_id", "position")  # by “file” each question would join that table
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

    @property
    def kept_columns(self) -> list[dict[str, Any]]:
        """Those of ``columns`` that its part has; one that is left out keeps its place among the cells of a row."""
        return [column for column in self.columns if not column.get("left_out")]

    @property
    def prints_back(self) -> bool:
        """Whether each of its cells can be printed as it stood in the file."""
        if self.keeps_texts:
            return True
        reads_words = self.dataset is not None and bool(self.dataset.null_words)
        is_told = any(note["kind"] in _OF_BLANKED for note in self.notes)
        return not reads_words and not is_told and not any(_is_mixed(column) for column in self.columns)


def _is_mixed(column: dict[str, Any]) -> bool:
    return Format(**column.get("format", {})).is_mixed


class LoadProfile(models.Model):
    """Figures of the columns of one load: how many blanks, the least value, the most frequent ones, and so on."""

    load = models.OneToOneField(Load, on_delete=models.DB_CASCADE, primary_key=True, related_name="profile")
    part = models.CharField(max_length=63, help_text="The partition that it is of.")
    rows = models.BigIntegerField(help_text="The rows that the load had then; of other rows it says nothing.")
    hidden = models.BigIntegerField(default=0, help_text="How many of them later files hid then: these may be missing.")
    columns = models.JSONField(default=dict, help_text="Figures by the name of the column.")
    stretches = models.JSONField(default=list, help_text="Places in the order of the rows' numbers, where it is known.")
    laid_in = models.BigIntegerField(default=0, help_text="The file of PostgreSQL's in which the rows lie so.")
    made_at = models.DateTimeField()

    class Meta:
        default_permissions = ()  # nobody looks at it in the admin

    def __str__(self) -> str:
        return f"profile of load {self.load_id}"


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
