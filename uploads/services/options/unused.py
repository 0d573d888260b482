"""Which of the options that were said about a file cannot mean anything for a table, and why."""

from collections.abc import Iterator, Mapping
from typing import Any

from uploads.models import Dataset, Load, UploadedFile
from uploads.services.options.catalogue import OPTIONS, options_in_words
from uploads.services.options.option import Source
from uploads.tabular.notes import Note, NoteKind
from uploads.tabular.reasons import UnusedReason

_NOT_FOR = {
    Source.TEXT: UnusedReason.IS_TEXT,
    Source.SHEETS: UnusedReason.IS_SHEET,
    Source.ENCODED_SHEETS: UnusedReason.IS_SHEET,
    Source.RECORDS: UnusedReason.IS_RECORDS,
    Source.ENCODED_RECORDS: UnusedReason.IS_RECORDS,
}


def unused_options(options: Mapping[str, Any], *, source: Source) -> dict[str, UnusedReason]:
    """A delimiter for a sheet, a sheet for a text, a decimal mark where everything is text: each with the reason."""
    unused = {option: _NOT_FOR[source] for option in options if source not in OPTIONS[option].applies_to}
    for option, value in options.items():
        if value is True and option not in unused:
            unused |= dict.fromkeys(options.keys() & OPTIONS[option].excludes, UnusedReason.ALL_TEXT)
    return unused


def notes_on_unused(options: Mapping[str, Any], *, source: Source) -> Iterator[Note]:
    """For the receipt, a note for each reason."""
    reasons = unused_options(options, source=source)
    for reason in UnusedReason:
        left_out = {option: value for option, value in options.items() if reasons.get(option) is reason}
        if left_out:
            words = options_in_words(left_out)
            yield Note.of(NoteKind.OPTIONS_NOT_USED, count=len(left_out), options=words, reason=reason.value)


def options_used(*, file: UploadedFile, dataset: Dataset) -> dict[str, Any]:
    """What was said of a file without what meant nothing for any of its tables in the dataset.

    “Everything as text” means nothing where the dataset has its types already; “no” to it is kept all the same.
    """
    used: set[str] = set()
    for load in Load.objects.filter(file=file, dataset=dataset):
        applied = {entry["option"] for entry in load.applied_options}
        unused = unused_options(file.options, source=Source.of(load.format))
        used |= {
            option
            for option, value in file.options.items()
            if option not in unused and (option in applied or not (value and OPTIONS[option].yields_to_types))
        }
    return {option: value for option, value in file.options.items() if option in used}
