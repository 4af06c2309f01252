"""Write docs/roles.md from the table of roles, so that what is read is what is enforced."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from casework.permissions import ROLES

PAGE = settings.BASE_DIR / "docs" / "roles.md"
HEAD = """# Rollen und was sie dürfen

Erzeugt aus `casework/permissions.py` mit `python manage.py render_roles`; bitte dort ändern, nicht hier.

Welche Fälle jemand sieht, folgt nicht aus der Rolle allein: eigene Fälle, Fälle, in denen man mitwirkt, und Fälle, in
denen man gerade vertritt. Alles andere antwortet wie ein Fall, den es nicht gibt. Ein Konto kann mehrere Rollen haben.
"""


def render() -> str:
    """The whole page."""
    parts = [HEAD]
    for role in ROLES.values():
        lines = "\n".join(f"- {permission.sentence}" for permission in role.permissions)
        parts.append(f"## {role.name.label}\n\n{role.description}\n\n{lines}\n")
    return "\n".join(parts)


class Command(BaseCommand):
    help = "Schreibt docs/roles.md aus der Tabelle der Rollen."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        PAGE.parent.mkdir(exist_ok=True)
        PAGE.write_text(render(), encoding="utf-8")
        self.stdout.write(f"{PAGE.name} geschrieben.")
