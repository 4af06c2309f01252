"""Settings of an office that writes its log as libraries suggest: to show that the marks would be found."""

from jobcenter.settings import *  # noqa: F403
from jobcenter.settings import LOGGING

LOGGING["formatters"]["json"] = {"format": "%(levelname)s %(message)s"}
