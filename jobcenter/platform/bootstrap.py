# ruff: noqa: UP020, UP030, UP032, B904, S603, S606
# This file must still parse on an old Python, to be able to say that it is too old.
"""Make the virtual environment from the hashed locks, then hand over to the command that was asked for.

Runs on the system's Python without any package:
`python3 -m jobcenter.platform.bootstrap (runtime|dev) [COMMAND …]`.
"""

import errno
import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import time

BASE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
VENV = os.path.join(BASE, ".venv")
PYTHON = os.path.join(VENV, "bin", "python")
STAMP = os.path.join(VENV, "fallarbeit.json")
BOOTSTRAP = "requirements-bootstrap.txt"
LOCKS = {"runtime": "requirements.txt", "dev": "requirements-dev.txt"}
OLDEST = (3, 11)


class Problem(Exception):
    pass


def say(text):
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def check_python():
    if sys.version_info < OLDEST:
        raise Problem(
            "Gebraucht wird Python 3.11 oder neuer; gefunden wurde nur {}.{} ({}).".format(
                sys.version_info[0], sys.version_info[1], sys.executable
            )
        )


def check_modules():
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        raise Problem(
            "Zu {0} fehlt das Modul venv oder ensurepip; unter Debian und Ubuntu hilft als root: "
            "apt install python{1}.{2}-venv".format(sys.executable, sys.version_info[0], sys.version_info[1])
        )


def folder_problem(error, path=BASE):
    if error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)):
        return Problem("Auf dem Datenträger von {} ist kein Platz mehr; gebraucht wird etwa 1 GB.".format(path))
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return Problem(
            "Der Ordner {} ist nicht beschreibbar; die Einrichtung legt darin .venv an. Bitte Rechte geben "
            "oder das Projekt in einen eigenen Ordner holen.".format(path)
        )
    return Problem("{}: {}".format(path, error.strerror or error))


def digest(kind):
    total = hashlib.sha256("{}.{}".format(*sys.version_info[:2]).encode())
    with open(os.path.join(BASE, LOCKS[kind]), "rb") as lock:
        total.update(lock.read())
    return total.hexdigest()


def read_stamp():
    """What the environment holds; None when there is none or its making was interrupted."""
    try:
        with io.open(STAMP, encoding="utf-8") as file:
            return json.load(file)
    except (OSError, ValueError):
        return None


def write_stamp(stamp):
    draft = STAMP + ".new"
    with io.open(draft, "w", encoding="utf-8") as file:
        file.write(json.dumps(stamp))
    os.rename(draft, STAMP)


def is_ready(kind):
    stamp = read_stamp()
    return bool(stamp) and os.access(PYTHON, os.X_OK) and stamp.get(kind) == digest(kind)


