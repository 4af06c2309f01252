"""What every page of a case answers to whom: five questions for all of them at once (house style 22)."""

import pytest
from django.urls import reverse

from casework.urls import urlpatterns
from casework.views import acting
from tests.factories import AccessGrantFactory, CaseFactory, SubstitutionFactory, ahead

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
WRITING = ["case_end", "client_edit", "employment_start_create"]


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
    kwargs = {"number": case.number, "pk": 1}
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


def test_success_takes_a_script_to_the_next_page_too(kim_client, case):
    data = {"started_on": f"{ahead():%d.%m.%Y}", "text": "Tischlerei"}
    response = kim_client.post(address("employment_start_create", case), data, headers={"HX-Request": "true"})

    assert response.status_code == 200
    assert response["HX-Redirect"] == f"/faelle/{case.number}/"


def test_a_script_without_session_gets_401_so_that_the_text_stays(client, case):
    response = client.post(address("file_note_create", case), {"text": "x"}, headers={"HX-Request": "true"})

    assert response.status_code == 401
    assert response.content == b""
