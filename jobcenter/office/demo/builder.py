"""The demonstration office as a whole: staff, plan, then the cases in chunks (design.md 1: all rules on)."""

import datetime as dt
import random
from collections.abc import Callable, Iterator

from django.db import transaction

from casework.enums import DetailKind, DetailOrigin
from casework.models import Case, Client, ClientDetail, ContactChannel
from jobcenter.office.demo import names, phrases
from jobcenter.office.demo.agreed import Agreed, Directory
from jobcenter.office.demo.duties import Law, add_duty
from jobcenter.office.demo.history import CaseHistory, Office
from jobcenter.office.demo.offers import OfferDirectory
from jobcenter.office.demo.offers_chosen import Chosen
from jobcenter.office.demo.own_words import SCRIPTS
from jobcenter.office.demo.plan import CasePlan, Planner
from jobcenter.office.demo.rows import Rows, chance, next_case_numbers
from jobcenter.office.demo.sizes import SHOWCASE, SIZES, WorkCalendar
from jobcenter.office.demo.staff import StaffBuilder, Worker
from jobcenter.office.demo.voice import ALL_TOPICS, Voice

CHUNK = 4_000  # contacts between two looks of the deferred rules
SPREAD = {"M": 1.0, "L": 1.0}  # the scatter of the lengths of notes


def build(size_name: str, seed: int, day: dt.date, progress: Callable[[float], None]) -> dict[str, int]:
    """Fill an empty database in one transaction, so that half an office cannot stay behind."""
    with transaction.atomic():
        return DemoOffice(size_name, seed, day).build(progress)


