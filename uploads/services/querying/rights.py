"""What a person reads by SQL: what the person reads here, under a role of the database that reads nothing else."""

import logging
from collections.abc import Sequence

from django.conf import settings
from django.contrib.auth import get_user_model

from uploads.database.querying.grants import (
    SOURCES,
    group_role,
    make_audience_roles,
    reader_role,
    signed_in_role,
    staff_role,
)
from uploads.database.querying.roles import (
    QueryRole,
    RolesMissing,
    drop_query_role,
    explained,
    is_plain,
    make_query_role,
    query_roles_of_people,
    role_of_queries,
    unreadable,
)
from uploads.models import Dataset
from uploads.services.datasets.rights import mirror_rights, reading_roles
from uploads.services.visibility import OPERATOR, Viewer, visible_datasets

logger = logging.getLogger(__name__)

STAFF = "staff"


def role_of(viewer: Viewer) -> QueryRole:
    """One for everybody, one for staff who see all, and one for each other person, who is in the role of each group."""
    if viewer.sees_all:
        return role_of_queries(person=STAFF, member_of=[staff_role()])
    if viewer.user_id is None:
        return role_of_queries(member_of=[reader_role()])
    groups = get_user_model().objects.filter(pk=viewer.user_id).exclude(groups=None).values_list("groups", flat=True)
    member_of = [signed_in_role(), *map(group_role, groups)]
    return role_of_queries(person=str(viewer.user_id), member_of=member_of)


def readable_datasets(viewer: Viewer = OPERATOR) -> list[Dataset]:
    """Those with a table of ours; one that is only shown here is its owner's to grant."""
    return list(visible_datasets(viewer).filter(established_at__isnull=False, relation="").order_by("pk"))


def make_ready(role: QueryRole, datasets: Sequence[Dataset], *, password: str) -> None:
    """At a person's first query there is no role yet; and after a table was made by hand, or the schema anew, no grant.

    Raises ``RolesMissing``.
    """
    lacking = set(unreadable([*(dataset.slug for dataset in datasets), SOURCES], by=role.name))
    if lacking or not is_plain(role):
        grant_reading([dataset for dataset in datasets if dataset.slug in lacking], roles=role.member_of)
        make_query_role(role, password=password, seconds=settings.SQL_SECONDS)


def grant_reading(datasets: Sequence[Dataset], *, roles: Sequence[str] = ()) -> None:
    """The rights as they should be, anew: of these datasets, for all of their readers. Raises ``RolesMissing``."""
    with explained():
        make_audience_roles([*roles, *(role for dataset in datasets for role in reading_roles(dataset))])
        for dataset in datasets:
            mirror_rights(dataset)


def forget_person(user_id: int, *, level: int = logging.WARNING) -> bool:
    """An account is gone, and with it the role of its queries: whether it is. The sweep tries again what is left."""
    try:
        drop_query_role(user_id)
    except RolesMissing as error:
        logger.log(level, "the role of the queries of account %s stays: %s %s", user_id, error.message, error.hint)
        return False
    return True


def forget_people_gone() -> int:
    """Drop the roles of accounts that are there no more; returns how many they were. Of one that stays the log was told
    when the account went, and each sweep would tell it again."""
    made = query_roles_of_people()
    there = set(get_user_model().objects.filter(pk__in=made).values_list("pk", flat=True))
    return sum(forget_person(user_id, level=logging.DEBUG) for user_id in made.keys() - there)
