"""Helpers for database constraints (house style 5)."""

from collections.abc import Iterable

from django.db.models import CheckConstraint, Q


def both_or_neither(*fields: str) -> Q:
    """The fields are either all set or all empty."""
    empty = Q(**{f"{field}__isnull": True for field in fields})
    filled = Q(**{f"{field}__isnull": False for field in fields})
    return empty | filled


def one_of(field: str, values: Iterable[str], name: str) -> CheckConstraint:
    """A closed list is closed in the database too."""
    return CheckConstraint(condition=Q(**{f"{field}__in": list(values)}), name=name)


def not_blank(field: str, name: str, message: str = "Bitte füllen Sie dieses Feld aus.") -> CheckConstraint:
    """The text holds at least one character that is no white space (a NOT NULL accepts spaces)."""
    return CheckConstraint(condition=Q(**{f"{field}__regex": r"\S"}), name=name, violation_error_message=message)