def run(command):
    """Run quietly; returns the last line of an error, or None."""
    environment = dict(os.environ, PIP_DISABLE_PIP_VERSION_CHECK="1", PIP_NO_INPUT="1")
    # Somebody's active environment must not lead pip or uv astray.
    for name in ("VIRTUAL_ENV", "PYTHONPATH", "PYTHONHOME", "PIP_TARGET", "PIP_PREFIX", "PIP_USER"):
        environment.pop(name, None)
    if not environment.get("UV_CACHE_DIR"):
        environment.pop("UV_CACHE_DIR", None)  # uv takes an empty value for a mistake
    process = subprocess.Popen(
        command,
        cwd=BASE,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    output = process.communicate()[0].decode("utf-8", "replace")
    if process.returncode == 0:
        return None
    if "No space left" in output or "os error 28" in output:
        raise folder_problem(OSError(errno.ENOSPC, ""))
    lines = [line.strip(" ×╰─▶\t") for line in output.splitlines() if line.strip()]
    errors = [line for line in lines if line.lower().startswith("error")]
    return (errors or lines or ["ohne Meldung"])[-1]


def can_cache():
    """uv refuses to work when it cannot write its cache; accounts without a home have none."""
    if os.environ.get("UV_CACHE_DIR") or os.environ.get("XDG_CACHE_HOME"):
        return True
    return os.access(os.path.expanduser("~"), os.W_OK)


PIP = [PYTHON, "-m", "pip", "install", "--quiet", "--require-hashes", "--only-binary", ":all:", "-r"]


def install(lock):
    error = "uv fehlt"
    if subprocess.call([PYTHON, "-c", "import uv"], stderr=subprocess.DEVNULL) == 0 or not run(
        [
            PYTHON,
            "-m",
            "pip",
            "install",
            "--quiet",
            "--require-hashes",
            "--only-binary",
            ":all:",
            "-r",
            BOOTSTRAP,
        ]
    ):
        command = [PYTHON, "-m", "uv", "pip", "install", "--quiet", "--python", PYTHON, "--require-hashes"]
        command += ["--only-binary", ":all:", "-r", lock]
        error = run(command if can_cache() else command + ["--no-cache"])
        if error is None:
            return
    say("  Mit uv ging es nicht ({}); weiter mit pip, das dauert länger …".format(error))
    error = run(PIP + [lock])
    if error is not None:
        raise Problem(
            "Die Python-Pakete konnten nicht eingerichtet werden (Netz und Paketquelle prüfen, dann noch "
            "einmal aufrufen): {}".format(error)
        )


def make_environment():
    # Not sys.executable: that may be in the environment which is removed here.
    python = getattr(sys, "_base_executable", None) or sys.executable
    if python.startswith(VENV):
        python = os.path.realpath(python)
    if os.path.lexists(VENV):
        shutil.rmtree(VENV)
    error = run([python, "-m", "venv", VENV])
    if error is not None:
        raise Problem("Die virtuelle Umgebung .venv konnte nicht angelegt werden: {}".format(error))


def works():
    """Does the environment's Python still start? Its base may have been removed by an upgrade."""
    code = "import sys; print('%d.%d' % sys.version_info[:2])"
    try:
        version = subprocess.check_output([PYTHON, "-c", code], stderr=subprocess.DEVNULL)
    except (OSError, subprocess.CalledProcessError):
        return False
    return version.decode().strip() == "{}.{}".format(*sys.version_info[:2])


def prepare(kind):
    check_python()
    if is_ready(kind):
        return
    try:
        # One set-up at a time: make run and make test share the environment.
        import fcntl

        with open(os.path.join(BASE, ".venv.lock"), "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not is_ready(kind):
                build(kind)
    except OSError as error:
        raise folder_problem(error)


def build(kind):
    started = time.time()
    stamp = read_stamp()
    if stamp is None or not works():
        check_modules()
        if stamp is None and os.path.lexists(VENV):
            say("Eine frühere Einrichtung wurde nicht fertig; .venv wird neu angelegt.")
        say("Python-Pakete werden eingerichtet (einmalig, aus {}) …".format(LOCKS[kind]))
        make_environment()
        stamp = {}
    else:
        say("Python-Pakete werden ergänzt (aus {}) …".format(LOCKS[kind]))
        # Until it is complete again it does not count as ready.
        os.remove(STAMP)
    install(LOCKS[kind])
    stamp[kind] = digest(kind)
    if kind == "dev":
        stamp["runtime"] = digest("runtime")  # the one lock contains the other
    write_stamp(stamp)
    say("Python-Pakete sind eingerichtet ({:.0f} s).".format(time.time() - started))


def main(arguments):
    if not arguments or arguments[0] not in LOCKS:
        say("Aufruf: python3 -m jobcenter.platform.bootstrap (runtime|dev) [Befehl …]")
        return 2
    try:
        prepare(arguments[0])
        if arguments[1:]:
            os.chdir(BASE)
            os.execv(PYTHON, [PYTHON] + arguments[1:])
    except Problem as problem:
        say(str(problem))
        return 1
    except KeyboardInterrupt:
        say("Abgebrochen; der nächste Aufruf macht weiter.")
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
