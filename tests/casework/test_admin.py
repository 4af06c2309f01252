import pytest
from django.contrib import admin
from django.urls import reverse

from casework.models import ContactChannel, Organisation, ReflectionGuide, RoleGrant, RuleDocument, User
from tests.factories import PASSWORD, CaseFactory, CounsellorFactory, LocalDayFactory, RuleDocumentFactory, UserFactory

MODELS = sorted(
    (model for model in admin.site._registry if model._meta.app_label == "casework"),
    key=lambda model: model._meta.model_name,
)
EMPTY_INLINES = {
    f"{prefix}-{name}": value
    for prefix in ("role_grants", "counsellor")
    for name, value in (("TOTAL_FORMS", "0"), ("INITIAL_FORMS", "0"))
}


def url(model, action, *args):
    return reverse(f"admin:casework_{model._meta.model_name}_{action}", args=args)


def account(user, **changed):
    return (
        {
            "username": user.username,
            "first_name": user.first_name,
            "last_name": user.last_name,
            "email": user.email,
            "organisation": user.organisation_id,
            "team": user.team_id or "",
            "is_active": "on",
        }
        | EMPTY_INLINES
        | changed
    )


def test_what_is_registered():
    assert {model._meta.model_name for model in MODELS} == {
        "organisation",
        "team",
        "user",
        "contactchannel",
        "legalbasis",
        "legalnotice",
        "localday",
        "ruledocument",
        "reflectionguide",
        "reminderladder",
    }
    assert admin.sites.all_sites


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.model_name)
def test_the_fachadministration_opens_every_list_and_form(admin_client, model):
    assert admin_client.get(reverse("admin:index")).status_code == 200
    assert admin_client.get(url(model, "changelist")).status_code == 200
    assert admin_client.get(url(model, "add")).status_code == 200


@pytest.mark.parametrize("who", ["kim_client", "tom_client", "paula_client"])
@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.model_name)
def test_others_are_refused(request, who, model):
    client = request.getfixturevalue(who)

    assert client.get(reverse("admin:index"), follow=True).status_code == 403
    assert client.get(url(model, "changelist"), follow=True).status_code == 403


def test_anonymous_is_sent_to_the_one_sign_in(client, db):
    response = client.get("/verwaltung/", follow=True)

    assert response.redirect_chain[-1][0].startswith("/anmelden/")


def test_pages_carry_no_inline_script(admin_client, kim):
    for page in (reverse("admin:index"), url(User, "changelist"), url(User, "change", kim.pk)):
        text = admin_client.get(page).content.decode()

        assert "<script>" not in text
        assert " onclick=" not in text
        assert " style=" not in text


def test_an_account_is_made_with_role_function_and_password(admin_client, osterode):
    response = admin_client.post(
        url(User, "add"),
        {
            "username": "neu",
            "first_name": "Mara",
            "last_name": "Neu",
            "email": "neu@example.org",
            "organisation": osterode.organisation_id,
            "team": osterode.pk,
            "is_active": "on",
            "new_password": "ein-langes-neues-wort",
            "role_grants-TOTAL_FORMS": "1",
            "role_grants-INITIAL_FORMS": "0",
            "role_grants-0-role": "counsellor",
            "counsellor-TOTAL_FORMS": "1",
            "counsellor-INITIAL_FORMS": "0",
            "counsellor-0-kind": "specialist",
            "counsellor-0-area": "kibiz",
            "counsellor-0-since": "01.11.2026",
        },
    )

    user = User.objects.get(username="neu")
    assert response.status_code == 302
    assert user.check_password("ein-langes-neues-wort")
    assert user.counsellor.area == "kibiz"
    assert user.role_names == {"counsellor"}


@pytest.mark.parametrize("password", ["", "kurz"])
def test_an_account_without_a_fit_password_is_refused(admin_client, osterode, password):
    response = admin_client.post(
        url(User, "add"), account(UserFactory.build(team=osterode), username="neu", new_password=password)
    )

    assert response.status_code == 200
    assert not User.objects.filter(username="neu").exists()


def test_a_fifth_area_cannot_be_chosen(admin_client, kim):
    data = account(kim) | {
        "counsellor-TOTAL_FORMS": "1",
        "counsellor-INITIAL_FORMS": "1",
        "counsellor-0-user": kim.pk,
        "counsellor-0-kind": "specialist",
        "counsellor-0-area": "sonstiges",
        "counsellor-0-since": "01.11.2026",
    }
    response = admin_client.post(url(User, "change", kim.pk), data)

    kim.counsellor.refresh_from_db()
    assert response.status_code == 200
    assert kim.counsellor.kind == "general"


