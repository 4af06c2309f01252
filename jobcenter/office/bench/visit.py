"""What a first visit brings over the line: the page and what its head names, compressed as a browser asks for it."""

import re
from typing import Any

import brotli

from jobcenter.office.bench.client import Connection, Session, fetch

ASKED = {"Accept-Encoding": "gzip, deflate, br"}
KINDS = {"css": "CSS", "js": "JS", "svg": "Bild", "woff2": "Schrift"}
LINKED = re.compile(r'(?:href|src)="(/static/[^"]+)"')


def linked(html: str) -> list[str]:
    """The addresses of the static files that a page's head names, each once."""
    return list(dict.fromkeys(LINKED.findall(html.split("</head>")[0])))


def first_visit(port: int, session: Session) -> dict[str, Any]:
    """Sign-in page and Heute with everything they load, in bytes. The application sends HTML as it is; what a
    proxy in front makes of it (Brotli, quality 5) is what counts here, both sizes are told."""
    connection = Connection(port)
    pages = [fetch(port, "/anmelden/")[2], connection.ask(session.get("/")).body]
    connection.close()
    parts: dict[str, int] = {"HTML": sum(len(brotli.compress(page, quality=5)) for page in pages)}
    files = {}
    for path in dict.fromkeys(path for page in pages for path in linked(page.decode())):
        _, headers, body = fetch(port, path, ASKED)
        files[path.removeprefix("/static/")] = len(body)
        kind = KINDS.get(path.rsplit(".", 1)[-1], "Sonstiges")
        parts[kind] = parts.get(kind, 0) + len(body)
    return {
        "parts": parts,
        "without_fonts": sum(size for kind, size in parts.items() if kind != "Schrift"),
        "html_uncompressed": sum(len(page) for page in pages),
        "files": files,
    }
