"""Neues is filed away by its reader alone, up to the moment of the page."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from casework.models import LastVisit
from tests.conftest import signed_in
from tests.screens.test_news import DAY, URL


def test_time_never_runs_back_nor_ahead(kim):
    client = signed_in(kim)
    now = timezone.now()
    for until in (now, now + 3 * DAY, now - 3 * DAY):
        client.post(reverse("screens:news_read"), {"bis": until.isoformat()})

    assert now <= LastVisit.objects.get(user=kim).seen_at <= timezone.now()


@pytest.mark.parametrize(
    "until", ["", "gestern", "2026-11-23T10:00:00", "99999-01-01T00:00:00+00:00", "2026-13-45T00:00Z", "\x00"]
)
def test_a_moment_that_is_none_gets_a_sentence(kim, until):
    client = signed_in(kim)
    answer = client.post(reverse("screens:news_read"), {"bis": until}, follow=True)

    assert "Bitte laden Sie die Seite neu." in answer.content.decode()
    assert not LastVisit.objects.exists()
    assert client.get(URL, {"bis": until, "seite": until}).status_code == 200


def test_filing_away_needs_a_form_of_ours_and_the_right_method(kim):
    client = Client(enforce_csrf_checks=True)
    client.force_login(kim)

    assert client.post(reverse("screens:news_read"), {"bis": timezone.now().isoformat()}).status_code == 403
    assert client.get(reverse("screens:news_read")).status_code == 405
    assert signed_in(kim).post(URL).status_code == 405
    assert not LastVisit.objects.exists()


def test_nobody_files_away_for_somebody_else(kim, eva):
    signed_in(kim).post(reverse("screens:news_read"), {"bis": timezone.now().isoformat(), "user": eva.pk})

    assert list(LastVisit.objects.values_list("user", flat=True)) == [kim.pk]


def test_only_for_who_works_on_cases(db, paula, admin):
    assert Client().get(URL).status_code == 302
    for user in (paula, admin):
        assert signed_in(user).get(URL).status_code == 403
        assert signed_in(user).post(reverse("screens:news_read")).status_code == 403


# --- how much ----------------------------------------------------------------------------------------------
