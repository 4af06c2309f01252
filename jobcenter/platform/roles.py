"""The two roles of the database and its rights, the same for the embedded and for an external server.

Run once by the server's superuser: `python -m jobcenter.platform.roles` reads ADMIN_DATABASE_URL,
OWNER_DATABASE_URL and DATABASE_URL; with `--print` it only shows the statements, passwords left out.
"""

import os
import sys
from urllib.parse import unquote, urlsplit

import psycopg
from psycopg import sql

FLOOR = 170000
UNICODE_FAST = 180000


def _part(url: str) -> tuple[str, str | None, str]:
    parts = urlsplit(url)
    password = unquote(parts.password) if parts.password else None
    return unquote(parts.username or ""), password, unquote(parts.path.lstrip("/"))


def _login(role: str, password: str | None) -> sql.Composed:
    """Whoever the role was before: afterwards it may log in, and nothing that belongs to a superuser."""
    rights = sql.SQL("LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS")
    statement = sql.SQL("ALTER ROLE {} {}").format(sql.Identifier(role), rights)
    return statement if password is None else statement + sql.SQL(" PASSWORD {}").format(sql.Literal(password))


def for_server(owner: tuple[str, str | None], web: tuple[str, str | None]) -> list[sql.Composed]:
    """The roles."""
    statements: list[sql.Composed] = []
    for role, password in (owner, web):
        statements.append(
            sql.SQL(
                "DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = {name}) "
                "THEN CREATE ROLE {role}; END IF; END $$"
            ).format(name=sql.Literal(role), role=sql.Identifier(role))
        )
        statements.append(_login(role, password))
    return statements


def create_database(database: str, owner: str, server_version: int) -> sql.Composed:
    """German text sorts and folds by PostgreSQL's own Unicode tables, whatever libc or ICU there is."""
    locale = "PG_UNICODE_FAST" if server_version >= UNICODE_FAST else "C.UTF-8"
    return sql.SQL(
        "CREATE DATABASE {} OWNER {} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C' "
        "LOCALE_PROVIDER builtin BUILTIN_LOCALE {}"
    ).format(sql.Identifier(database), sql.Identifier(owner), sql.Literal(locale))


def for_database(database: str, owner: str, web: str) -> list[sql.Composed]:
    """Inside the database: the owner owns the schema; the web role reads and writes rows, no more."""
    names = {
        "database": sql.Identifier(database),
        "owner": sql.Identifier(owner),
        "web": sql.Identifier(web),
    }
    return [
        sql.SQL(statement).format(**names)
        for statement in (
            "ALTER DATABASE {database} OWNER TO {owner}",
            "ALTER DATABASE {database} SET timezone TO 'UTC'",
            # Compiling a statement that runs once takes longer than running it: the caseload of a team is one of them.
            "ALTER DATABASE {database} SET jit TO off",
            "REVOKE ALL ON DATABASE {database} FROM PUBLIC",
            "GRANT CONNECT ON DATABASE {database} TO {web}",
            "ALTER SCHEMA public OWNER TO {owner}",
            "REVOKE ALL ON SCHEMA public FROM PUBLIC",
            "GRANT USAGE ON SCHEMA public TO {web}",
            "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA public "
            "GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {web}",
            "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {web}",
        )
    ]


def apply(admin_url: str, owner_url: str, web_url: str) -> None:
    """Set everything up; doing it again changes nothing."""
    owner, owner_password, database = _part(owner_url)
    web, web_password, _ = _part(web_url)
    with psycopg.connect(admin_url, autocommit=True) as connection:
        version = connection.info.server_version
        if version < FLOOR:
            raise SystemExit("PostgreSQL 17 ist die älteste Version, mit der die Anwendung läuft.")
        for statement in for_server((owner, owner_password), (web, web_password)):
            connection.execute(statement)
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone():
            connection.execute(create_database(database, owner, version))
    with psycopg.connect(admin_url, dbname=database, autocommit=True) as connection:
        for statement in for_database(database, owner, web):
            connection.execute(statement)


def as_text(owner_url: str, web_url: str) -> str:
    """The statements to read, or for an administrator who runs them by hand."""
    (owner, _, database), (web, _, _) = _part(owner_url), _part(web_url)
    outside = [*for_server((owner, None), (web, None)), create_database(database, owner, UNICODE_FAST)]
    before, inside = (
        [f"{statement.as_string(None)};" for statement in statements]
        for statements in (outside, for_database(database, owner, web))
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
        apply(os.environ["ADMIN_DATABASE_URL"], owner_url, web_url)
    except psycopg.Error as error:
        sys.exit(f"Die Rollen konnten nicht eingerichtet werden: {str(error).splitlines()[0]}")


if __name__ == "__main__":
    main()
