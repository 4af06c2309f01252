"""What every page of a case answers to whom: five questions for all of them at once (house style 22)."""

import uuid

import pytest
from django import forms
from django.template.loader import render_to_string
from django.urls import reverse

from casework.models import Case, Contact, Draft, FileNote, FollowUp, FollowUpChange, NoteAddendum
from casework.urls import urlpatterns
from casework.views import acting
from tests.factories import (
    AccessGrantFactory,
    CaseClosureFactory,
    CaseFactory,
    ClientDetailFactory,
    EmploymentStartFactory,
    FollowUpFactory,
    SubstitutionFactory,
    ahead,
)

ABSENT = "F-99-99999"
PAGES = [
    "case_end",
    "case_resume",
    "client_edit",
    "employment_start_create",
    "participation_edit",
    "assignment_change",
    "file_note_create",
    "timeline_print",
    "access_record",
    "access_read",
]
ENTRY_PAGES = ["contact_detail", "contact_print", "addendum_create", "contact_withdraw"]
POSTS = {
    "client_detail_create": {"kind": "phone", "text": "0551 1", "origin": "person"},
    "client_detail_end": {},
    "employment_start_withdraw": {},
    "participation_end": {},
}
WRITING = ["case_end", "client_edit", "employment_start_create", "file_note_create", "follow_up_create"]
# Every way to write into a case: (end of the address, what is sent). {step}, {contact} … stand for the fixture's rows.
WAYS_TO_WRITE = {
    "gespraech/": {"text": "Mit Anlass", "channel": "phone", "with_client": "on"},
    "schritte/neu/": {},
    "schritte/{step}/erledigt/": {"version": "1", "outcome": "Fertig"},
    "schritte/{step}/verschieben/": {"version": "1", "to": "{day}"},
    "schritte/{step}/aendern/": {"version": "1", "date": "{day}", "time": "10:00", "subject": "Anders"},
    "schritte/{step}/nicht-stattgefunden/": {"version": "1", "how": "cancelled"},
    "schritte/{step}/rueckgaengig/": {},
    "notizen/neu/": {"text": "Mit Anlass"},
    "kontakte/{contact}/nachtrag/": {"text": "Mit Anlass", "reason": "x"},
    "beenden/": {"reason": "moved"},
    "wieder-aufnehmen/": {},
    "stammdaten/": {"version": "1", "family_name": "Anders", "given_name": "Noa", "birth_date": "04.03.1991"},
    "stammdaten/angabe/": {"kind": "phone", "text": "0551 1", "origin": "person"},
    "stammdaten/angabe/{detail}/": {},
    "arbeit/": {"started_on": "{day}"},
    "arbeit/{start}/zuruecknehmen/": {},
}
STEERING = ["mitwirkende/", "zustaendigkeit/"]


def address(name, case, **kwargs):
    return reverse(f"casework:{name}", kwargs={"number": getattr(case, "number", case), **kwargs})


def key_of(name):
    return {"pk": 1} if name.endswith(("_end", "_withdraw")) and name != "case_end" else {}


@pytest.mark.parametrize("name", PAGES)
def test_anonymous_is_sent_to_sign_in(client, case, name):
    response = client.get(address(name, case))

    assert response.status_code == 302
    assert response["Location"].startswith("/anmelden/")


@pytest.mark.parametrize("name", PAGES)
def test_foreign_case_answers_like_an_absent_one(nora_client, case, name):
    foreign = nora_client.get(address(name, case))
    absent = nora_client.get(address(name, ABSENT))

    assert foreign.status_code == absent.status_code == 404
    assert foreign.content == absent.content


@pytest.mark.parametrize("name", ENTRY_PAGES)
def test_entry_of_a_foreign_case_answers_like_an_absent_one(nora_client, contact, name):
    foreign = nora_client.get(address(name, contact.case, pk=contact.pk))
    absent = nora_client.get(address(name, ABSENT, pk=contact.pk))

    assert foreign.status_code == absent.status_code == 404
    assert foreign.content == absent.content


@pytest.mark.parametrize("name", ENTRY_PAGES)
def test_entry_is_not_found_under_another_case(kim, kim_client, contact, name):
    other = CaseFactory(counsellor=kim)

    assert kim_client.get(address(name, other, pk=contact.pk)).status_code == 404


@pytest.mark.parametrize("name", POSTS)
def test_foreign_post_answers_like_an_absent_one(nora_client, case, name):
    foreign = nora_client.post(address(name, case, **key_of(name)), POSTS[name])
    absent = nora_client.post(address(name, ABSENT, **key_of(name)), POSTS[name])

    assert foreign.status_code == absent.status_code == 404
    assert foreign.content == absent.content


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("stranger", ["paula_client", "admin_client"])
def test_who_has_no_business_with_cases_is_refused(request, case, name, stranger):
    response = request.getfixturevalue(stranger).get(address(name, case))

    assert response.status_code == 403


