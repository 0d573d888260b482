"""The one error tree. Each class has a stable ``code``; tests match codes, people read messages.

A bad cell is data (a ``Reject``), a bad file is an exception of this tree, a bug propagates.
"""


class UploaderError(Exception):
    """Something a person can act on: what happened, where, and the way out.

    ``message`` names the place, ``hint`` the way out; both are whole sentences for people.
    """

    code: str = "error"

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class FileError(UploaderError):
    """The file cannot be loaded as it is; trying again without a change gives the same answer."""

    code = "bad_file"


class EmptyFile(FileError):
    """No bytes, or nothing but blank lines."""

    code = "empty_file"


class NoDataRows(FileError):
    """A header and no row below it."""

    code = "no_data_rows"


class NotATable(FileError):
    """The content is something else: an image, a PDF, HTML, JSON, a program."""

    code = "not_a_table"


class EncryptedFile(FileError):
    """Password-protected."""

    code = "encrypted_file"


class DamagedFile(FileError):
    """Truncated, corrupted, or not what its signature promises."""

    code = "damaged_file"


class NestedArchive(FileError):
    """An archive inside an archive."""

    code = "nested_archive"


class LimitExceeded(FileError):
    """A limit on real (decompressed) content was passed: bytes, ratio, members, cells, columns."""

    code = "limit_exceeded"


class LineOutOfReach(UploaderError):
    """A line lies deeper in what is packed than is unpacked to show it."""

    code = "line_out_of_reach"


class UnknownSheet(FileError):
    """The sheet that was asked for is not in the workbook."""

    code = "unknown_sheet"


class BadOption(UploaderError):
    """A reading option that cannot be used: an unknown encoding, a delimiter of two characters."""

    code = "bad_option"


class LinesUnaccounted(FileError):
    """What became of the lines does not add up to the lines that were counted apart from the reading."""

    code = "lines_unaccounted"


class ReaderDied(FileError):
    """The child process that reads the file died or ran into one of its limits."""

    code = "reader_died"


class ColumnMismatch(FileError):
    """The file's columns are not those of the dataset it was meant for."""

    code = "column_mismatch"


class TooManyRejects(FileError):
    """More rows than the allowed share do not fit their columns."""

    code = "too_many_rejects"


def no_data_rows(name: str, *, given: int | str | None = None, above: int = 0) -> NoDataRows:
    """The error of a table that ends with its header; ``given``: a person said where that stands.

    ``above``: records above it, which may be the rows that are missed below.
    """
    if isinstance(given, int):
        return NoDataRows(
            f"Row {given:,} was chosen as the header of {name}, and there are no rows below it.",
            hint="Give the number of the row with the column names, or leave it blank to detect it automatically.",
        )
    hint = "Add the rows and upload the file again."
    if above:
        lines = f"the {above:,} lines" if above > 1 else "the line"
        hint = f"If {lines} above it, and it too, are data, load it with header row “none”; if not, add rows below it."
    return NoDataRows(f"{name} has a header but no rows below it.", hint=hint)
