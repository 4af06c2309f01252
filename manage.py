#!/usr/bin/env python
"""Django's command line; without DATABASE_URL or REDIS_URL embedded servers run as long as the command."""

import os
import sys

from jobcenter.platform import embedded, environment, logs, processes


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jobcenter.settings")
    try:
        from django.core.management import execute_from_command_line
    except ImportError:
        sys.exit("Django ist hier nicht installiert. Bitte: make setup, danach .venv/bin/python manage.py …")
    try:
        logs.install_hooks()
        environment.read_dotenv()
        with embedded.running():
            execute_from_command_line(sys.argv)
    except processes.Problem as problem:
        sys.exit(str(problem))


if __name__ == "__main__":
    main()
