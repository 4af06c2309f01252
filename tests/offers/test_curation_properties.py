"""Three of project management work on offers in any order: what is published was complete, read twice, and stays.

A model in plain Python says of each step whether it must be carried out or refused, and what the catalogue shows on
which day (R4.4-4, R4.4-5, R4.4-7).
"""

import datetime as dt
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from casework.actions import Refused
from casework.models.invariants import find_violations
from offers.actions import curation
from offers.gaps import content_gaps, gaps
from offers.models import CONTENT, Offer, OfferEvent, OfferVersion, ProviderContact, search
from tests import factories
from tests.factories_offers import (
    FundingBodyFactory,
    OfferLegalBasisFactory,
    ProviderContactFactory,
    ProviderFactory,
    area_id,
    offer_manager,
    support_code,
)

ANY = st.integers(0, 1000)  # the place in a list, taken modulo its length
WHO = st.integers(0, 15)  # the last one is no project management
DRAFT, SUBMITTED, REVIEWED, PUBLISHED = "draft", "submitted", "reviewed", "published"
OLD, DISCARDED = "superseded", "discarded"
UNDER_WAY = (DRAFT, SUBMITTED, REVIEWED)
SEEN = st.sampled_from(["", "right", "right", "earlier"])

# What somebody words anew, and whether the description can be published with it.
FINE: tuple[dict[str, Any], ...] = (
    {"name": "Fahrradwerkstatt"},
    {"name": "Nähstube", "bring": "nichts"},
    {"support": "Sie richten unter Anleitung gebrauchte Fahrräder her und fahren sie Probe."},
    {"languages": ["de", "uk"]},
    {"hours_per_week": Decimal("12.5")},
    {"any_time": True, "start": ""},
    {"valid_from": -20, "valid_to": 5},
    {"valid_from": 3, "valid_to": 300},
    {"valid_from": -30, "valid_to": 0},
)
WITH_GAPS: tuple[dict[str, Any], ...] = (
    {"support": "siehe Flyer"},
    {"course": "Text folgt."},
    {"bring": ""},
    {"languages": []},
    {"hours_per_week": None},
    {"any_time": False, "start": ""},
    {"valid_to": None},
    {"valid_from": -30, "valid_to": -1},
    {"funding_body": None},
)
IMPOSSIBLE: tuple[dict[str, Any], ...] = (
    {"name": " "},
    {"valid_from": 9, "valid_to": 2},
    {"hours_per_week": Decimal(0)},
)
WORDINGS = st.one_of(
    st.sampled_from(FINE), st.sampled_from(FINE), st.sampled_from(FINE), st.sampled_from(WITH_GAPS + IMPOSSIBLE)
)

outcomes: Counter[str] = Counter()  # over all runs of a test


def dated(wording: dict[str, Any]) -> dict[str, Any]:
    """Days are told from today."""
    today = timezone.localdate()
    return {
        name: today + dt.timedelta(days=value) if name.startswith("valid") and value is not None else value
        for name, value in wording.items()
    }


# --- the model ---


@dataclass
class Version:
    pk: int
    number: int
    content: dict[str, Any]
    writers: set[int]
    state: str = DRAFT
    was_reviewed: bool = False
    marks: list[str] = field(default_factory=list)  # of each wording that was submitted

    def has_gaps(self) -> bool:
        """By what can be typed here, not by the code under test."""
        of = self.content
        return (
            of["support"].startswith("siehe")
            or of["course"] == "Text folgt."
            or not of["bring"]
            or not of["languages"]
            or of["hours_per_week"] is None
            or not (of["any_time"] or of["start"])
            or of["funding_body"] is None
            or of["valid_to"] is None
            or of["valid_to"] < timezone.localdate()
        )

    def holds_on(self, day: dt.date) -> bool:
        return bool(self.content["valid_from"] <= day <= self.content["valid_to"])


@dataclass
class Shelf:
    """An offer with its versions."""

    pk: int
    contact: int | None
    versions: list[Version] = field(default_factory=list)
    withdrawn: bool = False
    possible: bool = True
    notice: str = ""
    assured: bool = False

    def under_way(self) -> Version | None:
        return next((version for version in self.versions if version.state in UNDER_WAY), None)

    def published(self) -> Version | None:
        return next((version for version in self.versions if version.state == PUBLISHED), None)


