"""What somebody saw of a file before clicking *Activate*: its datasets, how files join them, and which it meets there.

It travels with the click, and what it does is refused where it would be something else by then. Where rows are only
added, other files may come and go: that matters where rows of the file are among theirs, and nobody was asked.
A list of files carries the same of all their datasets.
"""

from collections.abc import Collection

from uploads.models import Dataset, Load, UploadedFile
from uploads.services.comparison.homes import tables_with_homes
from uploads.services.datasets.joinable import established
from uploads.services.datasets.versions import readings_of
from uploads.services.merging.asked import DIGITS, fingerprint_of, fingerprint_of_files, parse_seen
from uploads.services.merging.joining import forecast_changed
from uploads.services.merging.overlap import overlaps_by_hand
from uploads.states import FileState, Mode

FOUNDS_DATASETS = f"-:{'0' * DIGITS}"
"""It joined none of those that were there."""


def activation_seen(*, file_id: int) -> str:
    """Of a loaded file; empty of any other."""
    file = UploadedFile.objects.filter(pk=file_id, state=FileState.LOADED).first()
    if file is None:
        return ""
    found = [f"{slug}:{_now(home, file)}" for slug, home in _homes(file).items()]
    return " ".join(found) or FOUNDS_DATASETS


def check_seen(*, file_id: int, seen: str) -> dict[str, str]:
    """What is kept with the file until its datasets are locked, and asked once more then. Raises ``ForecastChanged``
    and ``BadOption``."""
    said = parse_seen(seen)
    file = UploadedFile.objects.filter(pk=file_id, state=FileState.LOADED).first()
    if file is None:
        return said
    homes = _homes(file)
    for slug, home in homes.items():
        if slug not in said or (said[slug] != _now(home, file) and _matters(file, home, said[slug])):
            raise forecast_changed(file, home)
    return said


def _matters(file: UploadedFile, home: Dataset, seen: str) -> bool:
    if home.mode != Mode.APPEND or seen.partition("-")[0] != fingerprint_of(home):
        return True
    return any(overlap.dataset == home.slug for overlap in overlaps_by_hand(file, state=FileState.LOADED))


def _now(home: Dataset, file: UploadedFile) -> str:
    met = fingerprint_of_files(home, but={file.pk, *readings_of(file).values_list("pk", flat=True)})
    return f"{fingerprint_of(home)}-{met}"


def _homes(file: UploadedFile) -> dict[str, Dataset]:
    return {table.home.dataset.slug: table.home.dataset for table in tables_with_homes(file)}


def datasets_seen(*, file_ids: Collection[int]) -> str:
    """Of all datasets that the loaded ones of some files are to join, for whoever sees these files in a list."""
    return " ".join(f"{home.slug}:{now}" for home, now in _datasets_now(file_ids))


def datasets_changed(*, file_ids: Collection[int], seen: str) -> tuple[Dataset, ...]:
    """Those in which some of these files do something else by now. Raises ``BadOption``."""
    said = parse_seen(seen)
    return tuple(
        home for home, now in _datasets_now(file_ids) if not f"{said.get(home.slug, '')}-".startswith(f"{now}-")
    )


def _datasets_now(file_ids: Collection[int]) -> list[tuple[Dataset, str]]:
    """Which files are met counts where their place is taken, or their rows are updated."""
    homes = _homes_of_all(file_ids)
    own = UploadedFile.objects.filter(pk__in=file_ids, state=FileState.LOADED).exclude(mode__in=["", Mode.APPEND])
    is_said = own.exists()
    return [
        (home, f"{fingerprint_of(home)}-{fingerprint_of_files(home, but=())}")
        if is_said or home.mode != Mode.APPEND
        else (home, fingerprint_of(home))
        for home in homes
    ]


def _homes_of_all(file_ids: Collection[int]) -> list[Dataset]:
    loads = Load.objects.filter(file__in=file_ids, file__state=FileState.LOADED, dataset__isnull=False).exclude(part="")
    homes: dict[int, Dataset] = {}
    unmet: set[str] = set()
    for load in loads.select_related("dataset__typed_by").defer("columns", "notes").order_by("pk"):
        dataset = load.dataset
        home = dataset.typed_by if dataset is not None and dataset.is_draft else dataset
        if home is not None:
            homes[home.pk] = home
        elif dataset is not None:
            unmet.add(dataset.header_key)
    met = established().filter(header_key__in=unmet) if unmet else ()  # they have come to be since
    return sorted({*homes.values(), *met}, key=lambda home: home.pk)
