"""Who sees what: the one place that decides which files and datasets a person may see, and whose values.

An established dataset is for everybody, for people who are signed in, or for those in its groups; for anybody else it
is not there. A draft, and what stands in a file (evidence, suggestions), is for whoever sent the file; its rejected
rows are for everybody who holds its receipt. Staff who may view files see all of it. Which of these a dataset is for is
changed by ``datasets/rights.py``.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser, PermissionsMixin
from django.db.models import Exists, OuterRef, Q, QuerySet

from uploads.database.prepared import Prepared
from uploads.models import Dataset, DatasetColumn, DatasetGroup, Load, UploadedFile
from uploads.services.choice import Choice
from uploads.services.errors import DatasetNotFound
from uploads.services.scopes import Grant, ScopeKind
from uploads.states import FileState, Visibility
from uploads.tabular.evidence import Evidence, EvidenceKind
from uploads.tabular.sentences.evidence import evidence_in_words

WITHOUT_SENDER = (UploadedFile.Via.COMMAND, UploadedFile.Via.TABLE)
"""The operator's: nobody who could be asked, or take it back, sent these."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Viewer:
    """Who looks: an account, a browser without one, or both; by default anybody."""

    user_id: int | None = None
    visitor: str = ""
    sees_all: bool = False
    only: frozenset[str] | None = None
    """The slugs of the datasets that a token is limited to; ``None``: whatever its person sees."""

    def owns(self, prefix: str = "") -> Q:
        """The condition that a file was sent by this person or this browser; ``prefix`` leads to the file."""
        # what somebody sent who was signed in is not the next one's at the same browser
        own = Q(**{f"{prefix}visitor": self.visitor, f"{prefix}uploaded_by": None}) if self.visitor else Q(pk__in=[])
        if self.user_id is not None:
            own |= Q(**{f"{prefix}uploaded_by": self.user_id})
        return own

    def is_sender(self, *, visitor: str, user_id: int | None) -> bool:
        """The same for the ``visitor`` and ``user_id`` of a file."""
        if user_id is not None:
            return user_id == self.user_id
        return bool(visitor) and visitor == self.visitor

    def speaks_for(self, *, visitor: str, user_id: int | None, via: str, holds: bool) -> bool:
        """Whether this person acts as the sender: sent the file, or ``holds`` the token of one that nobody else sent.

        What came without account and cookie, as by ``curl``, belongs to whoever holds its token. That of other files
        may be passed on, to read; it speaks for nobody. What a command loaded, or was a table, has no sender.
        """
        if self.is_sender(visitor=visitor, user_id=user_id):
            return True
        return holds and user_id is None and not visitor and via not in WITHOUT_SENDER

    def may_know(self, *, is_shown: bool, visitor: str, user_id: int | None) -> bool:
        """Whether this person may be told that a file is there: its number, its state and since when.

        Who can read the rows of an active file (``is_shown``, as ``shown_files`` says) knows that it is there. That any
        other one came is for its sender and staff to know.
        """
        return self.sees_all or is_shown or self.is_sender(visitor=visitor, user_id=user_id)

    def sees_values_of(self, file: UploadedFile | None) -> bool:
        """Whether this person may see what stands in the file; ``None``: in a file that is gone."""
        if file is None:
            return self.sees_all
        return self.sees_values_sent_by(visitor=file.visitor, user_id=file.uploaded_by_id)

    def sees_values_sent_by(self, *, visitor: str | None, user_id: int | None) -> bool:
        """The same of the ``visitor`` and ``user_id`` of a file; no ``visitor``: of one that is gone."""
        return self.sees_all or (visitor is not None and self.is_sender(visitor=visitor, user_id=user_id))


SEE_ALL = "uploads.view_uploadedfile"
"""The permission of staff who see every file and dataset."""
ANYBODY = Viewer()
_NAMED = 5
OPERATOR = Viewer(sees_all=True)
"""Who runs commands on the server."""


def viewer_of_user(user: AbstractBaseUser | AnonymousUser, grant: Grant | None = None, *, visitor: str = "") -> Viewer:
    """As whom a person sees files and datasets: in this browser (``visitor``), or by a token."""
    if not isinstance(user, PermissionsMixin) or not user.is_authenticated:
        return Viewer(visitor=visitor)
    return Viewer(
        user_id=user.pk,
        visitor=visitor,
        sees_all=sees_all_files(user),
        only=None if grant is None else grant.datasets_of(ScopeKind.READ),
    )


def sees_all_files(user: PermissionsMixin) -> bool:
    """Staff status *and* the permission are both needed; a superuser has every permission."""
    return bool(getattr(user, "is_active", False) and getattr(user, "is_staff", False) and user.has_perm(SEE_ALL))


def sender_of(file: UploadedFile) -> Viewer:
    """As whom a file was sent; asked once its bytes are there, when there may be no request any more."""
    if file.uploaded_by is not None:
        return viewer_of_user(file.uploaded_by, visitor=file.visitor)
    return OPERATOR if file.via in WITHOUT_SENDER else Viewer(visitor=file.visitor)