class Curating(RuleBasedStateMachine):
    """Paula, two colleagues, and an IFK who has no business here; all of it is rolled back."""

    def __init__(self) -> None:
        super().__init__()
        self.frame = transaction.atomic()
        self.frame.__enter__()

    def teardown(self) -> None:
        try:
            connection.check_constraints()
            assert find_violations() == []
        finally:
            transaction.set_rollback(True)
            self.frame.__exit__(None, None, None)

    @initialize()
    def house(self) -> None:
        self.people = [offer_manager() for _ in range(3)] + [factories.CounsellorFactory().user]
        self.provider = ProviderFactory()
        self.contacts: list[ProviderContact] = [ProviderContactFactory(provider=self.provider) for _ in range(2)]
        self.strange_contact = ProviderContactFactory()
        self.reachable = {contact.pk: True for contact in self.contacts}
        self.complete = {
            "name": "Holzwerkstatt",
            "support": "Sie bauen unter Anleitung ein eigenes Stück aus Holz.",
            "supports": [support_code()],
            "purpose": "Herausfinden, ob die Arbeit mit Holz etwas für Sie ist.",
            "course": "Montag bis Donnerstag von 8 bis 13 Uhr in der Werkstatt, freitags Gespräch mit dem Meister.",
            "place": "Werkhof, Am Beispielweg 3, Göttingen",
            "areas": [area_id()],
            "start": "An jedem Montag",
            "start_dates": [],
            "any_time": False,
            "duration": "drei Monate",
            "hours_per_week": Decimal("20.0"),
            "languages": ["de"],
            "accessibility": "Ebenerdig, mit Aufzug und einer Toilette für Rollstühle.",
            "bring": "Feste Schuhe und etwas zu trinken",
            "requirements": "nichts",
            "funding_body": FundingBodyFactory(),
            "legal_basis": OfferLegalBasisFactory(),
            "joining": "Nach einem Gespräch in der Werkstatt.",
            "valid_from": factories.back(30),
            "valid_to": factories.ahead(180),
        }
        assert set(self.complete) == set(CONTENT)
        self.shelves: list[Shelf] = []
        self.kept: dict[int, dict[str, Any]] = {}  # what was published, as it was then
        self.elsewhere = {hit.offer_id for hit in search.read_offers(limit=1000).hits}
        self.create(0, {})
        self.create(1, {"name": "Nähstube"})
        # Else few runs would have anything in the catalogue.
        self.assure(0, 0, 0, "Ayla Brandt")
        self.move(0, 1, 0, "submit", "")
        self.move(0, 1, 1, "publish", "right")

    # --- what the rules below share

    def person(self, who: int) -> Any:
        return self.people[3] if who == 15 else self.people[who % 3]

    def done(self, what: str, deed: Callable[[], Any], by: int, *, allowed: bool) -> Any:
        """Carried out where the model says so, and by project management alone; else refused in a sentence."""
        allowed, events = allowed and by != 15, OfferEvent.objects.count()
        try:
            with transaction.atomic():
                result = deed()
        except Refused as refused:
            assert refused.message
            assert not allowed, f"{what} was refused: {refused.message}"
            assert OfferEvent.objects.count() == events
            outcomes[f"no {what}"] += 1
            return None
        assert allowed, f"{what} had to be refused"
        outcomes[what] += 1
        return result or True

    def shelf(self, index: int) -> Shelf:
        """Mostly one that is not withdrawn."""
        standing = [shelf for shelf in self.shelves if not shelf.withdrawn]
        some = self.shelves if index % 9 == 5 or not standing else standing
        return some[index % len(some)]

    def version(self, shelf: Shelf, index: int) -> Version:
        """Mostly the one that is worked on."""
        return (index % 6 != 4 and shelf.under_way()) or shelf.versions[index % len(shelf.versions)]

    def stored(self, version: Version) -> OfferVersion:
        return OfferVersion.objects.select_related("offer").get(pk=version.pk)

    # --- an offer and its versions

    @rule(by=WHO, wording=WORDINGS)
    def create(self, by: int, wording: dict[str, Any]) -> None:
        if len(self.shelves) > 4:
            return
        content = self.complete | dated(wording)

        def deed() -> OfferVersion:
            person = self.person(by)
            return curation.create_offer(provider=self.provider, content=content, by=person, contact=self.contacts[0])

        if row := self.done("creation", deed, by, allowed=wording not in IMPOSSIBLE):
            version = Version(row.pk, 1, content, {self.person(by).pk})
            self.shelves.append(Shelf(row.offer_id, self.contacts[0].pk, [version]))

    @rule(offer=ANY, by=WHO)
    def begin(self, offer: int, by: int) -> None:
        shelf = self.shelf(offer)
        allowed = not shelf.withdrawn and not shelf.under_way()
        deed = lambda: curation.start_version(offer=Offer(pk=shelf.pk), by=self.person(by))  # noqa: E731
        if row := self.done("begin", deed, by, allowed=allowed):
            earlier = shelf.published() or shelf.versions[-1]
            writers = {self.person(by).pk} | (set() if earlier.was_reviewed else earlier.writers)
            shelf.versions.append(Version(row.pk, shelf.versions[-1].number + 1, dict(earlier.content), writers))

    @rule(offer=ANY, version=ANY, by=WHO, wording=WORDINGS)
    def write(self, offer: int, version: int, by: int, wording: dict[str, Any]) -> None:
        shelf, content = self.shelf(offer), dated(wording)
        chosen = self.version(shelf, version)
        content_then = chosen.content | content
        fits = not (content_then["valid_to"] and content_then["valid_to"] < content_then["valid_from"])
        same = content_then == chosen.content
        allowed = not shelf.withdrawn and chosen.state == DRAFT and ((wording not in IMPOSSIBLE and fits) or same)
        stored = self.stored(chosen)
        deed = lambda: curation.write_version(version=stored, content=content, by=self.person(by))  # noqa: E731
        if self.done("writing", deed, by, allowed=allowed) and not same:
            chosen.content = content_then
            chosen.writers.add(self.person(by).pk)

    def move(self, offer: int, version: int, by: int, what: str, seen: str) -> None:
        """One step with a version: submit, return, review, publish, discard."""
        shelf = self.shelf(offer)
        chosen = self.version(shelf, version)
        person, stored, state = self.person(by), self.stored(chosen), chosen.state
        second = person.pk not in chosen.writers
        mark, current = "", True
        if seen and chosen.marks:
            mark, current = chosen.marks[-1 if seen == "right" else 0], seen == "right" or len(chosen.marks) == 1
        ready = shelf.assured and shelf.contact is not None and self.reachable[shelf.contact]
        fits, deed = {
            "submit": (state == DRAFT, lambda: curation.submit_version(version=stored, by=person)),
            "return": (
                state == SUBMITTED and bool(version % 5),
                lambda: curation.return_version(version=stored, text="Wochentag?" if version % 5 else " ", by=person),
            ),
            "review": (
                state == SUBMITTED and second and current and not chosen.has_gaps(),
                lambda: curation.review_version(version=stored, by=person, seen=mark),
            ),
            "publish": (
                (state == REVIEWED or (state == SUBMITTED and second)) and current and ready and not chosen.has_gaps(),
                lambda: curation.publish_version(version=stored, by=person, seen=mark),
            ),
            "discard": (state in UNDER_WAY, lambda: curation.discard_version(version=stored, by=person)),
        }[what]
        if self.done(what, deed, by, allowed=fits and not shelf.withdrawn):
            self.moved(shelf, chosen, what)

    def moved(self, shelf: Shelf, version: Version, what: str) -> None:
        if what == "submit":
            version.marks.append(curation.mark_of(self.stored(version)))
        if what == "publish":
            if before := shelf.published():
                before.state = OLD
            self.kept[version.pk] = words(version.pk)
            assert gaps(self.stored(version)) == []
        version.was_reviewed = version.was_reviewed or what in ("review", "publish")
        state = {"submit": SUBMITTED, "return": DRAFT, "review": REVIEWED, "publish": PUBLISHED, "discard": DISCARDED}
        version.state = state[what]

    STEPS = ["submit", "return", "review", "publish", "publish", "discard"]  # noqa: RUF012
    STEP = dict(offer=ANY, version=ANY, by=WHO, what=st.sampled_from(STEPS), seen=SEEN)  # noqa: C408, RUF012
    # Among a dozen rules one alone would not bring much into the catalogue.
    move_first, move_again = rule(**STEP)(move), rule(**STEP)(move)

    @rule(offer=ANY, by=WHO)
    def go_on(self, offer: int, by: int) -> None:
        """What project management does on most days: the next step that stands."""
        shelf = self.shelf(offer)
        if (version := shelf.under_way()) is None:
            self.begin(offer, by)
            return
        self.move(offer, 1, by, "submit" if version.state == DRAFT else "publish", "right")

    @rule(
        offer=ANY,
        by=WHO,
        wording=WORDINGS,
        what=st.sampled_from(["review", "publish"]),
        seen=st.sampled_from(["right", "earlier"]),
    )
    def word_anew(self, offer: int, by: int, wording: dict[str, Any], what: str, seen: str) -> None:
        """Given back, worded anew, submitted again, and looked at: by chance alone it would seldom come so far."""
        self.move(offer, 1, by, "submit", "")
        self.move(offer, 1, by, "return", "")
        self.write(offer, 1, by, wording)
        self.move(offer, 1, by, "submit", "")
        self.move(offer, 1, (by + 1) % 15, what, seen)

    @rule(offer=ANY, by=WHO)
    def withdraw(self, offer: int, by: int) -> None:
        shelf = self.shelf(offer)
        if offer % 5 != 3:
            return  # not each time: else nothing stands for long
        deed = lambda: curation.withdraw_offer(offer=Offer(pk=shelf.pk), by=self.person(by))  # noqa: E731
        if self.done("withdrawal", deed, by, allowed=not shelf.withdrawn):
            shelf.withdrawn = True
            if version := shelf.under_way():
                version.state = DISCARDED

    # --- what needs no second review

    @rule(offer=ANY, by=WHO, days=st.sampled_from([-40, -1, 0, 0, 1]), who=st.sampled_from(["Ayla Brandt"] * 4 + [" "]))
    def assure(self, offer: int, by: int, days: int, who: str) -> None:
        shelf, day = self.shelf(offer), timezone.localdate() + dt.timedelta(days=days)
        allowed = not shelf.withdrawn and days <= 0 and bool(who.strip())
        person = self.person(by)
        deed = lambda: curation.assure_offer(offer=Offer(pk=shelf.pk), on=day, assured_by=who, by=person)  # noqa: E731
        shelf.assured = bool(self.done("assurance", deed, by, allowed=allowed)) or shelf.assured

    @rule(offer=ANY, by=WHO, possible=st.booleans(), notice=st.sampled_from(["Im August geschlossen.", "", " "]))
    def tell(self, offer: int, by: int, possible: bool, notice: str) -> None:
        shelf, person = self.shelf(offer), self.person(by)
        deed = lambda: curation.set_possible(offer=Offer(pk=shelf.pk), possible=possible, by=person)  # noqa: E731
        if self.done("possible", deed, by, allowed=not shelf.withdrawn):
            shelf.possible = possible
        deed = lambda: curation.set_notice(offer=Offer(pk=shelf.pk), notice=notice, by=person)  # noqa: E731
        if self.done("notice", deed, by, allowed=not shelf.withdrawn):
            shelf.notice = notice.strip()

    @rule(offer=ANY, by=WHO, which=st.sampled_from([0, 0, 1, 1, 2, 3]))
    def ask_somebody_else(self, offer: int, by: int, which: int) -> None:
        shelf, person = self.shelf(offer), self.person(by)
        contact = [*self.contacts, None, self.strange_contact][which]
        deed = lambda: curation.set_contact(offer=Offer(pk=shelf.pk), contact=contact, by=person)  # noqa: E731
        if self.done("contact", deed, by, allowed=not shelf.withdrawn and which != 3):
            shelf.contact = contact.pk if contact else None

    @rule(which=st.integers(0, 1), by=WHO, phone=st.sampled_from(["0551 1", "0551 2", " "]))
    def another_number(self, which: int, by: int, phone: str) -> None:
        contact, person = self.contacts[which], self.person(by)
        deed = lambda: curation.change_contact_person(contact=contact, changes={"phone": phone}, by=person)  # noqa: E731
        if self.done("number", deed, by, allowed=True):
            self.reachable[contact.pk] = bool(phone.strip())

    # --- what must hold

    @invariant()
    def versions_are_as_the_model_says(self) -> None:
        for shelf in self.shelves:
            rows = list(OfferVersion.objects.filter(offer=shelf.pk).order_by("number"))
            assert [(row.pk, row.number) for row in rows] == [
                (v.pk, v.number) for v in shelf.versions
            ]  # none disappears
            for row, version in zip(rows, shelf.versions, strict=True):
                assert state_of(row) == version.state
                assert set(row.writers) == version.writers
                assert row.reviewed_by_id not in version.writers
                assert {name: getattr(row, name) for name in CONTENT} == version.content
            assert sum(row.published_at is not None and row.superseded_at is None for row in rows) <= 1

    @invariant()
    def what_was_published_stays_and_is_complete(self) -> None:
        for pk, then in self.kept.items():
            assert words(pk) == then
        published = OfferVersion.objects.filter(published_at__isnull=False)
        assert set(published.values_list("pk", flat=True)) == set(self.kept)
        assert not [row.pk for row in published.select_related("funding_body", "legal_basis") if content_gaps(row)]
        assert not published.filter(reviewed_by=F("author")).exists()

    @invariant()
    def the_catalogue_shows_what_holds(self) -> None:
        today = timezone.localdate()
        for days in (0, 4, 400):
            day = today + dt.timedelta(days=days)
            expected = {}
            for shelf in self.shelves:
                version = shelf.published()
                if version and not shelf.withdrawn and version.holds_on(day):
                    expected[shelf.pk] = (version.content["name"], shelf.possible, shelf.notice)
            found = search.read_offers(limit=1000, today=day)
            shown = {hit.offer_id: (hit.name, hit.possible, hit.notice) for hit in found.hits}
            assert {pk: hit for pk, hit in shown.items() if pk not in self.elsewhere} == expected
            assert found.total == len(found.hits)
            outcomes["shown"] += len(expected)


