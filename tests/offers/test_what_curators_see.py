"""Project management reaches nothing of a case; nobody else changes an offer; no page counts use by IFK."""

import itertools
import re
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from casework.enums import RoleName
from casework.models import Case, User
from offers.models import OfferChoice
from offers.models.use import read_use
from tests.factories import CaseFactory, RoleGrantFactory, UserFactory, chosen_offer, offer_manager, published_offer
from tests.faults.marks import Marks, one_of_everything, plant

# Words that tell of no case: what project management works with, the house, and its own name.
OPEN_TO_CURATORS = {
    "Provider",
    "ProviderContact",
    "Offer",
    "OfferVersion",
    "OfferEvent",
    "OfferRemark",
    "DemandNote",
    "DemandReply",
    "User",
    "Organisation",
    "Team",
    "LocalDay",
    "SocialPlace",
}
IDS = (1, 2, 3)


def routes(patterns: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[str]:
    """Every address of the project as a template: `faelle/<number>/wille/`."""
    for pattern in patterns:
        route = re.sub(r"<\w+:(\w+)>", r"<\1>", str(pattern.pattern)).lstrip("^").rstrip("$")
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, prefix + route)
        else:
            yield prefix + route


def addresses() -> list[str]:
    """The templates filled with ids that exist."""
    number = Case.objects.earliest("pk").number
    keys = {pk for model in apps.get_models() for pk in first_keys(model)}
    found = []
    for route in routes(get_resolver().url_patterns):
        names = re.findall(r"<(\w+)>", route)
        if "(?P" in route:  # the way out of the admin for what it does not know
            continue
        for values in itertools.product(*[values_for(name, number, keys) for name in names]):
            url = route
            for name, value in zip(names, values, strict=True):
                url = url.replace(f"<{name}>", value, 1)
            found.append(f"/{url}")
    return list(dict.fromkeys(found))


def first_keys(model: type[models.Model]) -> list[str]:
    if model._meta.app_label not in ("casework", "agreements", "offers") or model.__name__ in (
        "AccessEvent",
        "AccountEvent",
    ):
        return []
    return [str(pk) for pk in model._default_manager.order_by("pk").values_list("pk", flat=True)[:2]]


def values_for(name: str, number: str, keys: set[str]) -> list[str]:
    if name == "number":
        return [number]
    if name in ("app_label", "content_type_id"):
        return ["offers", "casework", "1"]
    if name in ("path", "url", "language"):
        return ["casework/case/"]
    return sorted(keys, key=lambda key: (len(key), key))[:8]


def test_every_address_shows_project_management_no_row_of_a_case(committed_db: None, kim: User):
    one_of_everything(kim)
    chosen_offer(intent="Ich will sehen, ob ich das kann.")
    marks = Marks()
    plant(marks)
    paula = offer_manager(team=kim.team)
    client = Client(raise_request_exception=False)
    client.force_login(paula)
    allowed = [where for where in marks.planted if where.split(".")[0] in OPEN_TO_CURATORS]
    guarded = set(marks.planted) - set(allowed)
    urls = addresses()
    answered: dict[int, int] = {}
    seen: list[str] = []

    for url in urls:
        for response in (client.get(url), client.post(url, {})):
            if "abmelden" in url or response.status_code in (302, 405) and not response.content:
                client.force_login(paula)
            answered[response.status_code] = answered.get(response.status_code, 0) + 1
            body = response.getvalue() if response.streaming else response.content
            if hits := marks.hits(body.decode(errors="replace"), allowed):
                seen.append(f"{url}: {hits}")

    assert len(urls) > 150
    assert answered.get(200, 0) > 20, answered
    assert len(guarded) > 40 and "IntentVersion.text" in guarded
    assert seen == []


@pytest.mark.django_db
def test_lookups_and_autocomplete_of_the_admin_reach_no_case():
    paula = offer_manager()
    choice = chosen_offer(intent="Ich will sehen, ob ich das kann.")
    client = Client(raise_request_exception=False)
    client.force_login(paula)

    for url in (
        "/angebotspflege/autocomplete/?app_label=offers&model_name=offerchoice&field_name=case&term=F",
        "/angebotspflege/autocomplete/?app_label=casework&model_name=case&field_name=client&term=a",
        f"/angebotspflege/offers/offer/?offerchoice__case__number={choice.case.number}",
        "/angebotspflege/offers/offer/?offerchoice__intent__text__contains=Ich",
        f"/angebotspflege/offers/offerchoice/{choice.pk}/change/",
        "/angebotspflege/offers/intentversion/",
        f"/angebotspflege/casework/case/{choice.case_id}/history/",
        "/angebotspflege/casework/client/",
        "/verwaltung/",
    ):
        response = client.get(url, follow=False)

        assert response.status_code in (302, 400, 403, 404), url
        assert choice.case.number not in response.content.decode()
        assert "ob ich das kann" not in response.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "role", [RoleName.COUNSELLOR, RoleName.TEAM_LEAD, RoleName.CONFIG_ADMIN, RoleName.PRIVACY_OFFICER]
)
def test_nobody_else_has_a_way_to_change_an_offer(role):
    offer = published_offer(name="Holzwerkstatt")
    case = CaseFactory()
    user = case.opened_by if role == RoleName.COUNSELLOR else UserFactory(team=case.opened_by.team)
    if role != RoleName.COUNSELLOR:
        RoleGrantFactory(user=user, role=role, team=user.team if role == RoleName.TEAM_LEAD else None)
    client = Client(raise_request_exception=False)
    client.force_login(user)
    before = stored_offers()
    version = offer.versions.get()
    reached = []

    for route in routes(get_resolver("offers.urls").url_patterns + admin_routes()):
        if "(?P" in route:
            continue
        url = "/" + re.sub(r"<\w+>", lambda found: str(offer.pk if found[0] != "<number>" else case.number), route)
        for data in ({}, {"name": "Anders", "possible": "", "notice": "Anders", "_save": "1", "confirm": "1"}):
            response = client.post(url, data)
            reached.append((url, response.status_code))

    version.refresh_from_db()
    assert len(reached) > 20
    assert stored_offers() == before
    assert {status for url, status in reached if url.startswith("/angebotspflege/")} <= {302, 403, 404, 405}


