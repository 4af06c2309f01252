"""The Verwaltung of this room: reference data, legal terms by date, the languages of the sheet."""

import datetime as dt

import pytest
from django.contrib import admin
from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse

from agreements.models import LegalRegime, ResourceField, SheetWording, SocialSpace
from tests.rules import refused

pytestmark = pytest.mark.django_db
MODELS = [LegalRegime, ResourceField, SheetWording, SocialSpace]
by_name = pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.model_name)


def url(model, action, *args):
    return reverse(f"admin:agreements_{model._meta.model_name}_{action}", args=args)


def of_row(row):
    names = [field.name for field in row._meta.fields if field.name != "id"]
    return {name: getattr(row, name) for name in names if getattr(row, name) not in (False, None)}


def errors_of(response):
    return response.context["adminform"].form.errors


def test_reference_data_and_nothing_else_is_registered():
    registered = {model for model in admin.site._registry if model._meta.app_label == "agreements"}

    assert registered == set(MODELS)


@by_name
def test_the_fachadministration_opens_list_and_forms(admin_client, model):
    assert model._meta.verbose_name_plural in admin_client.get(reverse("admin:index")).content.decode()
    listed = admin_client.get(url(model, "changelist"))
    assert listed.status_code == 200
    assert "False" not in listed.content.decode()  # in words, and in German
    assert admin_client.get(url(model, "add")).status_code == 200
    assert admin_client.get(url(model, "change", model.objects.first().pk)).status_code == 200


@by_name
@pytest.mark.parametrize("who", ["kim_client", "tom_client", "paula_client"])
def test_others_are_refused(request, who, model):
    assert request.getfixturevalue(who).get(url(model, "changelist"), follow=True).status_code == 403


@by_name
def test_nothing_is_deleted(admin_client, model):
    row = model.objects.first()

    assert admin_client.post(url(model, "delete", row.pk), {"post": "yes"}).status_code == 403
    assert model.objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize(("model", "name"), [(ResourceField, "text"), (SocialSpace, "name")])
def test_an_entry_is_added_and_taken_out_of_the_offer(admin_client, model, name):
    admin_client.post(url(model, "add"), {name: "Ganz neu", "active": "on", "position": "7"})
    row = model.objects.get(**{name: "Ganz neu"})
    admin_client.post(url(model, "change", row.pk), {name: "Ganz neu", "position": "7"})

    row.refresh_from_db()
    assert not row.active


@pytest.mark.parametrize(("model", "name"), [(ResourceField, "text"), (SocialSpace, "name")])
def test_an_entry_has_a_name(admin_client, model, name):
    response = admin_client.post(url(model, "add"), {name: "  ", "active": "on", "position": "7"})

    assert response.status_code == 200
    assert name in errors_of(response)


# --- Rechtsstand -------------------------------------------------------------------------------------------


def regime(**changed):
    return {
        "first_day": "01.01.2027",
        "last_day": "",
        "benefit_name": "Grundsicherungsgeld",
        "plan_name": "Kooperationsplan",
        "source": "",
    } | changed


def running():
    return LegalRegime.objects.get(during__contains=dt.date(2026, 11, 22))


def test_the_period_is_read_as_a_law_is_with_both_days(admin_client):
    row = running()
    data = regime(first_day="01.07.2026", last_day="31.12.2026", agreement_is_plan="on")
    assert admin_client.post(url(LegalRegime, "change", row.pk), data).status_code == 302

    row.refresh_from_db()
    assert row.during == DateRange(dt.date(2026, 7, 1), dt.date(2027, 1, 1))
    assert row.agreement_is_plan
    page = admin_client.get(url(LegalRegime, "change", row.pk)).content.decode()
    assert 'value="31.12.2026"' in page
    assert "01.07.2026 bis 31.12.2026" in admin_client.get(url(LegalRegime, "changelist")).content.decode()

    assert admin_client.post(url(LegalRegime, "add"), regime()).status_code == 302
    assert LegalRegime.objects.get(during__contains=dt.date(2027, 1, 1)).during.upper is None


