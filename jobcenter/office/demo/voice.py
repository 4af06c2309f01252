"""How the notes of one case are put together: one topic, one thread of small steps, sentences dealt like cards."""

import functools
import math
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from casework.enums import ClosingReason, MissedHow
from jobcenter.office.demo import phrases
from jobcenter.office.demo.rows import chance
from jobcenter.office.demo.topics_hands import TOPICS as HANDS
from jobcenter.office.demo.topics_people import TOPICS as PEOPLE
from jobcenter.office.demo.topics_ways import TOPICS as WAYS
from jobcenter.platform.workdays import day_label

SHORT_CHANNELS = {"phone": 0.55, "digital": 0.6, "written": 0.5}
# How many sentences of which shelf a long note may hold (view, strengths, own effort, looked at, resources, extras),
# and orders in which they come.
SHELVES = [shelf for shelf, most in enumerate((4, 4, 3, 13, 10, 2)) for _ in range(most)]
ORDERS = tuple(tuple(chance("order", number).sample(SHELVES, len(SHELVES))) for number in range(200))
Card = TypeVar("Card")
label = functools.cache(day_label)


@dataclass(frozen=True)
class Thread:
    """One concrete step: what the person plans, what we do, how it is asked after, what came of it."""

    plan: str
    wir: str
    frage: str
    termin: str
    ergebnis: str
    kurz: str


@dataclass
class Topic:
    thema: str
    betriebe: list[str] = field(default_factory=list)
    arbeit: list[str] = field(default_factory=list)
    will: list[str] = field(default_factory=list)
    tut: list[str] = field(default_factory=list)
    kann: list[str] = field(default_factory=list)
    blick: list[str] = field(default_factory=list)
    threads: list[Thread] = field(default_factory=list)


def read_topics(text: str) -> list[Topic]:
    """Read `word: sentence` lines; `thema:` begins a topic, `schritt` a thread of it."""
    topics: list[Topic] = []
    thread: dict[str, str] = {}
    for line in filter(None, text.splitlines()):
        word, _, sentence = line.partition(": ")
        if word == "thema":
            topics.append(Topic(sentence))
        elif word in ("betriebe", "arbeit"):
            getattr(topics[-1], word).extend(sentence.split(" / "))
        elif word == "schritt":
            thread = {}
        elif word in Thread.__dataclass_fields__:
            thread[word] = sentence
            if len(thread) == len(Thread.__dataclass_fields__):
                topics[-1].threads.append(Thread(**thread))
        else:
            getattr(topics[-1], word).append(sentence)
    return topics


ALL_TOPICS = [topic for text in (HANDS, PEOPLE, WAYS) for topic in read_topics(text)]


