"""Fallakte: who, what comes next, and the Verlauf; a constant number of statements however long the history."""

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from agreements.enums import Outcome
from agreements.models.state import State, read_state
from agreements.views.wording import due_label, local_day, outcome_label, owner_label
from casework.enums import (
    ClosingReason,
    DetailKind,
    DetailOrigin,
    FollowUpKind,
)
from casework.models import Case, User
from casework.models.timeline import PAGE, TEXT_LENGTH, Entry, read_timeline
from casework.permissions import can_open_case
from casework.views.common import case_view, load_case, user_of
from casework.views.series import fold_series
from casework.views.wording import next_label, text_of, title_of
from jobcenter.platform.statements import read
from jobcenter.platform.workdays import WEEKDAYS, day_label, distance_label
from offers.models.description import plain
from offers.models.file import Chosen, read_choices
from offers.models.state import NAME

KIND_LABELS = dict(FollowUpKind.choices)
READING = "Sie lesen diese Akte mit Anlass, bis heute um 24 Uhr."
FORMER = "Sie lesen diese Akte als früher zuständige IFK bis {0:%d.%m.%Y}."
GRANT_WORDS = {"read": "gelesen", "record": "eingetragen", "former": "darf lesen", "emergency": "im Notfall gelesen"}

# Everything small that hangs on a case, in one statement: kind, label, text, extra, at, until. Whoever may read it
# (load_case has asked) and has no grant to read, as in an emergency, works on it: the costly question is asked of the
# others alone.
SIDE = """
SELECT 'responsible', u.id::text, u.first_name || ' ' || u.last_name, coalesce(u.team_id::text, ''),
       lower(a.during), upper(a.during)
  FROM casework_caseassignment AS a JOIN casework_user AS u ON u.id = a.counsellor_id
 WHERE a.case_id = %(case)s AND (upper_inf(a.during) OR upper(a.during) = %(closed)s)
UNION ALL
SELECT 'stand_in', '', w.first_name || ' ' || w.last_name, '', NULL, (upper(s.during) - 1)::timestamptz
  FROM casework_caseassignment AS a
  JOIN casework_substitution AS s ON s.absent_user_id = a.counsellor_id AND s.during @> %(today)s
  JOIN casework_user AS w ON w.id = s.substitute_id
 WHERE a.case_id = %(case)s AND upper_inf(a.during)
UNION ALL
SELECT 'participation', '', u.first_name || ' ' || u.last_name, '', lower(p.during), upper(p.during)
  FROM casework_caseparticipation AS p JOIN casework_user AS u ON u.id = p.counsellor_id
 WHERE p.case_id = %(case)s AND p.during @> %(now)s
UNION ALL
(SELECT 'grant', g.kind, u.first_name || ' ' || u.last_name, g.reason, g.granted_at, upper(g.during)
  FROM casework_accessgrant AS g JOIN casework_user AS u ON u.id = g.user_id
 WHERE g.case_id = %(case)s ORDER BY g.granted_at DESC LIMIT 20)
UNION ALL
SELECT 'detail', d.kind, d.text, d.origin, d.recorded_at, NULL
  FROM casework_clientdetail AS d
 WHERE d.client_id = %(client)s AND (d.ended_at IS NULL OR d.ended_at > %(closed)s::timestamptz)
   AND (%(closed)s::timestamptz IS NULL OR d.recorded_at <= %(closed)s::timestamptz)
UNION ALL
SELECT 'closure', k.reason, k.text, '', k.at, NULL FROM casework_caseclosure AS k WHERE k.case_id = %(case)s
UNION ALL
SELECT 'employment', e.started_on::text, e.text, '', e.recorded_at, NULL
  FROM casework_employmentstart AS e WHERE e.case_id = %(case)s AND e.withdrawn_at IS NULL
UNION ALL
SELECT 'own_grant', g.kind, '', '', g.granted_at, upper(g.during)
  FROM casework_accessgrant AS g
 WHERE g.case_id = %(case)s AND g.user_id = %(user)s
   AND g.kind IN ('read', 'former', 'emergency') AND g.during @> %(now)s
UNION ALL
SELECT 'handover', '', t.first_name || ' ' || t.last_name, '', h.effective_on::timestamptz, NULL
  FROM casework_casehandover AS h JOIN casework_user AS t ON t.id = h.to_counsellor_id
 WHERE h.case_id = %(case)s AND h.carried_out_at IS NULL AND h.withdrawn_at IS NULL
UNION ALL
SELECT 'lead', '', '', '', NULL, NULL
  FROM casework_rolegrant AS r
  JOIN casework_user AS u ON u.team_id = r.team_id
  JOIN casework_caseassignment AS a ON a.counsellor_id = u.id AND a.case_id = %(case)s
   AND (upper_inf(a.during) OR upper(a.during) = %(closed)s)
 WHERE r.user_id = %(user)s AND r.role = 'team_lead'
UNION ALL
SELECT 'acting', '', '', '', NULL, NULL
 WHERE CASE WHEN EXISTS (SELECT FROM casework_accessgrant AS g
                          WHERE g.case_id = %(case)s AND g.user_id = %(user)s
                            AND g.kind IN ('read', 'former', 'emergency')
                            AND g.during @> %(now)s)
            THEN %(case)s = ANY(ARRAY(SELECT casework_acting_cases(%(user)s, %(now)s))) ELSE true END
UNION ALL
SELECT 'successor', k.number, '', '', k.opened_at, NULL FROM casework_case AS k WHERE k.previous_case_id = %(case)s
"""


