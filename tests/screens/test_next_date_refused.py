"""A day that is refused is refused with the next one on which the responsible IFK is there, in every form of a case."""

import datetime as dt

import pytest
from django.utils import timezone

from casework.models import WorkPattern
from casework.models.presence import read_presence
from jobcenter.platform.workdays import day_label, next_working_day
from tests.factories import CaseFactory
from tests.screens.forms import conversation
from tests.screens.test_together import URL, filled

pytestmark = pytest.mark.django_db


def test_in_the_conversation_and_in_each_row_of_the_form_about_several(kim_client, kim):
    mine, hers = CaseFactory(counsellor=kim), CaseFactory(counsellor=kim)
    sunday = timezone.localdate() + dt.timedelta(days=13 - timezone.localdate().weekday())
    plain = next_working_day(sunday)
    WorkPattern.objects.create(
        user=kim, since=dt.date(2020, 1, 1), weekdays=WorkPattern.ALL - (1 << plain.weekday()), entered_by=kim
    )
    sentence = f"Nächster Arbeitstag: {day_label(read_presence(kim.pk, sunday).next_day(sunday))}."
    rows = filled([mine, hers])
    for case in (mine, hers):
        rows[f"row{case.number}_next_date"] = f"{sunday:%d.%m.%Y}"

    talk = kim_client.post(f"/faelle/{mine.number}/gespraech/", conversation(mine, next_date=f"{sunday:%d.%m.%Y}"))
    several = kim_client.post(URL, rows)

    assert talk.status_code == several.status_code == 422
    assert sentence in talk.content.decode()
    assert several.content.decode().count(sentence) >= 2
