"""The web server and the shape of production: messages that are none, and what the image and the services hold."""

import re
import socket
import subprocess

import pytest
from django.conf import settings

from tests.conftest import LiveOffice
from tests.hardening.source import BASE_DIR, locked

COMPOSE = (BASE_DIR / "docker-compose.yml").read_text()
DOCKERFILE = (BASE_DIR / "Dockerfile").read_text()


def ask(office: LiveOffice, message: bytes) -> bytes:
    """Everything that comes back on one connection."""
    answer = b""
    with socket.create_connection(("127.0.0.1", office.port), timeout=10) as line:
        line.sendall(message)
        line.settimeout(3)
        try:
            while piece := line.recv(65536):
                answer += piece
        except (TimeoutError, ConnectionResetError):
            pass
    return answer


INNER = b"GET /entwicklung/post/ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"


@pytest.mark.parametrize(
    ("name", "head", "body"),
    [
        ("both lengths", b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n", b"0\r\n\r\n" + INNER),
        ("two lengths", b"Content-Length: 0\r\nContent-Length: 60\r\n", INNER),
        ("a length that is none", b"Content-Length: +5\r\n", INNER),
        ("a length in words", b"Content-Length: 0x10\r\n", INNER),
        ("an unknown coding", b"Transfer-Encoding: xchunked\r\n", b"0\r\n\r\n" + INNER),
        ("chunked twice", b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n", b"0\r\n\r\n" + INNER),
        ("a blank before the colon", b"Content-Length : 10\r\n", INNER),
        ("a chunk size that is none", b"Transfer-Encoding: chunked\r\n", b"-1\r\n\r\n" + INNER),
    ],
)
def test_a_message_with_two_ends_is_refused(live_office: LiveOffice, name: str, head: bytes, body: bytes):
    """Nobody smuggles a second request inside of a first one."""
    answer = ask(live_office, b"POST /anmelden/ HTTP/1.1\r\nHost: 127.0.0.1\r\n" + head + b"\r\n" + body)

    statuses = re.findall(rb"HTTP/1\.1 (\d{3})", answer)
    # The second request would have been answered by a redirect to the sign-in page.
    assert set(statuses) <= {b"400", b"403", b"411", b"413", b"501"}, (name, answer[:400])


@pytest.mark.parametrize(
    "line", [b"GET / HTTP/9.9\r\n", b"GET  /\x00 HTTP/1.1\r\n", b"\x16\x03\x01\x02\x00\x01", b"A" * 9000]
)
def test_what_is_no_request_is_refused_without_a_word_of_it(live_office: LiveOffice, line: bytes):
    before = len(live_office.log)

    answer = ask(live_office, line + b"X-Mark: Erika-Mustermann\r\n\r\n")

    assert not re.search(rb"HTTP/1\.1 [235]", answer), answer[:200]
    assert "Mustermann" not in live_office.log[before:]


def test_the_server_keeps_no_name_of_its_own_secret_less_than_needed(live_office: LiveOffice):
    answer = ask(live_office, b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")

    server = re.search(rb"(?im)^Server: (.*)\r$", answer)
    assert server is None or not re.search(rb"\d", server[1]), server


# --- the shape of production -------------------------------------------------------------------------------


def test_the_image_holds_the_application_and_nothing_else():
    ignored = (BASE_DIR / ".dockerignore").read_text().splitlines()
    allowed = {line.removeprefix("!").rstrip("/") for line in ignored if line.startswith("!")}

    assert ignored[0] == "*"
    assert allowed == {
        "jobcenter", "casework", "agreements", "offers", "templates", "static", "manage.py", "requirements.txt",
        "requirements-bootstrap.txt",
    }  # fmt: skip
    assert "USER 10001" in DOCKERFILE and "FALLARBEIT_ENV=production" in DOCKERFILE
    assert "requirements-dev" not in DOCKERFILE and "--require-hashes" in DOCKERFILE


def test_services_are_reached_from_this_machine_alone_and_without_rights():
    ports = re.findall(r'^\s+- "([^"]+:\d+)"$', COMPOSE, re.MULTILINE)

    assert ports and all(port.startswith("127.0.0.1:") for port in ports)
    for line in ("read_only: true", "no-new-privileges:true", "- ALL"):
        assert line in COMPOSE
    assert "privileged: true" not in COMPOSE and "network_mode" not in COMPOSE


def test_no_secret_has_a_value_in_what_is_kept():
    given = re.findall(
        r"^\s+(SECRET_KEY|POSTGRES_PASSWORD|[A-Z_]*DATABASE_URL|EMAIL_URL): (.+)$", COMPOSE, re.MULTILINE
    )

    assert given
    for name, value in given:
        assert value.startswith("${") and ":?" in value or "nobody@" in value, (name, value)
    files = subprocess.run(["git", "ls-files", "-z"], cwd=BASE_DIR, capture_output=True, text=True, check=True).stdout
    kept = [name for name in files.split("\0") if re.search(r"(^|/)\.env$|\.(pem|key|p12|kdbx)$|id_rsa", name)]
    assert kept == []
    assert settings.SECRET_KEY not in "".join(
        path.read_text(errors="replace") for path in BASE_DIR.glob("jobcenter/**/*.py")
    )


def test_postgresql_writes_no_rows_into_its_log(db: None):
    from django.db import connection

    wanted = {
        "log_error_verbosity": "terse",
        "log_min_error_statement": "panic",
        "log_statement": "none",
        "log_min_duration_statement": "-1",
        "log_parameter_max_length": "0",
        "log_parameter_max_length_on_error": "0",
    }
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, setting FROM pg_settings WHERE name = ANY(%s)", [list(wanted)])
        assert dict(cursor.fetchall()) == wanted
    for name, value in wanted.items():
        assert f"- {name}={value}\n" in COMPOSE, name


def test_every_package_is_named_with_version_and_hash():
    text = (BASE_DIR / "requirements.txt").read_text()
    entries = re.split(r"\n(?=[a-z0-9])", "\n".join(line for line in text.splitlines() if not line.startswith("#")))

    assert len(locked()) == len([entry for entry in entries if entry.strip()])
    for entry in entries:
        if entry.strip():
            assert "==" in entry and "--hash=sha256:" in entry, entry[:80]
    assert not re.search(r"https?://|git\+|file:", text)


def test_the_application_is_started_without_its_tools():
    from importlib.util import find_spec

    apps = set(settings.INSTALLED_APPS)
    assert not apps & {"debug_toolbar", "zeal", "django_extensions", "django.contrib.admindocs", "silk"}
    assert find_spec("django") is not None