STEPS = """
SELECT id, kind, due_on, starts_at, subject, place FROM casework_followup
 WHERE case_id = %(case)s AND ended_at IS NULL ORDER BY due_on, starts_at, id
"""
# What hangs on the conversations of a page: addenda, and what each of them brought to will, resources, agreement and
# offers.
BESIDE = f"""
SELECT n.contact_id, 'addendum', n.at, u.first_name || ' ' || u.last_name, n.text
  FROM casework_noteaddendum AS n JOIN casework_user AS u ON u.id = n.by_id
 WHERE n.contact_id = ANY(%(contacts)s)
UNION ALL
SELECT contact_id, 'will', at, '', '' FROM agreements_willstatement
 WHERE contact_id = ANY(%(contacts)s) AND text <> ''
UNION ALL
SELECT contact_id, 'review', at, '', '' FROM agreements_resourcereview WHERE contact_id = ANY(%(contacts)s)
UNION ALL
SELECT contact_id, 'agreement', at, number::text, '' FROM agreements_agreement
 WHERE contact_id = ANY(%(contacts)s) AND withdrawn_at IS NULL
UNION ALL
SELECT o.contact_id, 'outcome', o.at, o.outcome, s.text
  FROM agreements_stepoutcome AS o JOIN agreements_agreementstep AS s ON s.id = o.step_id
 WHERE o.contact_id = ANY(%(contacts)s) AND s.text <> ''
UNION ALL
SELECT c.contact_id, 'choice', c.at, {NAME.format(offer="c.offer_id")}, '' FROM offers_offerchoice AS c
 WHERE c.contact_id = ANY(%(contacts)s)
UNION ALL
SELECT r.contact_id, 'result', r.at, {NAME.format(offer="c.offer_id")}, ''
  FROM offers_participationoutcome AS r JOIN offers_offerchoice AS c ON c.id = r.choice_id
 WHERE r.contact_id = ANY(%(contacts)s) AND r.own_words <> ''
 ORDER BY 3
"""  # noqa: S608  (names of a module)
MOST_RESOURCES = 12


def read_side(case: Case, user: User) -> dict[str, list[tuple[Any, ...]]]:
    """What hangs on the case beside steps and Verlauf, by kind."""
    params = {
        "case": case.pk,
        "client": case.client_id,
        "closed": case.closed_at,
        "user": user.pk,
        "today": timezone.localdate(),
        "now": timezone.now(),
    }
    side: dict[str, list[tuple[Any, ...]]] = {}
    for kind, *rest in read(SIDE, params):
        side.setdefault(kind, []).append(tuple(rest))
    return side


