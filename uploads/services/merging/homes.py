"""The datasets that the parts of a loaded file are to join, and that it will meet there."""

from django.db.models import Exists, OuterRef

from uploads.models import Dataset, Load, UploadedFile
from uploads.services.visibility import OPERATOR, home_of, read_by, sender_of
from uploads.states import FileState


def homes_of(*, file_id: int, state: FileState = FileState.LOADED) -> tuple[Dataset, ...]:
    """The datasets that a loaded file is to join, or is in and not active."""
    return tuple(home for home, _ in homes_by_part(file_id, state).values())


def homes_by_part(file_id: int, state: FileState = FileState.LOADED) -> dict[str, tuple[Dataset, Dataset]]:
    """By part: the dataset, and the draft that lies in front of it, or again the dataset."""
    loads = Load.objects.filter(file_id=file_id, file__state=state).exclude(part="")
    found: dict[str, tuple[Dataset, Dataset]] = {}
    for load in loads.select_related("dataset__typed_by", "file").order_by("position"):
        dataset = load.dataset
        home = home_of(dataset)
        if dataset is not None and home is None:
            home = _come_to_be_since(dataset, load.file)
        if home is not None and dataset is not None:
            found[load.part] = (home, dataset)
    return found


def _come_to_be_since(draft: Dataset, file: UploadedFile) -> Dataset | None:
    """The dataset that a draft of a loaded file meets by now: two first files of a kind were sent, and one of them
    was activated. Where its types are others the file is read again before it joins."""
    columns = list(draft.columns.values_list("name", "type"))
    if not any(draft.columns.values_list("label", flat=True)):  # without a header it joins nothing by itself
        return None
    active = Exists(Load.objects.filter(dataset=OuterRef("pk"), file__state=FileState.ACTIVE))
    reader = sender_of(file) if file.fit_rejects is None and file.activated_at is None else OPERATOR
    there = Dataset.objects.filter(established_at__isnull=False, relation="", header_key=draft.header_key)
    homes = there.filter(read_by(reader))  # as when it is loaded: of others its sender is not told
    if file.dataset_wanted:
        homes = homes.filter(slug=file.dataset_wanted)
    same = [
        home
        for home in homes.order_by(active.desc(), "-id")
        if sorted(home.columns.values_list("name", "type")) == sorted(columns)
    ]
    return next((home for home in same if home.slug == draft.planned), same[0] if same else None)
