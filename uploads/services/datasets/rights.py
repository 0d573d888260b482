"""Who reads a dataset: said by staff, and mirrored in the database for those who read by SQL."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth.models import Group
from django.db import transaction

from uploads.database.querying.grants import (
    drop_group_role,
    group_role,
    mirror_reading,
    reader_role,
    signed_in_role,
    staff_role,
)
from uploads.database.querying.roles import explained
from uploads.models import Dataset
from uploads.services.admin_log import log_act
from uploads.services.errors import DatasetNotFound
from uploads.states import Visibility
from uploads.tabular.errors import BadOption


@dataclass(frozen=True, kw_only=True, slots=True)
class DatasetVisibility:
    """Who reads a dataset, besides staff who may see all files."""

    visibility: Visibility
    groups: tuple[str, ...] = ()
    """By name; of one for groups. None: staff alone."""


def visibility_of(dataset: Dataset) -> DatasetVisibility:
    """As it was said, or as the setting had it when it was made."""
    found = Visibility(dataset.visibility)
    groups = dataset.groups.order_by("name").values_list("name", flat=True) if found is Visibility.GROUPS else ()
    return DatasetVisibility(visibility=found, groups=tuple(groups))


def change_visibility(
    *, slug: str, visibility: str, groups: Sequence[str] = (), user_id: int | None = None
) -> DatasetVisibility:
    """Say who reads a dataset; in the same transaction the database's own rights change.

    ``groups``: names of those whose people do, of a dataset for groups. Raises ``DatasetNotFound``, and ``BadOption``
    for what is no visibility, for a group that is not there, and for groups of one that is not for groups.
    """
    if visibility not in Visibility.values:
        raise BadOption(f"“{visibility}” is no visibility.", hint=f"There are {', '.join(Visibility.values)}.")
    wanted = Visibility(visibility)
    if groups and wanted is not Visibility.GROUPS:
        raise BadOption(
            f"Groups mean nothing for a dataset that is {wanted}.", hint=f"Say {Visibility.GROUPS} with them."
        )
    with transaction.atomic():
        dataset = Dataset.objects.select_for_update(no_key=True).filter(slug=slug, established_at__isnull=False).first()
        if dataset is None:
            raise DatasetNotFound(f"There is no dataset “{slug}”.", hint="Look at the list of datasets.")
        before, found = visibility_of(dataset), _groups(groups)
        dataset.visibility = wanted
        dataset.save(update_fields=["visibility"])
        dataset.groups.set(found)
        after = visibility_of(dataset)
        mirror_rights(dataset)
        if after != before:
            named = f" {', '.join(after.groups)}" if after.groups else ""
            log_act(user_id=user_id, to=dataset, words=f"who reads it: {wanted.label}{named}")
    return after


def _groups(names: Sequence[str]) -> list[Group]:
    found = {group.name: group for group in Group.objects.filter(name__in=names)}
    missing = [name for name in names if name not in found]
    if missing:
        there = ", ".join(Group.objects.order_by("name").values_list("name", flat=True)[:20])
        raise BadOption(
            f"There is no group “{missing[0]}”.", hint=f"There are {there or 'none: make one in the admin'}."
        )
    return list(found.values())


def reading_roles(dataset: Dataset) -> tuple[str, ...]:
    """The roles of the database that read its table: those of its audience, and that of staff who see all."""
    match Visibility(dataset.visibility):
        case Visibility.PUBLIC:
            audience = [reader_role()]
        case Visibility.SIGNED_IN:
            audience = [signed_in_role()]
        case Visibility.GROUPS:
            audience = [group_role(pk) for pk in dataset.groups.order_by("pk").values_list("pk", flat=True)]
    return (*audience, staff_role())


def forget_group(group_id: int) -> None:
    """A group is gone, and with it the role of the database; a dataset of no other group is for staff alone.

    Raises ``RolesMissing`` where that was granted what is not ours to take back: who reads by it would go on reading.
    """
    with explained():
        drop_group_role(group_id)


def mirror_rights(dataset: Dataset) -> None:
    """Have the database let those read its table who read it here, and nobody else; in the caller's transaction.

    A table that is only shown here is its owner's to grant.
    """
    if not (dataset.is_draft or dataset.is_read_only):
        mirror_reading(table=dataset.slug, roles=reading_roles(dataset))
