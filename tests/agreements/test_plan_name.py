"""The name of the statutory plan comes from the law of the day and from the house, never from code (R1-3)."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from agreements.models import LegalRegime
from casework.models import Case, User
from tests.factories import AgreementFactory, CaseFactory, ContactFactory

pytestmark = pytest.mark.django_db


def noon(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time(12)))


@pytest.fixture
def case(kim: User) -> Case:
    return CaseFactory(counsellor=kim, opened_at=noon(dt.date(2023, 1, 9)), step__created_at=noon(dt.date(2023, 1, 9)))


def agreed_on(case: Case, day: dt.date, earlier=None):
    """A version concluded on that day."""
    contact = ContactFactory(case=case, at=noon(day), recorded_at=noon(day))
    return AgreementFactory(contact=contact, at=noon(day), supersedes=earlier)


def set_by_the_house(admin_client, day: dt.date, **changed) -> None:
    """As the Fachadministration does it: in the admin, without a deployment."""
    row = LegalRegime.objects.on(day).get()
    data = {
        "first_day": f"{row.during.lower:%d.%m.%Y}",
        "last_day": f"{row.during.upper - dt.timedelta(days=1):%d.%m.%Y}" if row.during.upper else "",
        "benefit_name": row.benefit_name,
        "plan_name": row.plan_name,
        "source": row.source,
        **changed,
    }
    response = admin_client.post(reverse("admin:agreements_legalregime_change", args=[row.pk]), data)
    assert response.status_code == 302, response.content.decode()[-3000:]


LAST_DAY, FIRST_DAY = dt.date(2026, 6, 30), dt.date(2026, 7, 1)


def test_the_same_case_before_and_after_the_change_of_law(kim_client, admin_client, case):
    url = f"/faelle/{case.number}/"
    old = agreed_on(case, LAST_DAY)
    assert "zugleich der" not in kim_client.get(url).content.decode()

    set_by_the_house(admin_client, LAST_DAY, agreement_is_plan="on")
    set_by_the_house(admin_client, FIRST_DAY, agreement_is_plan="on", plan_name="Eingliederungsplan 2026")

    assert "Sie ist zugleich der Kooperationsplan." in kim_client.get(url).content.decode()
    agreed_on(case, FIRST_DAY, earlier=old)
    page = kim_client.get(url).content.decode()
    assert "Sie ist zugleich der Eingliederungsplan 2026." in page
    assert "Kooperationsplan" not in page


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (dt.date(2023, 6, 30), "Eingliederungsvereinbarung"),
        (dt.date(2023, 7, 1), "Kooperationsplan"),
        (dt.date(2026, 6, 30), "Kooperationsplan"),
    ],
)
def test_the_sheet_names_the_plan_by_the_day_of_its_version(kim_client, admin_client, case, day, name, tmp_path):
    choice = {"agreement": agreed_on(case, day).pk, "parts": ["steps"], "language": ""}
    url = f"/faelle/{case.number}/vereinbarung/mitgeben/"
    quiet = kim_client.post(url, choice)
    set_by_the_house(admin_client, day, agreement_is_plan="on")
    named = kim_client.post(url, choice)

    texts = []
    for number, answer in enumerate((quiet, named)):
        path = tmp_path / f"{number}.pdf"
        path.write_bytes(b"".join(answer.streaming_content) if answer.streaming else answer.content)
        texts.append(" ".join(page.extract_text() for page in PdfReader(path).pages))
    assert name not in texts[0]
    assert name in texts[1]
