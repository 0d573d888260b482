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


class FirstRows(models.Model):
    """The first rows of a table as they were read, before any cell was converted. Gone with the file's content."""

    load = models.OneToOneField(Load, on_delete=models.DB_CASCADE, primary_key=True, related_name="first_rows")
    rows = models.JSONField(help_text="Line or row number, and the cells in the file's order, long ones cut.")

    class Meta:
        default_permissions = ()
        verbose_name_plural = "first rows"

    def __str__(self) -> str:
        return f"first rows of load {self.load_id}"