def visible_files(*, user_id: int | None, visitor: str, sees_all: bool) -> QuerySet[UploadedFile]:
    """The files that a person may see in a list, newest first: their own or, for staff, all; never deleted ones."""
    files = UploadedFile.objects.exclude(state=FileState.DELETED).order_by("-id")
    return files if sees_all else files.filter(Viewer(user_id=user_id, visitor=visitor).owns())


def is_own(*, file_id: int, user_id: int | None, visitor: str) -> bool:
    """Whether this person, or this browser, sent the file."""
    return visible_files(user_id=user_id, visitor=visitor, sees_all=False).filter(pk=file_id).exists()


def visible_datasets(viewer: Viewer) -> QuerySet[Dataset]:
    """The established datasets that this person reads, and the drafts of this person's files."""
    if viewer.only is None and viewer.sees_all:
        return Dataset.objects.all()
    drafts = Dataset.objects.filter(viewer.owns("loads__file__"), established_at=None).values("pk")
    seen = Q(established_at__isnull=False) & read_by(viewer)
    return Dataset.objects.filter(seen if viewer.only is not None else seen | Q(pk__in=drafts))


def read_by(viewer: Viewer, prefix: str = "") -> Q:
    """The condition that an established dataset is this person's to read; ``prefix`` leads to the dataset."""
    limit = Q() if viewer.only is None else Q(**{f"{prefix}slug__in": viewer.only})
    if viewer.sees_all:
        return limit
    read = Q(**{f"{prefix}visibility": Visibility.PUBLIC})
    if viewer.user_id is not None:
        of_groups = DatasetGroup.objects.filter(group__user=viewer.user_id).values("dataset")
        read |= Q(**{f"{prefix}visibility": Visibility.SIGNED_IN})
        read |= Q(**{f"{prefix}visibility": Visibility.GROUPS, f"{prefix}pk__in": of_groups})
    return limit & read


def reads(viewer: Viewer, dataset: Dataset) -> bool:
    """The same of one that is at hand."""
    if viewer.sees_all and viewer.only is None:
        return True
    return Dataset.objects.filter(read_by(viewer), pk=dataset.pk).exists()


def shown_files(viewer: Viewer) -> Q:
    """The condition that a file is active and all of its rows are this person's to read."""
    theirs = Load.objects.filter(file=OuterRef("pk"), dataset__established_at__isnull=False)
    if viewer.sees_all and viewer.only is None:
        return Q(state=FileState.ACTIVE)
    return Q(state=FileState.ACTIVE) & ~Q(Exists(theirs.exclude(read_by(viewer, "dataset__"))))


def is_shown(file_id: int, viewer: Viewer) -> bool:
    """Whether a file is active and all of its rows are this person's to read."""
    return UploadedFile.objects.filter(shown_files(viewer), pk=file_id).exists()


def hidden_slugs(files: Iterable[UploadedFile], viewer: Viewer) -> frozenset[str]:
    """Of the established datasets that these files have rows in, were read with the types of, or are asked about, those
    that the viewer does not read. Loads and their datasets are prefetched.

    What a file asks to be called is no such dataset: its sender would learn by it which names are taken.
    """
    if viewer.sees_all:
        return frozenset()
    named: set[str] = set()
    for file in files:
        named |= {home.slug for load in file.loads.all() if (home := home_of(load.dataset)) is not None}
        named |= {str(asked["dataset"]) for asked in (*file.overlaps, *file.columns_open, *file.guards_tripped)}
    if not named:
        return frozenset()
    there = Dataset.objects.filter(slug__in=named, established_at__isnull=False)
    hidden = there.exclude(pk__in=visible_datasets(viewer).values("pk")).order_by()
    return frozenset(hidden.values_list("slug", flat=True))


def hides_any(viewer: Viewer) -> bool:
    """Whether there is an established dataset that this person does not read."""
    return Dataset.objects.filter(established_at__isnull=False).exclude(read_by(viewer)).exists()


def home_of(dataset: Dataset | None) -> Dataset | None:
    """The established dataset that a table is in, or was read with the types of."""
    return dataset.typed_by if dataset is not None and dataset.is_draft else dataset


def find_dataset(*, slug: str, viewer: Viewer = ANYBODY) -> Dataset:
    """The dataset of this slug; a draft also by the name that it asks for.

    Of several drafts that ask for it one's own newest is meant; staff who have none there are told of all of them, for
    an act on the wrong one is not undone. Raises ``DatasetNotFound``, also for one that this person may not see.
    """
    hint = "Look at the list of datasets."
    if "\0" not in slug:  # PostgreSQL would refuse the question, not answer it
        found = _of_slug(slug, viewer) or _own_draft(slug, viewer)
        if found is not None:
            return found
        drafts = list(visible_datasets(viewer).filter(established_at=None, planned=slug).order_by("-pk")[:_NAMED])
        if len(drafts) == 1:
            return drafts[0]
        if drafts:
            names = ", ".join(draft.slug for draft in drafts)
            hint = f"Several files that were never active ask for that name. Take one by its own: {names}."
    raise DatasetNotFound(f"There is no dataset “{slug}”.", hint=hint)