class DemoOffice:
    def __init__(self, size_name: str, seed: int, day: dt.date) -> None:
        self.size, self.seed = SIZES[size_name], seed
        self.spread = SPREAD.get(size_name, 0.75)
        self.calendar = WorkCalendar(day, self.size.years)

    def build(self, progress: Callable[[float], None]) -> dict[str, int]:
        self.staff = StaffBuilder(self.size, self.seed, self.calendar).build()
        self.colleagues = {worker.id: self.staff.colleagues(worker) for worker in self.staff.workers}
        self.known: dict[int, tuple[int, str]] = {}  # people: client id and how they are called
        self.directory = Directory.of(self.seed, self.calendar, self.staff.workers)
        self.offers = OfferDirectory.of(self.size, self.seed, self.calendar, self.staff)
        self.law = Law.of()
        channels = dict(ContactChannel.objects.values_list("code", "id"))
        plans = Planner(self.size, self.seed, self.calendar, self.staff).plans()
        # Who is taken up again comes back after the end of the first case, and is one person.
        self.returning = {plan.person for plan in plans if plan.previous}
        contacts = sum(len(plan.contacts) for plan in plans)
        written = 0
        with Rows() as self.rows:
            office = Office(self.rows, self.calendar, self.size, channels, set())
            for chunk in _chunks(plans):
                self.rows.settle()
                numbers = next_case_numbers(len(chunk))
                self.rows.provide_ids()
                self.rows.write()
                for plan, number in zip(chunk, numbers, strict=True):
                    self._case(office, plan, number)
                written += sum(len(plan.contacts) for plan in chunk)
                progress(written / contacts)
            self.rows.settle()
            self.rows.write()
            self.rows.settle()
        return {str(model._meta.verbose_name_plural): count for model, count in self.rows.counts.items()}

    def _case(self, office: Office, plan: CasePlan, number: int) -> None:
        rng = chance(self.seed, "case", plan.person, plan.previous is None, plan.closed)
        plan.number = f"F-{self.calendar.days[plan.opened]:%y}-{number:05d}"
        is_new = plan.person not in self.known
        client_id, name = (self.rows.new_id(Client), "") if is_new else self.known.pop(plan.person)
        plan.ids = (client_id, self.rows.new_id(Case))
        given, family = self._person(plan)
        name = name or f"{given} {family}"
        colleagues = self.colleagues[plan.worker.id]
        town = self._town(plan.worker)
        topic = None
        if plan.shape is SHOWCASE:
            topic = ALL_TOPICS[0]
        elif plan.special_name in SCRIPTS:
            topic = next(topic for topic in ALL_TOPICS if topic.thema == "Deutsch lernen")
        voice = Voice(rng, name, town, self.size.text_median, self.spread, topic)
        own_chance = chance(self.seed, "agreed", plan.person, plan.previous is None, plan.closed)
        agreed = Agreed(self.rows, self.calendar, plan, voice, self.directory, own_chance)
        history = CaseHistory(office, plan, colleagues, rng, voice, agreed)
        if is_new:
            self._client(plan, rng, history, given, family)
            if plan.person in self.returning:
                self.known[plan.person] = (client_id, name)
        history.write()
        own_chance = chance(self.seed, "chosen", plan.person, plan.previous is None, plan.closed)
        Chosen(self.rows, self.calendar, plan, voice, self.offers, own_chance).lay_over(agreed)
        add_duty(history, self.law, chance(self.seed, "duty", plan.person, plan.opened))

    def _person(self, plan: CasePlan) -> tuple[str, str]:
        if plan.shape is SHOWCASE:
            return names.SHOWCASE_NAME
        if plan.special_name is not None:
            return names.SPECIAL_NAMES[plan.special_name]
        return names.person(chance(self.seed, "person", plan.person))

    @staticmethod
    def _town(worker: Worker) -> str:
        return "Hann. Münden" if worker.place == "Münden" else worker.place

    def _client(self, plan: CasePlan, rng: random.Random, history: CaseHistory, given: str, family: str) -> None:
        worker, at = history.responsible(plan.opened), history.opened_at
        born = self.calendar.reference - dt.timedelta(days=rng.randint(19 * 365, 64 * 365))
        self.rows.add(
            Client,
            id=plan.ids[0],
            organisation_id=worker.user.organisation_id,
            family_name=family,
            given_name=given,
            preferred_name=rng.choice(names.GIVEN) if rng.random() < 0.03 else "",
            birth_date=born,
            external_ref=f"LV-{100_000 + plan.person}" if rng.random() < 0.97 else None,
            created_at=at,
            created_by_id=worker.id,
            version=1,
        )
        for kind, text, origin in self._details(rng, plan.worker.place):
            self.rows.add(
                ClientDetail,
                client_id=plan.ids[0],
                kind=str(kind),
                text=text,
                origin=str(origin),
                recorded_at=at,
                recorded_by_id=worker.id,
            )

    @staticmethod
    def _details(rng: random.Random, place: str) -> Iterator[tuple[DetailKind, str, DetailOrigin]]:
        own, system, third = DetailOrigin.PERSON, DetailOrigin.LEADING_SYSTEM, DetailOrigin.THIRD_PARTY
        if rng.random() < 0.92:
            yield DetailKind.ADDRESS, names.address(rng, place), rng.choice((system, system, own))
        if rng.random() < 0.8:
            yield DetailKind.PHONE, names.telephone(rng), own
        if rng.random() < 0.55:
            yield DetailKind.EMAIL, names.mail_address(rng), own
        if rng.random() < 0.06:
            yield DetailKind.APPOINTMENT_NEEDS, rng.choice(phrases.NEEDS), own
        chance_of_help = rng.random()
        helper = " ".join(names.person(rng))
        if chance_of_help < 0.015:
            yield DetailKind.AUTHORISED_PERSON, f"{helper}, Vollmacht liegt vor", own
        elif chance_of_help < 0.03:
            yield DetailKind.LEGAL_GUARDIAN, f"{helper}, {names.telephone(rng)}", third
        elif chance_of_help < 0.035:
            yield DetailKind.CUSTODIAN, helper, own


def _chunks(plans: list[CasePlan]) -> Iterator[list[CasePlan]]:
    """Cases that together have about as many contacts each time: an old office has more of them in a case."""
    chunk: list[CasePlan] = []
    contacts = 0
    for plan in plans:
        chunk.append(plan)
        contacts += len(plan.contacts)
        if contacts >= CHUNK:
            yield chunk
            chunk, contacts = [], 0
    if chunk:
        yield chunk