def admin_routes() -> list[URLResolver]:
    return [p for p in get_resolver().url_patterns if str(p.pattern).startswith("angebotspflege")]


def stored_offers() -> list[list[tuple[object, ...]]]:
    return [
        list(apps.get_model("offers", name)._default_manager.order_by("pk").values_list())
        for name in ("Provider", "ProviderContact", "Offer", "OfferVersion", "OfferEvent", "SupportKind", "FundingBody")
    ]


# --- use (R4.4-6) ------------------------------------------------------------------------------------------


def test_no_table_relates_the_use_of_offers_to_a_counsellor_or_a_team():
    """Whatever names an offer and a person of the house is curation, or belongs to one case and is read there alone."""
    own = [m for app in ("casework", "agreements", "offers") for m in apps.get_app_config(app).get_models()]
    case_less = [m for m in own if not any(f.column == "case_id" for f in m._meta.concrete_fields)]
    use = {OfferChoice._meta.label, "offers.Participation", "offers.GroupMember", "offers.Attendance"}

    assert [
        f"{model.__name__}.{field.name}"
        for model in case_less
        for field in model._meta.concrete_fields
        if field.related_model is not None and field.related_model._meta.label in use
    ] == []
    counters = re.compile(r"count|total|use|number_of|anzahl|quote")
    assert [
        f"{model.__name__}.{field.name}"
        for model in own
        if model._meta.app_label == "offers"
        for field in model._meta.concrete_fields
        if counters.search(field.name)
    ] == []


# Files that read choices; each says by what it asks. None groups them by anything but the offer.
READS_CHOICES = {
    "offers/models/use.py": "per offer and half-year, small numbers never leave the database",
    "offers/models/changes.py": "Heute: one's own cases, row by row, no number",
    "offers/models/invariants.py": "asks for rows that break a rule",
    "offers/actions/groups.py": "the places of one group, and who leads it; nothing per counsellor",
}
STAFF = re.compile(r"counsellor|casework_caseassignment|team_id|substitut", re.IGNORECASE)
CHOICES = re.compile(r"OfferChoice|offers_offerchoice|offers_participation\b|\bParticipation\.objects")


def test_no_code_counts_choices_by_counsellor_or_team():
    found = []
    for folder in ("casework", "agreements", "offers", "jobcenter/screens"):
        for path in (settings.BASE_DIR / folder).rglob("*.py"):
            name = str(path.relative_to(settings.BASE_DIR))
            text = path.read_text()
            if "migrations" in path.parts or name in READS_CHOICES or not CHOICES.search(text):
                continue
            if re.search(r"Count\(|count\(\*\)|GROUP BY|annotate\(", text) and STAFF.search(text):
                found.append(name)

    assert found == []


@pytest.mark.django_db
def test_figures_of_use_know_offers_and_half_years_alone():
    offer = published_offer(name="Zählbar")
    kim = CaseFactory().opened_by
    for _ in range(6):
        chosen_offer(offer=offer, case=CaseFactory(counsellor=kim))

    rows = read_use()

    text = repr(rows)
    assert "Zählbar" in text
    for word in (kim.last_name, kim.username, kim.team.name, *Case.objects.values_list("number", flat=True)):
        assert word not in text


@pytest.mark.django_db
def test_pages_of_counsellors_and_leads_show_no_use():
    offer = published_offer(name="Zählbar")
    kim = CaseFactory().opened_by
    lead = UserFactory(team=kim.team)
    RoleGrantFactory(user=lead, role=RoleName.TEAM_LEAD, team=kim.team)
    for _ in range(7):
        chosen_offer(offer=offer, case=CaseFactory(counsellor=kim))
    client = Client()

    for user in (kim, lead):
        client.force_login(user)
        for url in ("/angebote/", f"/angebote/{offer.pk}/", f"/angebote/{offer.pk}/drucken/", "/angebote/bedarfe/"):
            page = re.sub(r"<[^>]*>", " ", client.get(url).content.decode())

            assert not re.search(
                r"\b7\s*(mal|×|x|Personen|Wahlen|Teilnah)|gewählt von|freie Plätze|ausgelastet", page
            ), url
