"""A client light enough not to be what is measured: prebuilt requests on a kept connection, and a real sign-in."""

import http.client
import re
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

HOST = "127.0.0.1"
TIMEOUT = 60
# Gunicorn closes a connection that was idle for two seconds; ours is renewed before.
IDLE_SECONDS = 1.0
LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
FORM = "application/x-www-form-urlencoded"


class Unexpected(Exception):
    """An answer that is not the one to measure; figures of errors would be worth nothing."""


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    head: bytes
    body: bytes

    def header(self, name: str) -> str:
        found = re.search(rb"\r\n" + name.encode() + rb": *([^\r]*)", self.head, re.IGNORECASE)
        return found[1].decode() if found else ""


class Connection:
    """One kept connection. `ask` sends bytes that were made beforehand and reads the whole answer."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.socket: socket.socket | None = None
        self.used_at = 0.0

    def renew(self) -> None:
        """Connect, or connect again before the server gives the connection up; not part of what is timed."""
        if self.socket is not None and time.monotonic() - self.used_at > IDLE_SECONDS:
            self.close()
        if self.socket is None:
            self.socket = socket.create_connection((HOST, self.port), TIMEOUT)
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, request: bytes) -> Answer:
        self.renew()
        assert self.socket is not None  # noqa: S101  (for mypy)
        self.socket.sendall(request)
        data = b""
        while (end := data.find(b"\r\n\r\n")) < 0:
            data += self._more()
        head, body = data[:end], data[end + 4 :]
        status = int(head[9:12])
        length = LENGTH.search(head)
        if length is None and status not in (204, 304):
            raise Unexpected("an answer without Content-Length")
        parts, missing = [body], int(length[1]) - len(body) if length else 0
        while missing > 0:
            part = self._more()
            parts.append(part)
            missing -= len(part)
        self.used_at = time.monotonic()
        if b"\r\nconnection: close" in head.lower():
            self.close()  # a worker that has served its share goes, and another one takes over
        return Answer(status, head, b"".join(parts))

    def _more(self) -> bytes:
        assert self.socket is not None  # noqa: S101
        part = self.socket.recv(262_144)
        if not part:
            raise Unexpected("the server closed the connection")
        return part

    def close(self) -> None:
        if self.socket is not None:
            self.socket.close()
            self.socket = None


@dataclass(frozen=True)
class Session:
    """Somebody signed in with form and password."""

    port: int
    username: str
    cookies: str
    token: str

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> bytes:
        return self._request("GET", path, b"", headers or {})

    def post(self, path: str, form: Mapping[str, str], headers: Mapping[str, str] | None = None) -> bytes:
        body = urlencode({"csrfmiddlewaretoken": self.token, **form}).encode()
        return self._request("POST", path, body, {"Content-Type": FORM, **(headers or {})})

    def _request(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> bytes:
        lines = {
            "Host": f"{HOST}:{self.port}",
            "Cookie": self.cookies,
            "Accept": "text/html",
            "Accept-Language": "de",
            "Accept-Encoding": "gzip, deflate, br",
            **headers,
        }
        if method == "POST":
            lines["Content-Length"] = str(len(body))
        head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        return f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + body


def fetch(port: int, path: str, headers: Mapping[str, str] | None = None) -> tuple[int, dict[str, str], bytes]:
    """A single request by whoever has not signed in."""
    connection = http.client.HTTPConnection(HOST, port, timeout=TIMEOUT)
    try:
        connection.request("GET", path, headers=dict(headers or {}))
        response = connection.getresponse()
        return response.status, {name.lower(): value for name, value in response.getheaders()}, response.read()
    finally:
        connection.close()


def sign_in(port: int, username: str, password: str) -> Session:
    """The form of /anmelden/, as a browser fills it in."""
    connection = http.client.HTTPConnection(HOST, port, timeout=TIMEOUT)
    try:
        connection.request("GET", "/anmelden/")
        page = connection.getresponse()
        text = page.read().decode()
        cookies = _cookies(page)
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', text)
        if page.status != 200 or token is None:
            raise Unexpected(f"/anmelden/ answers {page.status}")
        form = {"csrfmiddlewaretoken": token[1], "username": username, "password": password, "next": "/"}
        headers = {"Content-Type": FORM, "Cookie": _line(cookies)}
        connection.request("POST", "/anmelden/", body=urlencode(form), headers=headers)
        answer = connection.getresponse()
        answer.read()
        cookies |= _cookies(answer)
        if answer.status != 302 or "sessionid" not in cookies:
            raise Unexpected(f"{username} is not signed in: {answer.status}")
        return Session(port, username, _line(cookies), cookies["csrftoken"])
    finally:
        connection.close()


def _cookies(response: http.client.HTTPResponse) -> dict[str, str]:
    pairs = [line.split(";", 1)[0].partition("=") for line in response.headers.get_all("Set-Cookie") or []]
    return {name: value for name, _, value in pairs}


def _line(cookies: Mapping[str, str]) -> str:
    return "; ".join(f"{name}={value}" for name, value in cookies.items())
