"""People and programs that read datasets from PostgreSQL itself: a role for each, and where they reach the server."""

import re
import secrets
from dataclasses import dataclass
from urllib.parse import quote

from django.contrib.auth.models import Group
from django.db import connection

from uploads.database.querying.grants import group_role, reader_role, signed_in_role, staff_role
from uploads.database.querying.roles import (
    QueryRole,
    drop_login_role,
    is_plain_reader,
    make_login_role,
    memberships_of,
    reader_limits,
    role_exists,
)
from uploads.services.querying.rights import grant_reading, readable_datasets
from uploads.tabular.errors import BadOption, UploaderError

MOST_SESSIONS = 10
_NAME = re.compile(r"[a-z_][a-z0-9_]{0,62}")
_OURS = ("pg_", "uploads_")
_EVERYWHERE = {"0.0.0.0", "::"}  # noqa: S104 - what somebody said is read, nothing is bound


class RoleTaken(UploaderError):
    """A role of this name is there already."""

    code = "role_taken"


class NoSuchReader(UploaderError):
    """There is no role of this name that reads datasets and nothing else."""

    code = "no_such_reader"


@dataclass(frozen=True, kw_only=True, slots=True)
class ReaderAudience:
    """Whose datasets a reader reads: the public ones at least."""

    is_signed_in: bool = False
    groups: tuple[str, ...] = ()
    """By name; they read what people who are signed in read, too."""
    sees_all: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class ServerAddress:
    """Where PostgreSQL is reached over a network."""

    host: str
    port: int
    database: str
    is_opened: bool
    """By ``DATABASE_LISTEN``: somebody opened it for readers, so it is no secret."""

    def url(self, *, name: str, password: str = "", driver: str = "postgresql") -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        account = f"{quote(name, safe='')}:{quote(password, safe='')}" if password else quote(name, safe="")
        return f"{driver}://{account}@{host}:{self.port}/{quote(self.database, safe='')}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Reader:
    name: str
    password: str
    address: ServerAddress | None


def server_address(*, seen_as: str = "localhost") -> ServerAddress | None:
    """``seen_as``: the host that whoever asks knows this machine by; ``None``: it is reached by its socket alone."""
    known = connection.settings_dict
    database = str(known["NAME"])
    if "FOLDER" in known:
        host, _, port = str(known.get("LISTEN", "")).rpartition(":")
        if not host:
            return None
        host = host.strip("[]")
        return ServerAddress(
            host=seen_as if host in _EVERYWHERE else host, port=int(port), database=database, is_opened=True
        )
    host = str(known["HOST"])
    if not host or host.startswith("/"):
        return None
    return ServerAddress(host=host, port=int(known["PORT"] or 5432), database=database, is_opened=False)


def make_reader(
    *, name: str, seconds: float, new_password: bool = False, audience: ReaderAudience | None = None
) -> Reader:
    """A role that signs in and reads the datasets of an ``audience``, those to come too; ``None``: the public ones, or
    as before. Its statements take ``seconds`` at most, 0: as long as they like.

    With ``new_password`` one that is there. Raises ``BadOption``, ``RoleTaken``, ``NoSuchReader``, ``RolesMissing``.
    """
    if not _NAME.fullmatch(name) or name.startswith(_OURS):
        raise BadOption(
            f"“{name}” can be no name of a reader.",
            hint="Take up to 63 small letters, digits and _; it begins with a letter, and not with pg_ or uploads_.",
        )
    if new_password:
        _check_reader(name)
    elif role_exists(name):
        raise RoleTaken(
            f"The database has a role {name} already.",
            hint="Take another name; a reader gets another password by --new-password.",
        )
    password = secrets.token_urlsafe(18)
    groups = _roles_of(audience or ReaderAudience()) if audience or not new_password else memberships_of(name)
    role = QueryRole(name=name, member_of=tuple(groups))
    grant_reading(readable_datasets(), roles=role.member_of)
    make_login_role(role, password=password, most_sessions=MOST_SESSIONS, limits=reader_limits(seconds))
    return Reader(name=name, password=password, address=server_address())


def let_readers_read() -> None:
    """Grant each dataset to those who read it, where a restored database has no rights. Raises ``RolesMissing``."""
    grant_reading(readable_datasets())


def _roles_of(audience: ReaderAudience) -> list[str]:
    if audience.sees_all:
        return [staff_role()]
    found = dict(Group.objects.filter(name__in=audience.groups).values_list("name", "pk"))
    missing = [name for name in audience.groups if name not in found]
    if missing:
        raise BadOption(f"There is no group “{missing[0]}”.", hint="Groups are made in the admin.")
    wide = signed_in_role() if audience.is_signed_in else reader_role()
    return [*map(group_role, found.values())] or [wide]


def remove_reader(*, name: str) -> None:
    """Its sessions end. Raises ``NoSuchReader``, ``RolesMissing``."""
    _check_reader(name)
    drop_login_role(name)


def _check_reader(name: str) -> None:
    if not is_plain_reader(name):
        raise NoSuchReader(
            f"There is no role {name} that reads datasets and nothing else.",
            hint="Any other role is for an administrator of the database to change.",
        )
