"""Who sees what: the one place that decides which files and datasets a person may see, and whose values.

A dataset is everybody's while it is established. A draft, and what stands in a file (evidence, suggestions, rejected
rows), is for whoever sent the file and for staff who may view files.
"""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from uploads.models import Dataset, DatasetColumn, UploadedFile
from uploads.services.errors import DatasetNotFound
from uploads.tabular.evidence import Evidence
from uploads.tabular.evidence_sentences import evidence_in_words


@dataclass(frozen=True, kw_only=True, slots=True)
class Viewer:
    """Who looks: an account, a browser without one, or both; by default anybody."""

    user_id: int | None = None
    visitor: str = ""
    sees_all: bool = False

    def owns(self, prefix: str = "") -> Q:
        """The condition that a file was sent by this person or this browser; ``prefix`` leads to the file."""
        own = Q(**{f"{prefix}visitor": self.visitor}) if self.visitor else Q(pk__in=[])
        if self.user_id is not None:
            own |= Q(**{f"{prefix}uploaded_by": self.user_id})
        return own

    def sees_values_of(self, file: UploadedFile | None) -> bool:
        """Whether this person may see what stands in the file; ``None``: in a file that is gone."""
        if self.sees_all:
            return True
        if file is None:
            return False
        by_account = self.user_id is not None and file.uploaded_by_id == self.user_id
        return by_account or (bool(self.visitor) and file.visitor == self.visitor)


ANYBODY = Viewer()
OPERATOR = Viewer(sees_all=True)
"""Who runs commands on the server."""


def visible_datasets(viewer: Viewer) -> QuerySet[Dataset]:
    """The established datasets, and the drafts of this person's files."""
    if viewer.sees_all:
        return Dataset.objects.all()
    drafts = Dataset.objects.filter(viewer.owns("loads__file__"), established_at=None).values("pk")
    return Dataset.objects.filter(Q(established_at__isnull=False) | Q(pk__in=drafts))


def find_dataset(*, slug: str, viewer: Viewer = ANYBODY) -> Dataset:
    """The dataset of this slug; a draft also by the name that it asks for, where only one that is seen asks for it.

    Raises ``DatasetNotFound``, also for one that this person may not see.
    """
    if "\0" not in slug:  # PostgreSQL would refuse the question, not answer it
        seen = visible_datasets(viewer).select_related("typed_by")
        found = list(seen.filter(slug=slug))
        if not found:
            found = list(seen.filter(established_at=None, planned=slug)[:2])
        if len(found) == 1:
            return found[0]
    raise DatasetNotFound(f"There is no dataset “{slug}”.", hint="Look at the list of datasets.")


@dataclass(frozen=True, kw_only=True, slots=True)
class ColumnFacts:
    """A column as one person sees it."""

    name: str
    label: str
    type: str
    why: str
    """The evidence in words; without the values of a file that this person may not see."""
    evidence_kind: str | None


def columns_seen(*, dataset: Dataset, viewer: Viewer) -> tuple[ColumnFacts, ...]:
    """A dataset's columns in order, with why they have their types."""
    columns = DatasetColumn.objects.filter(dataset=dataset).select_related("evidence_file").order_by("position")
    return tuple(_facts(column, viewer) for column in columns)


def _facts(column: DatasetColumn, viewer: Viewer) -> ColumnFacts:
    evidence = Evidence.from_json(column.evidence)
    if evidence is not None and not viewer.sees_values_of(column.evidence_file):
        evidence = evidence.without_values()
    return ColumnFacts(
        name=column.name,
        label=column.label,
        type=column.type,
        why=evidence_in_words(evidence),
        evidence_kind=None if evidence is None else evidence.kind.value,
    )
