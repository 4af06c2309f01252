"""The roles of the database and their rights, the same for the embedded and for an external server.

| role    | logs in | for what |
| owner   | yes     | owns the schema, runs migrations, nothing else |
| web     | yes     | the pages: sees the rows of the person who asks (row security) |
| worker  | yes     | what no person asks for, and deeds that reach beyond one's own cases; only with a signed purpose |
| offers  | no      | web becomes it in the administration of offers: no right on a table of cases |
| backup  | yes     | reads everything for pg_dump, writes nothing |
| guard   | no      | owns the SECURITY DEFINER functions and sees past row security |

Run once by the server's superuser: `python -m jobcenter.platform.roles` reads ADMIN_DATABASE_URL,
OWNER_DATABASE_URL and DATABASE_URL, and WORKER_DATABASE_URL and BACKUP_DATABASE_URL for the passwords of these; with
`--print` it only shows the statements, passwords left out. The names of the further roles follow from the web role's.
"""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

import psycopg
from psycopg import sql

FLOOR = 170000
UNICODE_FAST = 180000


def _part(url: str) -> tuple[str, str | None, str]:
    parts = urlsplit(url)
    password = unquote(parts.password) if parts.password else None
    return unquote(parts.username or ""), password, unquote(parts.path.lstrip("/"))


@dataclass(frozen=True)
class Roles:
    """The names of all six roles."""

    owner: str
    web: str
    worker: str
    offers: str
    backup: str
    guard: str

    @classmethod
    def of(cls, owner: str, web: str) -> "Roles":
        """The further names stand beside the web role's: fallarbeit_web brings fallarbeit_worker and so on."""
        stem = web.removesuffix("_web")
        return cls(owner, web, *(f"{stem}_{role}" for role in ("worker", "offers", "backup", "guard")))


LOGIN = "LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS"
# Whoever signs in for a copy of everything must see everything; it can only read.
LOGIN_PAST_ROWS = "LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION BYPASSRLS"
NO_LOGIN = "NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS"
NO_LOGIN_PAST_ROWS = "NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION BYPASSRLS"


def _made(role: str, rights: str, password: str | None = None) -> list[sql.Composed]:
    """Whoever the role was before: afterwards it has these rights, and nothing that belongs to a superuser."""
    create = sql.SQL(
        "DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = {name}) "
        "THEN CREATE ROLE {role}; END IF; END $$"
    ).format(name=sql.Literal(role), role=sql.Identifier(role))
    alter = sql.SQL("ALTER ROLE {} {}").format(sql.Identifier(role), sql.SQL(rights))
    if password is not None:
        alter += sql.SQL(" PASSWORD {}").format(sql.Literal(password))
    return [create, alter]


def for_server(names: Roles, passwords: Mapping[str, str | None]) -> list[sql.Composed]:
    """The roles, and who may become whom."""
    statements = [
        *_made(names.owner, LOGIN, passwords.get(names.owner)),
        *_made(names.web, LOGIN, passwords.get(names.web)),
        *_made(names.worker, LOGIN, passwords.get(names.worker)),
        *_made(names.offers, NO_LOGIN),
        *_made(names.backup, LOGIN_PAST_ROWS, passwords.get(names.backup)),
        *_made(names.guard, NO_LOGIN_PAST_ROWS),
    ]
    for role, member, inherits in (
        # Migrations replace functions that are the guard's.
        (names.guard, names.owner, "TRUE"),
        # By SET ROLE alone, so that nothing is done with a right that was not asked for.
        (names.worker, names.web, "FALSE"),
        (names.offers, names.web, "FALSE"),
    ):
        statements.append(
            sql.SQL("GRANT {} TO {} WITH INHERIT {}, SET TRUE, ADMIN FALSE").format(
                sql.Identifier(role), sql.Identifier(member), sql.SQL(inherits)
            )
        )
    return statements


def create_database(database: str, owner: str, server_version: int) -> sql.Composed:
    """German text sorts and folds by PostgreSQL's own Unicode tables, whatever libc or ICU there is."""
    locale = "PG_UNICODE_FAST" if server_version >= UNICODE_FAST else "C.UTF-8"
    return sql.SQL(
        "CREATE DATABASE {} OWNER {} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C' "
        "LOCALE_PROVIDER builtin BUILTIN_LOCALE {}"
    ).format(sql.Identifier(database), sql.Identifier(owner), sql.Literal(locale))