@require_GET
@case_view
def case_file(request: HttpRequest, number: str) -> HttpResponse:
    """The file of a case, opened on record."""
    user = user_of(request)
    case = load_case(request, number)
    side = read_side(case, user)
    may_write = "acting" in side  # who opened the file with a reason reads it
    state = read_state(case.pk, most_resources=MOST_RESOURCES)
    next_steps = read(STEPS, {"case": case.pk})
    before = str(request.GET.get("vor") or "")
    entries = read_timeline(case.pk, before=before)
    more = len(entries) > PAGE
    entries = entries[:PAGE]
    context = {
        "case": head_of(case, side),
        "may_write": may_write,
        "urls": urls_of(case, side, user, may_write),
        "grant_label": "" if may_write else reading_label(side.get("own_grant", [])),
        "steps": [step_of(case, may_write, *row) for row in next_steps],
        **agreed_of(case, state, next_steps, may_write),
        "offers": chosen_of(case),
        "details": [
            {"label": DetailKind(kind).label, "value": text, "origin": f"({DetailOrigin(origin).label})"}
            for kind, text, origin, _, _ in side.get("detail", [])
        ],
        "participants": [
            {"name": name, "what": "wirkt mit", "since_label": f"seit {timezone.localtime(since):%d.%m.%Y}"}
            for _, name, _, since, _ in side.get("participation", [])
        ]
        + [
            {"name": name, "what": "übernimmt den Fall", "since_label": f"geplant für {day_label(day.date())}"}
            for _, name, _, day, _ in side.get("handover", [])
        ],
        "accesses": [
            {
                "when": f"{timezone.localtime(at):%d.%m.%Y %H:%M}",
                "who": name,
                "reason": f"{GRANT_WORDS[kind]}: {reason}",
            }
            for kind, name, reason, at, _ in side.get("grant", [])
        ],
        "blocks": fold_series(
            entries, entries_of(case, entries, user, side, str(request.GET.get("neu") or ""), may_write)
        ),
        "timeline": {
            "older_url": f"?vor={entries[-1].cursor}#verlauf" if more else "",
            "newer_url": f"/faelle/{number}/#verlauf" if before else "",
            "print_url": reverse("casework:timeline_print", kwargs={"number": number}),
        },
    }
    return render(request, "screens/case_file.html", context)


def agreed_of(case: Case, state: State, next_steps: list[tuple[Any, ...]], may_write: bool) -> dict[str, Any]:
    """Will, the one current agreement with its steps, resources: what stands first in the file (R4.3-1)."""
    base = f"/faelle/{case.number}/"
    writes = may_write and case.is_open
    return {
        "will": will_of(state, f"{base}wille/"),
        "agreement": agreement_of(case, state, next_steps, base, writes, may_write),
        "resources": {
            "rows": [
                {"text": row["text"], "where": " · ".join(part for part in (row["place"], row["space"]) if part)}
                for row in reversed(state.resources)
            ],
            "more": max(0, state.resource_count - len(state.resources)),
            "count": state.resource_count,
            "url": f"{base}ressourcen/",
        },
        "renew_url": f"{base}gespraech/?vereinbarung=neu" if writes else "",
    }


def will_of(state: State, url: str) -> dict[str, str] | None:
    if state.will is None:
        return None
    own = state.will["own_activity"]
    return {
        # Without own activity it is a wish so far, and is never called a will (R3.1-2).
        "title": "Wille" if own else "wird gemeinsam erkundet",
        "text": state.will["text"],
        "activity": own,
        "since": local_day(state.will["at"]),
        "url": url,
    }


def agreement_of(
    case: Case, state: State, next_steps: list[tuple[Any, ...]], base: str, writes: bool, may_write: bool
) -> dict[str, Any] | None:
    current = state.agreement
    if current is None:
        return None
    review = next((row[2] for row in next_steps if row[0] == current["review"]), None)
    return {
        "number": current["number"],
        "since": local_day(current["at"]),
        "goal": current["goal"],
        "employment_link": current["employment_link"],
        "rhythm": current["rhythm"],
        "plan": current["plan"] or "",
        "review_label": day_label(review) if review else "",
        "steps": [
            {
                "id": step["id"],
                "owner_label": owner_label(step["owner"], step["owner_name"], case.client.full_name),
                "text": step["text"],
                "due_label": due_label(step["due_on"]),
                "outcome_label": outcome_label(step["outcome"]),
                "outcome_text": step["outcome"]["text"] if step["outcome"] else "",
                "outcome_url": f"{base}vereinbarung/schritte/{step['id']}/" if may_write else "",
            }
            for step in state.steps
        ],
        "urls": {
            "renew": f"{base}gespraech/?vereinbarung=neu" if writes else "",
            "handout": f"{base}vereinbarung/mitgeben/" if may_write else "",
            "shared": f"{base}gemeinsam/" if may_write else "",
            "versions": f"{base}vereinbarung/fassungen/",
        },
    }


