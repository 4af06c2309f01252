"""manage.py with a count: `python -m jobcenter.office.bench.counted COMMAND …` says how many statements it sent."""

import os
import sys

import django


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jobcenter.settings")
    django.setup()
    from django.core.management import execute_from_command_line
    from django.db import connection

    from jobcenter.office.bench.floor import Recorder

    recorder = Recorder()
    with connection.execute_wrapper(recorder):
        execute_from_command_line(["manage.py", *sys.argv[1:]])
    asked = [statement for statement in recorder.statements if not statement.is_framing]
    sys.stdout.write(f"\nstatements: {len(asked)}\n")


if __name__ == "__main__":
    main()