def test_a_lead_needs_a_team_and_the_form_says_so(admin_client, eva):
    data = account(eva) | {
        "role_grants-TOTAL_FORMS": "1",
        "role_grants-INITIAL_FORMS": "0",
        "role_grants-0-role": "team_lead",
    }
    response = admin_client.post(url(User, "change", eva.pk), data)

    assert "Eine Teamleitung braucht ein Team" in response.content.decode()
    assert not RoleGrant.objects.filter(role="team_lead").exists()


def test_an_account_with_cases_stays_active_and_the_sentence_stands_beside_the_field(admin_client, kim):
    CaseFactory(counsellor=kim)
    data = account(kim, last_name="Anders")
    del data["is_active"]
    response = admin_client.post(url(User, "change", kim.pk), data)
    page = response.content.decode()

    kim.refresh_from_db()
    assert response.status_code == 200
    assert "Dieses Konto ist noch für Fälle zuständig. Bitte erst übergeben." in page
    assert 'value="Anders"' in page
    assert kim.is_active
    assert kim.last_name == "Sander"


def test_an_account_without_cases_is_switched_off(admin_client, osterode):
    user = CounsellorFactory(user__team=osterode).user
    data = account(user)
    del data["is_active"]
    response = admin_client.post(url(User, "change", user.pk), data)

    user.refresh_from_db()
    assert response.status_code == 302
    assert not user.is_active
    assert user.check_password(PASSWORD)


def test_the_trial_of_switching_off_leaves_nothing_when_the_form_is_refused(admin_client, osterode):
    user = UserFactory(team=osterode)
    data = account(user, username="")
    del data["is_active"]
    admin_client.post(url(User, "change", user.pk), data)

    user.refresh_from_db()
    assert user.is_active


def test_a_team_of_another_organisation_is_refused(admin_client, kim, nora):
    response = admin_client.post(url(User, "change", kim.pk), account(kim, team=nora.team_id))

    assert "gehört zu einer anderen Organisation" in response.content.decode()


@pytest.mark.parametrize("model", [User, Organisation, ContactChannel], ids=lambda model: model._meta.model_name)
def test_what_is_in_use_is_never_deleted(admin_client, kim, model):
    row = model.objects.first()

    assert admin_client.post(url(model, "delete", row.pk), {"post": "yes"}).status_code == 403


def test_a_link_to_a_rule_shows_in_the_help_without_a_deployment(admin_client, kim_client):
    data = {"title": "Handreichung", "url": "https://intranet.example.org/h", "position": "1"}
    admin_client.post(url(RuleDocument, "add"), data)

    assert "https://intranet.example.org/h" in kim_client.get("/hilfe/").content.decode()
    admin_client.post(url(RuleDocument, "delete", RuleDocument.objects.get().pk), {"post": "yes"})
    assert "https://intranet.example.org/h" not in kim_client.get("/hilfe/").content.decode()


def test_a_local_day_is_entered_and_removed(admin_client):
    day = LocalDayFactory()

    assert admin_client.post(url(type(day), "delete", day.pk), {"post": "yes"}).status_code == 302


def test_each_saving_of_the_guide_is_a_new_version(admin_client):
    before = ReflectionGuide.objects.count()
    admin_client.post(url(ReflectionGuide, "add"), {"text": "Was war heute gut?"})
    guide = ReflectionGuide.objects.first()

    assert ReflectionGuide.objects.count() == before + 1
    assert guide.text == "Was war heute gut?"
    assert admin_client.get(url(ReflectionGuide, "change", guide.pk)).status_code == 200
    assert admin_client.post(url(ReflectionGuide, "change", guide.pk), {"text": "anders"}).status_code == 403


def test_a_new_channel_is_offered_in_the_conversation_at_once(admin_client, kim_client, case):
    admin_client.post(
        url(ContactChannel, "add"), {"code": "chat", "text": "Messenger", "active": "on", "position": "5"}
    )

    assert "Messenger" in kim_client.get(f"/faelle/{case.number}/gespraech/").content.decode()


def test_a_rule_met_only_while_saving_is_a_sentence(admin_client, monkeypatch, kim):
    from casework.admin import AccountForm

    CaseFactory(counsellor=kim)
    monkeypatch.setattr(AccountForm, "clean_is_active", lambda form: form.cleaned_data["is_active"])
    data = account(kim)
    del data["is_active"]
    response = admin_client.post(url(User, "change", kim.pk), data, follow=True)

    assert response.status_code == 200
    assert "Bitte erst übergeben" in response.content.decode()


def test_documents_are_listed(admin_client):
    RuleDocumentFactory()

    assert "Handreichung Erstgespräch" in admin_client.get(url(RuleDocument, "changelist")).content.decode()
