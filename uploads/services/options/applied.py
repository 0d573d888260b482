"""Which reading options apply to a file, and who said them: its sender, or somebody before of its dataset."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from uploads.services.options.catalogue import OF_SHEETS, OF_TEXT, given_options, options_in_words
from uploads.services.options.remembered import DatasetDefaults
from uploads.tabular.encoding.codec_names import known_codec
from uploads.tabular.errors import UploaderError
from uploads.tabular.notes import Note, NoteKind
from uploads.tabular.table import Dialect, FileFormat

_NAMES_ITS_OPTION = frozenset({"bad_option", "unknown_sheet"})
_MAY_COME_OF_OPTIONS = _NAMES_ITS_OPTION | {
    "column_mismatch",
    "empty_file",
    "limit_exceeded",
    "no_data_rows",
    "no_row_fits",
    "not_a_table",
    "too_many_rejects",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class AppliedOptions:
    """What applied to one table."""

    own: Mapping[str, Any]
    """What was said about the file itself; it goes before what is remembered."""
    remembered: DatasetDefaults
    types_hold: bool = False
    """A file that is read again, or all as text, goes into a dataset whose types it cannot change."""

    @property
    def notes(self) -> tuple[Note, ...]:
        """For the receipt."""
        notes = []
        if self.own:
            notes.append(Note.of(NoteKind.OPTIONS_GIVEN, options=options_in_words(self.own)))
        if self.remembered:
            notes.append(Note.of(NoteKind.OPTIONS_REMEMBERED, options=self.remembered.sentence))
        if self.types_hold:
            notes.append(Note.of(NoteKind.TYPES_HOLD))
        return tuple(notes)

    def as_json(self) -> list[dict[str, Any]]:
        """Each option with its value and where it comes from."""
        own = [{"option": option, "value": value, "said": "with this file"} for option, value in self.own.items()]
        before = [
            {
                "option": entry.option,
                "value": entry.value,
                "said": "before",
                "file": entry.file_id,
                "file_name": entry.file_name,
            }
            for entry in self.remembered.entries
        ]
        return own + before


def applied_options(
    *, dialect: Dialect, options: Mapping[str, Any], defaults: DatasetDefaults, has_types: bool, is_reading: bool
) -> AppliedOptions:
    """Leave out what cannot apply: a delimiter to a sheet, a sheet to a text, ``all_text`` where the types hold.

    A remembered encoding that the bytes contradict did not apply either.
    """
    useless = set(OF_SHEETS if dialect.format is FileFormat.CSV else OF_TEXT)
    if has_types:
        useless.add("all_text")
    given = given_options(options)
    own = {option: value for option, value in given.items() if option not in useless}
    before = defaults.options.get("encoding")
    if before is not None and dialect.encoding != known_codec(before):
        useless.add("encoding")
    return AppliedOptions(
        own=own,
        remembered=defaults.without(options.keys() | useless),
        types_hold=has_types and (is_reading or bool(given.get("all_text"))),
    )


def reading_arguments(*, options: Mapping[str, Any], defaults: DatasetDefaults) -> dict[str, Any]:
    """Arguments of ``ReadOptions``. A remembered encoding only decides what the bytes leave open: exporters change."""
    remembered = defaults.without(options.keys()).options
    likely = remembered.pop("encoding", None)
    return {**remembered, **({"likely_encoding": likely} if likely else {}), **given_options(options)}


def blame_options(error: UploaderError, *, options: Mapping[str, Any], defaults: DatasetDefaults) -> None:
    """Let an error name what was said of the file or remembered, where that may be what is wrong."""
    if error.code not in _MAY_COME_OF_OPTIONS:
        return
    own = given_options(options)
    if own and error.code not in _NAMES_ITS_OPTION:
        error.hint = f"{error.hint} The file was read with {options_in_words(own)}, as was said.".strip()
    if defaults:
        told = (
            f"It was read as said before for this dataset, {defaults.sentence}: if that is wrong here, say otherwise."
        )
        error.hint = f"{error.hint} {told}".strip()
