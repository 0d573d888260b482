"""Which reading options apply to a file, and who said them: its sender, or somebody before of its dataset."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from uploads.services.errors import NoRowFits
from uploads.services.options.catalogue import OPTIONS, given_options, options_in_words
from uploads.services.options.of_sources import sources_named, value_at
from uploads.services.options.option import Source
from uploads.services.options.remembered import DatasetDefaults
from uploads.services.options.unused import notes_on_unused, unused_options
from uploads.tabular.errors import (
    BadOption,
    ColumnMismatch,
    EmptyFile,
    LimitExceeded,
    NoDataRows,
    NotATable,
    TooManyRejects,
    UnknownSheet,
    UploaderError,
)
from uploads.tabular.notes import Note, NoteKind
from uploads.tabular.table import Dialect

_NAMES_ITS_OPTION = frozenset({BadOption.code, UnknownSheet.code})
_MAY_COME_OF_OPTIONS = _NAMES_ITS_OPTION | {
    ColumnMismatch.code,
    EmptyFile.code,
    LimitExceeded.code,
    NoDataRows.code,
    NoRowFits.code,
    NotATable.code,
    TooManyRejects.code,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class AppliedOptions:
    """What applied to one table."""

    own: Mapping[str, Any]
    """What was said about the file itself; it goes before what is remembered."""
    remembered: DatasetDefaults
    unused: tuple[Note, ...] = ()
    """On what was said of the file and means nothing for this table."""
    types_hold: bool = False
    """A file that is read again, or all as text, goes into a dataset whose types it cannot change."""

    @property
    def notes(self) -> tuple[Note, ...]:
        """For the receipt."""
        notes = []
        if self.own:
            notes.append(Note.of(NoteKind.OPTIONS_GIVEN, options=options_in_words(self.own)))
        if self.remembered:
            notes.append(Note.of(NoteKind.OPTIONS_REMEMBERED, remembered=self.remembered.sentence))
        if self.types_hold:
            notes.append(Note.of(NoteKind.TYPES_HOLD))
        return (*notes, *self.unused)

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
    *,
    dialect: Dialect,
    options: Mapping[str, Any],
    defaults: DatasetDefaults,
    has_types: bool,
    is_reading: bool,
    origin: str = "",
) -> AppliedOptions:
    """Leave out what cannot apply: a delimiter to a sheet, a sheet to a text, ``all_text`` where the types hold.

    ``origin``: the sheet or member, for what is said of one of them alone.

    What was remembered and the bytes contradict did not apply either.
    """
    source = Source.of(dialect.format)
    given = _at(given_options(options), origin)
    useless = {
        option.name
        for option in OPTIONS.values()
        if source not in option.applies_to or (has_types and option.yields_to_types)
    } | unused_options(given, source=source).keys()
    own = {option: value for option, value in given.items() if option not in useless}
    overruled = any(OPTIONS[option].yields_to_types for option in given)
    contradicted = {
        option for option, value in defaults.options.items() if not OPTIONS[option].was_followed(dialect, value)
    }
    return AppliedOptions(
        own=own,
        remembered=defaults.without(options.keys() | useless | contradicted),
        unused=tuple(notes_on_unused(given, source=source)),
        types_hold=has_types and (is_reading or overruled),
    )


def reading_arguments(*, options: Mapping[str, Any], defaults: DatasetDefaults) -> dict[str, Any]:
    """Arguments of ``ReadOptions``: what was said of the file, and what is remembered where nothing was."""
    remembered = defaults.without(options.keys()).options
    arguments = {OPTIONS[option].remembered_as or option: value for option, value in remembered.items()}
    given = given_options(options)
    named = frozenset[str]().union(*(sources_named(OPTIONS[option], value) for option, value in given.items()))
    by_source = {source: _at(given, source, without=_at(given, None)) for source in sorted(named)}
    return arguments | _at(given, None) | ({"by_source": by_source} if by_source else {})


def _at(given: Mapping[str, Any], origin: str | None, *, without: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """What was said of one sheet or member, and of all; ``without`` what is the same for those."""
    held = {option: value_at(OPTIONS[option], value, origin) for option, value in given.items()}
    known = {} if without is None else without
    return {option: value for option, value in held.items() if value is not None and value != known.get(option)}


def blame_options(error: UploaderError, *, options: Mapping[str, Any], defaults: DatasetDefaults) -> None:
    """Let an error name what was said of the file or remembered, where that may be what is wrong."""
    if error.code not in _MAY_COME_OF_OPTIONS:
        return
    own = given_options(options)
    if own and error.code not in _NAMES_ITS_OPTION:
        error.hint = f"{error.hint} The file was read with the options given: {options_in_words(own)}.".strip()
    if defaults:
        told = f"Its format was remembered from {defaults.sentence}: if that is wrong here, choose another one."
        error.hint = f"{error.hint} {told}".strip()
