"""The source of what runs in production, as trees: for tests that look for what must not be there."""

import ast
import functools
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

BASE_DIR = Path(settings.BASE_DIR)
FOLDERS = ("casework", "agreements", "offers", "jobcenter")
# They measure speed and run tests on a developer's machine, and are never part of an office that works.
NOT_RUN = ("jobcenter/office/bench/", "jobcenter/platform/testrun.py")


@functools.cache
def modules() -> dict[str, ast.Module]:
    """Path → tree of each module of ours."""
    found = {}
    for folder in FOLDERS:
        for path in sorted((BASE_DIR / folder).rglob("*.py")):
            name = str(path.relative_to(BASE_DIR))
            if not name.startswith(NOT_RUN):
                found[name] = ast.parse(path.read_text(), name)
    return found


def imports() -> Iterator[tuple[str, str]]:
    """Path and each imported module, whole: `xml.etree`."""
    for path, tree in modules().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                yield from ((path, alias.name) for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                yield from ((path, f"{node.module}.{alias.name}") for alias in node.names)


def calls() -> Iterator[tuple[str, int, str, ast.Call]]:
    """Path, line, what is called (`os.system`), and the call."""
    for path, tree in modules().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                yield path, node.lineno, ast.unparse(node.func), node


def scripts() -> dict[str, str]:
    """Our own scripts; htmx is looked at by its configuration."""
    return {path.name: path.read_text() for path in sorted((BASE_DIR / "static" / "js").glob("*.js"))}


def templates() -> dict[str, str]:
    return {
        str(path.relative_to(BASE_DIR)): path.read_text()
        for path in sorted((BASE_DIR / "templates").rglob("*"))
        if path.is_file()
    }


def locked() -> dict[str, str]:
    """Name → version of every package of the runtime's lock."""
    rows = [line.split(" ")[0].split("==") for line in (BASE_DIR / "requirements.txt").read_text().splitlines()]
    return {row[0].split("[")[0].lower(): row[1] for row in rows if len(row) == 2 and not row[0].startswith("#")}
