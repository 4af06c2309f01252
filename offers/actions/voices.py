"""What counsellors tell project management, and what project management answers (R4.4-7).

A demand goes without any reference: no case, no person, no counsellor, no day. Nothing here writes down who said it.
"""

import datetime as dt
import unicodedata
from collections.abc import Collection, Sequence

from django.db import transaction
from django.utils import timezone

from casework.actions.errors import Conflict, NotAllowed, RuleBroken, StaleVersion, rules
from casework.models import User
from offers.models import DemandNote, DemandReply, DemandReplyNote, Offer, OfferRemark
from offers.permissions import can_curate

LONGEST_DEMAND = 300
LONGEST_NEED = 300
LONGEST_ANSWER = 600
SHORTEST_NAME = 3  # letters; "Li" would refuse half of what can be said
NO_NAMES = "Bitte ohne Namen: Der Satz steht ohne Bezug zu einer Person."
ANSWERED = "Dieser Hinweis ist schon bearbeitet."
WITHDRAWN = "Diese Antwort ist zurückgezogen; daran ändert sich nichts mehr."

# What `casework_fold` of the database knows beyond taking accents away; here a demand never goes into a statement
# together with a name.
SPELLINGS = str.maketrans(
    {"ß": "ss", "ı": "i", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ø": "o", "æ": "a", "œ": "o", "ħ": "h", "ŧ": "t"}
)


# --- demands -----------------------------------------------------------------------------------------------


def check_demand(*, text: str, names: Sequence[str] = ()) -> None:
    """Refuse what names the person, or says nothing. `names`: of the person who sits there."""
    text = one_line(text)
    if not text:
        raise RuleBroken("Bitte schreiben Sie in einem Satz, was fehlt.", field="demand")
    if len(text) > LONGEST_DEMAND:
        raise RuleBroken(f"Bitte kürzer fassen: höchstens {LONGEST_DEMAND} Zeichen.", field="demand")
    named = {folded(word) for name in names for word in words_of(name) if len(word) >= SHORTEST_NAME}
    if named & {folded(word) for word in words_of(text)}:
        raise RuleBroken(NO_NAMES, field="demand")


def record_demand(*, text: str, today: dt.date, names: Sequence[str] = ()) -> None:
    """Store the sentence and the half-year, and nothing else; nothing of it comes back either.

    It runs in the transaction of a conversation, whose deferred rules are not to be asked yet.
    """
    check_demand(text=text, names=names)
    DemandNote.objects.create(half_year=half_year_of(today), text=one_line(text))


def half_year_of(day: dt.date) -> str:
    """`2026-2` for a day in the second half of 2026."""
    return f"{day.year}-{1 if day.month <= 6 else 2}"


def one_line(text: str) -> str:
    return " ".join(text.replace("\x00", "").split())


def words_of(text: str) -> list[str]:
    """Its words without accents, and without marks that nobody sees: they hide no name."""
    bare = "".join(
        sign for sign in unicodedata.normalize("NFKD", text) if unicodedata.category(sign) not in ("Mn", "Cf")
    )
    return "".join(sign if sign.isalnum() else " " for sign in bare).split()


def folded(word: str) -> str:
    """As `casework_fold` does it, so that Mueller is Müller (casework/migrations/0001)."""
    word = word.lower().translate(SPELLINGS)
    for spelling in ("ae", "oe", "ue"):
        word = word.replace(spelling, spelling[0])
    return word


# --- remarks -----------------------------------------------------------------------------------------------


@transaction.atomic
def answer_remark(*, remark: OfferRemark, by: User, answer: str = "") -> None:
    """What came of a remark, or only that it is done. Once."""
    check_curates(by)
    answer = answer.strip()
    if len(answer) > LONGEST_ANSWER:
        raise RuleBroken(f"Bitte kürzer fassen: höchstens {LONGEST_ANSWER} Zeichen.", field="answer")
    with rules():
        open_one = OfferRemark.objects.filter(pk=remark.pk, done_at=None)
        if not open_one.update(answer=answer, done_at=timezone.now(), done_by=by):
            raise StaleVersion(ANSWERED)


# --- what came of demands ----------------------------------------------------------------------------------


@transaction.atomic
def reply_to_demands(
    *, need: str, text: str, by: User, offer: Offer | None = None, notes: Collection[DemandNote] = ()
) -> DemandReply:
    """Tell everyone what came of these sentences; `need` says in general which demand it was."""
    check_curates(by)
    need, text = checked_words(need, text)
    with rules():
        reply = DemandReply.objects.create(need=need, text=text, offer=offer, by=by)
        DemandReplyNote.objects.bulk_create(DemandReplyNote(reply=reply, note=note) for note in notes)
    return reply


@transaction.atomic
def reword_reply(
    *, reply: DemandReply, need: str, text: str, by: User, offer: Offer | None, notes: Collection[DemandNote]
) -> None:
    """Correct what is said, and which sentences it answers."""
    reply = standing_reply(reply, by)
    need, text = checked_words(need, text)
    with rules():
        DemandReply.objects.filter(pk=reply.pk).update(need=need, text=text, offer=offer)
        reply.notes.exclude(note__in=notes).delete()
        there = set(reply.notes.values_list("note_id", flat=True))
        DemandReplyNote.objects.bulk_create(
            DemandReplyNote(reply=reply, note=note) for note in notes if note.pk not in there
        )


@transaction.atomic
def withdraw_reply(*, reply: DemandReply, by: User) -> None:
    """Take it off the page "Was aus Bedarfen wurde"; the sentences it answered are open again."""
    reply = standing_reply(reply, by)
    with rules():
        DemandReply.objects.filter(pk=reply.pk).update(withdrawn_at=timezone.now(), withdrawn_by=by)


def standing_reply(reply: DemandReply, by: User) -> DemandReply:
    """The reply as it is now, and nobody else changes it meanwhile."""
    check_curates(by)
    reply = DemandReply.objects.select_for_update(no_key=True).get(pk=reply.pk)
    if reply.withdrawn_at is not None:
        raise Conflict(WITHDRAWN)
    return reply


def checked_words(need: str, text: str) -> tuple[str, str]:
    need, text = one_line(need), text.strip()
    if not need:
        raise RuleBroken("Bitte nennen Sie den Bedarf.", field="need")
    if len(need) > LONGEST_NEED:
        raise RuleBroken(f"Bitte kürzer fassen: höchstens {LONGEST_NEED} Zeichen.", field="need")
    if not text:
        raise RuleBroken("Bitte schreiben Sie, was daraus wurde.", field="text")
    return need, text


def check_curates(by: User) -> None:
    if not can_curate(by):
        raise NotAllowed