def state_of(row: OfferVersion) -> str:
    if row.discarded_at:
        return DISCARDED
    if row.published_at:
        return OLD if row.superseded_at else PUBLISHED
    if row.reviewed_at:
        return REVIEWED
    return SUBMITTED if row.submitted_at else DRAFT


def words(pk: int) -> dict[str, Any]:
    """What was said and by whom; `superseded_at` alone comes later."""
    row: dict[str, Any] = OfferVersion.objects.values().get(pk=pk)
    return {name: value for name, value in row.items() if name != "superseded_at"}


def run(examples: int, steps: int, *, same_each_time: bool, phases: tuple[Phase, ...] = tuple(Phase)) -> None:
    outcomes.clear()
    run_state_machine_as_test(
        Curating,
        settings=settings(max_examples=examples, stateful_step_count=steps, derandomize=same_each_time, phases=phases),
    )


def test_whatever_curators_do_the_catalogue_holds_what_two_have_read(db):
    run(examples=6, steps=15, same_each_time=True)
    assert outcomes["submit"] > 6, outcomes
    assert outcomes["publish"], outcomes
    assert outcomes["no publish"], outcomes
    assert outcomes["shown"], outcomes


BREAKS: dict[str, tuple[Any, str, Any]] = {
    "nobody looks for gaps": (curation, "content_gaps", lambda version: []),
    "the offer is not looked at": (curation, "gaps", content_gaps),
    "withdrawing leaves the catalogue as it is": (
        search,
        "FOUND",
        search.FOUND.replace("AND o.withdrawn_at IS NULL", ""),
    ),
    "the catalogue forgets the days": (search, "FOUND", search.FOUND.replace("AND v.valid_to", "AND 'infinity'")),
}


def test_a_review_of_another_wording_than_was_read_is_found(db, monkeypatch):
    monkeypatch.setattr(curation, "mark_of", lambda version: "same")
    office = Curating()
    office.house()
    with pytest.raises(AssertionError, match="review had to be refused"):
        office.word_anew(1, 1, {"hours_per_week": Decimal(5)}, "review", "earlier")
    office.teardown()


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("what", BREAKS)
def test_a_broken_rule_is_found(db, monkeypatch, what):
    monkeypatch.setattr(*BREAKS[what])
    with pytest.raises((AssertionError, ExceptionGroup)):
        run(examples=60, steps=25, same_each_time=True, phases=(Phase.generate,))


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_whatever_curators_do_for_a_long_time_the_catalogue_holds_what_two_have_read(db):
    run(examples=200, steps=40, same_each_time=False)
    steps = ("creation", "begin", "writing", "submit", "return", "review", "publish", "discard", "withdrawal")
    for what in (*steps, "assurance", "possible", "notice", "contact", "number"):
        assert outcomes[what], (what, outcomes)
        assert outcomes[f"no {what}"], (what, outcomes)
