"""Open Referral HSDS 3: out of one house, into an empty one, out again the same; a second person still reviews."""

import copy
import datetime as dt
import io
import json
import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from agreements.models import SocialSpace
from casework.actions.errors import RuleBroken
from offers.enums import Language
from offers.exchange.hsds import export_hsds
from offers.exchange.hsds_import import check_hsds, import_hsds, read_document
from offers.exchange.rows import Unreadable
from offers.exchange.selection import Mode
from offers.models import (
    FundingBody,
    Offer,
    OfferEvent,
    OfferLegalBasis,
    OfferVersion,
    Provider,
    ProviderContact,
    SupportKind,
)
from tests.factories import ago
from tests.factories_agreements import SocialSpaceFactory
from tests.factories_offers import (
    OfferFactory,
    OfferVersionFactory,
    ProviderContactFactory,
    ProviderFactory,
    SupportKindFactory,
    offer_manager,
    published_offer,
)


def elsewhere(fill: Callable[[], Any], mode: Mode = Mode.ALL) -> dict[str, Any]:
    """What another house exports; here it leaves nothing behind."""
    with transaction.atomic():
        fill()
        document = export_hsds(mode)
        transaction.set_rollback(True)
    assert not Offer.objects.exists()
    return json.loads(json.dumps(document))


def fill_office() -> None:
    provider = ProviderFactory(
        name="Werkhof",
        about="Seit 1980.\n\nIn Göttingen.",
        address="Am Weg 3, Göttingen",
        website="javascript:alert(1)",
        email="hof@example.org",
        phone="+49 551 1",
    )
    contact = ProviderContactFactory(provider=provider, role="Meister", email="m@example.org")
    ProviderContactFactory(provider=provider, name="Nicht mehr da", active=False)
    ProviderFactory(name="Noch ohne Angebot")
    spaces = [SocialSpaceFactory(name=f"Raum {n}").pk for n in range(2)]
    kinds = [SupportKindFactory(code=f"neu-{n}", text=f"Neue Art {n}").code for n in range(2)]
    here = {"provider": provider, "contact": contact}
    published_offer(**here, name="Eins", areas=spaces[::-1], supports=kinds, notice="=1", support="<script>x</script>")
    published_offer(**here, name="Zu", possible=False, any_time=False, start="", start_dates=[dt.date(2027, 3, 1)])
    OfferVersionFactory(offer=OfferFactory(), draft=True, name="Entwurf", support="", supports=[], valid_to=None)
    OfferVersionFactory(offer=OfferFactory(immediate=True), submitted=True, name="In Prüfung", bring=" \r\n nichts ")
    OfferVersionFactory(offer=OfferFactory(possible=False), draft=True, name="Entwurf, zu", hours_per_week=None)
    published_offer(name="Abgelaufen", valid_from=ago(days=90).date(), valid_to=ago(days=2).date())
    both = published_offer(name="Mit Entwurf")
    OfferVersionFactory(offer=both, draft=True, name="Der Entwurf bleibt daheim")


# --- there and back ----------------------------------------------------------------------------------------


def test_export_import_export_are_equal(paula):
    first = elsewhere(fill_office)

    plan = import_hsds(first, by=paula)
    assert not plan.has_errors
    assert json.loads(json.dumps(export_hsds(Mode.ALL))) == first
    assert {service["name"]: service["status"] for service in first["services"]} == {
        "Eins": "active",
        "Zu": "temporarily closed",
        "Entwurf": "inactive",
        "In Prüfung": "active",
        "Entwurf, zu": "inactive",
        "Abgelaufen": "inactive",
        "Mit Entwurf": "active",
    }


def test_nothing_gets_past_the_second_person(paula):
    import_hsds(elsewhere(fill_office), by=paula)

    versions = list(OfferVersion.objects.order_by("name"))
    assert len(versions) == 7
    assert all(version.published_at is None and version.reviewed_at is None for version in versions)
    assert all(version.writers == [paula.pk] and version.author == paula for version in versions)
    assert {version.name for version in versions if version.submitted_at} == {"Eins", "Zu", "In Prüfung", "Mit Entwurf"}
    assert OfferEvent.objects.filter(kind="drafted", text="eingelesen aus HSDS").count() == 7
    assert OfferEvent.objects.filter(kind="submitted").count() == 4
    assert export_hsds(Mode.PUBLISHED)["services"] == []


