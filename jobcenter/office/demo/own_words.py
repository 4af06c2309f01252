"""The texts of agreement, will and resources of one case: of its topic, in the words of the person (R2-4, R3.1-1)."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from agreements.enums import Outcome, StepOwner
from jobcenter.office.demo import wording_common as common
from jobcenter.office.demo.sizes import WorkCalendar
from jobcenter.office.demo.voice import Thread, Voice
from jobcenter.office.demo.wording_agreed import TOPICS

FIELDS = {"p": "persönlich", "s": "sozial", "m": "materiell", "o": "im Sozialraum"}
SCRIPTS = {1: common.UKRAINIAN, 2: common.ARABIC}  # by the place in names.SPECIAL_NAMES
Card = TypeVar("Card")


@dataclass(frozen=True)
class Named:
    """A resource as it is named: in which field, and at what kind of place."""

    text: str
    field: str = ""
    kind: str = ""


@dataclass(frozen=True)
class Doing:
    """A step: whose, who else it is, what; `thread` tells what may become of it."""

    owner: StepOwner
    text: str
    name: str = ""
    thread: Thread | None = None


@dataclass
class Wording:
    ziel: list[str] = field(default_factory=list)
    bezug: list[str] = field(default_factory=list)
    wille: list[str] = field(default_factory=list)
    andere: list[tuple[str, str]] = field(default_factory=list)
    resources: list[Named] = field(default_factory=list)


def read_wordings(text: str) -> dict[str, Wording]:
    """Read `word: sentence` lines; `thema:` begins a topic."""
    wordings: dict[str, Wording] = {}
    for line in filter(None, text.splitlines()):
        word, _, sentence = line.partition(": ")
        if word == "thema":
            wording = wordings[sentence] = Wording()
        elif word == "andere":
            name, _, what = sentence.partition(" | ")
            wording.andere.append((name, what))
        elif word == "o":
            kind, _, what = sentence.partition(" | ")
            wording.resources.append(Named(what, FIELDS["o"], kind))
        elif word in FIELDS:
            wording.resources.append(Named(sentence, FIELDS[word]))
        else:
            getattr(wording, word).append(sentence)
    return wordings


WORDINGS = read_wordings(TOPICS)
COMMON_RESOURCES = [
    *(Named(text, field) for field, text in common.RESOURCES),
    *(Named(text, FIELDS["o"], kind) for kind, texts in common.PLACE_RESOURCES.items() for text in texts),
]
ALL_RESOURCES = [*COMMON_RESOURCES, *(named for wording in WORDINGS.values() for named in wording.resources)]


class OwnWords:
    """Deals the sentences of one case; what was said once comes again only when everything was said."""

    def __init__(self, rng: random.Random, voice: Voice, calendar: WorkCalendar, special: int | None) -> None:
        self.rng, self.voice, self.calendar = rng, voice, calendar
        self.wording = WORDINGS[voice.topic.thema]
        self.script = SCRIPTS.get(-1 if special is None else special)
        self.decks: dict[str, list[int]] = {}

    def _deal(self, name: str, cards: Sequence[Card]) -> Card:
        left = self.decks.get(name)
        if not left:
            left = self.decks[name] = list(range(len(cards)))
        place = int(self.rng.random() * len(left))
        left[place], left[-1] = left[-1], left[place]
        return cards[left.pop()]

    def say(self, sentence: str, until: int = 0) -> str:
        if "{" in sentence:
            months = common.MONTHS
            month = self.calendar.days[min(until, len(self.calendar.days) - 1)].month
            sentence = sentence.format(**{**self.voice.words, "bis": f"bis {months[month - 1]}", "tag": "dahin"})
        return sentence[:1].upper() + sentence[1:]

    def _own(self, name: str, cards: Sequence[str]) -> str:
        return self._deal(name, self.script[name] if self.script else cards)

    def goal(self, index: int, number: int | None = None) -> str:
        """Dealt, or in the order in which they are written down."""
        goals = self.wording.ziel
        chosen = self._own("ziel", goals) if number is None else goals[number % len(goals)]
        return self.say(chosen, index + self.rng.randint(15, 90))

    def employment_link(self, number: int | None = None) -> str:
        links = self.wording.bezug
        if number is not None:
            return self.say(links[number % len(links)])
        if not self.script and self.rng.random() < 0.45:
            return self.say(self._deal("links", common.LINKS))
        return self.say(self._own("bezug", links))

    def will(self, number: int) -> str:
        """The first one is what stands in the notes; later ones go on from it."""
        if number == 0 and not self.script:
            return self.voice.will.strip("„“")
        if number > 1 and not self.script and self.rng.random() < 0.5:
            return self.say(self._deal("wills", common.WILLS))
        return self.say(self._own("wille", self.wording.wille))

    def own_activity(self) -> str:
        return self.say(self._own("tut", self.voice.topic.tut))

    def life_idea(self) -> str:
        return self._deal("life", common.LIFE_IDEAS)

    def resource(self, *, many: bool = False, own_topic: bool = False) -> Named:
        """What fits the topic and the notes first; `many` deals from everything that there is."""
        if self.script and self.rng.random() < 0.5:
            return Named(self._deal("ressource", self.script["ressource"]), "persönlich")
        chance = self.rng.random()
        if many:
            named = self._deal("all", ALL_RESOURCES)
        elif own_topic:
            kann = [Named(text) for text in self.voice.topic.kann[-1:]]
            named = self._deal("shown", [*self.wording.resources, *kann])
        elif chance < 0.5:
            named = self._deal("resources", self.wording.resources)
        elif chance < 0.7:
            named = Named(self._deal("kann", self.voice.topic.kann))
        else:
            named = self._deal("common", COMMON_RESOURCES)
        return Named(self.say(named.text), named.field, named.kind)

    def rhythm(self, index: int, gap: int, *, regular: bool = False) -> str:
        """As agreed with the person, in free text; some leave it open."""
        chance = 1.0 if regular else self.rng.random()
        if chance < 0.12:
            return ""
        if chance < 0.22:
            said = self.say(self._deal("event", common.RHYTHMS_BY_EVENT))
            return said[:1].lower() + said[1:]
        if chance < 0.32:
            days = self.calendar.days
            first, second = (days[min(index + gap * n + self.rng.randint(0, 3), len(days) - 1)] for n in (1, 2))
            return f"am {first:%d.%m.} und {second:%d.%m.}"
        return self.rng.choice(next(texts for most, texts in common.RHYTHMS.items() if gap <= most))

    # Steps and what became of them

    def steps(self, thread: Thread) -> list[Doing]:
        """Both sides have steps (R2-1); what the notes say is the first of them."""
        rng = self.rng
        own = self._deal("schritt", self.script["schritt"]) if self.script else thread.plan.replace(" bis {tag}", "")
        steps = [
            Doing(StepOwner.CLIENT, self.say(own), thread=thread),
            Doing(StepOwner.JOBCENTER, self.say(thread.wir)),
        ]
        if rng.random() < 0.45:
            steps.append(Doing(StepOwner.CLIENT, self.say(self._deal("client", common.CLIENT_STEPS))))
        if rng.random() < 0.3:
            steps.append(Doing(StepOwner.JOBCENTER, self.say(self._deal("jobcenter", common.JOBCENTER_STEPS))))
        if len(steps) < 4 and rng.random() < 0.35:
            of_topic = rng.random() < 0.6
            name, text = self._deal(*(("andere", self.wording.andere) if of_topic else ("other", common.OTHER_STEPS)))
            steps.append(Doing(StepOwner.OTHER, self.say(text), self.say(name)))
        return steps

    def outcome(self, step: Doing) -> tuple[Outcome, str]:
        chance = self.rng.random()
        if chance < 0.66:
            kurz = step.thread is not None and not self.script and self.rng.random() < 0.7
            text = step.thread.kurz if kurz and step.thread else self._deal("done", common.DONE)
            return Outcome.DONE, self.say(text)
        if chance < 0.85:
            if step.thread and self.rng.random() < 0.6:
                return Outcome.DIFFERENT, self.say(self._deal("different", common.DIFFERENT))
            return Outcome.DIFFERENT, self.say(self._deal("anyhow", common.DIFFERENT_ANYHOW))
        return Outcome.OBSOLETE, self.say(self._deal("obsolete", common.OBSOLETE))
