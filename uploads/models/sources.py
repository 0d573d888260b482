"""What is kept of how a table stood in its file, to be looked at: never needed to read its rows."""

from django.db import models

from uploads.models.loads import Load


class LineOffsets(models.Model):
    """Where the lines of a text stand among its bytes; none for a text of one block, or for what is no text."""

    load = models.OneToOneField(Load, on_delete=models.DB_CASCADE, primary_key=True, related_name="line_offsets")
    marks = models.BinaryField(help_text="A LineIndex as bytes: a line and its offset every few megabytes.")

    class Meta:
        default_permissions = ()  # who sees lines is decided by the file

    def __str__(self) -> str:
        return f"lines of load {self.load_id}"


class KeptText(models.Model):
    """Texts of cells that the stored values do not print back, of some rows of a load; none for most loads.

    Needed for rows as they stood in the file, and for values that become text again. Gone with the file's content.
    """

    load = models.ForeignKey(Load, on_delete=models.DB_CASCADE, related_name="kept_texts")
    first_row = models.BigIntegerField(help_text="The least line or row number among them.")
    last_row = models.BigIntegerField()
    cells = models.BinaryField(help_text="KeptCells as bytes.")

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"texts of load {self.load_id}"


class FirstRows(models.Model):
    """The first rows of a table as they were read, before any cell was converted. Gone with the file's content."""

    load = models.OneToOneField(Load, on_delete=models.DB_CASCADE, primary_key=True, related_name="first_rows")
    rows = models.JSONField(help_text="Line or row number, and the cells in the file's order, long ones cut.")

    class Meta:
        default_permissions = ()
        verbose_name_plural = "first rows"

    def __str__(self) -> str:
        return f"first rows of load {self.load_id}"