def test_providers_persons_and_words_come_along(paula):
    import_hsds(elsewhere(fill_office), by=paula)

    provider = Provider.objects.get(name="Werkhof")
    assert (provider.address, provider.phone) == ("Am Weg 3, Göttingen", "+49 551 1")
    assert provider.created_by == paula
    assert list(provider.contacts.values_list("name", "role", "email")) == [("Ayla Brandt", "Meister", "m@example.org")]
    eins = OfferVersion.objects.get(name="Eins")
    assert eins.offer.contact.name == "Ayla Brandt"
    assert [SocialSpace.objects.get(pk=pk).name for pk in eins.areas] == ["Raum 1", "Raum 0"]
    assert SupportKind.objects.get(code="neu-1").text == "Neue Art 1"
    assert FundingBody.objects.filter(name=eins.funding_body.name).count() == 1
    assert OfferVersion.objects.get(name="In Prüfung").offer.immediate
    assert not ProviderContact.objects.filter(name="Nicht mehr da").exists()


def test_published_mode_holds_what_is_published_and_valid(db):
    document = elsewhere(fill_office, Mode.PUBLISHED)

    assert [service["name"] for service in document["services"]] == ["Eins", "Zu", "Mit Entwurf"]
    assert {service["status"] for service in document["services"]} == {"active", "temporarily closed"}
    assert "Noch ohne Angebot" not in {organization["name"] for organization in document["organizations"]}


def test_withdrawn_offers_and_ended_providers_leave_in_no_file(paula):
    gone, ended = published_offer(), published_offer()
    Offer.objects.filter(pk=gone.pk).update(withdrawn_at=ago(days=1), withdrawn_by=paula)
    Provider.objects.filter(pk=ended.provider_id).update(ended_at=ago(days=1), ended_by=paula)

    document = export_hsds(Mode.ALL)
    assert document["services"] == []
    assert [row["id"] for row in document["organizations"]] == [str(gone.provider.uid)]


REQUIRED = {
    "organizations": ("id", "name", "description"),
    "services": ("id", "name", "status"),
    "phones": ("id", "number"),
    "locations": ("id", "location_type"),
    "location": ("id", "location_type"),
    "taxonomy_term": ("id", "name", "description"),
}


def test_each_object_has_what_hsds_requires(db):
    ids: list[str] = []

    def walk(name: str, value: Any) -> None:
        if isinstance(value, list):
            for part in value:
                walk(name, part)
        elif isinstance(value, dict):
            assert set(REQUIRED.get(name, ("id",))) <= set(value), name
            assert uuid.UUID(value["id"])
            ids.append(value["id"] if name != "taxonomy_term" else f"{value['id']} {len(ids)}")
            for key, part in value.items():
                walk(key, part)

    document = elsewhere(fill_office)
    walk("organizations", document["organizations"])
    walk("services", document["services"])
    assert document["version"].startswith("3.")
    # A person stands with the organization and with each service; otherwise no identifier is used twice.
    persons = {c["id"] for o in document["organizations"] for c in o.get("contacts", [])}
    rest = [one for one in ids if one not in persons]
    phones = {c["phones"][0]["id"] for o in document["organizations"] for c in o.get("contacts", []) if "phones" in c}
    assert len({one for one in rest if one not in phones}) == len([one for one in rest if one not in phones])


# --- random offers -----------------------------------------------------------------------------------------

