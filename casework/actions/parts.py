"""What the rooms above bring to a conversation, and take along when it leaves the file.

A conversation is concluded in one transaction (design.md 3), and casework does not know what else it holds: a part
says what it needs, is checked under the lock of the case, and writes. Imports still point down.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from django.db import models

from casework.models import Case, Contact, FollowUp, User


@dataclass
class Talk:
    """A conversation while it is concluded; the case is locked."""

    case: Case
    by: User
    now: dt.datetime
    contact_id: int
    open_steps: dict[int, FollowUp]
    ended_steps: frozenset[int]  # by this conversation
    moved_steps: dict[int, dt.date]
    next_step_id: int | None  # None: the case ends
    closed_days: frozenset[dt.date]
    ids: dict[str, list[int]] = field(default_factory=dict)


class ConversationPart(Protocol):
    """One room's share of a conversation."""

    def digest(self) -> object:
        """What was submitted, so that one key never stands for two texts."""

    def needs(self) -> dict[str, tuple[type[models.Model], int]]:
        """How many ids to reserve, by name; "step" stands for further next steps."""

    def days(self) -> Sequence[dt.date]:
        """Days of further next steps, so that local days are read once."""

    def prepare(self, talk: Talk) -> Sequence[FollowUp]:
        """Check under the lock; raise Refused, or return further next steps that are written with the others."""

    def write(self, talk: Talk) -> None:
        """Write, in the transaction of the conversation."""


# (contact as it stood, who, when) -> what goes back to the draft of its author. Filled when the apps are ready.
TakeBack = Callable[[Contact, User, dt.datetime], dict[str, list[str]]]
TAKEN_BACK: list[TakeBack] = []
