"""The containers' health checks: `python -m jobcenter.platform.health web|worker|beat [SCHEDULE]`."""

import os
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

# Beat writes its schedule down every three minutes.
BEAT_SECONDS = 10 * 60


def web() -> bool:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    host = next(iter(os.environ.get("ALLOWED_HOSTS", "localhost").split(","))).strip().lstrip(".")
    request = urllib.request.Request(  # noqa: S310  (our own address)
        f"http://127.0.0.1:{os.environ.get('PORT', '8000')}/healthz",
        headers={"Host": host, "X-Forwarded-Proto": "https"},
    )
    with opener.open(request, timeout=4) as response:
        return bool(response.status == 200)


def worker() -> bool:
    """Does this container's own worker answer over the broker?"""
    from jobcenter.celery import app

    name = f"celery@{os.uname().nodename}"
    return bool(app.control.inspect(destination=[name], timeout=5, limit=1).ping())


def beat(schedule: str) -> bool:
    """The file's name may carry the ending of whatever dbm is there."""
    path = Path(schedule)
    changes = [file.stat().st_mtime for file in path.parent.glob(f"{path.name}*")]
    # A file from the future says that the clock was set back, and nothing of whether beat has come along.
    return bool(changes) and abs(time.time() - max(changes)) < BEAT_SECONDS


def main(arguments: list[str]) -> int:
    checks: dict[str, Callable[..., bool]] = {"web": web, "worker": worker, "beat": beat}
    try:
        return 0 if checks[arguments[0]](*arguments[1:]) else 1
    except OSError as error:
        sys.stderr.write(f"{type(error).__name__}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
