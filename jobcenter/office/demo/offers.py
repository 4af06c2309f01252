"""Offers of the demonstration: providers, their offers and versions, the group of the Jobakademie, Bedarfe.

All of it is there before the first case is told; what people chose is in offers_chosen.py.
"""

import datetime as dt
import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Self

from agreements.models import SocialSpace
from casework.enums import SpecialistArea
from casework.models import User
from jobcenter.office.demo import names
from jobcenter.office.demo import wording_offers_common as common
from jobcenter.office.demo.rows import chance, key
from jobcenter.office.demo.sizes import Size, WorkCalendar
from jobcenter.office.demo.staff import CITY, Staff, Worker
from jobcenter.office.demo.wording_offers import ACADEMY, KINDS
from offers.enums import OfferEventKind
from offers.models import (
    DemandNote,
    DemandReply,
    DemandReplyNote,
    FundingBody,
    Group,
    GroupDate,
    GroupTrainer,
    Offer,
    OfferEvent,
    OfferLegalBasis,
    OfferRemark,
    OfferVersion,
    Provider,
    ProviderContact,
)

WORDED_ANEW, NOT_POSSIBLE, NOTICED, EXPIRED, REMARKED = 0.3, 0.06, 0.12, 0.05, 0.15  # shares
CAN_CHOOSE = 0.78  # share of the cases that ever come to an agreement and a look at resources
EVERYWHERE = "*"
LANGUAGES = ("ar", "uk", "en", "tr", "fa", "ru", "pl", "sq", "kmr", "ti", "fr", "ro")
GROUP_DAYS = (0, 2, 4)  # Monday, Wednesday, Friday


@dataclass
class Kind:
    """What offers of one kind say, and what people say of them."""

    art: str
    namen: list[str] = field(default_factory=list)
    themen: list[str] = field(default_factory=list)
    arten: list[str] = field(default_factory=list)
    gibt: list[str] = field(default_factory=list)
    gut: list[str] = field(default_factory=list)
    woche: list[str] = field(default_factory=list)
    mit: list[str] = field(default_factory=list)
    dauer: list[str] = field(default_factory=list)
    stunden: list[str] = field(default_factory=list)
    absicht: list[str] = field(default_factory=list)
    wurde: list[str] = field(default_factory=list)


def read_kinds(text: str) -> list[Kind]:
    """Read `word: sentence` lines; `art:` begins a kind."""
    kinds: list[Kind] = []
    for line in filter(None, text.splitlines()):
        word, _, sentence = line.partition(": ")
        if word == "art":
            kinds.append(Kind(sentence))
        elif word in ("namen", "dauer", "stunden"):
            getattr(kinds[-1], word).extend(sentence.split(" / "))
        elif word == "arten":
            kinds[-1].arten = sentence.split()
        else:
            getattr(kinds[-1], word).append(sentence)
    return kinds


ALL_KINDS = read_kinds(KINDS)
[JOB_ACADEMY] = read_kinds(ACADEMY)


@dataclass(frozen=True, slots=True)
class Shown:
    """An offer while cases are invented: what can be chosen of it, and when."""

    id: int
    kind: Kind
    area: str
    provider_id: int
    with_whom: str
    first: int  # numbers of working days
    last: int


@dataclass
class OfferDirectory:
    """What people choose from; `rate`: choices of a case that may have some."""

    shown: dict[str, list[Shown]]  # by topic
    academy: Shown
    groups: dict[int, int]  # by the account of the trainer
    rate: float
    members: dict[int, int] = field(default_factory=dict)  # how many are in each group

    @classmethod
    def of(cls, size: Size, seed: int, calendar: WorkCalendar, staff: Staff) -> Self:
        builder = OfferBuilder(size, chance(seed, "offers"), calendar, staff)
        builder.build()
        by_topic: dict[str, list[Shown]] = defaultdict(list)
        for shown in builder.shown:
            for topic in shown.kind.themen:
                by_topic[topic].append(shown)
        return cls(by_topic, builder.academy, builder.groups, size.choices / size.cases / CAN_CHOOSE)

    def could_choose(self, topic: str, index: int) -> list[Shown]:
        """Offers of the topic and of every topic on that day."""
        of_topic = [*self.shown[topic], *self.shown[EVERYWHERE]]
        return [shown for shown in of_topic if shown.first < index < shown.last]