def test_an_overlap_is_said_in_a_sentence_and_nothing_is_lost(admin_client):
    response = admin_client.post(url(LegalRegime, "add"), regime(plan_name="Neuer Plan"))
    page = response.content.decode()

    assert response.status_code == 200
    assert "Für diese Zeit ist schon ein Rechtsstand eingetragen: Kooperationsplan, ab 01.07.2026." in page
    assert 'value="Neuer Plan"' in page


def test_who_was_faster_is_said_too(admin_client, monkeypatch):
    """The database has the last word: one_legal_regime_at_a_time."""
    monkeypatch.setattr("agreements.admin.LegalRegimeForm.clean", lambda form: overlapping(form))

    response = admin_client.post(url(LegalRegime, "add"), regime(), follow=True)

    assert "Für diese Zeit ist schon ein Rechtsstand eingetragen." in response.content.decode()


def overlapping(form):
    form.instance.during = DateRange(dt.date(2026, 7, 1), None)
    return form.cleaned_data


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"first_day": ""}, "first_day"),
        ({"first_day": "01.01.0001"}, "first_day"),
        ({"last_day": "31.12.9999"}, "last_day"),
        ({"last_day": "31.12.2026"}, "last_day"),
        ({"plan_name": " "}, "plan_name"),
        ({"benefit_name": ""}, "benefit_name"),
    ],
)
def test_what_does_not_hold_is_said_beside_the_field(admin_client, changed, field):
    before = LegalRegime.objects.count()
    response = admin_client.post(url(LegalRegime, "add"), regime(**changed))

    assert response.status_code == 200
    assert field in errors_of(response)
    assert LegalRegime.objects.count() == before


def test_what_held_on_a_day():
    assert LegalRegime.objects.on(dt.date(2023, 6, 30)).get().plan_name == "Eingliederungsvereinbarung"
    assert LegalRegime.objects.on(dt.date(2023, 7, 1)).get().plan_name == "Kooperationsplan"
    assert not LegalRegime.objects.on(dt.date(2004, 12, 31)).exists()


def test_two_at_a_time_are_refused_by_the_database():
    with refused("one_legal_regime_at_a_time"):
        LegalRegime.objects.create(during=DateRange(dt.date(2026, 1, 1), None), benefit_name="A", plan_name="B")


# --- the languages of the sheet ------------------------------------------------------------------------------


def test_a_language_is_added_and_its_code_stays(admin_client):
    data = of_row(SheetWording.objects.get(language="en")) | {"language": "pl", "name": "Polski"}
    assert admin_client.post(url(SheetWording, "add"), data).status_code == 302
    row = SheetWording.objects.get(language="pl")

    admin_client.post(url(SheetWording, "change", row.pk), data | {"language": "xx", "title": "Nasza umowa"})

    row.refresh_from_db()
    assert (row.language, row.title) == ("pl", "Nasza umowa")


@pytest.mark.parametrize("language", ["Polnisch", "", "p", "pl pl", "en"])
def test_a_code_that_is_none_or_taken_is_refused(admin_client, language):
    data = of_row(SheetWording.objects.get(language="en")) | {"language": language, "name": "Polski"}

    assert "language" in errors_of(admin_client.post(url(SheetWording, "add"), data))


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("other", "What somebody else does"),
        ("until", "by {tag}"),
        ("review", "on the {day"),
        ("page", "Page {number}"),
        ("title", "Our {name}"),
        ("mine", "What { I do"),
        ("until", "by {day} {name}"),
    ],
)
def test_placeholders_stand_where_they_belong(admin_client, field, text):
    row = SheetWording.objects.get(language="en")
    response = admin_client.post(url(SheetWording, "change", row.pk), of_row(row) | {field: text})

    assert response.status_code == 200
    assert list(errors_of(response)) == [field]


def test_german_is_always_offered(admin_client):
    row = SheetWording.objects.get(language="de")
    data = of_row(row)
    del data["active"]

    assert "active" in errors_of(admin_client.post(url(SheetWording, "change", row.pk), data))


def test_every_wording_that_comes_along_is_valid(admin_client):
    for row in SheetWording.objects.all():
        assert admin_client.post(url(SheetWording, "change", row.pk), of_row(row)).status_code == 302
