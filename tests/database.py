"""The databases of the tests: one migrated template, a copy of it for each worker, and the rows of a fixed start.

Everything runs in the roles of production: the template is migrated by the owner, requests speak as the web role. What
a test prepares and looks at itself it does with the web role's rights, but past row security.
"""

import functools
import hashlib
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import django
import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from psycopg import sql
from psycopg.types.json import Jsonb

from jobcenter.platform import embedded, roles

PREFIX = "test_fallarbeit_"
TESTS_ROLE = "fallarbeit_tests"
# What the migrations themselves put in: it stays as it was between two tests.
REFERENCE = (
    "django_content_type",
    "auth_permission",
    "casework_contactchannel",
    "casework_reflectionguide",
    "casework_legalbasis",
    "agreements_resourcefield",
    "agreements_socialspace",
    "agreements_legalregime",
    "agreements_sheetwording",
    "offers_supportkind",
    "offers_fundingbody",
    "offers_offerlegalbasis",
)
KEPT = ("django_migrations",)

Rows = list[tuple[Any, ...]]


def admin_url() -> str:
    """The server's superuser, from the environment of the test run, else of the embedded server."""
    return os.environ.get("FALLARBEIT_ADMIN_URL") or os.environ.get("ADMIN_DATABASE_URL") or embedded.admin_url()


def run_sql(
    database: str, statement: str, params: Sequence[Any] | None = None, *, role: str = "", rows_as: str = ""
) -> Rows:
    """Run statements as superuser, or in a role, on a connection of their own; each one is committed.

    The owner too is under row security: `rows_as` is the role that it takes on for statements about rows.
    """
    with psycopg.connect(admin_url(), dbname=database, autocommit=True) as connection:
        if role:
            connection.execute(sql.SQL("SET SESSION AUTHORIZATION {}").format(sql.Identifier(role)))
        if rows_as and statement.split(None, 1)[0].upper() in ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH"):
            connection.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(rows_as)))
        cursor = connection.execute(statement, params)
        return cursor.fetchall() if cursor.description else []


def owner_role() -> str:
    return str(settings.DATABASES["owner"]["USER"])


def web_role() -> str:
    return str(settings.WEB_DATABASE_ROLE)


def role_names() -> roles.Roles:
    return roles.Roles.of(owner_role(), web_role())


def sign_in_past_rows() -> None:
    """From now on this process prepares and looks at rows past row security, with no further right than web has.

    Its requests still run in the web role itself: the frame takes it on (FRAME_DATABASE_ROLE).
    """
    names = role_names()
    with psycopg.connect(admin_url(), dbname="postgres", autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(hashtext('role of the tests'))")
        if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [TESTS_ROLE]).fetchone():
            connection.execute(f"CREATE ROLE {TESTS_ROLE} LOGIN BYPASSRLS")
        connection.execute(f"GRANT {names.web} TO {TESTS_ROLE} WITH INHERIT TRUE, SET TRUE")
        connection.execute(f"GRANT {names.worker}, {names.offers} TO {TESTS_ROLE} WITH INHERIT FALSE, SET TRUE")
    connections["default"].settings_dict["USER"] = settings.DATABASES["default"]["USER"] = TESTS_ROLE
    settings.FRAME_DATABASE_ROLE = names.web


@functools.cache  # whoever edits a migration while tests run meets the new template in the next run
def ensure_template() -> str:
    """The migrated template for the migrations as they stand, made by whichever worker comes first."""
    name = f"fallarbeit_template_{_fingerprint()}"
    with psycopg.connect(admin_url(), dbname="postgres", autocommit=True) as lock:
        lock.execute("SELECT pg_advisory_lock(hashtext(%s))", [name])
        if not lock.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            draft = f"{name}_draft"
            _drop(draft)
            _create_migrated(draft)
            # Under its final name it is complete, whatever happened to an earlier attempt.
            lock.execute(f"ALTER DATABASE {draft} RENAME TO {name}")
    return name