CHARS = st.characters(exclude_categories=("Cs",), exclude_characters="\0")
TEXT = st.text(CHARS, max_size=40) | st.sampled_from(
    ["", " ", "=1", "<script>", "{{ x }}", "\u202eab", "a\r\nb", "'", "ja", "İ ß ǅ", "x" * 5000]
)
NAME = st.text(CHARS, min_size=1, max_size=30).filter(
    lambda text: bool(text.strip()) and text.strip("\x1c\x1d\x1e\x1f")
)
LINE = st.text(CHARS, max_size=30)
DAY = st.dates(dt.date(1, 1, 1), dt.date(9999, 12, 31))
LANGUAGES = st.lists(st.sampled_from(list(Language.values)), max_size=4)
OFFER = st.fixed_dictionaries(
    {
        "name": NAME,
        **dict.fromkeys(("support", "purpose", "course", "place", "start", "accessibility", "bring", "joining"), TEXT),
        "requirements": TEXT,
        "duration": LINE,
        "start_dates": st.lists(DAY, max_size=3),
        "any_time": st.booleans(),
        "hours_per_week": st.none() | st.decimals(Decimal("0.5"), 60, places=1),
        "languages": LANGUAGES,
        "days": st.none() | st.tuples(DAY, DAY).map(sorted),
        "areas": st.lists(st.integers(0, 2), max_size=3),
        "supports": st.lists(st.integers(0, 2), max_size=3),
        "complete": st.booleans(),
        "state": st.sampled_from(["draft", "submitted"]),
        "facts": st.fixed_dictionaries(
            {
                "notice": LINE,
                "assured_by": LINE,
                "assured_on": st.none() | DAY,
                "possible": st.booleans(),
                "immediate": st.booleans(),
            }
        ),
        "provider": st.integers(0, 1),
    }
)
HOUSE = st.fixed_dictionaries(
    {
        "offers": st.lists(OFFER, max_size=4),
        "names": st.lists(NAME, min_size=2, max_size=2, unique_by=lambda name: name.lower()),
        "about": TEXT,
        "words": st.lists(NAME, min_size=3, max_size=3, unique=True),
    }
)


def fill_randomly(house: dict[str, Any]) -> None:
    providers = [ProviderFactory(name=name, about=house["about"], address=house["words"][0]) for name in house["names"]]
    contacts = [ProviderContactFactory(provider=provider, role=house["words"][1]) for provider in providers]
    spaces = [SocialSpace.objects.get_or_create(name=name)[0].pk for name in house["words"]]
    kinds = [
        SupportKindFactory(code=f"zufall-{n}", text=f"{n} {name}"[:80]).code for n, name in enumerate(house["words"])
    ]
    body = FundingBody.objects.get_or_create(name=house["words"][2])[0]
    basis = OfferLegalBasis.objects.get_or_create(name=house["words"][1])[0]
    for drawn in copy.deepcopy(house["offers"]):
        place, facts, days = drawn.pop("provider"), drawn.pop("facts"), drawn.pop("days")
        offer = OfferFactory(provider=providers[place], contact=contacts[place], **facts)
        drawn["areas"] = [spaces[n] for n in drawn["areas"]]
        drawn["supports"] = [kinds[n] for n in drawn["supports"]]
        drawn["valid_from"], drawn["valid_to"] = days or (None, None)
        if drawn.pop("complete"):  # as the factory has it, so that "active" is met often
            drawn = {key: drawn[key] for key in ("name", "start", "start_dates", "any_time", "state")}
        parts = {"funding_body": body, "legal_basis": basis} if drawn["any_time"] else {"funding_body": None}
        OfferVersionFactory(offer=offer, **{drawn.pop("state"): True}, **drawn, **parts)


@given(HOUSE)
@settings(max_examples=60)
def test_any_offers_survive_the_journey(django_db_setup, django_db_blocker, house):
    with django_db_blocker.unblock(), transaction.atomic():
        first = elsewhere(lambda: fill_randomly(house))
        plan = import_hsds(first, by=offer_manager())
        assert not plan.has_errors, (plan.errors, [row.errors for row in plan.rows])
        assert json.loads(json.dumps(export_hsds(Mode.ALL))) == first
        transaction.set_rollback(True)


# --- what is broken ----------------------------------------------------------------------------------------


