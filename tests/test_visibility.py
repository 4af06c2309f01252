"""Views load cases and people only through who may see them (design.md 8); the exceptions have a name and a reason."""

import ast
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

SCOPES = {"visible_to", "readable_by", "acted_on_by", "led_by", "none"}
GUARDED = {"Case", "Client"}
FOLDERS = (
    "casework/views",
    "casework/forms",
    "agreements/views",
    "agreements/forms",
    "offers/views",
    "offers/forms",
    "jobcenter/screens",
)
# file -> why it may ask without a scope
EXCEPTIONS = {
    "casework/forms/opening.py": "the warning of a likely duplicate; tests show that it reveals nothing of a file",
    "casework/views/opening.py": "the warning of a likely duplicate; tests show that it reveals nothing of a file",
    "casework/views/evidence.py": "a refusal names the case that was refused; nothing of it is shown",
    "casework/views/privacy.py": "the officer's look at the evidence: a case by its exact number, nothing of its file",
    "casework/views/access.py": "Zugriff mit Anlass: loads a case by a grant of today",
}


def unscoped(path: Path) -> Iterator[int]:
    """Lines with `Case.objects` or `Client.objects` whose first call is no scope."""
    tree = ast.parse(path.read_text())
    parents = {child: parent for parent in ast.walk(tree) for child in ast.iter_child_nodes(parent)}
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Attribute)
            and node.attr == "objects"
            and isinstance(node.value, ast.Name)
            and node.value.id in GUARDED
        ):
            call = parents.get(node)
            if not (isinstance(call, ast.Attribute) and call.attr in SCOPES):
                yield node.lineno


def test_views_ask_for_cases_through_who_may_see_them():
    root = Path(settings.BASE_DIR)
    found = {
        f"{path.relative_to(root)}:{line}"
        for folder in FOLDERS
        for path in (root / folder).rglob("*.py")
        if str(path.relative_to(root)) not in EXCEPTIONS
        for line in unscoped(path)
    }

    assert not found


def test_the_lint_sees_an_unscoped_query(tmp_path):
    bad = tmp_path / "bad.py"
    bad.write_text("Case.objects.filter(pk=1)\nCase.objects.visible_to(user)\n")

    assert list(unscoped(bad)) == [1]
