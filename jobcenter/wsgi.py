"""The entry point of the web server."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jobcenter.settings")
# Somebody waits for the answers of this process (jobcenter.platform.patience).
os.environ.setdefault("FALLARBEIT_PROCESS", "web")

application = get_wsgi_application()
