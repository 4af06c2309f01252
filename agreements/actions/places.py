"""The directory of the Sozialraum: kept by all counsellors together, without personal data (R1-2)."""

from collections.abc import Mapping

from django.db import transaction
from django.db.models import F
from django.utils import timezone

import agreements.actions.errors  # noqa: F401  (the sentences of this room)
from agreements.models import SocialPlace, SocialSpace
from casework.actions.errors import RuleBroken, StaleVersion, rules
from casework.models import User


@transaction.atomic
def add_place(*, space: SocialSpace, name: str, by: User, what: str = "", reach: str = "") -> SocialPlace:
    """Enter what anybody can go to."""
    if not name.strip():
        raise RuleBroken("Bitte nennen Sie den Ort.", field="name")
    with rules():
        return SocialPlace.objects.create(
            space=space, name=name.strip(), what=what.strip(), reach=reach.strip(), added_by=by, confirmed_by=by
        )


@transaction.atomic
def change_place(*, place: SocialPlace, version: int, changes: Mapping[str, object], by: User) -> None:
    """Keep an entry up to date; whoever does so confirms it. Raises StaleVersion."""
    with rules():
        changed = SocialPlace.objects.filter(pk=place.pk, version=version, ended_at=None).update(
            **changes, confirmed_at=timezone.now(), confirmed_by=by, version=version + 1
        )
        if not changed:
            raise StaleVersion


@transaction.atomic
def confirm_place(*, place: SocialPlace, by: User) -> None:
    """ "Stimmt noch", whatever the entry says by now. Raises StaleVersion when it has ended."""
    with rules():
        changed = SocialPlace.objects.filter(pk=place.pk, ended_at=None).update(
            confirmed_at=timezone.now(), confirmed_by=by, version=F("version") + 1
        )
        if not changed:
            raise StaleVersion


@transaction.atomic
def end_place(*, place: SocialPlace, by: User) -> None:
    """ "Gibt es nicht mehr": it leaves the directory; resources that name it keep its name."""
    with rules():
        changed = SocialPlace.objects.filter(pk=place.pk, ended_at=None).update(
            ended_at=timezone.now(), ended_by=by, version=F("version") + 1
        )
        if not changed:
            raise StaleVersion
