"""What `make run` does once the servers run: migrate, collect static files, fill an empty demonstration.

Each step looks at what is there and finishes it, so an interrupted set-up is finished by the next one.
Progress goes to standard error; standard output carries the demonstration's logins alone.
"""

import hashlib
import os
import sys
import time
from collections.abc import Callable
from contextlib import redirect_stdout
from pathlib import Path

from jobcenter.platform import logs

SEED_COMMAND = "seed_demo"


def say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def timed(text: str, step: Callable[[], object]) -> None:
    started = time.monotonic()
    say(f"{text} …")
    with redirect_stdout(sys.stderr):
        step()
    say(f"  fertig ({time.monotonic() - started:.1f} s)")


def migrate() -> None:
    from django.core.management import call_command
    from django.db import connections
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connections["owner"])
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        timed("Datenbank einrichten", lambda: call_command("migrate", database="owner", verbosity=0))


def static_digest() -> str:
    """One value for all static files and for the packages that compress them."""
    from django.conf import settings
    from django.contrib.staticfiles.finders import get_finders

    total = hashlib.sha256((settings.BASE_DIR / "requirements.txt").read_bytes())
    for finder in get_finders():
        for path, storage in sorted(finder.list([]), key=lambda item: str(item[0])):
            total.update(str(path).encode())
            total.update(Path(storage.path(path)).read_bytes())
    return total.hexdigest()


def collect_static() -> None:
    from django.conf import settings
    from django.core.management import call_command

    mark = Path(settings.STATIC_ROOT) / ".digest"
    digest = static_digest()
    if mark.is_file() and mark.read_text() == digest:
        return
    mark.unlink(missing_ok=True)
    timed(
        "Statische Dateien sammeln und komprimieren",
        lambda: call_command("collectstatic", interactive=False, clear=True, verbosity=0),
    )
    mark.write_text(digest)


def seed() -> None:
    from django.contrib.auth import get_user_model
    from django.core.management import call_command

    if get_user_model()._base_manager.exists():
        return

    # All or nothing: an interrupted filling leaves an empty database, and the next start fills it.
    timed(
        "Demonstrationsdaten anlegen", lambda: call_command(SEED_COMMAND, size=os.environ.get("SEED_SIZE", "S"), seed=1)
    )


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jobcenter.settings")
    import django
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import CommandError, call_command, get_commands
    from django.db import DatabaseError

    try:
        django.setup()
        migrate()
        collect_static()
        # A database of somebody else's is filled only when that was asked for in so many words.
        wanted = settings.DEMO and ("--embedded" in sys.argv or bool(os.environ.get("DEMO")))
        if wanted and SEED_COMMAND in get_commands():
            seed()
            call_command(SEED_COMMAND, print_logins=True)
    except (ImproperlyConfigured, CommandError) as error:
        say(str(error))
        return 1
    except DatabaseError as error:
        say(f"Die Datenbank konnte nicht eingerichtet werden: {logs.in_short(error)}")
        return 1
    except OSError as error:
        say(f"Die Einrichtung konnte nicht schreiben: {error.filename}: {error.strerror}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