@pytest.mark.parametrize("name", POSTS)
def test_posts_are_not_read(kim_client, case, name):
    assert kim_client.get(address(name, case, **key_of(name))).status_code == 405


@pytest.mark.parametrize("name", WRITING)
def test_reading_with_a_reason_is_not_enough_to_write(eva, eva_client, case, name):
    AccessGrantFactory(user=eva, case=case)

    assert eva_client.get(address(name, case)).status_code == 403


@pytest.fixture
def rows(case, contact):
    """What the addresses of WAYS_TO_WRITE name."""
    return {
        "step": FollowUpFactory(case=case, appointment=True).pk,
        "contact": contact.pk,
        "detail": ClientDetailFactory(client=case.client).pk,
        "start": EmploymentStartFactory(case=case).pk,
        "day": f"{ahead(9):%d.%m.%Y}",
    }


def on_record(case):
    """A fingerprint of everything that a page of this case could write."""
    changing = [Case, Contact, FollowUp, FollowUpChange, FileNote, NoteAddendum]
    return [list(model.objects.order_by("pk").values()) for model in changing] + [
        list(case.client.details.order_by("pk").values()),
        list(case.employment_starts.order_by("pk").values()),
        list(type(case.client).objects.order_by("pk").values()),
        list(case.participations.order_by("pk").values()),
        list(case.assignments.order_by("pk").values()),
    ]


@pytest.mark.parametrize("path", [*WAYS_TO_WRITE, *STEERING])
@pytest.mark.parametrize("reader", ["eva", "tom"])
def test_who_reads_with_a_reason_writes_nothing(request, case, rows, next_step, reader, path):
    AccessGrantFactory(user=request.getfixturevalue(reader), case=case)
    client = request.getfixturevalue(f"{reader}_client")
    sent = {name: value.format(**rows) for name, value in WAYS_TO_WRITE.get(path, {}).items()}
    before = on_record(case)
    response = client.post(f"/faelle/{case.number}/{path.format(**rows)}", {**next_step, **sent})

    steers = reader == "tom" and path in STEERING
    assert response.status_code == (422 if steers else 403), path
    assert on_record(case) == before


@pytest.mark.parametrize("path", ["notizen/neu/", "kontakte/{contact}/nachtrag/", "wieder-aufnehmen/", "stammdaten/"])
@pytest.mark.parametrize("reader", ["eva", "tom"])
def test_an_ended_case_is_only_read_too(request, case, rows, next_step, reader, path):
    CaseClosureFactory(case=case)
    AccessGrantFactory(user=request.getfixturevalue(reader), case=case)
    client = request.getfixturevalue(f"{reader}_client")
    before = on_record(case)
    data = {"text": "x", "reason": "y", **next_step}

    assert client.post(f"/faelle/{case.number}/{path.format(**rows)}", data).status_code == 403
    assert on_record(case) == before


def test_a_draft_of_who_only_reads_stays_outside_the_case(eva, eva_client, case):
    AccessGrantFactory(user=eva, case=case)
    data = {"key": "3f0e7f0a-3d4f-4d21-9a6b-0a8e3f5c1b11", "revision": "0", "text": "Mit Anlass"}
    eva_client.post(f"/faelle/{case.number}/gespraech/entwurf/", data)

    assert not Draft.objects.filter(case=case).exists()


def test_the_lead_still_steers_who_is_responsible(tom, tom_client, eva, case):
    AccessGrantFactory(user=tom, case=case)

    assert tom_client.post(address("assignment_change", case), {"counsellor": eva.pk}).status_code == 302
    assert case.assignments.get(during__upper_inf=True).counsellor_id == eva.pk


@pytest.mark.parametrize("name", WRITING)
def test_who_stands_in_may_write(kim, eva, eva_client, case, name):
    SubstitutionFactory(absent_user=kim, substitute=eva)

    assert eva_client.get(address(name, case)).status_code == 200
    assert acting.acts_on(eva, case)


@pytest.mark.parametrize("name", PAGES)
def test_a_team_lead_is_asked_for_the_reason_first(tom_client, case, name):
    response = tom_client.get(address(name, case))

    if name in ("assignment_change", "participation_edit", "access_read"):
        assert response.status_code == 200
    elif name == "access_record":
        assert response.status_code == 404
    else:
        assert response.status_code == 302
        assert response["Location"] == address("access_read", case)


def test_every_view_declares_its_methods(kim_client, case):
    """A method that no view has ever heard of is refused before anything is loaded."""
    kwargs = {"number": case.number, "pk": 1, "fact_pk": 1, "batch": uuid.UUID(int=1), "token": "x" * 43}
    for pattern in urlpatterns:
        names = pattern.pattern.converters
        url = reverse(f"casework:{pattern.name}", kwargs={name: kwargs[name] for name in names})

        assert kim_client.delete(url).status_code == 405, pattern.name


