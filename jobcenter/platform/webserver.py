"""Gunicorn's settings, used by `make run` and by the container alike."""

import gc
import json
import os
from datetime import UTC, datetime
from typing import Any

from gunicorn.glogging import Logger

from jobcenter.platform.logs import JsonFormatter, without_identifiers

bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
worker_class = "gthread"
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
timeout = 60
graceful_timeout = 4
max_requests = 20_000
max_requests_jitter = 2_000
# The heartbeat file of a worker must not wait for a slow disk.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108  (gunicorn makes its own name)
# Gunicorn would otherwise open a control socket in the home folder.
control_socket_disable = True
accesslog = "-"
errorlog = "-"
loglevel = "info"


def post_worker_init(worker: Any) -> None:
    """What was loaded by now stays until the end: the garbage collector need not look through it again and again."""
    gc.collect()
    gc.freeze()


NO_ADDRESS = (301, 400, 404)


class Log(Logger):
    """Access lines as JSON: no address, no user, no query string, no case number; errors as everywhere else."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        # Gunicorn's own format prints the words of exceptions and the request line that it could not read.
        for handler in self.error_log.handlers:
            handler.setFormatter(JsonFormatter())

    def access(self, resp: Any, req: Any, environ: Any, request_time: Any) -> None:
        path = environ.get("PATH_INFO") or getattr(req, "path", None) or ""
        if path == "/healthz":
            return
        status = int(str(resp.status).split(maxsplit=1)[0])
        line = {
            "at": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "logger": "access",
            "method": environ.get("REQUEST_METHOD"),
            # An address that is none is what somebody typed: it may be a name.
            "path": "/*" if status in NO_ADDRESS else without_identifiers(path),
            "status": status,
            "bytes": resp.sent,
            "ms": round(request_time.total_seconds() * 1000),
        }
        self.access_log.info("%s", json.dumps(line, ensure_ascii=False))


logger_class = Log
