# ruff: noqa: S603
# Every command here is put together from our own paths.
"""What starting programs needs of the operating system: folders, an account, locks, and an end with the parent."""

import contextlib
import ctypes
import errno
import fcntl
import os
import pwd
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

ACCOUNT = "fallarbeit"


class Problem(Exception):
    """Something the person at the keyboard can mend; the text is one sentence for them."""


def sentence(error: OSError, path: Path) -> str:
    """An operating system's error in words that say what to do."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"Auf dem Datenträger von {path} ist kein Platz mehr; gebraucht wird etwa 1 GB."
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return (
            f"Der Ordner {path} ist nicht beschreibbar; bitte Rechte geben oder mit FALLARBEIT_DATA "
            "einen anderen Ordner nennen."
        )
    return f"{path}: {error.strerror or error}."


def make_folder(path: Path) -> None:
    # Root's data folder is passed through by the servers' account; what is inside has its own mode.
    mode = 0o755 if os.geteuid() == 0 else 0o700
    try:
        path.mkdir(mode=mode, parents=True, exist_ok=True)
    except OSError as error:
        raise Problem(sentence(error, path)) from error
    if not os.access(path, os.W_OK | os.X_OK):
        raise Problem(sentence(OSError(errno.EACCES, ""), path))


def account() -> pwd.struct_passwd | None:
    """The account of the servers when root starts them; None for everybody else."""
    if os.geteuid() != 0:
        return None
    with contextlib.suppress(KeyError):
        return pwd.getpwnam(ACCOUNT)
    if useradd := shutil.which("useradd"):
        subprocess.run(
            [useradd, "--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", ACCOUNT],
            capture_output=True,
            check=False,
        )
    for name in (ACCOUNT, "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise Problem("PostgreSQL läuft nicht als root, und ein anderes Konto fehlt; bitte „fallarbeit“ anlegen.")


@contextlib.contextmanager
def locked(path: Path, *, shared: bool = False) -> Iterator[IO[str]]:
    """Hold a lock on the file; the system lets go of it when the process ends, however it ends."""
    with open(path, "a+") as file:
        fcntl.flock(file, fcntl.LOCK_SH if shared else fcntl.LOCK_EX)
        yield file


def dies_with_parent(sign: int) -> Callable[[], None]:
    """For preexec_fn: the child is sent the signal when the parent ends, kill -9 included (Linux only)."""
    parent = os.getpid()

    def prepare() -> None:
        _set_parent_death_signal(sign)
        if os.getppid() != parent:
            os._exit(1)

    return prepare


def end_with_caller(sign: int = signal.SIGTERM) -> None:
    """The same, asked for by the child itself."""
    if sys.platform == "linux":
        _set_parent_death_signal(sign)


_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def _set_parent_death_signal(sign: int) -> None:
    if _libc is not None:
        _libc.prctl(1, sign)  # PR_SET_PDEATHSIG