def chosen_of(case: Case) -> dict[str, Any]:
    """Chosen offers, standing ones first; where nothing is chosen there is nothing to see (R4.4-3)."""
    base = f"/faelle/{case.number}/"
    choices = read_choices(case.pk)
    rows = [
        {
            "name": plain(choice.name),
            "intent": choice.intent,
            "state": chosen_label(choice),
            "own_words": choice.own_words,
            "url": f"{base}angebote/{choice.id}/",
            "ended": choice.ended_at is not None,
        }
        for choice in choices
    ]
    return {
        "standing": [row for row in rows if not row["ended"]],
        "ended": [row for row in rows if row["ended"]],
        "consents_url": f"{base}einwilligungen/",
    }


def reading_label(grants: list[tuple[Any, ...]]) -> str:
    """By what right somebody reads who does not work in the case; the longer time is the one that counts."""
    former = [until for kind, _, _, _, until in grants if kind == "former"]
    if former:
        return FORMER.format(timezone.localtime(max(former)) - dt.timedelta(seconds=1))
    if any(kind == "emergency" for kind, *_ in grants):
        return ""  # the banner says it on every page of the case
    return READING if grants else ""


def chosen_label(choice: Chosen) -> str:
    """How far it has come, in words; empty while no day is known."""
    days = (
        ("beendet am", choice.ended_on),
        ("nimmt teil seit", choice.started_on),
        ("geplant ab", choice.planned_from),
    )
    return next((f"{words} {day_label(day)}" for words, day in days if day), "")


def _stand_in_label(name: str, last: dt.datetime | None) -> str:
    return f"{name} bis {last:%d.%m.}" if last else f"{name} bis auf Weiteres"


def head_of(case: Case, side: dict[str, list[tuple[Any, ...]]]) -> dict[str, Any]:
    client = case.client
    responsible = side.get("responsible", [("", "–", "", None, None)])[-1]
    closed_label = ""
    if case.closed_at and (closure := side.get("closure")):
        reason, text, *_ = closure[0]
        label = ClosingReason(reason).label
        closed_label = f"Beendet am {timezone.localtime(case.closed_at):%d.%m.%Y}: {label}"
        if text:
            closed_label += f" ({text})"
    employment = side.get("employment", [])
    stand_in = side.get("stand_in", [])
    return {
        "number": case.number,
        "name": client.list_name,
        "preferred_name": client.preferred_name,
        "birth_label": f"{client.birth_date:%d.%m.%Y}",
        "responsible": responsible[1],
        "stand_in": _stand_in_label(stand_in[0][1], stand_in[0][4]) if stand_in else "",
        "opened_label": f"{timezone.localtime(case.opened_at):%d.%m.%Y}",
        "closed": case.closed_at is not None,
        "closed_label": closed_label,
        "employment_label": "; ".join(
            f"Arbeit oder Ausbildung aufgenommen ab {dt.date.fromisoformat(started):%d.%m.%Y}"
            + (f": {text}" if text else "")
            for started, text, *_ in employment
        ),
    }


def urls_of(case: Case, side: dict[str, list[tuple[Any, ...]]], user: User, may_write: bool) -> dict[str, str]:
    """Where the actions of the file lead; empty where the person may not or the case has ended."""
    base = f"/faelle/{case.number}/"
    assigns = any(row[0] == str(user.pk) for row in side.get("responsible", [])) or "lead" in side
    steering = {
        "participation": f"{base}mitwirkende/" if assigns and case.is_open else "",
        "assignment": f"{base}zustaendigkeit/" if assigns and case.is_open else "",
    }
    duties = {"duties": f"{base}mitwirkung/"}  # whoever reads the file reads these too
    if not may_write:
        return {name: url for name, url in steering.items() if url} | duties
    if not case.is_open:
        successor = "successor" in side
        return {
            "file_note": f"{base}notizen/neu/",
            "client": "" if successor else f"{base}stammdaten/",
            "resume": f"{base}wieder-aufnehmen/" if can_open_case(user) and not successor else "",
            **duties,
        }
    return {
        "talk": f"{base}gespraech/",
        "phone": f"{base}gespraech/?kanal=phone",
        "file_note": f"{base}notizen/neu/",
        "reminder": f"{base}schritte/neu/",
        "client": f"{base}stammdaten/",
        **steering,
        "employment": f"{base}arbeit/",
        **duties,
        "end": f"{base}beenden/",
    }


