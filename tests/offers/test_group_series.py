"""The Verlauf folds group dates that follow each other; what stands between them breaks the series."""

import datetime as dt

import pytest

from casework.enums import ContactKind, MissedHow
from casework.models import Case, ContactChannel
from casework.models.timeline import read_timeline
from casework.views.series import fold_series
from casework.views.wording import title_of
from tests.factories import ContactFactory, ago

pytestmark = pytest.mark.django_db


def group_contact(case: Case, days: int, **columns):
    return ContactFactory(case=case, at=ago(days=days), channel=ContactChannel.objects.get(code="group"), **columns)


def blocks_of(case: Case, new: int = 0):
    entries = [entry for entry in read_timeline(case.pk) if entry.kind == "contact"]
    return fold_series(entries, [{"title": title_of(entry), "new": entry.pk == new} for entry in entries])


def test_dates_that_follow_each_other_are_one_block(case):
    contacts = [group_contact(case, days) for days in (9, 7, 5)]
    group_contact(case, 2, kind=ContactKind.MISSED, missed_how=MissedHow.CANCELLED)

    (block,) = blocks_of(case)

    first = contacts[0].at
    assert block["label"].startswith(f"Gruppentermine (4), {first:%d.%m.}")
    assert not block["open"]
    assert [line["title"] for line in block["lines"]] == ["Termin fand nicht statt: abgesagt", *["Gruppe"] * 3]


def test_a_talk_between_them_breaks_the_series_and_one_alone_is_none(case):
    for days in (9, 7, 3):
        group_contact(case, days)
    ContactFactory(case=case, at=ago(days=5), text="Zu zweit gesprochen.")

    assert [bool(block["label"]) for block in blocks_of(case)] == [False, False, True]


def test_the_new_entry_is_not_hidden(case):
    group_contact(case, 3)
    new = group_contact(case, 2)

    (block,) = blocks_of(case, new=new.pk)

    assert block["open"]


def test_a_series_over_the_turn_of_the_year_names_both_years(case):
    from casework.views.series import series_label

    entries = [entry for entry in read_timeline(group_contact(case, 2).case_id) if entry.kind == "contact"]
    old = type(entries[0])(*[getattr(entries[0], name) for name in entries[0].__slots__])
    object.__setattr__(old, "at", entries[0].at - dt.timedelta(days=400))

    label = series_label([entries[0], old])

    assert label.count(".20") == 2
