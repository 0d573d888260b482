"""What was said about how to read a dataset's files, remembered by the dataset for the files that come later.

An option is remembered once a file about which it was said is active, so that only what staff let in counts. It
outlives that file until somebody says otherwise. Each option stands alone: the newest word on it holds.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db import transaction
from django.utils import timezone

from uploads.models import Dataset, Load, UploadedFile
from uploads.services.admin_log import log_act
from uploads.services.errors import DatasetNotFound
from uploads.services.options.catalogue import OPTIONS, READING_OPTIONS, option_words, options_in_words
from uploads.services.options.of_sources import sources_named, value_at
from uploads.services.options.option import OptionKind
from uploads.services.options.unused import options_used
from uploads.services.read_only import check_takes_files
from uploads.services.visibility import OPERATOR, Viewer, reads
from uploads.tabular.errors import BadOption


@dataclass(frozen=True, kw_only=True, slots=True)
class Remembered:
    """One option, and the file with which it was said or, where staff said it of the dataset itself, by whom."""

    option: str
    value: Any
    said_at: datetime
    file_id: int | None = None
    file_name: str = ""
    by: str = ""

    @property
    def words(self) -> str:
        """``day first``"""
        return option_words(self.option, self.value)

    @property
    def origin(self) -> str:
        """Where it comes from, for anybody to read: names of accounts are not for the public."""
        if self.file_name:
            return f"“{self.file_name}”"
        return "staff" if self.file_id is None else "a deleted file"


@dataclass(frozen=True, slots=True)
class DatasetDefaults:
    """All that holds for the later files of a dataset; empty where nothing was said."""

    entries: tuple[Remembered, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.entries)

    @property
    def options(self) -> dict[str, Any]:
        """Arguments of ``ReadOptions``."""
        return {entry.option: entry.value for entry in self.entries}

    @property
    def words(self) -> str:
        """``delimiter “;”, day first``"""
        return options_in_words(self.options)

    @property
    def sentence(self) -> str:
        """What holds and where it comes from: ``“a.csv”: day first; staff: decimal mark “,”``."""
        ordered = sorted(self.entries, key=lambda entry: entry.origin)
        groups = [(origin, list(entries)) for origin, entries in groupby(ordered, key=lambda entry: entry.origin)]
        return "; ".join(f"{origin}: {', '.join(entry.words for entry in entries)}" for origin, entries in groups)

    def without(self, options: Collection[str]) -> "DatasetDefaults":
        """What is left when others go before."""
        return DatasetDefaults(tuple(entry for entry in self.entries if entry.option not in options))

    def only(self, options: Collection[str]) -> "DatasetDefaults":
        return DatasetDefaults(tuple(entry for entry in self.entries if entry.option in options))


def defaults_of(dataset: Dataset) -> DatasetDefaults:
    """What holds for later files of a dataset."""
    return DatasetDefaults(
        tuple(
            Remembered(option=option, **{**kept, "said_at": datetime.fromisoformat(kept["said_at"])})
            for option, kept in sorted(dataset.read_options.items(), key=lambda item: READING_OPTIONS.index(item[0]))
            if not _says_nothing(option, kept["value"])
        )
    )


def remembered_options(*, dataset: str, viewer: Viewer = OPERATOR) -> DatasetDefaults:
    """What holds for files that name the dataset of this slug; empty where there is none that the viewer reads."""
    found = Dataset.objects.filter(slug=dataset).first() if dataset else None
    if found is not None and not found.is_draft and not reads(viewer, found):
        found = None
    return DatasetDefaults() if found is None else defaults_of(found)


def remember_file(file: UploadedFile) -> None:
    """Note what was said about a file that has become active, with its datasets; the caller has the transaction.

    What was said later than that stays: an old file that is activated again is not the newest word. What meant nothing
    for the file (a delimiter for a workbook) is not remembered.
    """
    if not file.options:
        return
    theirs = Dataset.objects.filter(pk__in=Load.objects.filter(file=file).values("dataset"))
    for dataset in theirs.order_by("pk").select_for_update(no_key=True):
        used = options_used(file=file, dataset=dataset)
        _note(dataset, used, said_at=file.created_at, file_id=file.pk, file_name=file.name)


def forget_name(*, dataset: Dataset, file_id: int) -> None:
    """Keep what was said with a file that is deleted, and not its name; the caller has the transaction."""
    defaults = {
        option: {**kept, "file_name": ""} if kept["file_id"] == file_id else kept
        for option, kept in dataset.read_options.items()
    }
    if defaults != dataset.read_options:
        dataset.read_options = defaults
        dataset.save(update_fields=["read_options"])


def change_defaults(*, slug: str, options: Mapping[str, Any], by: str, user_id: int | None = None) -> DatasetDefaults:
    """Say of a dataset how its later files are to be read; ``None`` forgets an option. Returns what holds then.

    Raises ``DatasetNotFound``, ``ReadOnlyDataset``, and ``BadOption`` for what is said of one sheet or member alone.
    """
    for key, value in options.items():
        if value is not None and sources_named(OPTIONS[key], value):
            raise BadOption(
                f"“{value}” is said of one sheet or member, and later files may have others.",
                hint="Say it of a file when it is read, or give the row number alone.",
            )
    with transaction.atomic():
        dataset = Dataset.objects.select_for_update(no_key=True).filter(slug=slug).first()
        if dataset is None:
            raise DatasetNotFound(f"There is no dataset “{slug}”.", hint="Look at the list of datasets.")
        check_takes_files(dataset)
        before = defaults_of(dataset).options
        changed = {key: value for key, value in options.items() if key not in before or before[key] != value}
        _note(dataset, changed, said_at=timezone.now(), by=by)
        now = defaults_of(dataset)
        words = f"later files are read with {now.words}" if now else "later files are detected automatically"
        log_act(user_id=user_id, to=dataset, words=words)
    return now


def forget_defaults(*, slug: str, by: str) -> DatasetDefaults:
    """Let each later file of a dataset be found out from itself again."""
    return change_defaults(slug=slug, options=dict.fromkeys(READING_OPTIONS), by=by)


def _note(
    dataset: Dataset,
    options: Mapping[str, Any],
    *,
    said_at: datetime,
    file_id: int | None = None,
    file_name: str = "",
    by: str = "",
) -> None:
    defaults = dict(dataset.read_options)
    for option, given in options.items():
        value = None if given is None else value_at(OPTIONS[option], given, None)
        if not OPTIONS[option].of_datasets or (value is None and given is not None):
            continue  # of one sheet or member it is said of this file alone
        known = defaults.get(option)
        if known is None and _says_nothing(option, value):
            continue
        if known is not None and datetime.fromisoformat(known["said_at"]) > said_at:
            continue
        defaults[option] = {
            "value": value,
            "said_at": said_at.isoformat(),
            "file_id": file_id,
            "file_name": file_name,
            "by": by,
        }
    if defaults != dataset.read_options:
        dataset.read_options = defaults
        dataset.save(update_fields=["read_options"])


def _says_nothing(option: str, value: Any) -> bool:
    """To be found out, and a “no” that finds out too: kept only where something older would hold without it."""
    return value is None or (OPTIONS[option].kind is OptionKind.YES and not value)
