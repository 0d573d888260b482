"""How a file is read now: for each reading option what was decided, and who or what decided it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from uploads.models import Load, UploadedFile
from uploads.services.options.catalogue import OF_SHEETS, OF_TEXT, READING_OPTIONS, given_options
from uploads.services.options.remembered import remembered_options
from uploads.states import FileState
from uploads.tabular.notes import Note
from uploads.tabular.table import FileFormat

VALUES_SHOWN = 3
_NAMES = {"\t": "tab", " ": "space"}
_MARKS = {".": "point", ",": "comma"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Decided:
    """One option: ``value`` for people, ``origin``: found, said with this file, said before with another one."""

    value: str
    origin: str


def describe_reading(*, file_id: int) -> dict[str, Decided]:
    """What was decided for each option, as far as the file got."""
    values: dict[str, dict[str, None]] = {option: {} for option in READING_OPTIONS}
    origins: dict[str, str] = {}
    for load in Load.objects.filter(file_id=file_id).select_related("dataset").order_by("position"):
        for option, value in _values(load):
            values[option][value] = None
        origins |= {applied["option"]: _origin(applied) for applied in load.applied_options}
    return {
        option: Decided(value=_listed(found), origin=origins.get(option, "found"))
        for option, found in values.items()
        if found
    }


def options_now(*, file: UploadedFile) -> dict[str, Any]:
    """What was said of a file, and what its dataset remembers where nothing was said: where a form begins."""
    defaults = remembered_options(dataset=file.dataset_wanted)
    return {**defaults.options, **given_options(file.options)} if file.dataset_wanted else given_options(file.options)


def options_that_apply(*, file: UploadedFile) -> tuple[str, ...]:
    """The reading options that mean anything for a file: a text has no sheets, a workbook no delimiter.

    All of them where the file did not get so far that its tables are known, or an archive may hold more than was seen.
    """
    seen = set(file.loads.values_list("format", flat=True))
    may_hold_more = file.state == FileState.FAILED and file.name.lower().endswith(".zip")
    if not seen or may_hold_more:
        return READING_OPTIONS
    has_text, has_sheets = FileFormat.CSV in seen, bool(seen - {FileFormat.CSV})
    useless = (frozenset() if has_text else OF_TEXT) | (frozenset() if has_sheets else OF_SHEETS)
    return tuple(option for option in READING_OPTIONS if option not in useless)


def _values(load: Load) -> Iterable[tuple[str, str]]:
    if load.format == "csv":
        yield "delimiter", f"“{_NAMES.get(load.delimiter, load.delimiter)}”" if load.delimiter else "none"
        yield "encoding", load.encoding
    elif load.source:
        yield "sheet", f"“{load.source}”"
    yield "header_row", f"row {load.header_row:,}" if load.header_row else "no header"
    for column in load.columns:
        form = column["format"]
        if column["type"] in ("numeric", "double precision") or form.get("thousands"):
            yield "decimal", _MARKS[form["decimal"]]
        order = _order(form.get("pattern", ""))
        if order:
            yield "day_first", order
    if load.dataset is not None and load.dataset.null_words:
        yield "null_words", ", ".join(load.dataset.null_words)
    yield from _flags(load)


def _flags(load: Load) -> Iterable[tuple[str, str]]:
    said = {applied["option"] for applied in load.applied_options if applied["value"] is True}
    if "all_text" in said:
        yield "all_text", "yes"
    if "one_table" in said:
        yield "one_table", "yes"
    elif load.footer:
        yield "one_table", f"{load.footer:,} row{'s' * (load.footer != 1)} below the table left out"
    elif any(Note.from_json(note).is_on_rows_left_out for note in load.notes):
        yield "one_table", "no: a note or another table stands apart"


def _order(pattern: str) -> str:
    """Of a date in figures alone: strptime's letters are d and m, or -d and -m without zeros."""
    letters = pattern.replace("-", "")
    day, month = letters.find("%d"), letters.find("%m")
    if min(day, month) < 0 or letters.startswith("%Y"):
        return ""
    return "day first" if day < month else "month first"


def _origin(applied: Mapping[str, Any]) -> str:
    if applied["said"] == "with this file":
        return "said with this file"
    return f"said before with “{applied['file_name']}”" if applied["file_name"] else "said before by staff"


def _listed(values: Iterable[str]) -> str:
    found = list(values)
    more = f" and {len(found) - VALUES_SHOWN:,} more" if len(found) > VALUES_SHOWN else ""
    return ", ".join(found[:VALUES_SHOWN]) + more