def _fingerprint() -> str:
    digest = hashlib.sha256(f"{django.VERSION}{admin_url()}{role_names()}{settings.SECRET_KEY}".encode())
    for path in [*sorted(settings.BASE_DIR.glob("*/migrations/*.py")), Path(roles.__file__), Path(__file__)]:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _create_migrated(name: str) -> None:
    with psycopg.connect(admin_url(), dbname="postgres", autocommit=True) as connection:
        version = connection.info.server_version
        connection.execute(roles.create_database(name, owner_role(), version))
    with psycopg.connect(admin_url(), dbname=name, autocommit=True) as connection:
        for statement in roles.for_database(name, role_names()):
            connection.execute(statement)
    with using(name):
        call_command("migrate", database="owner", verbosity=0, interactive=False)


def _drop(name: str) -> None:
    run_sql("postgres", f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def use(name: str) -> None:
    """Both connections of this process speak with the named database from now on."""
    for alias in connections:
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = name
        settings.DATABASES[alias]["NAME"] = name


@contextmanager
def using(name: str) -> Iterator[None]:
    before = settings.DATABASES["default"]["NAME"]
    use(name)
    try:
        yield
    finally:
        use(before)


@contextmanager
def worker_database(run: str, worker: str) -> Iterator[str]:
    """A copy of the template for one worker, dropped at the end; leftovers of killed runs go first."""
    name = f"{PREFIX}{run}_{worker}"
    template = ensure_template()
    with psycopg.connect(admin_url(), dbname="postgres", autocommit=True) as guard:
        _drop_leftovers(guard)
        # Whoever lives holds the lock of its name; the server lets go of it when the process ends.
        guard.execute("SELECT pg_advisory_lock(hashtext(%s))", [name])
        guard.execute(f"CREATE DATABASE {name} TEMPLATE {template} OWNER {owner_role()}")
        with psycopg.connect(admin_url(), dbname=name, autocommit=True) as connection:
            # Rights of the database itself are not copied from a template.
            for statement in roles.for_database(name, role_names()):
                connection.execute(statement)
        try:
            with using(name):
                yield name
        finally:
            _drop(name)


@contextmanager
def scratch_copy(name: str) -> Iterator[str]:
    """A further copy of the template, to break rules in."""
    scratch = f"{name}_scratch"
    _drop(scratch)
    run_sql("postgres", f"CREATE DATABASE {scratch} TEMPLATE {ensure_template()} OWNER {owner_role()}")
    try:
        with psycopg.connect(admin_url(), dbname=scratch, autocommit=True) as connection:
            for statement in roles.for_database(scratch, role_names()):
                connection.execute(statement)
        yield scratch
    finally:
        _drop(scratch)


def _drop_leftovers(guard: psycopg.Connection[Any]) -> None:
    names = guard.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [f"{PREFIX}%"]).fetchall()
    for (name,) in names:
        owned_by = name.removesuffix("_scratch")
        if guard.execute("SELECT pg_try_advisory_lock(hashtext(%s))", [owned_by]).fetchone()[0]:
            guard.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            guard.execute("SELECT pg_advisory_unlock(hashtext(%s))", [owned_by])


def reference_rows(database: str) -> dict[str, Any]:
    return {
        table: run_sql(database, f"SELECT coalesce(jsonb_agg(t), '[]') FROM {table} AS t")[0][0] for table in REFERENCE
    }


def empty(database: str, reference: dict[str, Any]) -> None:
    """Everything as the migrations left it, past every rule. Sequences go on counting.

    Not by TRUNCATE: for some forty tables that hold little it takes ten times as long.
    """
    with psycopg.connect(admin_url(), dbname=database) as connection:
        connection.execute("SET lock_timeout = '10s'; SET session_replication_role = replica")
        tables = connection.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
            " AND NOT relispartition AND relname <> ALL(%s)",
            [list(KEPT)],
        ).fetchall()
        connection.execute(";".join(f"DELETE FROM {table}" for (table,) in tables))
        connection.execute("DELETE FROM guard.block_part; DELETE FROM guard.block; DELETE FROM guard.dropped_month")
        for table, rows in reference.items():
            connection.execute(
                f"INSERT INTO {table} OVERRIDING SYSTEM VALUE"
                f" SELECT * FROM jsonb_populate_recordset(NULL::{table}, %s)",
                [Jsonb(rows)],
            )
