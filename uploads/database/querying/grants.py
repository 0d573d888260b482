"""The roles of PostgreSQL that have the rights to read: one for each audience, which nobody signs in as.

``uploads_reader`` reads public datasets. In it are, one in the other, the role of people who are signed in, those of
groups, and that of staff who see all: whoever is in one reads what the wider ones read. All but the first are called
after their database too, for roles are shared by all databases of a server; those of groups by their number, so that
renaming a group changes nothing.

A table of a dataset is granted by name and by no default of the schema: the tables of files that are not active lie
there too. A partition is read through its dataset, which takes no right on the partition.
"""

from collections.abc import Sequence
from hashlib import sha256

from django.db import connection
from psycopg import sql

from uploads.database.statements import SCHEMA, execute, fetch_rows, qualified

READER = "uploads_reader"
SOURCES = "_sources"
"""The view with the names of files, for those who read datasets: of the datasets that they read."""
_NAME_BYTES = 63


def reader_role() -> str:
    """Of everybody."""
    return READER


def signed_in_role() -> str:
    return role_of_database("uploads_signed_in")


def group_role(group_id: int) -> str:
    return role_of_database(f"uploads_group_{group_id}")


def staff_role() -> str:
    """Of staff who see all datasets."""
    return role_of_database("uploads_staff")


def role_of_database(prefix: str) -> str:
    """``uploads_staff_`` and the name of the database, or its fingerprint where that is long."""
    database = str(connection.settings_dict["NAME"])
    name = f"{prefix}_{database}"
    return name if len(name.encode()) <= _NAME_BYTES else f"{prefix}_{sha256(database.encode()).hexdigest()[:24]}"


def mirror_reading(*, table: str, roles: Sequence[str]) -> None:
    """Let these roles read a table of a dataset and no other of ours; in the caller's transaction."""
    execute(mirroring(table=table, roles=roles), None)


def mirroring(*, table: str, roles: Sequence[str]) -> sql.Composable:
    """The same as a statement, to be sent with what makes the table.

    Roles that are not there are made; where we may make none they are left out, and nobody reads by SQL who should not.
    """
    grants = _GRANT.format(table=sql.Literal(qualified(table).as_string()), wanted=sql.Literal(list(roles)))
    return _do(_tolerant(roles), grants)


def make_audience_roles(roles: Sequence[str] = ()) -> None:
    """Those that every database has, and these; raises what PostgreSQL says where we may make none."""
    execute(_do(_making(roles)), None)


def try_making_audience_roles() -> None:
    """The same, and nothing where we may make none."""
    execute(_do(_tolerant(())), None)


def drop_group_role(group_id: int) -> None:
    """With its rights, where it is there; whoever was let in by it reads less from now on."""
    drop_role(group_role(group_id))


def drop_role(name: str) -> None:
    """With what was granted to it in this database, where it is there. ``DROP OWNED`` would take more than the right to
    make roles; what we may not take back keeps the role, and PostgreSQL says what that is."""
    if fetch_rows(sql.SQL("SELECT 1 FROM pg_roles WHERE rolname = %s"), [name]):
        execute(_do(_REVOKE.format(role=sql.Literal(name))), None)
        execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(name)), None)


def _do(*blocks: sql.Composable) -> sql.Composable:
    whole = sql.SQL("DECLARE each record; BEGIN {} END").format(sql.SQL(" ").join(blocks))
    return sql.SQL("DO {}").format(sql.Literal(whole.as_string()))


def _tolerant(roles: Sequence[str]) -> sql.Composable:
    return sql.SQL(
        "BEGIN {} EXCEPTION WHEN insufficient_privilege OR duplicate_object OR unique_violation THEN NULL; END;"
    ).format(_making(roles))


def _making(roles: Sequence[str]) -> sql.Composable:
    """The wider ones first, for each is granted to the narrower ones."""
    signed_in = signed_in_role()
    parents = {READER: "", signed_in: READER, staff_role(): signed_in}
    parents |= {role: signed_in for role in roles if role not in parents}
    return _MAKE.format(
        roles=sql.Literal(list(parents)),
        parents=sql.Literal(list(parents.values())),
        schema=sql.Literal(SCHEMA),
        view=sql.Literal(qualified(SOURCES).as_string()),
    )


_MAKE = sql.SQL("""
FOR each IN SELECT role, parent FROM unnest({roles}::text[], {parents}::text[]) AS needed (role, parent) LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = each.role) THEN
        EXECUTE format('CREATE ROLE %I NOLOGIN', each.role);
    END IF;
    IF each.parent <> '' AND NOT pg_has_role(each.role, each.parent, 'MEMBER') THEN
        EXECUTE format('GRANT %I TO %I', each.parent, each.role);
    END IF;
    IF NOT has_schema_privilege(each.role, {schema}, 'USAGE') THEN
        EXECUTE format('GRANT USAGE ON SCHEMA %I TO %I', {schema}, each.role);
    END IF;
    IF to_regclass({view}) IS NOT NULL AND NOT has_table_privilege(each.role, {view}, 'SELECT') THEN
        EXECUTE format('GRANT SELECT ON %s TO %I', {view}, each.role);
    END IF;
END LOOP;
""")
_REVOKE = sql.SQL("""
FOR each IN
    SELECT DISTINCT classid = 'pg_class'::regclass AS is_table, objid FROM pg_shdepend
     WHERE refclassid = 'pg_authid'::regclass AND refobjid = (SELECT oid FROM pg_roles WHERE rolname = {role})
       AND dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
       AND classid IN ('pg_class'::regclass, 'pg_namespace'::regclass)
LOOP
    BEGIN
        IF each.is_table THEN
            EXECUTE format('REVOKE ALL ON TABLE %s FROM %I', each.objid::regclass, {role});
        ELSE
            EXECUTE format('REVOKE ALL ON SCHEMA %s FROM %I', each.objid::regnamespace, {role});
        END IF;
    EXCEPTION WHEN insufficient_privilege THEN NULL;
    END;
END LOOP;
""")
_GRANT = sql.SQL("""
FOR each IN SELECT rolname AS role FROM pg_roles WHERE rolname = ANY ({wanted}) LOOP
    EXECUTE format('GRANT SELECT ON %s TO %I', {table}, each.role);
END LOOP;
FOR each IN
    SELECT DISTINCT r.rolname AS role FROM pg_class c, aclexplode(c.relacl) a JOIN pg_roles r ON r.oid = a.grantee
     WHERE c.oid = {table}::regclass AND r.rolname LIKE 'uploads\\_%' AND NOT r.rolcanlogin AND r.oid <> c.relowner
       AND r.rolname <> ALL ({wanted})
LOOP
    EXECUTE format('REVOKE ALL ON %s FROM %I', {table}, each.role);
END LOOP;
""")
