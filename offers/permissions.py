"""Who may do what with offers, joined to the rights of the Django admin (house style 11)."""

from casework.models import User
from casework.permissions import CURATE_OFFERS, has_permission


def can_curate(user: User) -> bool:
    """Project management looks after offers and sees no case (R4.4-7)."""
    return has_permission(user, CURATE_OFFERS)