def change(document: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """The document with one place changed; the path is written as `services.0.name`."""
    changed = copy.deepcopy(document)
    *way, last = path.split(".")
    place: Any = changed
    for step in way:
        place = place[int(step)] if step.isdigit() else place[step]
    place[int(last) if last.isdigit() else last] = value
    return changed


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ("services.0.id", "42", "keine Kennung"),
        ("services.0.id", None, "Kennung (UUID) fehlt"),
        ("services.0.name", "  ", "Name des Angebots fehlt"),
        ("services.0.name", "x" * 201, "höchstens 200"),
        ("services.0.name", ["a"], "Text erwartet"),
        ("services.0.description", "a\0b", "Nullzeichen"),
        ("services.0.description", "\ud800", "halbes Schriftzeichen"),
        ("services.0.status", "offen", "kennt HSDS nicht"),
        ("services.0.assured_date", "gestern", "kein Datum"),
        ("services.0.schedules", "immer", "Liste von Objekten"),
        ("services.0.schedules", [{"valid_from": "2027-02-01", "valid_to": "2027-01-01"}], "liegt vor"),
        ("services.0.languages", [{"code": "tlh"}], "Bekannt sind: Deutsch"),
        ("services.0.organization_id", "5ef4d638-dea6-4287-8ff0-b939356cb3be", "weder in der Datei"),
        ("services.0.contacts", [{"id": "5ef4d638-dea6-4287-8ff0-b939356cb3be"}], "Name der Ansprechperson"),
        ("services.0", 7, "ein Objekt erwartet"),
        ("organizations.0.name", "", "Name des Trägers fehlt"),
        ("organizations.0", [], "ein Objekt erwartet"),
    ],
)
def test_what_is_broken_is_named_and_nothing_is_written(paula, path, value, words):
    document = change(elsewhere(lambda: published_offer()), path, value)

    plan = import_hsds(document, by=paula)
    sentences = plan.errors + [error for row in plan.rows for error in row.errors]
    assert plan.has_errors
    assert any(words in sentence for sentence in sentences), sentences
    assert not Offer.objects.exists()
    assert not Provider.objects.exists()


def test_the_valid_ones_are_taken_when_asked_and_nothing_of_the_broken(paula):
    document = elsewhere(lambda: [published_offer(name=f"Nr {n}") for n in range(3)])
    nested = [
        dict(row, organization=org) for row, org in zip(document["services"], document["organizations"], strict=True)
    ]
    nested[1]["status"] = "?"

    import_hsds(nested, by=paula, only_valid=True)
    assert OfferVersion.objects.count() == Provider.objects.count() == ProviderContact.objects.count() == 2


def test_two_services_or_providers_with_one_identity_are_errors(paula):
    document = elsewhere(lambda: [published_offer(name=f"Nr {n}") for n in range(2)])
    twice = change(document, "services.1.id", document["services"][0]["id"])
    named = change(document, "organizations.1.name", document["organizations"][0]["name"].upper())

    assert "hat schon Angebot 1" in check_hsds(twice).rows[1].errors[0]
    assert "unter einer anderen Kennung" in check_hsds(named).errors[0]


def test_an_offer_that_is_there_is_left_alone_or_gets_a_draft(paula):
    published_offer(name="Eins")
    document = json.loads(json.dumps(export_hsds(Mode.ALL)))
    plan = import_hsds(document, by=paula)
    assert [row.unchanged for row in plan.rows] == [True]
    assert OfferVersion.objects.count() == 1

    plan = import_hsds(change(document, "services.0.description", "Anders."), by=paula)
    assert OfferVersion.objects.get(number=2).support == "Anders."
    assert Offer.objects.count() == Provider.objects.count() == 1
    assert "offenen Entwurf" in check_hsds(change(document, "services.0.description", "Neu.")).rows[0].errors[0]


FOREIGN = {
    "id": "ac148810-d857-441c-9679-408f346de14b", "name": "Community Counselling", "status": "active",
    "description": "Beratung", "fees_description": "50 €", "minimum_age": 12, "url": "https://example.org",
    "schedules": [{"id": "48102e86-bb50-41c4-8f1e-e269368c41d1", "freq": "WEEKLY", "description": "dienstags"}],
    "languages": [{"id": "2989d3ed-c547-48f8-8f9d-432d81c7892e", "name": "Türkisch"}],
    "service_at_locations": [{"id": "e94c9f38-1e8f-4564-91d4-d53501ab1765", "location": {
        "id": "3a19ff88-4620-4d17-9830-ac1d859eb5d5", "location_type": "physical", "name": "Haus",
        "addresses": [{"address_1": "Weg 1", "postal_code": "37073", "city": "Göttingen", "country": "DE"}]}}],
    "organization": {"id": "d9d5e0f5-d3ce-4f73-9a2f-4dd0ecc6c610", "name": "Example", "description": "x"},
    "attributes": [{"id": "1", "taxonomy_term": {"id": "2", "name": "Fremd", "taxonomy": "AIRS", "code": "purpose"}}],
}  # fmt: skip


