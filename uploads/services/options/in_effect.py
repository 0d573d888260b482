"""How a file is read now: for each reading option what was decided, and who or what decided it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from uploads.models import ADOPTED_FORMAT, Load, UploadedFile
from uploads.services.options.catalogue import OPTIONS, READING_OPTIONS, given_options
from uploads.services.options.option import Source
from uploads.services.options.remembered import remembered_options
from uploads.services.visibility import sender_of
from uploads.states import FileState
from uploads.tabular.formats import is_archive_name

VALUES_SHOWN = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class Decided:
    """One option: ``value`` for people, ``origin``: found, said with this file, said before with another one."""

    value: str
    origin: str


def describe_reading(*, file_id: int) -> dict[str, Decided]:
    """What was decided for each option, as far as the file got."""
    values: dict[str, dict[str, None]] = {option: {} for option in READING_OPTIONS}
    origins: dict[str, str] = {}
    loads = Load.objects.filter(file_id=file_id).exclude(format=ADOPTED_FORMAT)
    for load in loads.select_related("dataset").order_by("position"):
        source = Source.of(load.format)
        for option in OPTIONS.values():
            if source in option.applies_to:
                values[option.name] |= dict.fromkeys(option.in_effect(load))
        origins |= {applied["option"]: _origin(applied) for applied in load.applied_options}
    return {
        option: Decided(value=_listed(found), origin=origins.get(option, "detected automatically"))
        for option, found in values.items()
        if found
    }


def options_now(*, file: UploadedFile) -> dict[str, Any]:
    """What was said of a file, and what its dataset remembers where nothing was said: where a form begins."""
    defaults = remembered_options(dataset=file.dataset_wanted, viewer=sender_of(file))
    return {**defaults.options, **given_options(file.options)} if file.dataset_wanted else given_options(file.options)


def options_that_apply(*, file: UploadedFile) -> tuple[str, ...]:
    """The reading options that mean anything for a file: a text has no sheets, a workbook no delimiter.

    All of them where the file did not get so far that its tables are known, or an archive may hold more than was seen.
    """
    formats = file.loads.exclude(format=ADOPTED_FORMAT).values_list("format", flat=True)
    seen = {Source.of(file_format) for file_format in formats}
    may_hold_more = file.state == FileState.FAILED and is_archive_name(file.name)
    if not seen or may_hold_more:
        return READING_OPTIONS
    return tuple(option.name for option in OPTIONS.values() if seen & option.applies_to)


def _origin(applied: Mapping[str, Any]) -> str:
    if applied["said"] == "with this file":
        return "given with this file"
    return f"remembered from “{applied['file_name']}”" if applied["file_name"] else "remembered from staff"


def _listed(values: Iterable[str]) -> str:
    found = list(values)
    more = f" and {len(found) - VALUES_SHOWN:,} more" if len(found) > VALUES_SHOWN else ""
    return ", ".join(found[:VALUES_SHOWN]) + more