class OfferBuilder:
    def __init__(self, size: Size, rng: random.Random, calendar: WorkCalendar, staff: Staff) -> None:
        self.size, self.rng, self.calendar, self.staff = size, rng, calendar, staff
        self.managers = staff.managers
        self.spaces = dict(SocialSpace.objects.values_list("name", "id"))
        self.areas = [area for area in common.TOWNS if area in self.spaces]
        self.bodies = list(FundingBody.objects.order_by("position"))
        self.bases = list(OfferLegalBasis.objects.order_by("id"))
        self.own_basis = self.bases[-1]
        self.names: set[str] = set()
        self.shown: list[Shown] = []
        self.groups: dict[int, int] = {}
        self.offers: list[Offer] = []
        self.versions: list[OfferVersion] = []
        self.events: list[OfferEvent] = []

    def build(self) -> None:
        self._providers()
        plans = [(ALL_KINDS[number % len(ALL_KINDS)], number) for number in range(self.size.offers - 1)]
        made = [self._offer(kind, number) for kind, number in plans]
        academy = self._academy()
        unfinished = [self._unfinished(number) for number in range(4)]
        Offer.objects.bulk_create([*(plan[0] for plan in made), academy[0], *(plan[0] for plan in unfinished)])
        for offer, kind, area, first, last in [*made, academy]:
            self._publish(offer, kind, area, first, last)
        for number, (offer, kind, area) in enumerate(unfinished):
            self._draft(offer, kind, area, is_submitted=number == 0)
        OfferVersion.objects.bulk_create(self.versions)
        OfferEvent.objects.bulk_create(self.events)
        self.academy = self.shown.pop()
        self._remarks()
        self._demands()
        self._group()

    # Providers

    def _providers(self) -> None:
        rng, rows = self.rng, []
        pairs = [(firm, house) for firm in common.FIRMS for house in common.HOUSES]
        for firm, house in rng.sample(pairs, self.size.providers - 1):
            address = f"{rng.choice(common.STREETS)} {rng.randint(1, 60)}"
            host = f"{firm}-{house}".lower().replace(" ", "-").replace("ü", "ue").replace("ä", "ae").replace("ö", "oe")
            rows.append(self._provider(f"{firm} {house}", rng.choice(common.ABOUT), address, f"{host}.example"))
        rows.append(self._provider("Jobcenter, eigenes Angebot", "Angebote des Hauses.", "Am Jobcenter 1", ""))
        self.providers = Provider.objects.bulk_create(rows)
        self.contacts = ProviderContact.objects.bulk_create(
            self._contact(provider) for provider in self.providers for _ in range(rng.choice((1, 1, 2)))
        )
        self.contact_of: dict[int, list[ProviderContact]] = defaultdict(list)
        for contact in self.contacts:
            self.contact_of[contact.provider_id].append(contact)

    def _provider(self, name: str, about: str, address: str, host: str) -> Provider:
        return Provider(
            uid=key(self.rng),
            name=name,
            about=about,
            address=f"{address}, {self.rng.choice(list(common.TOWNS.values()))}",
            website=f"https://{host}/" if host else "",
            email=f"kontakt@{host}" if host else "",
            phone=names.telephone(self.rng),
            created_at=self._moment(0),
            created_by=self.managers[0],
        )

    def _contact(self, provider: Provider) -> ProviderContact:
        return ProviderContact(
            uid=key(self.rng),
            provider=provider,
            name=" ".join(names.person(self.rng)),
            role=self.rng.choice(common.ROLES),
            phone=names.telephone(self.rng),
            email=provider.email,
        )

    # Offers

    def _new(self, provider: Provider, *, immediate: bool = False) -> Offer:
        rng = self.rng
        contact = rng.choice(self.contact_of[provider.pk])
        assured = self.calendar.today - 1 - min(int(rng.expovariate(1 / 50)), 200)
        return Offer(
            uid=key(rng),
            provider=provider,
            immediate=immediate,
            contact=contact,
            assured_on=self.calendar.days[assured],
            assured_by=contact.name,
            created_at=self._moment(1),
            created_by=rng.choice(self.managers),
        )

    def _offer(self, kind: Kind, number: int) -> tuple[Offer, Kind, str, int, int]:
        """From when until when it may be chosen; some show what else there is: expiring, withdrawn, not now."""
        rng, calendar = self.rng, self.calendar
        offer = self._new(self.providers[number % (len(self.providers) - 1)])
        first = rng.randint(2, 18) if rng.random() < 0.75 else rng.randint(20, calendar.today - 20)
        last = calendar.today + rng.randint(60, 350)
        if number == 1:
            last = calendar.today + 8
        elif number == 2:
            offer.withdrawn_at = self._moment(calendar.today - 6)
            offer.withdrawn_by = offer.created_by
            first, last = 3, calendar.today - 6
        elif number == 3 or (number > 3 and rng.random() < NOT_POSSIBLE):
            offer.possible, offer.notice = False, common.NOT_NOW
        elif number == 4:
            offer.assured_on = calendar.reference - dt.timedelta(days=215)
        elif rng.random() < EXPIRED:
            first, last = 3, calendar.today - rng.randint(5, 120)
        elif rng.random() < NOTICED:
            offer.notice = rng.choice(common.NOTICES)
        return offer, kind, self.areas[(number + number // len(ALL_KINDS)) % len(self.areas)], first, last

    def _academy(self) -> tuple[Offer, Kind, str, int, int]:
        offer = self._new(self.providers[-1], immediate=True)
        return offer, JOB_ACADEMY, self.areas[0], 2, self.calendar.today + 300

    def _unfinished(self, number: int) -> tuple[Offer, Kind, str]:
        kind = ALL_KINDS[(7 * number + 3) % len(ALL_KINDS)]
        return self._new(self.rng.choice(self.providers[:-1])), kind, self.rng.choice(self.areas)

    # Versions

    def _content(self, offer: Offer, kind: Kind, area: str, first: int, last: int) -> dict[str, Any]:
        rng, days = self.rng, self.calendar.days
        hours = {"von": str(rng.choice((8, 9, 10))), "bis": str(rng.choice((12, 13, 14, 15)))}
        start = rng.choice(common.STARTS)
        ahead = sorted(rng.sample(range(5, 120), 3))
        way = rng.choice(common.WAYS).format(linie=rng.randint(1, 90))
        is_own = offer.immediate
        body = self.bodies[rng.randint(0, 1) if is_own or rng.random() < 0.7 else rng.randrange(len(self.bodies))]
        return {
            "name": self._name(offer, kind, area),
            "support": rng.choice(kind.gibt),
            "supports": kind.arten,
            "purpose": rng.choice(kind.gut),
            "course": rng.choice(kind.woche).format(**hours),
            "place": f"{offer.provider.name}, {rng.choice(common.STREETS)} {rng.randint(1, 60)}, "
            f"{common.TOWNS[area]}. {way}",
            "areas": sorted({self.spaces[area], *(self.spaces[a] for a in self.areas if is_own or rng.random() < 0.2)}),
            "start": start,
            "start_dates": [] if start else [days[self.calendar.today + n] for n in ahead],
            "any_time": start == common.STARTS[0],
            "duration": rng.choice(kind.dauer),
            "hours_per_week": Decimal(rng.choice(kind.stunden)),
            "languages": ["de", *rng.sample(LANGUAGES, rng.choice((0, 0, 1, 2)))],
            "accessibility": rng.choice(common.ACCESS),
            "bring": rng.choice(kind.mit),
            "requirements": rng.choice(common.REQUIREMENTS),
            "funding_body": body,
            "legal_basis": self.own_basis if is_own else rng.choice(self.bases[:-1]),
            "joining": rng.choice(common.JOINING),
            "valid_from": days[first],
            "valid_to": days[min(last, len(days) - 1)],
        }

    def _name(self, offer: Offer, kind: Kind, area: str) -> str:
        """Each offer has a name of its own: the house, then the town, then the house and a number tell them apart."""
        house = " ".join(offer.provider.name.split()[1:])
        stems = self.rng.sample(kind.namen, len(kind.namen))
        for stem in (stems[0], *(f"{s} {house}" for s in stems), *(f"{s} in {common.TOWNS[area]}" for s in stems)):
            if stem not in self.names and (offer.immediate or stem != stems[0] or self.rng.random() < 0.5):
                break
        else:
            number = next(n for n in range(2, 1_000) if f"{stems[0]} {house} {n}" not in self.names)
            stem = f"{stems[0]} {house} {number}"
        self.names.add(stem)
        return stem

    def _publish(self, offer: Offer, kind: Kind, area: str, first: int, last: int) -> None:
        content = self._content(offer, kind, area, first, last)
        writer, reader = self._two(offer)
        published = self._version(offer, 1, content, writer, reader, first)
        if last - first > 120 and self.rng.random() < WORDED_ANEW and offer.withdrawn_at is None:
            anew = self.rng.randint(first + 60, min(last, self.calendar.today) - 10)
            published.superseded_at = self._moment(anew)
            again = content | {"course": self.rng.choice(kind.woche).format(von="8", bis="14")}
            self._version(offer, 2, again, reader, writer, anew, at=published.superseded_at)
        self._what_happened(offer)
        with_whom = f"{offer.contact.name}, {offer.provider.name}" if offer.contact else offer.provider.name
        self.shown.append(Shown(offer.pk, kind, area, offer.provider_id, with_whom, first, last))

    def _version(
        self,
        offer: Offer,
        number: int,
        content: dict[str, Any],
        writer: User,
        reader: User,
        index: int,
        at: dt.datetime | None = None,
    ) -> OfferVersion:
        at = at or self._moment(index)
        begun, given = at - dt.timedelta(days=5), at - dt.timedelta(days=2)
        version = OfferVersion(
            offer=offer,
            number=number,
            **content,
            author=writer,
            writers=[writer.pk],
            created_at=begun,
            created_by=writer,
            submitted_at=given,
            submitted_by=writer,
            reviewed_at=at,
            reviewed_by=reader,
            published_at=at,
            published_by=reader,
        )
        self.versions.append(version)
        for kind, moment, by in (
            (OfferEventKind.DRAFTED, begun, writer),
            (OfferEventKind.SUBMITTED, given, writer),
            (OfferEventKind.REVIEWED, at, reader),
            (OfferEventKind.PUBLISHED, at, reader),
        ):
            self.events.append(OfferEvent(offer=offer, kind=kind, at=moment, by=by))
        return version

    def _two(self, offer: Offer) -> tuple[User, User]:
        others = [manager for manager in self.managers if manager != offer.created_by]
        return offer.created_by, others[0]

    def _what_happened(self, offer: Offer) -> None:
        """What else the history of an offer tells."""
        recently = self._moment(self.calendar.today - self.rng.randint(3, 15))
        if offer.withdrawn_at is not None:
            self._event(offer, OfferEventKind.WITHDRAWN, offer.withdrawn_at)
        elif not offer.possible:
            self._event(offer, OfferEventKind.NOT_POSSIBLE, recently)
        if offer.notice:
            self._event(offer, OfferEventKind.NOTICE, recently, offer.notice)

    def _event(self, offer: Offer, kind: OfferEventKind, at: dt.datetime, text: str = "") -> None:
        self.events.append(OfferEvent(offer=offer, kind=kind, text=text, at=at, by=offer.created_by))

    def _draft(self, offer: Offer, kind: Kind, area: str, *, is_submitted: bool) -> None:
        """Complete and waiting for the second person, or half written."""
        today = self.calendar.today
        content = self._content(offer, kind, area, today + 5, today + 200)
        writer = offer.created_by
        at = self._moment(today - 4)
        if not is_submitted:
            content |= {"bring": "", "course": "", "hours_per_week": None, "joining": ""}
        self.versions.append(
            OfferVersion(
                offer=offer,
                number=1,
                **content,
                author=writer,
                writers=[writer.pk],
                created_at=at,
                created_by=writer,
                review_note="" if is_submitted else common.REVIEW_NOTE,
                submitted_at=at if is_submitted else None,
                submitted_by=writer if is_submitted else None,
            )
        )
        self._event(offer, OfferEventKind.DRAFTED, at)
        if is_submitted:
            self._event(offer, OfferEventKind.SUBMITTED, at)

    # What colleagues told project management, and what came of it

    def _remarks(self) -> None:
        rng = self.rng
        rows = []
        for shown in self.shown:
            if rng.random() >= REMARKED:
                continue
            index = rng.randint(max(shown.first, self.calendar.today - 60), self.calendar.today - 2)
            answer = rng.choice(common.REMARK_ANSWERS)
            rows.append(
                OfferRemark(
                    offer_id=shown.id,
                    text=rng.choice(common.REMARKS),
                    at=self._moment(index),
                    by=rng.choice(self.staff.workers).user,
                    answer=answer,
                    done_at=self._moment(index + 1) if answer else None,
                    done_by=rng.choice(self.managers) if answer else None,
                )
            )
        OfferRemark.objects.bulk_create(rows)

    def _demands(self) -> None:
        """Sentences of the last half-years, and a few answers."""
        rng, day = self.rng, self.calendar.reference
        halves = [f"{year}-{half}" for year in range(day.year - 1, day.year + 1) for half in (1, 2)]
        halves = [half for half in halves if half <= f"{day.year}-{1 if day.month <= 6 else 2}"]
        notes = [
            DemandNote(uuid=key(rng), half_year=half, text=text)
            for half in halves
            for text in rng.sample(common.DEMANDS, rng.randint(6, 10))
        ]
        DemandNote.objects.bulk_create(notes)
        offers = [shown.id for shown in self.shown]
        replies = DemandReply.objects.bulk_create(
            DemandReply(
                need=need,
                text=text,
                offer_id=rng.choice(offers) if number == 1 else None,
                at=self._moment(self.calendar.today - rng.randint(5, 80)),
                by=rng.choice(self.managers),
            )
            for number, (_, need, text) in enumerate(common.REPLIES)
        )
        DemandReplyNote.objects.bulk_create(
            DemandReplyNote(reply=reply, note=note)
            for reply, (place, _, _) in zip(replies, common.REPLIES, strict=True)
            for note in notes
            if note.text == common.DEMANDS[place]
        )

    # Groups of the Jobakademie

    def _group(self) -> None:
        """One for each of its Spezial-IFK; it begins next week, whoever wants is in it from day one."""
        trainers = [worker for worker in self.staff.workers if worker.area == SpecialistArea.JOB_ACADEMY]
        for number, trainer in enumerate(trainers, 1):
            group = Group.objects.create(
                organisation=trainer.user.organisation,
                offer_id=self.academy.id,
                name=f"Jobakademie {'Stadt' if trainer.user.organisation.name == CITY else 'Kreis'}, Gruppe {number}",
                place=trainer.room,
                starts_on=self._monday(),
                ends_on=self._monday() + dt.timedelta(days=60),
                created_at=self._moment(self.calendar.today - 15),
                created_by=trainer.user,
            )
            GroupTrainer.objects.create(group=group, counsellor=trainer.user.counsellor, by=trainer.user)
            GroupDate.objects.bulk_create(self._dates(group, trainer))
            self.groups[trainer.id] = group.pk

    def _monday(self) -> dt.date:
        day = self.calendar.reference + dt.timedelta(days=1)
        return day + dt.timedelta(days=-day.weekday() % 7)

    def _dates(self, group: Group, trainer: Worker) -> Iterator[GroupDate]:
        days = [day for day in self.calendar.days if group.starts_on <= day <= group.ends_on]
        meetings = [day for day in days if day.weekday() in GROUP_DAYS]
        for number, day in enumerate(meetings):
            yield GroupDate(
                group=group,
                starts_at=self.calendar.moment(self.calendar.index(day), 9 * 60),
                place=group.place,
                subject=common.GROUP_SUBJECTS[number % len(common.GROUP_SUBJECTS)],
                created_by=trainer.user,
            )

    def _moment(self, index: int) -> dt.datetime:
        return self.calendar.moment(index, self.rng.randint(8 * 60, 16 * 60), self.rng.randint(0, 59))