def _of_slug(slug: str, viewer: Viewer) -> Dataset | None:
    asked = question_for(slug, viewer)
    if asked is None:
        return visible_datasets(viewer).filter(slug=slug).first()
    question, values = asked
    return next(iter(question.models(Dataset, **values)), None)


def question_for(slug: str, viewer: Viewer) -> tuple[Prepared, Mapping[str, int | str]] | None:
    """What ``find_dataset`` asks first, and of which values; ``None``: what differs from token to token."""
    if viewer.only is not None:
        return None
    who: dict[str, int | str] = {}
    if not viewer.sees_all:
        who |= {} if viewer.user_id is None else {"user_id": viewer.user_id}
        who |= {"visitor": viewer.visitor} if viewer.visitor else {}
    return _asking_for_slug(tuple(who), sees_all=viewer.sees_all), {"slug": slug, **who}


@cache
def _asking_for_slug(who: tuple[str, ...], *, sees_all: bool) -> Prepared:
    """``who``: names of what decides which ones somebody sees."""

    def ask(*, slug: str, **of: Any) -> QuerySet[Dataset]:
        return visible_datasets(Viewer(sees_all=sees_all, **of)).filter(slug=slug).order_by()

    return Prepared(ask)


def _own_draft(planned: str, viewer: Viewer) -> Dataset | None:
    """This person's newest draft that asks for the name."""
    own = viewer.owns("loads__file__")
    return visible_datasets(viewer).filter(own, established_at=None, planned=planned).order_by("-pk").first()


@dataclass(frozen=True, kw_only=True, slots=True)
class ColumnFacts:
    """A column as one person sees it."""

    name: str
    label: str
    type: str
    why: str
    """The evidence in words; without the values of a file that this person may not see."""
    evidence_kind: str | None
    description: str = ""
    """What the file says about it beside its name; part of the header, so for whoever may see its name."""
    chosen: str = ""
    """``chosen by staff on 3 May 2026``: a person's choice, which holds for every file; else empty."""


class _Column(NamedTuple):
    """What is stored of a column, and whose the file is that its evidence is from."""

    name: str
    label: str
    type: str
    description: str
    format: dict[str, Any]
    evidence: dict[str, Any] | None
    chosen: dict[str, Any] | None
    visitor: str | None
    """``None``: of a file that is gone."""
    user_id: int | None


COLUMNS = Prepared(
    lambda dataset: (
        DatasetColumn.objects.filter(dataset=dataset)
        .order_by("position")
        .values_list(*_Column._fields[:-2], "evidence_file__visitor", "evidence_file__uploaded_by")
    )
)


def columns_seen(*, dataset: Dataset, viewer: Viewer) -> tuple[ColumnFacts, ...]:
    """A dataset's columns in order, with why they have their types."""
    return tuple(_facts(_Column._make(column), viewer) for column in COLUMNS.rows(dataset=dataset.pk))


def column_facts(column: DatasetColumn, viewer: Viewer) -> ColumnFacts:
    """One column as a person sees it."""
    told, file = (getattr(column, name) for name in _Column._fields[:-2]), column.evidence_file
    return _facts(_Column(*told, *((None, None) if file is None else (file.visitor, file.uploaded_by_id))), viewer)


def _facts(column: _Column, viewer: Viewer) -> ColumnFacts:
    evidence = Evidence.from_json(column.evidence)
    choice = Choice.from_json(column.chosen)
    chosen = "" if choice is None else choice.words(named=viewer.sees_all)
    if evidence is not None and not viewer.sees_values_sent_by(visitor=column.visitor, user_id=column.user_id):
        evidence = evidence.without_values()
    return ColumnFacts(
        name=column.name,
        label=column.label,
        type=column.type,
        description=column.description,
        why=_why(evidence, column, chosen),
        chosen=chosen,
        evidence_kind=None if evidence is None else evidence.kind.value,
    )


def _why(evidence: Evidence | None, column: _Column, chosen: str) -> str:
    """``numeric, chosen by Ana on 3 May 2026. Before: text, because …``"""
    if not chosen:
        return evidence_in_words(evidence)
    first, last = column.format.get("first_year"), column.format.get("last_year")
    shown = f"{column.type}{f' of {first} to {last}' if first else ''}, {chosen}."
    if evidence is None or evidence.kind is not EvidenceKind.CHANGED:
        return shown
    before = evidence_in_words(Evidence.from_json(evidence.figures["before"]))
    return f"{shown} Before: {before or evidence.figures['from'] + '.'}"