@pytest.mark.parametrize("wrap", [lambda s: s, lambda s: [s], lambda s: {"contents": [s]}, lambda s: {"services": [s]}])
def test_a_service_of_another_system_comes_in_as_a_draft(paula, wrap):
    plan = import_hsds(wrap(FOREIGN), by=paula)

    assert not plan.has_errors, plan.rows[0].errors
    version = OfferVersion.objects.get()
    assert (version.name, version.course, version.languages) == ("Community Counselling", "dienstags", ["tr"])
    assert version.place == "Haus\nWeg 1, 37073, Göttingen"
    assert version.purpose == ""
    assert version.submitted_at is None
    notes = " ".join(plan.rows[0].notes)
    assert "fees_description, minimum_age, url" in notes
    assert "Kommt als Entwurf" in notes


def test_what_has_ended_elsewhere_is_not_taken(paula):
    plan = import_hsds(dict(FOREIGN, status="defunct"), by=paula)

    assert any("defunct" in note for note in plan.rows[0].notes)
    assert not Provider.objects.exists()
    assert not Offer.objects.exists()


@pytest.mark.parametrize("data", [b"", b"{", b"[" * 200_000, b"\xff\xfe{}", b'{"a": 1' + b"0" * 9000 + b"}", b"nix"])
def test_what_is_no_json_is_refused_with_a_sentence(data):
    with pytest.raises(Unreadable):
        read_document(data)


@pytest.mark.parametrize("data", [1, "x", None, {}, {"services": 3}, {"contents": {}}, {"organizations": "x"}])
def test_what_is_no_hsds_is_refused_with_a_sentence(db, data):
    with pytest.raises(Unreadable):
        check_hsds(data)


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2),
    max_leaves=4,
)


@given(st.dictionaries(st.sampled_from(sorted(FOREIGN)), JSON, max_size=8))
@settings(max_examples=60)
def test_whatever_stands_in_the_fields_no_traceback(django_db_setup, django_db_blocker, wild):
    with django_db_blocker.unblock(), transaction.atomic():
        curator = offer_manager()
        for document in (FOREIGN | wild, {"organizations": [FOREIGN["organization"] | wild], "services": [wild]}):
            try:
                import_hsds(document, by=curator, only_valid=True)
            except (Unreadable, RuleBroken) as fault:
                assert str(fault)
        transaction.set_rollback(True)


def test_two_new_words_that_read_alike_are_one(paula):
    terms = [{"name": "Neu", "code": code, "taxonomy": "fallarbeit:support"} for code in ("neu", "anders")]
    import_hsds(FOREIGN | {"attributes": [{"taxonomy_term": term} for term in terms]}, by=paula)

    assert OfferVersion.objects.get().supports == ["neu", "neu"]
    assert SupportKind.objects.filter(text="Neu").count() == 1


# --- pages -------------------------------------------------------------------------------------------------

IMPORT = "/angebotspflege/austausch/hsds/einlesen/"
EXPORT = "/angebotspflege/austausch/hsds/"


def test_a_document_travels_through_the_pages(paula_client, paula):
    document = elsewhere(fill_office)
    file = io.BytesIO(json.dumps(document).encode())
    file.name = "angebote.json"
    report = paula_client.post(IMPORT, {"step": "upload", "file": file})
    text = report.content.decode()
    assert report.status_code == 200
    assert "Alle 7 einlesen" in text and "Neue Art 1" in text and "<script>" not in text
    assert not Offer.objects.exists()

    click = {"step": "import", "content": report.context["content"], "expected": "7", "take": "all"}
    assert paula_client.post(IMPORT, click | {"expected": "8"}).status_code == 409
    assert "7 Angebote wurden eingelesen" in paula_client.post(IMPORT, click, follow=True).content.decode()
    assert json.loads(paula_client.get(EXPORT + "?alle=1").content) == document
    assert json.loads(paula_client.get(EXPORT).content)["services"] == []


def test_the_page_names_what_cannot_be_read(paula_client):
    assert paula_client.get(IMPORT).status_code == 200
    for data, words in ((b"{", "kein lesbares JSON"), (b"{}", "keine Angebote")):
        file = io.BytesIO(data)
        file.name = "x.json"
        answer = paula_client.post(IMPORT, {"file": file})
        assert answer.status_code == 422
        assert words in answer.content.decode()