@pytest.mark.parametrize(
    ("name", "data", "kept"),
    [
        ("case_end", {"text": "Neue Stelle in Kassel"}, "Neue Stelle in Kassel"),
        ("client_edit", {"version": "1", "family_name": "Yıldız-Kaya"}, "Yıldız-Kaya"),
        ("employment_start_create", {"started_on": "31.2.", "text": "Tischlerei"}, "Tischlerei"),
        ("assignment_change", {"note": "Mag Anrufe am Vormittag"}, "Mag Anrufe am Vormittag"),
        ("file_note_create", {"text": "  "}, "Notiz eintragen"),
    ],
)
def test_a_refused_form_keeps_what_was_typed(kim_client, case, name, data, kept):
    response = kim_client.post(address(name, case), data)

    assert response.status_code == 422
    assert kept in response.content.decode()
    assert "Das fehlt noch oder passt nicht" in response.content.decode()


STEP_PAGES = {
    "schritte/neu/": {"next": "reminder", "next_subject": "Merke dies"},
    "schritte/{step}/aendern/": {"version": "1", "subject": "Merke dies", "date": "31.2."},
    "schritte/{step}/nicht-stattgefunden/": {"version": "1", "text": "Merke dies"},
    "schritte/{step}/erledigt/": {"version": "1", "outcome": "Merke dies"},
    "schritte/{step}/verschieben/": {"version": "1", "reason": "Merke dies", "to": "31.2."},
}


@pytest.mark.parametrize("path", STEP_PAGES)
def test_a_page_of_a_step_is_sent_by_script_so_that_its_text_stays(kim_client, client, case, rows, path):
    url = f"/faelle/{case.number}/{path.format(**rows)}"
    page = " ".join(kim_client.get(url).content.decode().split("<main")[1].split())
    assert f'hx-post="{url}"' in page
    assert 'hx-target="this"' in page
    assert 'hx-disinherit="*"' in page
    assert '<input type="hidden" name="page" value="1">' in page

    htmx = {"HX-Request": "true"}
    refused = kim_client.post(url, {**STEP_PAGES[path], "page": "1"}, headers=htmx)
    forms_of_page = refused.content.decode().split("<form")
    form = next(form.split("</form>")[0] for form in forms_of_page if 'name="page"' in form)
    assert refused.status_code == 422
    assert "Merke dies" in form
    assert "Das fehlt noch oder passt nicht" in form
    assert kim_client.post(url, STEP_PAGES[path] | {"page": "1"}).status_code == 422
    assert client.post(url, {**STEP_PAGES[path], "page": "1"}, headers=htmx).status_code == 401


def test_a_page_of_a_step_is_left_after_success(kim_client, case, next_step):
    url = f"/faelle/{case.number}/schritte/neu/"
    answer = kim_client.post(url, {**next_step, "page": "1"}, headers={"HX-Request": "true"})

    assert answer["HX-Redirect"] == f"/faelle/{case.number}/"
    assert kim_client.post(url, {**next_step, "page": "1"})["Location"] == f"/faelle/{case.number}/"


@pytest.mark.parametrize(
    ("name", "kwargs"),
    [
        ("contact_detail", {"pk": 1}),
        ("contact_withdraw", {"pk": 1}),
        ("file_note_withdraw", {"pk": 1}),
        ("absence_end", None),
        ("draft_adopt", None),
    ],
)
def test_a_forged_id_is_on_record(kim_client, tom_client, case, owner_events, name, kwargs):
    if kwargs is None:
        assert tom_client.get(reverse(f"casework:{name}", kwargs={"pk": 1})).status_code == 404
    else:
        assert kim_client.get(address(name, case, **kwargs)).status_code == 404

    assert owner_events()["access.refused"] == 1


def test_a_question_is_not_followed_by_a_colon():
    class Asking(forms.Form):
        why = forms.CharField(label="Warum?")
        name = forms.CharField(label="Name")

    page = render_to_string("components/error_summary.html", {"form": Asking({})})

    assert "Warum? Dieses Feld" in page
    assert "Name: Dieses Feld" in page


def test_success_takes_a_script_to_the_next_page_too(kim_client, case):
    data = {"started_on": f"{ahead():%d.%m.%Y}", "text": "Tischlerei"}
    response = kim_client.post(address("employment_start_create", case), data, headers={"HX-Request": "true"})

    assert response.status_code == 200
    assert response["HX-Redirect"] == f"/faelle/{case.number}/"


def test_a_script_without_session_gets_401_so_that_the_text_stays(client, case):
    response = client.post(address("file_note_create", case), {"text": "x"}, headers={"HX-Request": "true"})

    assert response.status_code == 401
    assert response.content == b""
