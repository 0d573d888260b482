"""What somebody saw of a file before clicking *Activate*: its datasets, how files join them, and which it meets there.

It travels with the click, and what it does is refused where it would be something else by then. Where rows are only
added, other files may come and go: that matters where rows of the file are among theirs, and nobody was asked.
"""

from uploads.models import Dataset, UploadedFile
from uploads.services.comparison.homes import tables_with_homes
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