class Voice:
    """Writes the texts of one case. `person` is how the person is called in them."""

    def __init__(
        self, rng: random.Random, person: str, town: str, median: int, spread: float, topic: Topic | None = None
    ) -> None:
        self.rng, self.median, self.spread = rng, median, spread
        self.topic = topic or rng.choice(ALL_TOPICS)
        neighbour = rng.choice(phrases.NEIGHBOURS)
        firms = rng.sample(self.topic.betriebe, 2)
        self.provider = rng.choice(phrases.PROVIDERS)
        self.work = rng.choice(self.topic.arbeit)
        self.words = {
            "name": person,
            "ort": town,
            "betrieb": firms[0],
            "betrieb2": firms[1],
            "bekannt": neighbour[0],
            "bekannt_dat": neighbour[1],
            "traeger": self.provider,
        }
        self.will = rng.choice(self.topic.will)
        self.decks: dict[str, list[int]] = {}
        self.current: Thread = self._deal("threads", self.topic.threads)
        self.done: Thread | None = None
        self.is_pending = False
        self.has_met = False

    def _deal(self, name: str, cards: Sequence[Card]) -> Card:
        """Deal the cards of a deck in a chance order, and begin again when all are dealt."""
        left = self.decks.get(name)
        if not left:
            left = self.decks[name] = list(range(len(cards)))
        place = int(self.rng.random() * len(left))
        left[place], left[-1] = left[-1], left[place]
        return cards[left.pop()]

    def _say(self, sentence: str, **more: str) -> str:
        if "{" in sentence:
            sentence = sentence.format(**{**self.words, "tag": self.rng.choice(phrases.DAYS), **more})
        return sentence[:1].upper() + sentence[1:]

    # The thread

    def advance(self) -> None:
        """The step is done and the next one is agreed; sometimes it needs more time."""
        if not self.has_met:
            return
        self.is_pending = self.rng.random() < 0.15
        if not self.is_pending:
            self.done, self.current = self.current, self._deal("threads", self.topic.threads)

    def moment(self) -> tuple[Thread | None, Thread, bool]:
        """What a note of now would tell of; a step may go on before the note is written."""
        return self.done, self.current, self.is_pending

    def check(self) -> str:
        return self._say(self.current.frage)

    def meeting(self) -> str:
        return self._say(self.current.termin)

    def again(self, step: dict[str, Any]) -> str:
        return self._say(self.rng.choice(phrases.AGAIN), subject=step["subject"])

    def other_check(self) -> str:
        return self._deal("other", phrases.OTHER_CHECKS)

    def outcome(self) -> str:
        return self._say(self.current.kurz)

    def aside(self, sentence: str) -> str:
        """A note from the desk, or an addendum."""
        return self._say(sentence, uhr=str(self.rng.randint(8, 15)))

    # Notes

    def _closing(self, step: dict[str, Any]) -> str:
        day = label(step["said_on"])
        if step["said_at"] is None:
            return self._say(self.rng.choice(phrases.CLOSINGS["reminder"]), tag=day)
        name = "phone" if step["place"] == "Telefon" else "appointment"
        time = f"{step['said_at']:%H:%M}"
        return self._say(self.rng.choice(phrases.CLOSINGS[name]), tag=day, zeit=time, ort=step["place"])

    def first(self, channel: str, step: dict[str, Any], moment: tuple[Thread | None, Thread, bool]) -> str:
        self.has_met = True
        opening = [self._deal(channel, phrases.OPENINGS[channel]), self.rng.choice(phrases.FIRST)]
        aim = [self.rng.choice(phrases.WILL_INTROS).replace("{will}", self.will), self._deal("tut", self.topic.tut)]
        return self._note(channel, opening, aim, moment[1], step, True)

    def later(self, channel: str, step: dict[str, Any], moment: tuple[Thread | None, Thread, bool]) -> str:
        if not self.has_met:
            return self.first(channel, step, moment)
        done, agreed, pending = moment
        opening = [self._deal(channel, phrases.OPENINGS[channel])]
        if pending:
            opening.append(self._deal("pending", phrases.PENDING))
        elif done is not None:
            opening.append(done.ergebnis)
        aim = []
        if self.rng.random() < 0.12:
            aim.append(self.rng.choice(phrases.STILL).replace("{will}", self.will))
        return self._note(channel, opening, aim, agreed, step, False)

    def _note(
        self,
        channel: str,
        opening: list[str],
        aim: list[str],
        agreed: Thread,
        step: dict[str, Any],
        is_first: bool,
    ) -> str:
        """Core sentences, and further ones until the length fits the occasion: few on the telephone."""
        rng = self.rng
        length = self.median * math.exp(rng.gauss(0, self.spread)) * SHORT_CHANNELS.get(channel, 1.25)
        strengths = [self._deal("kann", self.topic.kann)] if is_first else []
        looked: list[str] = []
        steps = [rng.choice(phrases.AGREED).replace("{plan}", agreed.plan)]
        if rng.random() < 0.6:
            steps.append(agreed.wir)
        shelves = (
            (looked, "blick", self.topic.blick),
            (strengths, "kann", self.topic.kann),
            (aim, "tut", self.topic.tut),
            (looked, "looked", phrases.LOOKED),
            (strengths, "resources", phrases.RESOURCES),
            (steps, "extras", phrases.EXTRAS),
        )
        size = sum(map(len, (*opening, *aim, *strengths, *steps))) + 60
        for shelf in rng.choice(ORDERS):
            if size >= length:
                break
            target, name, cards = shelves[shelf]
            sentence = self._deal(name, cards)
            if sentence not in target:
                target.append(sentence)
                size += len(sentence)
        closing = [self._closing(step)]
        if size < 420:  # a short note is one paragraph
            parts = [[*opening, *aim, *strengths, *looked, *steps, *closing]]
        else:
            parts = [opening, aim, strengths, looked, [*steps, *closing]]
        return "\n\n".join(" ".join(map(self._say_whole, part)) for part in parts if part)

    def _say_whole(self, sentence: str) -> str:
        return self._say(sentence) if "{" in sentence else sentence

    def confirmation(self, channel: str, step: dict[str, Any], moved: bool) -> str:
        """A contact in between: the step that stands already stays."""
        self.has_met = True
        day = step["due_on"] if moved else step["said_on"]
        time = step["starts_at"] if moved else step["said_at"]
        at = f", {time:%H:%M} Uhr" if time else ""
        closing = phrases.STANDS.format(tag=label(day), zeit=at)
        opening = self._say_whole(self._deal(channel, phrases.OPENINGS[channel]))
        result = self._say(self.current.kurz)
        return f"{opening} {self._say(self._deal('confirmed', phrases.CONFIRMED), closing=closing, result=result)}"

    def missed(self, how: MissedHow) -> str:
        return self._say(self.rng.choice(phrases.MISSED[how]))

    def final(self, channel: str, reason: ClosingReason) -> str:
        opening = self._say_whole(self._deal(channel, phrases.OPENINGS[channel]))
        ending = self._say(self.rng.choice(phrases.FINAL[reason]), work=self.work)
        return f"{opening} {ending}\n\n{self._say(self.rng.choice(phrases.FAREWELL))}"