def step_of(
    case: Case,
    may_write: bool,
    pk: int,
    kind: str,
    due_on: dt.date,
    starts_at: dt.datetime | None,
    subject: str,
    place: str,
) -> dict[str, Any]:
    today = timezone.localdate()
    start = timezone.localtime(starts_at) if starts_at else None
    base = f"/faelle/{case.number}/schritte/{pk}/"
    return {
        "id": pk,
        "kind": KIND_LABELS[kind],
        "day_label": f"{day_label(due_on)}{f' {start:%H:%M}' if start else ''} ({distance_label(due_on, today)})",
        "iso": f"{start:%Y-%m-%dT%H:%M}" if start else due_on.isoformat(),
        "overdue": due_on < today,
        "subject": subject,
        "place": place,
        "done_url": f"{base}erledigt/" if may_write else "",
        "postpone_url": f"{base}verschieben/" if may_write else "",
        "change_url": f"{base}aendern/" if may_write else "",
        "missed_url": f"{base}nicht-stattgefunden/" if start and may_write else "",
    }


def entries_of(
    case: Case,
    entries: list[Entry],
    user: User,
    side: dict[str, list[tuple[Any, ...]]],
    new: str,
    may_write: bool,
) -> list[dict[str, Any]]:
    """The lines of the Verlauf in words."""
    addenda: dict[int, list[dict[str, str]]] = {}
    brought: dict[int, list[str]] = {}
    contact_ids = [entry.pk for entry in entries if entry.kind == "contact" and not entry.withdrawn]
    rows = read(BESIDE, {"contacts": contact_ids}) if contact_ids else []
    for contact_id, kind, at, name, text in rows:
        if kind == "addendum":
            addenda.setdefault(contact_id, []).append(
                {"at_label": f"{timezone.localtime(at):%d.%m.%Y}", "author": name, "text": text}
            )
        else:
            brought.setdefault(contact_id, []).append(brought_label(kind, name, text))
    today = timezone.localdate()
    lines = [line_of(case, entry, user, "lead" in side, addenda, new, today) for entry in entries]
    for entry, line in zip(entries, lines, strict=True):
        line["brought"] = brought.get(entry.pk, []) if entry.kind == "contact" else []
    if not may_write:
        for line in lines:
            line["addendum_url"] = ""
    return lines


def brought_label(kind: str, name: str, text: str) -> str:
    """What a conversation brought beside its note, in a few words."""
    if kind == "agreement":
        return f"Vereinbarung, {name}. Fassung"
    if kind == "outcome":
        return f"{Outcome(name).label}: {text}"
    if kind == "choice":
        return f"Angebot gewählt: {plain(name)}"
    if kind == "result":
        return f"Was es gebracht hat: {plain(name)}"
    return {"will": "Wille", "review": "Eigene Ressourcen angeschaut"}[kind]


def line_of(
    case: Case,
    entry: Entry,
    user: User,
    leads: bool,
    addenda: dict[int, list[dict[str, str]]],
    new: str,
    today: dt.date,
) -> dict[str, Any]:
    local = timezone.localtime(entry.at)
    late = entry.kind == "contact" and timezone.localdate(entry.recorded_at) > local.date()
    line: dict[str, Any] = {
        "id": f"{entry.kind}-{entry.pk}",
        "at_label": f"{WEEKDAYS[local.weekday()]}, {local:%d.%m.%Y %H:%M}",
        "title": title_of(entry),
        "author": entry.author or "",
        "text": text_of(entry, TEXT_LENGTH),
        "truncated": len(entry.text) > TEXT_LENGTH,
        "withdrawn": entry.withdrawn and entry.kind in ("contact", "note"),
        "next_label": next_label(entry),
        "addenda": [],
        "new": False,
    }
    if late:
        line["author"] += f", eingetragen am {timezone.localtime(entry.recorded_at):%d.%m.%Y}"
    may_withdraw = leads or (entry.author_id == user.pk and timezone.localdate(entry.recorded_at) == today)
    if entry.kind == "contact":
        base = f"/faelle/{case.number}/kontakte/{entry.pk}/"
        line.update(
            detail_url=base,
            addendum_url=f"{base}nachtrag/",
            print_url=f"{base}drucken/",
            withdraw_url=f"{base}falsche-akte/" if may_withdraw else "",
            addenda=addenda.get(entry.pk, []),
            new=new == str(entry.pk),
        )
    elif entry.kind == "note" and may_withdraw:
        line["withdraw_url"] = f"/faelle/{case.number}/notizen/{entry.pk}/falsche-akte/"
    return line
