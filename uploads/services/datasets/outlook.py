"""What a draft will be called when its file is activated: as things are now, and as far as whoever looks may know."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q, QuerySet, prefetch_related_objects

from uploads.models import Dataset, UploadedFile
from uploads.services.datasets.drafts import drafts_of, free_slug
from uploads.services.datasets.establishment import find_home
from uploads.services.datasets.joinable import homes_for, is_among
from uploads.services.datasets.nameless import is_headerless
from uploads.services.datasets.versions import readings_of
from uploads.services.visibility import Viewer
from uploads.states import FileState
from uploads.tabular.errors import BadOption, ColumnMismatch

_NAMED = 3
"""Files that a sentence names."""


@dataclass(frozen=True, kw_only=True, slots=True)
class NameOutlook:
    """The name of one draft, which is settled only when its file is activated."""

    asked: str
    """What it asks to be called, or the slug of the dataset by which it was typed."""
    slug: str
    """What it would be called now."""
    is_new: bool
    """There is no dataset yet that it would join."""
    is_asked: bool = False
    """Whether it joins that dataset is a question, or was one."""
    is_wanted: bool = False
    """A person chose the name: under another one the table is not to be."""
    after: str = ""
    """What it would be called if a table of other columns took ``slug`` first."""
    others: tuple[int, ...] = ()
    """Files that wait for the same name with other columns; only those of which the viewer may know."""
    sees_all: bool = False
    """Whether there are no others where none are named."""
    refusal: str = ""
    """Why it could not be activated now."""

    @property
    def sentence(self) -> str:
        """For people; empty where the name that is shown beside it says all."""
        if self.refusal:
            return f"It cannot be activated as things are: {self.refusal}"
        if not self.is_new:
            is_plain = self.slug == self.asked or self.is_asked
            return "" if is_plain else f"A dataset of the same columns is there by now, “{self.slug}”: it joins that."
        if self.slug != self.asked:
            return f"Another table is called “{self.asked}”, so this one becomes “{self.slug}”."
        if self.others:
            files, wait = _files(self.others), "waits" if len(self.others) == 1 else "wait"
            return (
                f"{files[0].upper()}{files[1:]} {wait} for the name “{self.slug}” too, with other columns: the first"
                f" that is activated gets it. If that is another one, {self._else}."
            )
        if self.sees_all or not self.is_wanted:  # another name does no harm where nobody chose one
            return ""
        return f"If a table of other columns takes the name “{self.slug}” first, {self._else}."

    @property
    def is_usual(self) -> bool:
        """Whether the sentence holds for every table of the file, and need not be said of each."""
        return self.is_new and self.slug == self.asked and not self.others and not self.refusal

    @property
    def _else(self) -> str:
        if self.is_wanted:
            return "this one is not activated until it is read again with another dataset name"
        return f"this one becomes “{self.after}”"


def name_outlooks(*, file_id: int, viewer: Viewer) -> dict[str, NameOutlook]:
    """By the slugs of the drafts of a loaded file.

    What another person's waiting file asks for is told to nobody but its sender and staff, so to anybody else the
    sentence is the same whether there is such a file or not.
    """
    file = UploadedFile.objects.get(pk=file_id)
    outlooks: dict[str, NameOutlook] = {}
    given: set[str] = set()
    for draft in drafts_of(file_id=file.pk):
        prefetch_related_objects([draft], "columns")
        outlooks[draft.slug] = found = _outlook(draft, file, viewer, given)
        given.add(found.slug)
    return outlooks


def _outlook(draft: Dataset, file: UploadedFile, viewer: Viewer, given: Collection[str]) -> NameOutlook:
    asked = draft.public_slug
    homes = homes_for(viewer)
    if homes is not None and _may_meet_hidden(draft, file, homes):
        return NameOutlook(
            asked=asked, slug=asked, is_new=True, is_wanted=bool(file.dataset_wanted), after=f"{asked}_2"
        )
    try:
        home = find_home(draft, file, homes)
    except (BadOption, ColumnMismatch) as error:
        return NameOutlook(asked=asked, slug=asked, is_new=False, refusal=f"{error.message} {error.hint}".strip())
    if home is not None:
        is_asked = home.plan is not None
        return NameOutlook(asked=asked, slug=home.dataset.slug, is_new=False, is_asked=is_asked)
    wanted = file.dataset_wanted
    slug = wanted or free_slug(draft.planned, besides=given)
    return NameOutlook(
        asked=wanted or draft.planned,
        slug=slug,
        is_new=True,
        is_wanted=bool(wanted),
        after="" if wanted else free_slug(draft.planned, besides={*given, slug}),
        others=_others(draft, file, viewer, slug),
        sees_all=viewer.sees_all,
    )


def _may_meet_hidden(draft: Dataset, file: UploadedFile, homes: QuerySet[Dataset]) -> bool:
    """Whether it would be joined to, or renamed for, a dataset that is not among ``homes``: the viewer is told what
    would be said if that were not there."""
    taken = Q(slug=file.dataset_wanted or draft.public_slug) | Q(pk=draft.typed_by_id)
    if Dataset.objects.filter(taken, established_at__isnull=False).exclude(pk__in=homes.values("pk")).exists():
        return True
    try:
        home = find_home(draft, file)
    except (BadOption, ColumnMismatch):
        return False
    return home is not None and not is_among(home.dataset, homes)


def _others(draft: Dataset, file: UploadedFile, viewer: Viewer, slug: str) -> tuple[int, ...]:
    """Loaded files whose drafts ask for the name and would not join this one."""
    drafts = Dataset.objects.filter(established_at=None, planned=slug).exclude(pk=draft.pk)
    if not is_headerless([column.label for column in draft.columns.all()]):
        drafts = drafts.exclude(header_key=draft.header_key)
    files = UploadedFile.objects.filter(loads__dataset__in=drafts, state=FileState.LOADED)
    if not viewer.sees_all:
        files = files.filter(viewer.owns())
    readings = readings_of(file).values("pk")
    return tuple(
        files.exclude(pk=file.pk).exclude(pk__in=readings).order_by("pk").distinct().values_list("pk", flat=True)
    )


def _files(numbers: tuple[int, ...]) -> str:
    shown = [f"file {number}" for number in numbers[:_NAMED]]
    if len(numbers) > _NAMED:
        shown.append(f"{len(numbers) - _NAMED:,} more")
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"
