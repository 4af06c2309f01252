from casework.enums import RoleName
from casework.management.commands.render_roles import PAGE, render
from casework.permissions import ROLES


def test_the_page_is_what_is_enforced():
    assert PAGE.read_text(encoding="utf-8") == render(), "bitte `python manage.py render_roles`"


def test_every_role_is_described():
    assert set(ROLES) == set(RoleName.values)
    for role in ROLES.values():
        assert role.description in render()
        assert role.permissions