def for_database(database: str, names: Roles) -> list[sql.Composed]:
    """Inside the database: the owner owns the schema; the others read and write rows, no more."""
    parts = {"database": sql.Identifier(database)} | {
        role: sql.Identifier(getattr(names, role)) for role in ("owner", "web", "worker", "offers", "backup", "guard")
    }
    return [
        sql.SQL(statement).format(**parts)
        for statement in (
            "ALTER DATABASE {database} OWNER TO {owner}",
            "ALTER DATABASE {database} SET timezone TO 'UTC'",
            # Compiling a statement that runs once takes longer than running it: the caseload of a team is one of them.
            "ALTER DATABASE {database} SET jit TO off",
            "REVOKE ALL ON DATABASE {database} FROM PUBLIC",
            "GRANT CONNECT ON DATABASE {database} TO {web}, {worker}, {backup}",
            "ALTER SCHEMA public OWNER TO {owner}",
            "REVOKE ALL ON SCHEMA public FROM PUBLIC",
            "GRANT USAGE ON SCHEMA public TO {web}, {worker}, {offers}, {backup}",
            # CREATE: to own a function of this schema.
            "GRANT USAGE, CREATE ON SCHEMA public TO {guard}",
            "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA public "
            "GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {web}, {worker}, {guard}",
            "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA public GRANT SELECT ON TABLES TO {backup}",
            "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA public "
            "GRANT USAGE, SELECT ON SEQUENCES TO {web}, {worker}, {guard}",
            "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA public GRANT SELECT ON SEQUENCES TO {backup}",
            # The guard's own room: who asks, by what right, and the seal on the evidence.
            "CREATE SCHEMA IF NOT EXISTS guard AUTHORIZATION {guard}",
            "ALTER SCHEMA guard OWNER TO {guard}",
            "REVOKE ALL ON SCHEMA guard FROM PUBLIC",
            "GRANT USAGE ON SCHEMA guard TO {owner}, {web}, {worker}, {offers}, {backup}",
            "ALTER DEFAULT PRIVILEGES FOR ROLE {guard} IN SCHEMA guard REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC",
            "ALTER DEFAULT PRIVILEGES FOR ROLE {guard} IN SCHEMA guard GRANT SELECT ON TABLES TO {backup}",
        )
    ]


def _given(*urls: str | None) -> tuple[Roles, dict[str, str | None], str]:
    owner_url, web_url = urls[0] or "", urls[1] or ""
    (owner, _, database), (web, _, _) = _part(owner_url), _part(web_url)
    names = Roles.of(owner, web)
    passwords = {role: password for role, password, _ in (_part(url) for url in urls if url)}
    return names, passwords, database


def apply(
    admin_url: str, owner_url: str, web_url: str, worker_url: str | None = None, backup_url: str | None = None
) -> None:
    """Set everything up; doing it again changes nothing."""
    names, passwords, database = _given(owner_url, web_url, worker_url, backup_url)
    with psycopg.connect(admin_url, autocommit=True) as connection:
        version = connection.info.server_version
        if version < FLOOR:
            raise SystemExit("PostgreSQL 17 ist die älteste Version, mit der die Anwendung läuft.")
        for statement in for_server(names, passwords):
            connection.execute(statement)
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone():
            connection.execute(create_database(database, names.owner, version))
    with psycopg.connect(admin_url, dbname=database, autocommit=True) as connection:
        for statement in for_database(database, names):
            connection.execute(statement)


def as_text(owner_url: str, web_url: str) -> str:
    """The statements to read, or for an administrator who runs them by hand."""
    names, _, database = _given(owner_url, web_url)
    outside = [*for_server(names, {}), create_database(database, names.owner, UNICODE_FAST)]
    before, inside = (
        [f"{statement.as_string(None)};" for statement in statements]
        for statements in (outside, for_database(database, names))
    )
    return "\n".join([*before, f"\\connect {database}", *inside]) + "\n"


def main() -> None:
    names = ("OWNER_DATABASE_URL", "DATABASE_URL")
    wanted = names if "--print" in sys.argv else ("ADMIN_DATABASE_URL", *names)
    if missing := [name for name in wanted if not os.environ.get(name)]:
        sys.exit(f"Bitte setzen: {', '.join(missing)}.")
    owner_url, web_url = (os.environ[name] for name in names)
    if "--print" in sys.argv:
        sys.stdout.write(as_text(owner_url, web_url))
        return
    try:
        apply(
            os.environ["ADMIN_DATABASE_URL"],
            owner_url,
            web_url,
            os.environ.get("WORKER_DATABASE_URL"),
            os.environ.get("BACKUP_DATABASE_URL"),
        )
    except psycopg.Error as error:
        sys.exit(f"Die Rollen konnten nicht eingerichtet werden: {str(error).splitlines()[0]}")


if __name__ == "__main__":
    main()
